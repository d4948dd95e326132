"""CTCAE v5 grades of the laboratory tests that can become adverse events, from the results as collected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .counts import Sample
from .labtests import TEST_BY_CODE, Limits, collected, range_a, range_b, standard

HEMA_VISITS = frozenset(range(0, 18))
CHEM_VISITS = frozenset({1, 3, *range(5, 18)})
COAG_VISITS = frozenset({1, 3, 6, 8, 9, 10, 11, 12})
PANEL_VISITS = {"HEMA": HEMA_VISITS, "CHEM": CHEM_VISITS, "COAG": COAG_VISITS}
# Below the first: grade 3; below the second: grade 4.
FIXED_LOW = {
    "NEUT": ("1.0", "0.5"), "PLAT": ("50", "25"), "HGB": ("80", "-1"), "LYM": ("0.5", "0.2"), "WBC": ("2.0", "1.0"),
}
HIGH_MULTIPLES = {"ALT": (5, 20), "AST": (5, 20), "BILI": (3, 10)}
GRADED = ("NEUT", "PLAT", "HGB", "LYM", "WBC", "ALT", "AST", "BILI", "FIBRINO")


@dataclass(frozen=True)
class Baseline:
    """Last result before the infusion, in standard units, with its own limits."""

    value: Decimal
    low: Decimal
    high: Decimal


def sampled(code: str, visit: int) -> bool:
    """Whether a test is measured at a visit number; 0 is unscheduled, -1 an earlier screening."""
    return (1 if visit == -1 else visit) in PANEL_VISITS[TEST_BY_CODE[code].panel]


def result(code: str, sample: Sample) -> Decimal:
    """The standard result that the written one gives."""
    return standard(code, collected(code, sample.values[code], sample.lab_b), sample.lab_b)


def limits(code: str, male: bool, age: int, day: date, lab_b: bool) -> Limits:
    """Limits in force at the laboratory on that day, in the standard unit."""
    low, high = range_b(code, male, age) if lab_b else range_a(code, male, age, day)
    return standard(code, low, lab_b), standard(code, high, lab_b)


def severe_grade(code: str, value: Decimal, normal: Limits, baseline: Baseline | None) -> int:
    """Grade 3 or 4, or 0 for anything milder.

    Args:
        code: one of GRADED.
        value: result in the standard unit.
        normal: limits of that record.
        baseline: result before the infusion; missing counts as normal.
    """
    if code in FIXED_LOW:
        third, fourth = (Decimal(text) for text in FIXED_LOW[code])
        return 4 if value < fourth else 3 if value < third else 0
    if code in HIGH_MULTIPLES:
        above = baseline is not None and baseline.value > baseline.high
        reference = baseline.value if baseline is not None and above else normal[1]
        severe, threatening = HIGH_MULTIPLES[code]
        return 4 if value > threatening * reference else 3 if value > severe * reference else 0
    return _fibrinogen(value, normal, baseline)


def _fibrinogen(value: Decimal, normal: Limits, baseline: Baseline | None) -> int:
    low = normal[0]
    if value < Decimal("0.5"):
        return 4
    if baseline is not None and baseline.value < baseline.low:
        if value >= low:
            return 0
        fall = (baseline.value - value) / baseline.value
        return 4 if fall >= Decimal("0.75") else 3 if fall >= Decimal("0.5") else 0
    return 4 if value < low / 4 else 3 if value < low / 2 else 0
