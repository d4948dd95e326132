"""Compares datasets, whatever their files, and builds, down to the rule and the raw cell behind a difference."""
