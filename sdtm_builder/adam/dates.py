"""Numeric dates and datetimes, their imputation flags, and durations."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from ..issues import fault
from ..model import MISSING_DATE, MISSING_TIME, Kind, Node, Vector
from ..registry import Column, Columns, Context, Flag, OneOf, OptionalColumn, Raw, Take, derivation
from ..values.moments import DAY, moments
from .imputation import DATE_PARTS, TIME_PARTS, Completed, completed, moved, ways_of

fault("date-incomplete", "warning", "A partial date where a full one is wanted: the value is missing",
      "Say `impute`, or complete the date by a query.")  # fmt: skip
fault("imputation-outside", "warning", "A limit of an imputed date that lies outside what was collected of it")
fault("duration-negative", "warning", "A duration whose end is before its start: the value is missing")

DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375, "years": 365.25}


@derivation(
    "to_date",
    kind=Kind.DATE,
    method=(
        "Date part of {date}[; unknown parts imputed: {impute}][; an imputed date is not before {not_before} within "
        "what was collected][; an imputed date is not after {not_after} within what was collected]; missing where a "
        "part stays unknown."
    ),
)
def to_date(
    ctx: Context,
    date: Column,
    impute: Raw = None,
    not_before: OptionalColumn = None,
    not_after: OptionalColumn = None,
) -> Vector:
    """Numeric date of a --DTC, as --DT.

    Arguments
    ---------
    date : a `--DTC`, or a date or datetime; its time is left off.
    impute : a map of `month` and `day`, each `earliest` or `latest`; not said: nothing is imputed.
    not_before, not_after : dates that an imputed date must not pass.

    Derivation, the first case that fits:
    1. The date is missing: missing.
    2. Year, month and day were collected: that date, whatever the limits.
    3. The year is unknown, or a part is unknown that `impute` does not name: missing, and an issue.
    4. Each unknown part is its first or last: month 1 or 12, day 1 or the last of that month. A day that was
       collected beside an unknown month (2003---15) stays.
    5. The imputed date is before `not_before`: it becomes `not_before` if that lies within what was collected (the
       month of 2003-12, the year of 2003; for 2003---15 the next 15th); else it stays, and an issue.
    6. Then it is after `not_after`: likewise. A limit that is missing or partial moves nothing.

    Issues: `date-incomplete` (case 3), `imputation-outside` (a limit that is not kept in the end).

    Example: `ASTDT: {to_date: AESTDTC, impute: {month: earliest, day: earliest}, not_before: TRTSDT, not_after:
    AENDT}`. With TRTSDT 2021-03-10, 2021-03 gives 2021-03-10, and 2021-04 gives 2021-04-01.

    Source: ADaMIG 1.3 section 3.1.2 and its date imputation flags.
    """
    found = _completed(ctx, date, impute, DATE_PARTS, not_before, not_after, False)
    days = np.where(found.seconds == MISSING_TIME, MISSING_DATE, found.seconds // DAY)
    return Vector(Kind.DATE, days.astype(np.int32))


@derivation(
    "to_datetime",
    kind=Kind.DATETIME,
    method=(
        "{date} as a datetime[; unknown parts imputed: {impute}]; seconds that were not collected are 00[; an imputed "
        "datetime is not before {not_before} within what was collected][; an imputed datetime is not after {not_after} "
        "within what was collected]; missing where a part stays unknown."
    ),
)
def to_datetime(
    ctx: Context,
    date: Column,
    impute: Raw = None,
    not_before: OptionalColumn = None,
    not_after: OptionalColumn = None,
) -> Vector:
    """Numeric datetime of a --DTC, as --DTM.

    Arguments
    ---------
    date : a `--DTC`, or a date or datetime.
    impute : a map of `month`, `day`, `hour`, `minute` and `second`, each `earliest` or `latest`; not said: nothing
        but the second is imputed.
    not_before, not_after : dates or datetimes that an imputed datetime must not pass; a date as a whole day.

    Derivation, the first case that fits:
    1. The date is missing: missing.
    2. Date, hour and minute were collected: that datetime. A second that was not is 00, with `second: latest` 59.
    3. The day is known, and no way for an unknown hour or minute is said: missing. This is no issue.
    4. A part of the date is unknown that `impute` does not name: missing, and an issue.
    5. Each unknown part is its first or last, as in `to_date`: hour 0 or 23, minute 0 or 59.
    6. `not_before`, then `not_after`, move it as in `to_date`, within what was collected; a datetime with a gap
       (2003---15) stays.

    Issues: `date-incomplete` (case 4), `imputation-outside` (a limit that is not kept in the end).

    Example: `ADTM: {to_datetime: LBDTC}`: 2021-03-10T09:30 gives 2021-03-10T09:30:00, and 2021-03-10 is missing.

    Source: ADaMIG 1.3 section 3.1.2 and its time imputation flags.
    """
    found = _completed(ctx, date, impute, (*DATE_PARTS, *TIME_PARTS), not_before, not_after, True)
    return Vector(Kind.DATETIME, found.seconds)


def _completed(
    ctx: Context,
    date: Vector,
    impute: Node | None,
    parts: tuple[str, ...],
    not_before: Vector | None,
    not_after: Vector | None,
    timed: bool,
) -> Completed:
    ways, wrong = ways_of(impute, parts)
    if wrong:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), wrong)
    found = completed(date, ways, timed)
    if found.incomplete.any() and not wrong:
        ctx.issue("date-incomplete", np.flatnonzero(found.incomplete), '"{value}" is not a full date.', date)
    unkept = moved(found, not_before, not_after, timed)
    if unkept.any():
        message = 'A limit of the imputed date lies outside "{value}".'
        ctx.issue("imputation-outside", np.flatnonzero(unkept), message, date)
    ctx.tell(found.precision)  # for `imputation_of`
    return found


@derivation(
    "imputation_of",
    whole=True,
    kind=Kind.TEXT,
    method="The highest part of {made} that was not collected[ in {source}] and was imputed; missing if none was.",
)
def imputation_of(ctx: Context, made: Column, source: OptionalColumn = None) -> Vector:
    """Imputation flag of a date (--DTF) or of the time of a datetime (--TMF).

    Arguments
    ---------
    made : the variable made by `to_date` (its --DTF) or by `to_datetime` (its --TMF).
    source : the `--DTC` it was made of; not said: the one that the rule of `made` took, in each block its own and in
        each branch of a `case` its own.

    Derivation of --DTF, the first case that fits:
    1. `made` is missing, or year, month and day were collected: missing.
    2. The month was not collected: M.
    3. The day was not collected: D.

    Derivation of --TMF:
    1. `made` is missing: missing.
    2. The hour was not collected: H.
    3. The minute was not collected: M.
    4. The second was not collected, and `source` has seconds in other records: S. Where seconds are never collected
       there is no flag.
    5. Else missing.

    Issues: `bad-argument` where no `source` is said and no record of `made` is made by `to_date` or `to_datetime`.

    Example: `ASTDTF: {imputation_of: ASTDT}`. For 2021 the flag is M, for 2021-03 it is D.

    Source: ADaMIG 1.3 section 3.1.3; codelists DATEFL (C81223) and TIMEFL (C81226).
    """
    if source is None:
        collected = ctx.told("made")
        if collected is None:
            if ctx.n:
                ctx.issue("bad-argument", np.arange(1), "`imputation_of` needs the `source` of this date.")
            return Vector.missing_of(Kind.TEXT, ctx.n)
    else:
        known = moments(source)
        collected = np.where(known.given, known.precision, np.nan)
    level = np.where(made.present(), collected, np.nan)
    if made.kind is Kind.DATETIME:
        seconds = bool((collected == 6).any())
        code = np.select([level < 4, level == 4, (level == 5) & seconds], [0, 1, 2], -1)
        return Vector.of_codes(code, ["H", "M", "S"])
    return Vector.of_codes(np.select([level < 2, level == 2], [0, 1], -1), ["M", "D"])


@derivation(
    "duration",
    kind=Kind.NUMBER,
    method="{dates}: the second minus the first date in days, 1 added: {plus_one}; in {in} (a month is 30.4375 days, "
    "a year 365.25).",
)
def duration(
    ctx: Context,
    dates: Columns,
    in_: Annotated[str, Take.TEXT, OneOf(tuple(DAYS))],
    plus_one: Flag,
) -> Vector:
    """Time from one date to another, as ADURN.

    Arguments
    ---------
    dates : `[from, to]`, each a `--DTC`, date or datetime; times are left off.
    in : `days`, `weeks` (7 days), `months` (30.4375 days) or `years` (365.25 days).
    plus_one : true: both days count, so from a day to itself is 1; false: it is 0. It must be said.

    Derivation, the first case that fits:
    1. A date is missing or partial: missing.
    2. `to` is before `from`: missing, and an issue.
    3. `to` - `from` in days, plus 1 if `plus_one`, divided by the days of the unit. It is not rounded.

    Issues: `duration-negative` (case 2).

    Example: `ADURN: {duration: [ASTDT, AENDT], in: days, plus_one: true}`.

    Source: ADaMIG 1.3 section 3.3.3 (ADURN, ADURU).
    """
    if len(dates) != 2:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), "`duration` takes [from, to].")
        return Vector.missing_of(Kind.NUMBER, ctx.n)
    start, end = moments(dates[0]), moments(dates[1])
    known = start.full & end.full
    gap = end.days - start.days
    negative = known & (gap < 0)
    if negative.any():
        ctx.issue("duration-negative", np.flatnonzero(negative), "The end is before the start.")
    days = gap + (1 if plus_one else 0)
    return Vector.of_numbers(np.where(known & ~negative, days / DAYS[in_], np.nan))
