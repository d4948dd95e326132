"""True laboratory values of one person: cytopenia curves and chemistry (modules 7 and 8)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from .labtests import LAB_TESTS, range_a
from .rng import Stream

Knots = tuple[tuple[float, float], ...]

COUNT_TESTS = frozenset({"HGB", "PLAT", "NEUT", "LYM", "MONO"})
ENZYMES = frozenset({"ALT", "AST", "ALP", "GGT", "LDH"})
CRS_FACTORS = {
    "ALT": (1, 1.4, 2.2, 4, 7), "AST": (1, 1.4, 2.2, 4, 7), "BILI": (1, 1, 1.3, 1.8, 3),
    "CREAT": (1, 1, 1.15, 1.5, 2.2), "ALB": (1, 0.95, 0.88, 0.8, 0.72), "FIBRINO": (1, 1, 0.8, 0.5, 0.3),
    "PT": (1, 1, 1.1, 1.3, 1.6), "APTT": (1, 1, 1.1, 1.3, 1.6), "LDH": (1, 1.3, 1.8, 3, 5),
}
CRS_SHIFTS = {"K": -0.15, "CA": -0.05}
OWN_LEVEL = tuple(test.code for test in LAB_TESTS if test.panel != "HEMA" and test.code != "INR")
MONOCYTES = 0.08
NORMAL_PT = 11.0


@dataclass(frozen=True)
class Curves:
    """Knots of the four counts, and the person's own level of each coagulation and chemistry test."""

    neut: Knots
    plat: Knots
    hgb: Knots
    lym: Knots
    levels: dict[str, float]


@dataclass(frozen=True)
class Disease:
    """What of the disease moves the blood: days are elapsed days."""

    first_ld: int
    baseline_blasts: float
    active_from: int | None  # relapse, NR or PD assessment
    active_blasts: float


@dataclass(frozen=True)
class Sample:
    """True values of one sampling, in the unit of laboratory A, by test code."""

    at: datetime
    elapsed: int
    visit: int
    lab_b: bool
    values: dict[str, float]


def interpolate(knots: Knots, day: float) -> float:
    """Log-linear between knots, constant before the first and after the last."""
    if day <= knots[0][0]:
        return knots[0][1]
    for (day0, level0), (day1, level1) in pairwise(knots):
        if day <= day1:
            share = (day - day0) / (day1 - day0)
            return math.exp(math.log(level0) + share * (math.log(level1) - math.log(level0)))
    return knots[-1][1]


def curves(stream: Stream, male: bool, age: int) -> Curves:
    """Draw the person's own baselines, nadirs, recovery day and chemistry levels."""
    neut = 2.2 * math.exp(0.4 * stream.z())
    nadir = 0.05 + 0.35 * stream.u()
    recovery = 18 + stream.integer(0, 14)
    recovery += 40 if stream.u() < 0.2 else 0
    plat = 90 * math.exp(0.5 * stream.z())
    plat_nadir = 12 + 40 * stream.u()
    hgb = 92 + 9 * stream.z()
    lym = math.exp(0.4 * stream.z())
    levels = {}
    for code in OWN_LEVEL:
        low, high = range_a(code, male, age)
        spread = 0.35 if code in ENZYMES else 0.01 if code == "SODIUM" else 0.08
        levels[code] = float(low + high) / 2 * math.exp(spread * stream.z())
    return Curves(
        ((-14, neut), (-5, neut), (-1, 0.6 * neut), (4, 0.12 * neut), (8, nadir), (recovery - 4, nadir),
         (recovery, 1.0), (recovery + 20, 3.0)),
        ((-5, plat), (2, 0.6 * plat), (11, plat_nadir), (recovery + 6, 55.0), (recovery + 35, 150.0)),
        ((-5, hgb), (11, 0.8 * hgb), (recovery + 20, 0.95 * hgb), (max(85, recovery + 21), 115.0)),
        ((-5, lym), (0, 0.05), (3, 0.05), (10, 0.6), (29, 0.5), (85, 1.0)),
        levels,
    )


def noise(stream: Stream, visits: int) -> list[tuple[float, ...]]:
    """One normal draw a test of the table, for so many visits; later visits follow on the same stream."""
    return [tuple(stream.z() for _ in LAB_TESTS) for _ in range(visits)]


def values(own: Curves, disease: Disease, day: int, grade: int, draws: Sequence[float]) -> dict[str, float]:
    """All true values of one day.

    Args:
        own: the person's curves.
        disease: first lymphodepletion day, blasts, and when the disease is active again.
        day: elapsed day.
        grade: CRS grade of the day, 0 to 4.
        draws: one normal draw a test.
    """
    z = {test.code: draw for test, draw in zip(LAB_TESTS, draws, strict=True)}
    found = _blood(own, disease, day, z)
    for code, level in own.levels.items():
        spread = 0.20 if code in ENZYMES else 0.01 if code == "SODIUM" else 0.05
        value = level * math.exp(spread * z[code])
        if code == "LDH" and day <= disease.first_ld:
            value *= 2
        found[code] = value * CRS_FACTORS.get(code, (1,) * 5)[grade] + CRS_SHIFTS.get(code, 0.0) * grade
    found["INR"] = found["PT"] / NORMAL_PT
    return found


def _blood(own: Curves, disease: Disease, day: int, z: dict[str, float]) -> dict[str, float]:
    """Counts with their noise, and what is computed from them."""
    active = disease.active_from is not None and day >= disease.active_from
    displaced = 0.4 if active else 1.0
    levels = {
        "NEUT": interpolate(own.neut, day) * displaced, "PLAT": interpolate(own.plat, day) * displaced,
        "HGB": interpolate(own.hgb, day), "LYM": interpolate(own.lym, day), "MONO": MONOCYTES,
    }
    found = {code: level * math.exp(0.05 * z[code]) for code, level in levels.items()}
    blasts = 0.02 * disease.active_blasts if active else 0.0
    if day <= disease.first_ld:
        blasts = 0.03 * disease.baseline_blasts
    white = found["NEUT"] + found["LYM"] + found["MONO"] + blasts
    found |= {
        "WBC": white, "RBC": found["HGB"] / 30, "HCT": found["HGB"] * 0.3, "NEUTLE": 100 * found["NEUT"] / white,
        "LYMLE": 100 * found["LYM"] / white, "BLASTLE": 100 * blasts / white,
    }
    return found
