"""Numbers read from texts, rounded half up on their decimals, and written as texts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model.column import number_text as shortest_text
from .fold import fold

fault(
    "number-unreadable",
    "error",
    "A text that is no number: the value is missing",
    "Declare the signs with `decimal` and `thousands`, or a token with `missing`.",
)
fault("number-format", "note", "A number with an exponent or signs between thousands")
fault("value-implausible", "warning", "A value outside its declared limits: it stays as it is")

_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)


class NumberReading(NamedTuple):
    """For each text its number (NaN: missing) and the rule to report, "" for none."""

    numbers: NDArray[np.float64]
    rules: list[str]


@lru_cache(maxsize=64)
def _pattern(decimal: str, thousands: str) -> re.Pattern[str]:
    digits = "[0-9]+"
    if thousands:
        digits = rf"(?:[0-9]{{1,3}}(?:{re.escape(thousands)}[0-9]{{3}})+|[0-9]+)"
    point = re.escape(decimal)
    return re.compile(rf"([+-]?)(?:({digits})(?:{point}([0-9]*))?|{point}([0-9]+))(?:[eE]([+-]?[0-9]+))?")


def read_number(text: str, decimal: str = ".", thousands: str = "") -> float | None:
    """The number that a text says: digits, sign, decimal sign, exponent; full-width forms are read as ordinary ones.

    decimal : the decimal sign. thousands : the sign between groups of three digits, "" for none; where it is used,
    all groups must be of three. None if the text is no number, or one beyond the range of floats.
    """
    return _read(fold(text), decimal, thousands)[0]


def _read(text: str, decimal: str, thousands: str) -> tuple[float | None, bool]:
    """The number and whether it was written in an unusual way."""
    match = _pattern(decimal, thousands).fullmatch(text) if len(text) <= 400 else None
    if match is None:
        return None, False
    sign, whole, fraction, bare, exponent = match.groups()
    grouped = bool(thousands) and whole is not None and thousands in whole
    digits = (whole or "0").replace(thousands, "") if thousands else (whole or "0")
    number = float(f"{sign}{digits}.{fraction or bare or '0'}e{exponent or '0'}")
    if number in (float("inf"), float("-inf")):
        return None, False
    return number + 0.0, grouped or exponent is not None


def read_numbers(texts: Sequence[str], decimal: str = ".", thousands: str = "") -> NumberReading:
    """Distinct texts as numbers; rules `number-unreadable` and `number-format`."""
    numbers = np.full(len(texts), np.nan)
    rules = [""] * len(texts)
    for i, text in enumerate(texts):
        number, unusual = _read(fold(text), decimal, thousands)
        if number is None:
            rules[i] = "number-unreadable"
        else:
            numbers[i] = number
            rules[i] = "number-format" if unusual else ""
    return NumberReading(numbers, rules)


def round_half_up(value: str | float | Decimal, digits: int) -> Decimal:
    """Rounded half up, away from zero, on the decimals as they are written: 2.345 -> 2.35, -0.5 -> -1.

    A float counts as its shortest decimal form. digits : decimals kept; negative ones round tens, hundreds.
    """
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not exact.is_finite():
        raise ValueError(f"{value!r} can't be rounded")
    rounded = exact.quantize(Decimal(1).scaleb(-digits), context=_EXACT)
    return abs(rounded) if rounded.is_zero() else rounded


def round_numbers(values: NDArray[np.float64], digits: int) -> NDArray[np.float64]:
    """A column rounded half up as `round_half_up` does; missing stays missing.

    Values that are clearly no ties are rounded together; those near a tie, or too big for that, one by one.
    """
    values = np.asarray(values, dtype=np.float64)
    scale = 10.0 ** abs(digits)
    with np.errstate(all="ignore"):
        scaled = np.abs(values) * scale if digits >= 0 else np.abs(values) / scale
        whole = np.floor(scaled + 0.5)
        rounded = np.copysign(whole / scale if digits >= 0 else whole * scale, values)
        unsure = np.abs(scaled - np.floor(scaled) - 0.5) < 1e-4
        unsure |= (scaled > 1e9) | (abs(digits) > 15)
    unsure &= np.isfinite(values)
    if unsure.any():
        distinct, back = np.unique(values[unsure], return_inverse=True)
        exact = np.array([float(round_half_up(float(v), digits)) for v in distinct])
        rounded[unsure] = exact[back]
    rounded[~np.isfinite(values)] = values[~np.isfinite(values)]
    return rounded + 0.0


def number_text(value: float, digits: int | None = None) -> str:
    """A number as text without exponent: without trailing zeros, or with exactly `digits` decimals, rounded half up."""
    if digits is None:
        return shortest_text(value)
    return format(round_half_up(float(value), digits), "f")
