"""Results as collected: numbers, limits such as `<1.5`, other texts; exact decimals and how they are written."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from decimal import Context as Arithmetic
from fractions import Fraction
from typing import NamedTuple

from ..values.fold import fold

LONGEST = 300
"""Numbers with more digits or larger exponents than this are texts: no result is, and writing them out has no end."""
DIGITS = 15
"""Significant digits of a converted number whose test has no `digits`: as many as an 8-byte number holds."""
_RESULT = re.compile(r"(<=|>=|<|>|)[ ]*([+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?)")
_EXACT = Arithmetic(prec=4 * LONGEST, rounding=ROUND_HALF_UP)
_SIGNIFICANT = Arithmetic(prec=DIGITS, rounding=ROUND_HALF_UP)


class Result(NamedTuple):
    """A result read: its sign (`<`, `<=`, `>`, `>=` or "") and its number, None where the text is no number."""

    sign: str
    number: Decimal | None


def read_results(texts: Iterable[str]) -> list[Result]:
    """Each text as a number with or without a sign of a limit; full-width forms are read as ordinary ones."""
    return [_read(fold(text)) for text in texts]


def _read(text: str) -> Result:
    match = _RESULT.fullmatch(text) if len(text) <= LONGEST else None
    if match is None:
        return Result("", None)
    number = Decimal(match[2])
    return Result(match[1], number) if abs(number.adjusted()) <= LONGEST else Result("", None)


class Converter:
    """number x factor + offset in exact arithmetic, rounded half up (away from zero) once.

    digits : decimals kept at most. None: a number that is not converted stays as it is, another one keeps 15
    significant digits.
    """

    def __init__(self, factor: Fraction, offset: Fraction, digits: int | None) -> None:
        self.factor, self.offset, self.digits = factor, offset, digits
        self.same = factor == 1 and not offset
        self.unit = Decimal(1).scaleb(-digits) if digits is not None else None
        self.exact = _terminates(factor) and _terminates(offset)
        self.times = _decimal(factor) if self.exact else Decimal(1)
        self.plus = _decimal(offset) if self.exact else Decimal(0)

    def __call__(self, number: Decimal) -> Decimal:
        if self.same:
            exact = number
        elif self.exact:
            exact = _EXACT.add(_EXACT.multiply(number, self.times), self.plus)
        else:
            return self._of_fraction(number)
        if self.unit is not None:
            return exact.quantize(self.unit, context=_EXACT)
        return exact if self.same else _SIGNIFICANT.plus(exact)

    def _of_fraction(self, number: Decimal) -> Decimal:
        """With a factor that no decimal writes, as 5/9: rounded on the fraction itself."""
        value = Fraction(number) * self.factor + self.offset
        digits = self.digits
        if digits is None:
            near = _SIGNIFICANT.divide(Decimal(value.numerator), Decimal(value.denominator))
            digits = DIGITS - 1 - near.adjusted() if near else 0
        scaled = abs(value) * Fraction(10) ** digits
        whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
        return _EXACT.scaleb(Decimal(whole if value >= 0 else -whole), -digits)


def _terminates(value: Fraction) -> bool:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _decimal(value: Fraction) -> Decimal:
    return _EXACT.divide(Decimal(value.numerator), Decimal(value.denominator))


def plain(number: Decimal) -> str:
    """A number as text: no exponent, no trailing zeros, no sign of zero."""
    if not number:
        return "0"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
