"""Episodes: records of one subject and category that follow one another, or that name one another, as one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, Vector
from ..model.distinct import distinct_codes
from ..registry import Columns, Context, Number, OptionalColumn, derivation
from ..values.codes import combine, value_codes
from ..values.moments import moments

fault("episode-link", "warning", "A record names an earlier one that is not there, or several: it is not joined to it",
      "Correct the identifier by a query.")  # fmt: skip
fault("episode-open", "warning", "A record without an end takes later records into its episode",
      "Ask for the end, or confirm that it went on.")  # fmt: skip
fault("episode-unplaced", "warning", "A record without a start belongs to no episode: its number is missing",
      "Complete the date by a query, or impute it.")  # fmt: skip

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
OPEN = np.iinfo(np.int64).max // 4
DATES = (Kind.DATE, Kind.DATETIME, Kind.DTC, Kind.TEXT)


class Runs(NamedTuple):
    """Records sorted by group and start: their rows, the run each is in, and which run they join by an open end alone.

    run : number of the run of records that follow one another within the gap, one a sorted record
    by_open : true where only an end that is missing joins the record to those before it
    """

    rows: Ints
    run: Ints
    by_open: Truths


@derivation(
    "episode",
    whole=True,
    kind=Kind.NUMBER,
    method=(
        "Number of the episode within {group}, from 1[ by the earliest {start}]. Records are of one episode, directly "
        "or through others, where one follows another[: {start} is at most {gap} days after {end} of an earlier one, a "
        "missing end being open][; where one names another as its previous one ({linked})]."
    ),
)
def episode(
    ctx: Context,
    group: Columns,
    start: OptionalColumn = None,
    end: OptionalColumn = None,
    gap: Number = None,  # type: ignore[assignment]
    linked: Columns = (),
) -> Vector:
    """Number of the episode that a record belongs to, as AEPISN: 1, 2 ... within each group.

    Arguments
    ---------
    group : the variables within which episodes are made and numbered, as `[USUBJID, AECAT]`; a record that has none of
        one of them is of no episode.
    start, end : dates, datetimes or `--DTC`; their times are left off, a partial date counts as missing. `gap` needs
        both; links alone need neither, and `start` then only numbers.
    gap : days from an end to the next start that still join the two: 0 the same day, 1 the next day too; not below 0.
        Not said: only links join.
    linked : `[identifier, previous]`: two variables, the second of which holds the first of the record that this one
        goes on from. Not said: only dates join. One of `gap` and `linked` must be said.

    Derivation
    1. With `gap`, two records of a group are joined if `start` of the later one minus `end` of the earlier one is at
       most `gap` days; so are those that overlap. An end before its own start counts as the start.
    2. An end that is missing is open: with `gap`, the record goes on, and all later ones of its group are joined to it.
    3. Two records of a group are joined if one names the other as its previous one.
    4. Joined records, directly or through others, are one episode. Episodes are numbered by their earliest `start`.
       Without `gap` those of one start are numbered by their first identifier, and those without a start come last.
    5. With `gap`, a record whose `start` is missing is joined only by 3. Where none of an episode has a start, the
       number is missing.

    Issues: `episode-open` at a record that only an open end, and no link, joins to those before it (case 2);
    `episode-link` where `previous` names no record of the group, several, or the record itself (it joins nothing);
    `episode-unplaced` (case 5).

    Example: `AEPISN: {episode: [USUBJID, AECAT], start: ASTDT, end: AENDT, gap: 1, linked: [AESPID, AEPREV]}`. Starts
    and ends 1-3, 4-6 and 10-12 March are episodes 1, 1 and 2.

    Source: ADaM OCCDS 1.1; how records are joined, and the names of such variables, are the sponsor's.
    """
    wrong = _wrong(start, end, gap, linked)
    if wrong:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), wrong)
        return Vector.missing_of(Kind.NUMBER, ctx.n)
    codes, _ = combine([value_codes(column) for column in group], missing_is_value=False)
    begins, ends = _days(start, -OPEN, ctx.n), _days(end, OPEN, ctx.n)
    runs = _runs(codes, begins, ends, gap)
    unsure = np.zeros(ctx.n, dtype=bool)
    unsure[runs.rows] = runs.by_open
    node = np.arange(ctx.n, dtype=np.int64) + len(runs.rows) + 1
    node[runs.rows] = runs.run
    node = distinct_codes(node)[1].astype(np.int64)
    if linked:
        later, earlier = _links(ctx, codes, linked[0], linked[1])
        node = _joined(node, node[later], node[earlier])
        unsure[later] = False
    if unsure.any():
        ctx.issue("episode-open", np.flatnonzero(unsure), "Only an end that is missing joins it to an earlier record.")
    if gap is None:
        begins = np.where(begins == -OPEN, OPEN - 1, begins)
    numbers = _numbered(codes, node, begins, linked[0].ranks() if linked else np.zeros(ctx.n))
    unplaced = (codes >= 0) & np.isnan(numbers)
    if unplaced.any():
        ctx.issue(
            "episode-unplaced", np.flatnonzero(unplaced), "Without a start it is of no episode.", None, ("start",)
        )
    return Vector.of_numbers(numbers)


def _wrong(start: Vector | None, end: Vector | None, gap: float | None, linked: Columns) -> str:
    if any(date is not None and date.kind not in DATES for date in (start, end)):
        return "`start` and `end` of `episode` are dates."
    if gap is None and not linked:
        return "`episode` needs `gap`, `linked` or both."
    if gap is not None and (start is None or end is None):
        return "`gap` of `episode` needs `start` and `end`."
    if gap is not None and (gap < 0 or gap != int(gap)):
        return "`gap` is a whole number of days, from 0."
    if linked and (len(linked) != 2 or not all(column.is_text for column in linked)):
        return "`linked` takes [identifier, previous], two texts."
    return ""


def _days(column: Vector | None, missing: int, n: int) -> Ints:
    if column is None:
        return np.full(n, missing, dtype=np.int64)
    known = moments(column)
    return np.where(known.full, known.days, missing)


def _runs(codes: Ints, begins: Ints, ends: Ints, gap: float | None) -> Runs:
    """Runs of records with a start: one begins where the start is beyond the greatest end so far by more than `gap`.

    Without `gap` each record is a run.
    """
    rows = np.flatnonzero((codes >= 0) & (begins > -OPEN))
    rows = rows[np.lexsort((rows, begins[rows], codes[rows]))]
    if gap is None:
        return Runs(rows, np.arange(len(rows)), np.zeros(len(rows), dtype=bool))
    group, begin = codes[rows], begins[rows]
    end = np.maximum(ends[rows], begin)
    first = np.ones(len(rows), dtype=bool)
    first[1:] = group[1:] != group[:-1]
    apart = first | (begin - _greatest_before(end, first) > gap)
    closed = np.where(end >= OPEN, begin, end)
    by_open = ~apart & (begin - _greatest_before(closed, first) > gap)
    return Runs(rows, np.cumsum(apart), by_open)


def _greatest_before(values: Ints, first: Truths) -> Ints:
    """For each place the greatest value before it in its group; at the first of a group its own."""
    if not len(values):
        return values
    distinct, rank = np.unique(values, return_inverse=True)
    place = np.cumsum(first) * len(distinct)
    running = np.maximum.accumulate(rank + place) - place
    before = np.concatenate([running[:1], running[:-1]])
    return np.asarray(distinct[np.where(first, rank, before)])


def _links(ctx: Context, codes: Ints, own: Vector, previous: Vector) -> tuple[Ints, Ints]:
    """Rows that name a previous record, and the row of it in their group; what names none or several is told."""
    names = Vector.concat([own, previous]).data.astype(np.int64)
    width = int(names.max(initial=0)) + 1
    mine, theirs = names[: ctx.n], names[ctx.n :]
    asked = np.flatnonzero((codes >= 0) & (theirs >= 0))
    there = np.flatnonzero((codes >= 0) & (mine >= 0))
    keys = codes[there] * width + mine[there]
    there = there[np.argsort(keys, kind="stable")]
    keys = np.sort(keys)
    wanted = codes[asked] * width + theirs[asked]
    low, high = np.searchsorted(keys, wanted), np.searchsorted(keys, wanted, side="right")
    good = high - low == 1
    good[good] = there[low[good]] != asked[good]
    if not good.all():
        ctx.issue("episode-link", asked[~good], '"{value}" names no other record, or several.', previous, ("linked",))
    return asked[good], there[low[good]]


def _joined(node: Ints, left: Ints, right: Ints) -> Ints:
    """The smallest node that each record's node is connected with; each round joins whole trees at their roots."""
    parent = np.arange(int(node.max(initial=-1)) + 1, dtype=np.int64)
    while True:
        a, b = parent[left], parent[right]
        low, high = np.minimum(a, b), np.maximum(a, b)
        if (low == high).all():
            return parent[node]
        np.minimum.at(parent, high, low)
        while (parent[parent] != parent).any():
            parent = parent[parent]


def _numbered(codes: Ints, node: Ints, begins: Ints, names: NDArray[np.float64]) -> NDArray[np.float64]:
    """The place of each record's episode among those of its group, by earliest start, then first name; else NaN."""
    size = int(node.max(initial=-1)) + 1
    earliest = np.full(size, OPEN, dtype=np.int64)
    known = (codes >= 0) & (begins > -OPEN)
    np.minimum.at(earliest, node[known], begins[known])
    name = np.full(size, np.inf)
    np.minimum.at(name, node, names)
    group = np.full(size, -1, dtype=np.int64)
    group[node] = codes
    used = np.flatnonzero(earliest < OPEN)
    used = used[np.lexsort((name[used], earliest[used], group[used]))]
    place = np.arange(len(used))
    first = np.ones(len(used), dtype=bool)
    first[1:] = group[used][1:] != group[used][:-1]
    number = np.full(size, np.nan)
    if len(used):
        number[used] = place - np.maximum.accumulate(np.where(first, place, 0)) + 1
    return np.asarray(number[node])
