"""Derivations of SDTM variables, one family a module; they announce themselves to the registry."""
