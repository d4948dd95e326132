"""Reads the specification of a study: YAML with places, its description, inheritance, typed results."""
