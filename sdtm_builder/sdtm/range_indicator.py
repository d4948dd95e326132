"""Reference range indicators: --NRIND."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..registry import Context, OptionalColumn, OptionalColumns, derivation
from .columns import as_text
from .results import read_results

NAMES = ("", "LOW", "NORMAL", "HIGH")
LOW, NORMAL, HIGH = 1, 2, 3


@derivation(
    "range_indicator",
    kind=Kind.TEXT,
    method=(
        "{result} against the limits of its reference range in the same unit: LOW below the low limit, HIGH above the "
        "high one, NORMAL between them; a result below x is LOW if x is at most the low limit, a result above x is "
        "HIGH if x is at least the high limit; missing without the limit needed."
    ),
)
def range_indicator(
    ctx: Context,
    result: OptionalColumns,
    low: OptionalColumn = None,
    high: OptionalColumn = None,
    limits: OptionalColumns = ("--ORNRLO", "--ORNRHI", "--STNRLO", "--STNRHI"),  # type: ignore[assignment]
) -> Vector:
    """Where a result stands to its reference range: LOW, NORMAL or HIGH.

    Arguments
    ---------
    result : the result, `--ORRES` (as collected, so that no rounding enters) or `--STRESN`.
    low, high : the limits, in the unit of the result. Not said: `--STNRLO` and `--STNRHI` for a standard result
        (`--STRESC`, `--STRESN`), else `--ORNRLO` and `--ORNRHI`.
    limits : the variables among which the limits that are not said are looked for.

    Derivation, for a number n; the first case that fits:
    1. n is below the low limit: LOW.
    2. n is above the high limit: HIGH.
    3. Both limits are there: NORMAL.
    4. Else missing: the limit on the other side is needed to say NORMAL.

    For a result `<x`:
    1. x is at most the low limit: LOW.
    2. The low limit is 0 or missing, and x is at most the high limit: NORMAL.
    3. Else missing.

    For a result `>x`: HIGH if x is at least the high limit, else missing. For `<=x` and `>=x` x itself belongs to the
    result, so x must be beyond the limit to be LOW or HIGH. A result that is no number, and a record whose low limit
    is above its high one: missing.

    Issues: `range-invalid` where the low limit is above the high one.

    Example: `LBNRIND: {range_indicator: LBORRES}`. With the range 9 to 50, 8.9 gives LOW, <9 LOW, 50 NORMAL, >50
    HIGH, and >40 is missing.

    Source: SDTMIG 3.4 domain LB; codelist NRIND (C78736); FB3901.
    """
    for name, column in result.items():
        family = "STNR" if "STRES" in name else "ORNR"
        below = low if low is not None else _limit(limits, f"{family}LO")
        above = high if high is not None else _limit(limits, f"{family}HI")
        return _indicated(ctx, as_text(column), _numbers(below, ctx.n), _numbers(above, ctx.n))
    return Vector.missing_of(Kind.TEXT, ctx.n)


def _limit(limits: OptionalColumns, end: str) -> Vector | None:
    return next((column for name, column in limits.items() if name.endswith(end)), None)


def _numbers(column: Vector | None, n: int) -> NDArray[np.float64]:
    """A limit as numbers, NaN where there is none or it is no plain number."""
    if column is None:
        return np.full(n, np.nan)
    text = as_text(column)
    read = [float(r.number) if r.number is not None and not r.sign else np.nan for r in read_results(text.distinct())]
    return np.array([*read, np.nan])[text.data]


def _indicated(ctx: Context, result: Vector, low: NDArray[np.float64], high: NDArray[np.float64]) -> Vector:
    read = read_results(result.distinct())
    number = np.array([*(np.nan if r.number is None else float(r.number) for r in read), np.nan])[result.data]
    sign = np.array([*(r.sign for r in read), ""])[result.data]
    code = np.zeros(len(result), dtype=np.int32)
    plain = sign == ""
    code[plain & ~np.isnan(number) & ~np.isnan(low) & ~np.isnan(high)] = NORMAL
    code[plain & (number < low)] = LOW
    code[plain & (number > high)] = HIGH
    for mark, lower in (("<", number <= low), ("<=", number < low)):
        from_zero = np.isnan(low) | (low == 0)
        code[(sign == mark) & from_zero & (number <= high)] = NORMAL
        code[(sign == mark) & lower] = LOW
    code[(sign == ">") & (number >= high)] = HIGH
    code[(sign == ">=") & (number > high)] = HIGH
    crossed = low > high
    if crossed.any():
        ctx.issue("range-invalid", np.flatnonzero(crossed), "The low limit of the range is above its high limit.")
        code[crossed] = 0
    return Vector.of_codes(code, NAMES)
