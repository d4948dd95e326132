"""What a rule's file needs, from one place."""

from __future__ import annotations

from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.finding import Finding, about, records
from sdtm_builder.validate.registry import Found, adam_rule, adam_study_rule, rule, study_rule
from sdtm_builder.validate.study import GENERAL, Study, rows_of
from sdtm_builder.validate.table import Mask, Table

__all__ = [
    "GENERAL", "AdamStudy", "Finding", "Found", "Mask", "Study", "Table", "about", "adam_rule", "adam_study_rule",
    "records", "rows_of", "rule", "study_rule",
]  # fmt: skip
