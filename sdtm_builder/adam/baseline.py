"""Baseline values and what is made of them: BASE and its kind, change, percent change, shift."""

from __future__ import annotations

import numpy as np

from ..issues import fault
from ..model import Kind, Vector
from ..registry import Column, Columns, Context, OptionalColumns, Text, derivation
from ..values.codes import combine, value_codes
from .rounding import significant

fault("baseline-several", "error", "Several records are the baseline of a subject and parameter: no baseline value",
      "Let the flag's `order` decide which record it is.")  # fmt: skip

_DIGITS = 13


@derivation(
    "baseline",
    whole=True,
    method="{value} of the record with {flag} = Y of the same {by}[ and {also}]; missing without such a record.",
)
def baseline(
    ctx: Context,
    value: Column,
    flag: Column = "ABLFL",  # type: ignore[assignment]
    by: Columns = ("USUBJID", "PARAMCD"),  # type: ignore[assignment]
    also: OptionalColumns = ("BASETYPE",),  # type: ignore[assignment]
) -> Vector:
    """Value of a variable on the baseline record, carried to all records of the subject and parameter.

    Arguments
    ---------
    value : the variable: AVAL for BASE, AVALC for BASEC, ANRIND for BNRIND, ATOXGRL for BTOXGRL.
    flag : the variable that is Y on the baseline record; not said: ABLFL.
    by : the variables that baseline and records have in common; not said: `[USUBJID, PARAMCD]`.
    also : more of them, as far as the dataset has them; not said: BASETYPE.

    Derivation, the first case that fits:
    1. No record of the group has the flag Y: missing.
    2. Several have: missing, and an issue.
    3. The value of the one that has, on every record of the group: before, at and after baseline.

    Issues: `baseline-several` (case 2).

    Example: `BASE: {baseline: AVAL}`, which is also what BASE is where no rule says otherwise.

    Source: ADaMIG 1.3, BDS: BASE, BASEC, BASETYPE, ABLFL, BNRIND, BTOXGR.
    """
    group, _ = combine([value_codes(column) for column in [*by, *also.values()]], missing_is_value=True)
    group[~np.logical_and.reduce([column.present() for column in by])] = -1
    flagged = np.flatnonzero(np.array([text == "Y" for text in flag.distinct()] + [False])[flag.data] & (group >= 0))
    order = flagged[np.argsort(group[flagged], kind="stable")]
    keys = group[order]
    several = np.zeros(len(order), dtype=bool)
    several[1:] |= keys[1:] == keys[:-1]
    several[:-1] |= keys[1:] == keys[:-1]
    if several.any():
        ctx.issue("baseline-several", np.sort(order[several]), "This is not the only baseline record of its kind.")
        order, keys = order[~several], keys[~several]
    at = np.searchsorted(keys, group)
    found = (at < len(keys)) & (keys[np.minimum(at, max(len(keys) - 1, 0))] == group) if len(keys) else group < -1
    source = np.full(len(group), -1, dtype=np.int64)
    source[found] = order[at[found]]
    return value.take(source)


@derivation(
    "change",
    kind=Kind.NUMBER,
    method="{value} minus {base}; missing where either is missing.",
)
def change(ctx: Context, value: Column, base: Column = "BASE") -> Vector:  # type: ignore[assignment]
    """Change from baseline: the value minus the baseline.

    Arguments
    ---------
    value : the analysis value, AVAL.
    base : its baseline; not said: BASE.

    Derivation: `value` - `base` on every record that has both, those before and at baseline too (0 at baseline):
    ADaMIG leaves these to the producer, and a record that is not wanted is left out by the analysis flag. To 13
    significant digits of the larger of the two, so that 5.1 - 4.9 is 0.2.

    Issues: none.

    Example: `CHG: {change: AVAL}`, which is also what CHG is where no rule says otherwise. For records after baseline
    alone: `CHG: {case: [{when: "ADT > TRTSDT", change: AVAL}]}`.

    Source: ADaMIG 1.3, BDS: CHG.
    """
    a, b = value.data, base.data
    return Vector(Kind.NUMBER, significant(a - b, _DIGITS, np.fmax(np.abs(a), np.abs(b))))


@derivation(
    "percent_change",
    kind=Kind.NUMBER,
    method="100 times ({value} minus {base}) divided by {base}; missing where either is missing or {base} is 0.",
)
def percent_change(ctx: Context, value: Column, base: Column = "BASE") -> Vector:  # type: ignore[assignment]
    """Percent change from baseline.

    Arguments
    ---------
    value : the analysis value, AVAL.
    base : its baseline; not said: BASE.

    Derivation: 100 x (`value` - `base`) / `base` on every record that has both, as `change`; missing where the
    baseline is 0.

    Issues: none.

    Example: `PCHG: {percent_change: AVAL}`, which is also what PCHG is where no rule says otherwise.

    Source: ADaMIG 1.3, BDS: PCHG.
    """
    difference = change(ctx, value, base).data
    below = np.where(base.data == 0, np.nan, base.data)
    return Vector(Kind.NUMBER, significant(100 * difference / below, _DIGITS))


@derivation(
    "shift",
    kind=Kind.TEXT,
    method="The values of {pair} with `to` between them[; {none} for one that is missing]; missing where both are.",
)
def shift(ctx: Context, pair: Columns, none: Text = "") -> Vector:
    """Shift between two values, as `NORMAL to HIGH`.

    Arguments
    ---------
    pair : two text variables, from and to: `[BNRIND, ANRIND]`, `[BTOXGRH, ATOXGRH]`.
    none : a word for one of them that is missing; not said: then the shift is missing.

    Derivation, the first case that fits:
    1. Both are missing: missing.
    2. One is missing, and no word is said for it: missing.
    3. The first, `to`, the second.

    Issues: none.

    Example: `SHIFT1: {shift: [BNRIND, ANRIND]}`: NORMAL and HIGH give `NORMAL to HIGH`.

    Source: ADaMIG 1.3, BDS: SHIFTy.
    """
    if len(pair) != 2 or not all(column.is_text for column in pair):
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), "`shift` takes two text variables, from and to.")
        return Vector.missing_of(Kind.TEXT, ctx.n)
    first, second = pair
    one, other = [*first.distinct(), none], [*second.distinct(), none]
    codes = np.where(first.data < 0, len(one) - 1, first.data).astype(np.int64) * len(other)
    codes += np.where(second.data < 0, len(other) - 1, second.data)
    used, back = np.unique(codes, return_inverse=True)
    texts = []
    for code in used:
        a, b = one[code // len(other)], other[code % len(other)]
        neither = code == len(one) * len(other) - 1
        texts.append(f"{a} to {b}" if a and b and not neither else "")
    return Vector.of_codes(back, texts)
