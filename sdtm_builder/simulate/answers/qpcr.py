"""Kinetics of the transgene of one infused person: samples, and parameters by linear-up log-down."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import pairwise
from typing import Any

from ..rng import half_up
from .cells import Tables, day_of, moment_of, text_of

SHEET = "carT_qpcr"
INTERVAL_END, EXTENDED_FROM, FEWEST = 28.0, 25.0, 3
HOURS, DIGITS = 24, 6
Point = tuple[float, float]


@dataclass(frozen=True)
class QpcrSample:
    """One sample: days after the start of the infusion, unrounded; no copies: below quantification or none."""

    days: float
    at: datetime
    copies: float | None


def qpcr_samples(tables: Tables, numbers: Sequence[str], infusion: datetime) -> list[QpcrSample]:
    """Samples of a person in order of time; of replicates the last."""
    found: dict[str, tuple[int, QpcrSample]] = {}
    for row in tables.rows(SHEET, numbers):
        at = moment_of(day_of(row.cells["采样日期"], day_first=True), text_of(row, "采样时间"))
        if at is None:
            continue
        text, limit = text_of(row, "RESULT"), float(text_of(row, "LLOQ"))
        copies = None if text in ("BLQ", "ND") else float(text.lstrip(">"))
        quantified = copies if copies is not None and copies >= limit else None
        sample = QpcrSample((at - infusion).total_seconds() / 86400, at, quantified)
        replicate, place = int(text_of(row, "REP")), text_of(row, "TIMEPOINT")
        if place not in found or found[place][0] < replicate:
            found[place] = (replicate, sample)
    return sorted((sample for _, sample in found.values()), key=lambda sample: sample.at)


def parameters(samples: Sequence[QpcrSample]) -> dict[str, Any] | None:
    """CMAX, TMAX, AUC0_28 (in days), CLST, TLST, and the number of quantifiable results to day 28.

    None without a sample after the infusion; a parameter that can't be estimated is None.
    """
    later = [sample for sample in samples if sample.days > 0]
    if not later:
        return None
    seen = [(sample.days, sample.copies) for sample in later if sample.copies is not None]
    if not seen:
        return {"CMAX": 0, "TMAX": None, "AUC0_28": 0, "CLST": None, "TLST": None, "n_points": 0}
    highest = max(copies for _, copies in seen)
    at_highest = next(days for days, copies in seen if copies == highest)
    count = sum(days <= INTERVAL_END for days, _ in seen)
    area = area_to_28(profile(later), later) if count >= FEWEST else None
    return {
        "CMAX": significant(highest), "TMAX": float(half_up(at_highest, 2)),
        "AUC0_28": None if area is None else significant(area * HOURS) / HOURS,
        "CLST": significant(seen[-1][1]), "TLST": float(half_up(seen[-1][0], 2)), "n_points": count,
    }


def significant(value: float) -> float:
    """Six significant digits, half up."""
    if value == 0:
        return 0.0
    number = Decimal(repr(value))
    return float(half_up(value, DIGITS - 1 - number.adjusted()))


def profile(later: Sequence[QpcrSample]) -> list[Point]:
    """Points of the analysis: 0 at the infusion, before the first quantifiable result, and at the first after the last.

    A result below quantification between two others is left out, as are all after the first at the end.
    """
    places = [place for place, sample in enumerate(later) if sample.copies is not None]
    points: list[Point] = [(0.0, 0.0)]
    for place, sample in enumerate(later):
        if sample.copies is not None:
            points.append((sample.days, sample.copies))
        elif place < places[0] or place == places[-1] + 1:
            points.append((sample.days, 0.0))
    return points


def area(first: Point, second: Point) -> float:
    """One segment: linear when rising or touching zero, else logarithmic."""
    (t1, c1), (t2, c2) = first, second
    if c2 >= c1 or c2 == 0 or c1 == 0:
        return (c1 + c2) / 2 * (t2 - t1)
    return (c1 - c2) * (t2 - t1) / math.log(c1 / c2)


def level_between(first: Point, second: Point, day: float) -> float:
    """Interpolated: logarithmic in a falling segment of two positives, else linear."""
    (t1, c1), (t2, c2) = first, second
    share = (day - t1) / (t2 - t1)
    if c1 > c2 > 0:
        return math.exp(math.log(c1) + share * math.log(c2 / c1))
    return c1 + share * (c2 - c1)


def part_of(first: Point, second: Point, day: float) -> float:
    """A segment up to a day within it, by the segment's own line: one that falls to zero is linear up to there too."""
    (t1, c1), level = first, level_between(first, second, day)
    if c1 > second[1] > 0:
        return area(first, (day, level))
    return (c1 + level) / 2 * (day - t1)


def area_to_28(points: Sequence[Point], later: Sequence[QpcrSample]) -> float | None:
    """Area from the infusion to day 28.0; None when the last sample is before day 25."""
    total = 0.0
    for first, second in pairwise(points):
        if second[0] > INTERVAL_END:
            return total + part_of(first, second, INTERVAL_END)
        total += area(first, second)
    if points[-1][0] == INTERVAL_END:
        return total
    last = later[-1].days
    if last < EXTENDED_FROM:
        return None
    if points[-1][1] == 0:
        return total  # nothing is quantifiable any more
    quantified = [point for point in points if point[1] > 0]
    end = points[-1]
    before = quantified[-2] if len(quantified) > 1 else None
    if before is None or before[1] <= end[1]:
        return total + area(end, (INTERVAL_END, end[1]))
    rate = math.log(before[1] / end[1]) / (end[0] - before[0])
    return total + area(end, (INTERVAL_END, end[1] * math.exp(-rate * (INTERVAL_END - end[0]))))
