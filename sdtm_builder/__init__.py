"""Raw clinical spreadsheets to SDTM and ADaM by YAML specifications."""

__version__ = "0.1.0"
