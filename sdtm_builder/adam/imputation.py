"""Partial dates completed as a rule says, and moved to a limit within what was collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_TIME, MapNode, Node, Scalar, Vector
from ..values.formats import PARTS, days_in
from ..values.moments import DAY, moments
from ..values.partial import parts_of_dtc

WAYS = ("earliest", "latest")
DATE_PARTS, TIME_PARTS = ("month", "day"), ("hour", "minute", "second")
Parts = tuple[int | None, ...]


def ways_of(node: Node | None, allowed: Sequence[str]) -> tuple[dict[str, str], str]:
    """What `impute` says, part -> way, and what is wrong with it ("" if nothing is)."""
    if node is None:
        return {}, ""
    if not isinstance(node, MapNode):
        return {}, f"`impute` is a map of {', '.join(allowed)}."
    found: dict[str, str] = {}
    for part, way in node.items.items():
        if part not in allowed:
            return {}, f"`impute` has {', '.join(allowed)}, not {part}."
        if not isinstance(way, Scalar) or way.text not in WAYS:
            return {}, f"`impute` of {part} is earliest or latest."
        found[part] = way.text
    return found, ""


@dataclass(frozen=True, eq=False)
class Completed:
    """Dates of a column in seconds since 1970 (MISSING_TIME: missing), one a record.

    earliest, latest : what was collected; imputed : the date (with `timed`: the date, hour or minute) was completed
    incomplete : there is a date, and a part that nothing says how to impute is unknown
    gapped : a part is unknown before a known one, so not every second between earliest and latest fits
    precision : how many parts were collected, from the year (1) to the second (6), NaN where there is no date
    """

    seconds: NDArray[np.int64]
    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]
    imputed: NDArray[np.bool_]
    incomplete: NDArray[np.bool_]
    gapped: NDArray[np.bool_]
    precision: NDArray[np.float64]


def completed(column: Vector, ways: Mapping[str, str], timed: bool) -> Completed:
    """Each date to the day, or with `timed` to the second, by `ways`; a distinct partial text is looked at once.

    Seconds that were not collected are 00 unless `ways` says otherwise. A date without a time, where no way for the
    hour is said, is missing as a datetime but not incomplete.
    """
    known = moments(column)
    need = 5 if timed else 3
    enough = known.precision >= need
    seconds = np.where(enough, known.earliest, MISSING_TIME)
    if timed and ways.get("second") == "latest":
        seconds = np.where(enough, known.latest, seconds)
    if not timed:
        seconds = np.where(enough, seconds // DAY * DAY, MISSING_TIME)
    gapped = np.zeros(len(column), dtype=bool)
    rest = np.flatnonzero(known.given & ~enough)
    if len(rest) and column.is_text:
        codes = column.data[rest]
        distinct, back = np.unique(codes, return_inverse=True)
        texts = [str(column.distinct()[code]) for code in distinct]
        seconds[rest] = np.array([_complete(text, ways, timed) for text in texts], dtype=np.int64)[back]
        gapped[rest] = np.array([_has_gap(text) for text in texts])[back]
    elif len(rest):
        seconds[rest] = [_complete(column.text_at(int(row)), ways, timed) for row in rest]
    missing = seconds == MISSING_TIME
    incomplete = known.given & missing & ~(known.full if timed else np.zeros(len(column), dtype=bool))
    level = np.where(known.given, known.precision, np.nan)
    return Completed(seconds, known.earliest, known.latest, known.given & ~enough & ~missing, incomplete, gapped, level)


def _complete(text: str, ways: Mapping[str, str], timed: bool) -> int:
    parts = None if "/" in text else parts_of_dtc(text)
    if parts is None or parts[0] is None:
        return MISSING_TIME
    year, month, day, *clock = parts
    assert year is not None
    month = _part(month, ways.get("month"), 1, 12)
    if month is None:
        return MISSING_TIME
    day = _part(day, ways.get("day"), 1, days_in(year, month))
    if day is None or day > days_in(year, month):
        return MISSING_TIME
    start = int(np.datetime64(f"{year:04}-{month:02}-{day:02}", "D").astype(np.int64)) * DAY
    if not timed:
        return start
    for part, name, size, last in zip(clock, TIME_PARTS, (3600, 60, 1), (23, 59, 59), strict=True):
        value = _part(part, ways.get(name, "earliest" if name == "second" else None), 0, last)
        if value is None:
            return MISSING_TIME
        start += value * size
    return start


def _part(part: int | None, way: str | None, first: int, last: int) -> int | None:
    if part is not None:
        return part
    return {"earliest": first, "latest": last}.get(way or "")


def _has_gap(text: str) -> bool:
    parts: Parts = parts_of_dtc(text) or ()
    known = [part is not None for part in parts[: len(PARTS)]]
    return any(later and not earlier for earlier, later in pairwise(known))


def moved(dates: Completed, not_before: Vector | None, not_after: Vector | None, timed: bool) -> NDArray[np.bool_]:
    """Move imputed dates to their limits within what was collected, in place; where a limit is not kept.

    First `not_before`, then `not_after`. A date with a gap moves to the nearest day that fits what is known of it.
    """
    unkept = np.zeros(len(dates.seconds), dtype=bool)
    low, high = _limit(not_before, False, timed), _limit(not_after, True, timed)
    for limit, sign in ((low, 1), (high, -1)):
        if limit is None:
            continue
        wrong = dates.imputed & (limit != MISSING_TIME) & (sign * dates.seconds < sign * limit)
        within = (limit >= dates.earliest) & (limit <= dates.latest)
        plain = wrong & within & ~dates.gapped
        dates.seconds[plain] = limit[plain]
        for row in np.flatnonzero(wrong & within & dates.gapped):
            dates.seconds[row] = _fitting(dates, int(row), int(limit[row]), sign, timed)
    for limit, sign in ((low, 1), (high, -1)):
        if limit is not None:
            unkept |= dates.imputed & (limit != MISSING_TIME) & (sign * dates.seconds < sign * limit)
    return unkept


def _limit(column: Vector | None, end: bool, timed: bool) -> NDArray[np.int64] | None:
    """A limit in seconds, missing where its day is not known; the end of a day without a time where `end`."""
    if column is None:
        return None
    known = moments(column)
    seconds = known.latest if end and timed else known.earliest
    seconds = seconds if timed else seconds // DAY * DAY
    return np.where(known.full, seconds, MISSING_TIME)


def _fitting(dates: Completed, row: int, limit: int, sign: int, timed: bool) -> int:
    """The nearest moment beyond the limit with the same day of the month; the date as it is if there is none."""
    here = int(dates.seconds[row])
    if timed:
        return here
    day = int(str(np.datetime64(here, "s"))[8:10])
    year = str(np.datetime64(here, "s"))[:4]
    months = [np.datetime64(f"{year}-{month:02}", "M") for month in range(1, 13)]
    starts = [int((m.astype("M8[D]") + (day - 1)).astype(np.int64)) * DAY for m in months if _has_day(m, day)]
    fits = [s for s in starts if sign * s >= sign * limit]
    return (min(fits) if sign > 0 else max(fits)) if fits else here


def _has_day(month: np.datetime64, day: int) -> bool:
    return day <= int(((month + 1).astype("M8[D]") - month.astype("M8[D]")).astype(np.int64))
