"""What a rule's file needs, from one place."""

from __future__ import annotations

from sdtm_builder.validate.finding import Finding, about, records
from sdtm_builder.validate.registry import Found, rule, study_rule
from sdtm_builder.validate.study import GENERAL, Study, rows_of
from sdtm_builder.validate.table import Mask, Table

__all__ = [
    "GENERAL", "Finding", "Found", "Mask", "Study", "Table", "about", "records", "rows_of", "rule", "study_rule",
]  # fmt: skip
