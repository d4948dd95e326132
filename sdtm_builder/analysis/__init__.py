"""Analyses of the study file over written ADaM datasets: tables, curves and plots as data for the report."""
