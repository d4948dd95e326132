"""The raw forms: each module writes the sheets of one family from the simulated persons."""

from __future__ import annotations

from .edc import EDC_SHEETS, edc_workbook

__all__ = ["EDC_SHEETS", "edc_workbook"]
