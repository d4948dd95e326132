"""Numbers as they are shown: percentages, decimals by those of the data, significant digits; exact intervals."""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

from ..values.numbers import number_text, round_half_up

MOST_DECIMALS = 6


def percent_text(n: int, of: int) -> str:
    """100 n / of with one decimal, half up, exactly: 1 of 8 is 12.5, 1 of 16 is 6.3."""
    tenths = (2000 * n + of) // (2 * of)
    return f"{tenths // 10}.{tenths % 10}"


def count_text(n: int, of: int) -> str:
    """`3 (42.9)`; `0` for none."""
    return f"{n} ({percent_text(n, of)})" if n and of else str(n)


def share_text(value: float) -> str:
    """A proportion as a percentage with one decimal."""
    return format(round_half_up(Decimal(repr(float(value))) * 100, 1), "f")


def interval_text(lower: float, upper: float) -> str:
    """Two proportions as an interval of percentages."""
    return f"[{share_text(lower)}, {share_text(upper)}]"


def decimals_of(values: Iterable[float]) -> int:
    """The most decimals that a value is written with, 6 at most."""
    written = [number_text(float(v)) for v in values]
    return min(max((len(t.partition(".")[2]) for t in written), default=0), MOST_DECIMALS)


def significant_text(value: float, digits: int) -> str:
    """A number with so many significant digits, half up, without exponent: 12345 with 4 is 12350."""
    if value == 0:
        return "0"
    exact = Decimal(repr(float(value)))
    decimals = digits - 1 - exact.adjusted()
    rounded = round_half_up(exact, decimals)
    if rounded.adjusted() > exact.adjusted():
        rounded = round_half_up(exact, decimals - 1)
    return format(rounded, "f") if decimals > 0 else str(int(rounded))


def shown(value: float | None, decimals: int, digits: int = 0) -> str:
    """A number with `digits` significant digits where these are said, else with `decimals`; `NE` for none."""
    if value is None or not math.isfinite(value):
        return "NE"
    return significant_text(value, digits) if digits else number_text(value, decimals)


def clopper_pearson(events: int, of: int, level: float = 0.95) -> tuple[float, float] | None:
    """The exact confidence interval of a proportion, by quantiles of the beta distribution; None of nobody.

    events : 0 to `of`. level : between 0 and 1.
    Source: Clopper CJ, Pearson ES. Biometrika 1934;26:404-413.
    """
    from scipy.stats import beta

    if of == 0:
        return None
    tail = (1 - level) / 2
    lower = 0.0 if events == 0 else float(beta.ppf(tail, events, of - events + 1))
    upper = 1.0 if events == of else float(beta.ppf(1 - tail, events + 1, of - events))
    return lower, upper
