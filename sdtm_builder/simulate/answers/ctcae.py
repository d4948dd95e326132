"""CTCAE v5 grades of laboratory results, numeric part only: standard units, the limits of the record itself."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

D = Decimal


@dataclass(frozen=True)
class Limits:
    """Lower and upper limit of normal in the standard unit, where there are any."""

    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Base:
    """The result before the infusion: in the standard unit, and LOW, NORMAL or HIGH by its own range as collected."""

    value: Decimal
    indicator: str | None


# Grades 1 to 4 begin below these; the first None is the lower limit of normal, another None is no such grade.
LOW = {
    "HGB": (None, D(100), D(80)), "WBC": (None, D(3), D(2), D(1)), "NEUT": (None, D("1.5"), D(1), D("0.5")),
    "LYM": (None, D("0.8"), D("0.5"), D("0.2")), "PLAT": (None, D(75), D(50), D(25)), "ALB": (None, D(30), D(20)),
    "CACORR": (None, D(2), D("1.75"), D("1.5")), "K": (None, None, D(3), D("2.5")),
    "SODIUM": (None, D(130), D(125), D(120)), "MG": (None, D("0.5"), D("0.4"), D("0.3")),
    "GLUC": (None, D(3), D("2.2"), D("1.7")),
}
# Grades 1 to 4 begin above these; as above, with the upper limit.
HIGH = {
    "CACORR": (None, D("2.9"), D("3.1"), D("3.4")), "K": (None, D("5.5"), D(6), D(7)),
    "SODIUM": (None, D(150), D(155), D(160)), "MG": (None, None, D("1.23"), D("3.30")), "URATE": (None,),
    "LDH": (None,),
}
FIXED_HIGH = {"WBC": (None, None, D(100)), "LYM": (None, D(4), D(20)), "INR": (D("1.2"), D("1.5"), D("2.5"))}
HIGH_ABOVE_LIMIT = {"HGB": (D(0), D(20), D(40))}
# Multiples of the upper limit, and of a baseline above it.
MULTIPLES = {
    "APTT": (D(1), D("1.5"), D("2.5")), "ALT": (D(1), D(3), D(5), D(20)), "AST": (D(1), D(3), D(5), D(20)),
    "ALP": (D(1), D("2.5"), D(5), D(20)), "GGT": (D(1), D("2.5"), D(5), D(20)), "BILI": (D(1), D("1.5"), D(3), D(10)),
}
BASELINE_MULTIPLES = {
    "ALT": (D("1.5"), D(3), D(5), D(20)), "AST": (D("1.5"), D(3), D(5), D(20)),
    "ALP": (D(2), D("2.5"), D(5), D(20)), "GGT": (D(2), D("2.5"), D(5), D(20)),
    "BILI": (D(1), D("1.5"), D(3), D(10)),
}
FIRST_INCLUDED = frozenset({"ALT", "AST", "ALP", "GGT"})
FIBRINOGEN_4 = D("0.5")


def grade_low(test: str, value: Decimal, limits: Limits, base: Base | None) -> int | None:
    """Grade of a low result, 0 when there is none; None when the test has no such grades or a limit is missing."""
    if test == "FIBRINO":
        return _fibrinogen(value, limits, base)
    if test not in LOW:
        return None
    if limits.low is None:
        return None
    steps = (limits.low, *LOW[test][1:])
    return max((grade for grade, step in enumerate(steps, start=1) if step is not None and value < step), default=0)


def _fibrinogen(value: Decimal, limits: Limits, base: Base | None) -> int | None:
    if limits.low is None:
        return None
    if value < FIBRINOGEN_4:
        return 4
    if base is None or base.indicator != "LOW":
        steps = (limits.low, limits.low * D("0.75"), limits.low / 2, limits.low / 4)
        return sum(value < step for step in steps)
    fall = base.value - value
    if value >= limits.low or fall <= 0:
        return 0
    return 1 + sum(fall >= base.value * share / 4 for share in (1, 2, 3))


def grade_high(test: str, value: Decimal, limits: Limits, base: Base | None) -> int | None:
    """Grade of a high result, as `grade_low`."""
    if test in FIXED_HIGH:
        return _above(value, FIXED_HIGH[test])
    if test not in HIGH and test not in MULTIPLES and test not in HIGH_ABOVE_LIMIT and test != "CREAT":
        return None
    if limits.high is None:
        return None
    if test == "CREAT":
        return _creatinine(value, limits.high, base)
    if test in HIGH_ABOVE_LIMIT:
        return _above(value, tuple(limits.high + more for more in HIGH_ABOVE_LIMIT[test]))
    if test in HIGH:
        return _above(value, (limits.high, *HIGH[test][1:]))
    if test in BASELINE_MULTIPLES and base is not None and base.indicator == "HIGH":
        steps = tuple(base.value * times for times in BASELINE_MULTIPLES[test])
        return max(_above(value, steps), int(test in FIRST_INCLUDED and value >= steps[0]))
    return _above(value, tuple(limits.high * times for times in MULTIPLES[test]))


def _above(value: Decimal, steps: tuple[Decimal | None, ...]) -> int:
    return max((grade for grade, step in enumerate(steps, start=1) if step is not None and value > step), default=0)


def _creatinine(value: Decimal, high: Decimal, base: Base | None) -> int:
    own = 0
    if base is not None:
        own = 3 if value > 3 * base.value else 2 if value > D("1.5") * base.value else 0
    return max(own, _above(value, (high, D("1.5") * high, 3 * high, 6 * high)))
