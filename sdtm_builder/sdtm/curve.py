"""A concentration-time curve of one profile: its points by the rules for results below the limit, area and extremes."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import exp, log
from typing import NamedTuple


class Point(NamedTuple):
    """A result at a time in seconds after the reference; `value` 0 and `below` where it is below the limit."""

    seconds: int
    value: float
    below: bool = False


class Area(NamedTuple):
    """An area in value times hours, or why there is none."""

    value: float | None
    reason: str = ""


HOUR = 3600
NOT_FOLLOWED = "NOT FOLLOWED TO THE END OF THE INTERVAL"
TOO_FEW = "FEWER THAN 3 QUANTIFIABLE RESULTS IN THE INTERVAL"
FEWEST = 3


def curve_points(results: Sequence[Point]) -> list[Point]:
    """The points of the curve from the results after the reference, in order of time.

    The curve begins with 0 at time 0. A result below the limit is 0 before the first quantifiable one, is left out
    between two quantifiable ones, is 0 once after the last, and is left out from then on.
    """
    above = [i for i, point in enumerate(results) if not point.below]
    if not above:
        return [Point(0, 0.0, True)]
    kept = [p for i, p in enumerate(results) if not p.below or i < above[0] or i == above[-1] + 1]
    return [Point(0, 0.0, True), *(Point(p.seconds, 0.0 if p.below else p.value, p.below) for p in kept)]


def area(results: Sequence[Point], start: int, end: int, reach: int) -> Area:
    """The area under the curve of results after the reference, from `start` to `end`, linear up and log down.

    Parameters
    ----------
    results : in order of time, without two at one time
    start, end : in seconds after the reference
    reach : how many seconds before the end the last result may be for the curve to be extended to the end

    Returns
    -------
    0 without any quantifiable result. None if there is no result at the end or later and the last one is more than
    `reach` before the end, or if fewer than three quantifiable results are in the interval. A curve that is extended
    goes on by the slope of the last two quantifiable results where they fall, else constant.
    """
    above = [p for p in results if not p.below]
    if not above:
        return Area(0.0)
    last = results[-1].seconds
    if last < end - reach:
        return Area(None, NOT_FOLLOWED)
    if sum(start <= p.seconds <= end for p in above) < FEWEST:
        return Area(None, TOO_FEW)
    points = curve_points(results)
    if last < end:
        points.append(Point(end, _extended(above, points[-1], end)))
    total = 0.0
    for first, second in pairwise(points):
        low, high = max(first.seconds, start), min(second.seconds, end)
        if low < high:
            total += _segment(first, second, low, high)
    return Area(total)


def _extended(above: Sequence[Point], last: Point, end: int) -> float:
    """The value at the end, beyond the last point."""
    if len(above) < 2 or last.value == 0:
        return last.value
    before, final = above[-2], above[-1]
    if final.value >= before.value:
        return last.value
    slope = log(before.value / final.value) / (final.seconds - before.seconds)
    return last.value * exp(-slope * (end - last.seconds))


def _falls(first: float, second: float) -> bool:
    """Whether a segment is taken as exponential: it falls, and neither end is 0."""
    return 0 < second < first


def _between(first: Point, second: Point, at: int) -> float:
    """The value at a time within a segment."""
    if at == first.seconds or at == second.seconds:
        return first.value if at == first.seconds else second.value
    share = (at - first.seconds) / (second.seconds - first.seconds)
    if _falls(first.value, second.value):
        return first.value * exp(log(second.value / first.value) * share)
    return first.value + (second.value - first.value) * share


def _segment(first: Point, second: Point, low: int, high: int) -> float:
    """The area of a segment from `low` to `high` within it, in value times hours."""
    hours = (high - low) / HOUR
    begin, end = _between(first, second, low), _between(first, second, high)
    if _falls(first.value, second.value) and end < begin:
        return (begin - end) * hours / log(begin / end)
    return (begin + end) / 2 * hours


def largest(results: Sequence[Point]) -> Point | None:
    """The first of the largest quantifiable results."""
    above = [p for p in results if not p.below]
    return max(above, key=lambda p: (p.value, -p.seconds)) if above else None


def last_above(results: Sequence[Point]) -> Point | None:
    """The last quantifiable result."""
    above = [p for p in results if not p.below]
    return above[-1] if above else None
