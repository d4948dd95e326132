"""Study days: --DY, --STDY, --ENDY, and ADY in analysis datasets."""

from __future__ import annotations

import numpy as np

from ..model import Kind, Vector
from ..registry import Column, Context, derivation
from ..values.moments import moments


@derivation(
    "study_day",
    kind=Kind.NUMBER,
    method=(
        "{date} minus {reference} in days by their date parts, plus 1 where {date} is on or after {reference}; "
        "missing where either is missing or partial."
    ),
)
def study_day(ctx: Context, date: Column, reference: Column = "DM.RFSTDTC") -> Vector:  # type: ignore[assignment]
    """Study day of a date: there is no day 0.

    Arguments
    ---------
    date : a `--DTC`, or a date or datetime; its time is left off.
    reference : the date of day 1, of the same kinds; default `DM.RFSTDTC` of the subject.

    Derivation, the first case that fits:
    1. Either is missing, or its year, month or day was not collected: missing. Nothing is imputed.
    2. `date` is on or after `reference`: `date` - `reference` + 1, in days.
    3. `date` is before `reference`: `date` - `reference`, in days, so the day before day 1 is -1.

    Issues: none.

    Example: `AESTDY: {study_day: AESTDTC}`. With RFSTDTC 2021-03-10T09:30, 2021-03-10 gives 1, 2021-03-09T23:00
    gives -1 and 2021-03 gives missing.

    Source: SDTMIG 3.4 section 4.4.4; CG0220, CG0222.
    """
    day, first = moments(date), moments(reference)
    gap = day.days - first.days
    known = day.full & first.full
    return Vector.of_numbers(np.where(known, gap + (gap >= 0), np.nan))
