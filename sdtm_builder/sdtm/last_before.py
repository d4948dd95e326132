"""The last result before a reference date: --LOBXFL."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, Vector
from ..registry import Column, Context, Number, OptionalColumn, OptionalColumns, derivation
from ..values.moments import DAY, Moments, compare_known, moments
from .columns import combined

fault("last-open", "error", "A partial date that leaves open which result is the last before the reference date",
      "Complete the date by a query, or flag the record by a rule.")  # fmt: skip

_NEVER = np.iinfo(np.int64).min


@derivation(
    "last_before",
    whole=True,
    ordered=True,
    kind=Kind.TEXT,
    method=(
        "Y for the last result before {reference} by {date}, of those that agree in {groups}; of equal dates the one "
        "with the highest {visit}, then the last by the keys; a result on the day of {reference} counts if its time is "
        "earlier; where a time is missing it counts up to the visit number given as ties ({ties}), else not."
    ),
)
def last_before(
    ctx: Context,
    reference: Column = "DM.RFXSTDTC",  # type: ignore[assignment]
    date: Column = "--DTC",  # type: ignore[assignment]
    result: OptionalColumns = ("--STRESC", "--ORRES"),  # type: ignore[assignment]
    status: OptionalColumn = "--STAT",  # type: ignore[assignment]
    groups: OptionalColumns = ("--TESTCD", "--CAT", "--SPEC", "--METHOD", "--POS", "--LOC", "--LAT"),  # type: ignore[assignment]
    visit: OptionalColumn = "VISITNUM",  # type: ignore[assignment]
    ties: Number = float("nan"),
) -> Vector:
    """Flag of the last result before a date: one record for each subject and group.

    Arguments
    ---------
    reference : the date before which the result lies; default `DM.RFXSTDTC` of the subject.
    date : the date of the result; default `--DTC`.
    result : the first of these variables that the dataset has must have a value; default `--STRESC`, `--ORRES`.
    status : must be missing (not NOT DONE); default `--STAT`.
    groups : with the subject, the variables of a group, those that the dataset has; default `--TESTCD`, `--CAT`,
        `--SPEC`, `--METHOD`, `--POS`, `--LOC`, `--LAT`. Missing is a value of its own.
    visit : the visit number; default `VISITNUM`.
    ties : a visit number: a result on the day of the reference, where a time is missing, counts as before it if its
        visit number is at most this. Not said: it does not count.

    Whether a result counts, the first case that fits:
    1. No result, a status, no subject, no date, or no reference: no.
    2. Its day, and that of the reference, are known and differ: by the days.
    3. The same day, both times known: if it is earlier, compared as precisely as both were collected.
    4. The same day, a time missing: by `ties`.
    5. A partial date: if all of it lies before all of the reference; open if some of it may.

    Of the results of a group that count the flag has the one with the latest date and time (a date without a time
    before those with one), then with the highest visit number, then the last in the order of the keys. If a partial
    date leaves open which one that is, no record of the group has the flag.

    Issues: `last-open` at each record whose partial date leaves it open.

    Example: `LBLOBXFL: {last_before: DM.RFXSTDTC, ties: 1}`.

    Source: SDTMIG 3.4 section 4.5.9; CG0541, CG0553, CG0569.
    """
    there = ctx.subjects() >= 0
    for column in list(result.values())[:1]:
        there &= column.present()
    if status is not None:
        there &= ~status.present()
    when, limit = moments(date), moments(reference)
    numbers = visit.data if visit is not None else np.full(ctx.n, np.nan)
    counts, may = _before(when, limit, numbers, ties)
    group = combined([ctx.subjects(), *groups.values()], ctx.n)
    choice = _last(when, group, there & counts, there & may, numbers, ctx.order())
    if choice.open.any():
        message = 'The date "{value}" leaves open which result is the last before the reference date.'
        ctx.issue("last-open", np.flatnonzero(choice.open), message, date)
    flags = np.full(ctx.n, -1, dtype=np.int32)
    flags[choice.winners] = 0
    return Vector.of_codes(flags, ["Y"])


def _before(
    when: Moments, limit: Moments, visits: NDArray[np.float64], ties: float
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Where a date lies before the limit, and where it may, because one of them is partial."""
    known = (when.precision > 0) & (limit.precision > 0)
    both = when.full & limit.full
    same = both & (when.days == limit.days)
    timed = same & when.timed & limit.timed
    earlier = compare_known(when.earliest, when.precision, limit.earliest, limit.precision) < 0
    counts = known & (when.latest // DAY < limit.earliest // DAY)
    counts |= timed & earlier
    counts |= same & ~timed & (visits <= ties)
    may = known & ~both & ~counts & (when.earliest // DAY <= limit.latest // DAY)
    return counts, may


class _Choice(NamedTuple):
    winners: NDArray[np.int64]
    open: NDArray[np.bool_]


def _last(
    when: Moments,
    group: NDArray[np.int64],
    counts: NDArray[np.bool_],
    may: NDArray[np.bool_],
    visits: NDArray[np.float64],
    order: NDArray[np.int64],
) -> _Choice:
    """The last record of each group, and the records whose dates leave it open."""
    number = int(group.max(initial=-1)) + 1
    rows = np.flatnonzero(counts)
    visit = np.where(np.isnan(visits[rows]), -np.inf, visits[rows])
    rows = rows[np.lexsort((order[rows], visit, when.precision[rows] >= 4, when.earliest[rows], group[rows]))]
    winner = np.full(number, -1, dtype=np.int64)
    winner[group[rows]] = rows
    begin = np.full(number, _NEVER)
    begin[winner >= 0] = when.earliest[winner[winner >= 0]] // DAY
    partial_winner = np.zeros(number, dtype=bool)
    partial_winner[winner >= 0] = ~when.full[winner[winner >= 0]]
    other = np.ones(len(group), dtype=bool)
    other[winner[winner >= 0]] = False
    reaches = other & (counts | may) & (when.latest // DAY >= begin[group])
    rival = reaches & (~when.full | may | partial_winner[group])
    undecided = np.zeros(number, dtype=bool)
    undecided[group[rival]] = True
    at_fault = (rival & (~when.full | may)) | (~other & partial_winner[group] & undecided[group])
    return _Choice(winner[(winner >= 0) & ~undecided], at_fault)
