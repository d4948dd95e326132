"""Derivations of ADaM variables, by family; they announce themselves to the registry."""
