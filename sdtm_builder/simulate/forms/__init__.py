"""The raw forms: each module writes the sheets of one family from the simulated persons."""

from __future__ import annotations

from .all_forms import ENCODINGS, FORMS, all_sheets

__all__ = ["ENCODINGS", "FORMS", "all_sheets"]
