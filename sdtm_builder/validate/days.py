"""Study days, counted again from the dates."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Table

DAYS = (("--DY", "--DTC"), ("--STDY", "--STDTC"), ("--ENDY", "--ENDTC"))
"""A study day and its date."""


def day_of(study: Study, table: Table, date: str) -> NDArray[np.float64]:
    """The study day of a date: date parts against RFSTDTC, no day 0; NaN where either date part is incomplete."""
    reference, _ = study.day_one(table)
    difference = study.dates(table, date).day - reference.day
    return np.asarray(np.where(difference >= 0, difference + 1, difference))
