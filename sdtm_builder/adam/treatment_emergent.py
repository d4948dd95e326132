"""Whether an occurrence began, or worsened, under treatment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import MISSING_TIME, Kind, Vector
from ..registry import Column, Columns, Context, OptionalColumn, derivation
from ..values.moments import Moments, compare_known, moments
from ..values.numbers import read_number

fault("clock-differs", "warning", "A time of another day than the date beside it: only the date counts",
      "`clock` is the same moment as the start date, with its time.")  # fmt: skip

Truths = NDArray[np.bool_]
DATES = (Kind.DATE, Kind.DATETIME, Kind.DTC, Kind.TEXT)


@derivation(
    "treatment_emergent",
    kind=Kind.TEXT,
    method=(
        "Y if {start}[ (time: {clock})] is not before the start of treatment {treated}, or is missing[, and not after "
        "the end of the window {until}]; [a start before it is Y where the highest grade is above the initial one "
        "({grades}); ]missing for an untreated subject[ and where the end {ending} is before the start of treatment]. "
        "Moments are compared as precisely as both were collected, a partial date as an interval."
    ),
)
def treatment_emergent(
    ctx: Context,
    start: Column,
    treated: Column,
    clock: OptionalColumn = None,
    ending: OptionalColumn = None,
    until: OptionalColumn = None,
    grades: Columns = (),
) -> Vector:
    """Treatment-emergent flag of an occurrence, as TRTEMFL: Y or missing.

    Arguments
    ---------
    start : start date of the occurrence: a date, a datetime or a `--DTC`, which may be partial.
    treated : start of treatment, with its time where that is known; missing for a subject without treatment.
    clock : the start with its time (a datetime or `--DTC`), where `start` is a date; it counts where it is of the same
        day. Not said, or missing: `start` alone counts.
    ending : end of the occurrence; missing for one that goes on.
    until : last day (or moment) of the window in which occurrences count; not said, or missing: no end.
    grades : `[initial, highest]` grade of the occurrence, numbers or texts of numbers; not said: worsening is no case.

    Two moments are compared as precisely as both are known: with both times by time, else by day. A partial date is
    the interval from its first to its last day, and is before another only if all of it is.

    Derivation, the first case that fits:
    1. `treated` is missing (or has no year): missing.
    2. `ending` is before `treated`: missing.
    3. `start` is missing (or has no year): Y.
    4. `start` is after `until`: missing.
    5. `start` is not before `treated`: Y. So is a start on the day of treatment without its time, and a partial one
       that may lie after it.
    6. `start` is before `treated`, and both grades are known and `highest` is above `initial`: Y.
    7. Else missing.

    Issues: `clock-differs` (the clock is of another day), `number-unreadable` (a grade that is no number: as missing).

    Example: `TRTEMFL: {treatment_emergent: ASTDT, clock: AESTDTC, ending: AEENDTC, treated: ADSL.TRTSDTM, until:
    te_until}`. With TRTSDTM 2021-03-10T10:00, a start of 2021-03-10T09:59 is missing, 2021-03-10 and 2021-03 are Y.

    Source: ADaM OCCDS 1.1 (TRTEMFL); ICH E9 glossary, treatment emergent: absent before treatment, or worse than then.
    """
    if not _are_dates(ctx, start=start, treated=treated, clock=clock, ending=ending, until=until):
        return Vector.missing_of(Kind.TEXT, ctx.n)
    begun, first = _with_clock(ctx, moments(start), clock), moments(treated)
    emergent = ~_before(begun, first) | _worse(ctx, grades)
    if until is not None:
        emergent &= ~_before(moments(until), begun)
    if ending is not None:
        emergent &= ~_before(moments(ending), first)
    emergent &= first.precision > 0
    return Vector.of_codes(np.where(emergent, 0, 1), ["Y", ""])


def _are_dates(ctx: Context, **columns: Vector | None) -> bool:
    wrong = [name for name, column in columns.items() if column is not None and column.kind not in DATES]
    for name in wrong:
        message = f"`{name}` of `treatment_emergent` is no date."
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), message, None, (name,))
    return not wrong


def _with_clock(ctx: Context, start: Moments, clock: Vector | None) -> Moments:
    """The start as precisely as the clock knows it, where the clock is of the same day."""
    if clock is None:
        return start
    timed = moments(clock)
    both = timed.timed & start.full
    same = both & (timed.days == start.days)
    if (both & ~same).any():
        ctx.issue("clock-differs", np.flatnonzero(both & ~same), "The time is of another day: {value}.", clock)
    return replace(
        start,
        earliest=np.where(same, timed.earliest, start.earliest),
        latest=np.where(same, timed.latest, start.latest),
        precision=np.where(same, timed.precision, start.precision),
    )


def _before(left: Moments, right: Moments) -> Truths:
    """Where all of `left` is before all of `right`; false where one is missing."""
    known = (left.latest != MISSING_TIME) & (right.earliest != MISSING_TIME)
    return known & (compare_known(left.latest, left.precision, right.earliest, right.precision) < 0)


def _worse(ctx: Context, grades: Columns) -> Truths:
    """Where the highest grade is above the initial one; false where one is missing."""
    if not grades:
        return np.zeros(ctx.n, dtype=bool)
    if len(grades) != 2 or any(g.kind is not Kind.NUMBER and not g.is_text for g in grades):
        message = "`grades` takes [initial, highest], numbers or texts."
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), message, None, ("grades",))
        return np.zeros(ctx.n, dtype=bool)
    initial, highest = (_numbers(ctx, column) for column in grades)
    return np.asarray(highest > initial)


def _numbers(ctx: Context, column: Vector) -> NDArray[np.float64]:
    if not column.is_text:
        return np.asarray(column.data, dtype=np.float64)
    read = [read_number(text) for text in column.distinct()]
    numbers = np.array([np.nan if number is None else number for number in [*read, None]])[column.data]
    unread = column.present() & np.isnan(numbers)
    if unread.any():
        ctx.issue("number-unreadable", np.flatnonzero(unread), '"{value}" is no grade.', column, ("grades",))
    return numbers
