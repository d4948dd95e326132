"""Numeric times of day."""

from __future__ import annotations

import numpy as np

from ..issues import fault
from ..model import Kind, Vector
from ..registry import Column, Context, derivation
from ..values.moments import DAY, moments

fault("time-incomplete", "warning", "A time of which only the hour was collected: the value is missing",
      "Complete the time by a query.")  # fmt: skip

HOUR_KNOWN, MINUTE_KNOWN = 4, 5


@derivation(
    "to_time",
    kind=Kind.NUMBER,
    method="Time of day of {date}; seconds that were not collected are 00; missing without hour and minute.",
)
def to_time(ctx: Context, date: Column) -> Vector:
    """Numeric time of a --DTC or datetime in seconds since midnight, as --TM.

    Arguments
    ---------
    date : a `--DTC` or a datetime.

    Derivation, the first case that fits:
    1. The date is missing or partial, or no hour was collected: missing. Times are never imputed here.
    2. The hour was collected and the minute was not: missing, and an issue.
    3. Hour, minute and second as seconds since midnight; a second that was not collected is 00.

    Issues: `time-incomplete` (case 2).

    Example: `ASTTM: {to_time: AESTDTC}`: 2021-03-10T09:30 gives 34200, which the format TIME5. shows as 9:30.

    Source: ADaMIG 1.3 section 3.1.2 (variables whose names end in TM hold SAS times).
    """
    if date.kind not in (Kind.DTC, Kind.TEXT, Kind.DATE, Kind.DATETIME):
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), "`to_time` takes a --DTC or a datetime.")
        return Vector.missing_of(Kind.NUMBER, ctx.n)
    known = moments(date)
    hour_alone = known.precision == HOUR_KNOWN
    if hour_alone.any():
        ctx.issue("time-incomplete", np.flatnonzero(hour_alone), '"{value}" has no minute.', date)
    return Vector.of_numbers(np.where(known.precision >= MINUTE_KNOWN, known.earliest % DAY, np.nan))
