"""Numbers of records: time since a moment, logarithms."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from ..issues import fault
from ..model import Kind, Vector
from ..registry import Column, Columns, Context, Number, OneOf, Take, derivation
from ..values.moments import moments

fault("logarithm-undefined", "error", "A number that has no logarithm, 0 or below: the value is missing")

SECONDS = {"days": 86400, "hours": 3600, "minutes": 60}
MINUTE_KNOWN = 5


@derivation(
    "elapsed",
    kind=Kind.NUMBER,
    method="{times}: the second minus the first in {in}, not rounded, negative before the first.",
)
def elapsed(ctx: Context, times: Columns, in_: Annotated[str, Take.TEXT, OneOf(tuple(SECONDS))]) -> Vector:
    """Time from one moment to another with clock times, as ARELTM; not rounded, and no day is added.

    Arguments
    ---------
    times : `[from, to]`, each a `--DTC` or datetime.
    in : `days`, `hours` or `minutes`.

    Derivation, the first case that fits:
    1. A time is missing, or not known to the minute: missing.
    2. `to` minus `from`, negative where `to` is before `from`; seconds that were not collected are 00.

    Issues: none.

    Example: `ARELTM: {elapsed: [ADSL.TRTSDTM, ADTM], in: days}`: from 2021-03-22T11:24 to 2021-03-23T17:24 is 1.25.

    Source: ADaMIG 1.3 section 3.3.3 (ARELTM, ARELTMU). `duration` counts dates.
    """
    if len(times) != 2:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), "`elapsed` takes [from, to].")
        return Vector.missing_of(Kind.NUMBER, ctx.n)
    start, end = moments(times[0]), moments(times[1])
    known = (start.precision >= MINUTE_KNOWN) & (end.precision >= MINUTE_KNOWN)
    gap = np.where(known, end.earliest, 0) - np.where(known, start.earliest, 0)
    return Vector.of_numbers(np.where(known, gap / SECONDS[in_], np.nan))


@derivation("logarithm", kind=Kind.NUMBER, method="Logarithm of {value} to base {base}, not rounded.")
def logarithm(ctx: Context, value: Column, base: Number = 10) -> Vector:
    """Logarithm of a number.

    Arguments
    ---------
    value : the number.
    base : greater than 0 and not 1; default 10.

    Derivation, the first case that fits:
    1. The number is missing: missing.
    2. It is 0 or below: missing, and an issue. Leave such records to a `case`, or to a temporary that is missing there.
    3. Its logarithm, not rounded.

    Issues: `logarithm-undefined` (case 2).

    Example: `LOGAVAL: {logarithm: quantified}`: 1000 gives 3.

    Source: ADaMIG 1.3 section 4.2.1, rule 1: a function of AVAL on the same record is a column.
    """
    if base <= 0 or base == 1:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), "`base` is greater than 0 and not 1.")
        return Vector.missing_of(Kind.NUMBER, ctx.n)
    numbers = np.asarray(value.data, dtype=np.float64)
    odd = numbers <= 0
    if odd.any():
        ctx.issue("logarithm-undefined", np.flatnonzero(odd), "{value} has no logarithm.", value)
    usable = np.where(odd, np.nan, numbers)
    return Vector.of_numbers(np.log10(usable) if base == 10 else np.log(usable) / np.log(base))
