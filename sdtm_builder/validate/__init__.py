"""Judges written files alone: XPT datasets and define.xml against the standards and each other."""
