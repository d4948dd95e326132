"""The graph of record sets and variables, run once; knows no domain and no derivation by name."""

from . import faults

__all__ = ["faults"]
