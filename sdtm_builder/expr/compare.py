"""Comparisons of whole columns, as truths: 1 true, 0 false, -1 unknown. Dates of any precision are intervals."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_DATE, Kind, Vector
from ..model.column import as_objects
from ..values import partial
from .texts import shared_codes, used_texts

Truth = NDArray[np.int8]

_DAY = 86400
_LATEST = int(np.iinfo(np.int64).max)
_WIDTHS = np.array([-1, -1, -1, _DAY - 1, 3599, 59, 0])  # of an interval that is one full date or time, by precision
_SWAPPED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def truth_and(a: Truth, b: Truth) -> Truth:
    """False if one is false, else unknown if one is unknown."""
    return np.where((a == 0) | (b == 0), 0, np.minimum(a, b)).astype(np.int8)


def truth_or(a: Truth, b: Truth) -> Truth:
    """True if one is true, else unknown if one is unknown."""
    return np.where((a == 1) | (b == 1), 1, np.minimum(a, b)).astype(np.int8)


def truth_not(a: Truth) -> Truth:
    """Unknown stays unknown."""
    return np.where(a < 0, -1, 1 - a).astype(np.int8)


def truth_of(values: NDArray[np.bool_], known: NDArray[np.bool_]) -> Truth:
    """Truths where known, else unknown."""
    return np.where(known, values, -1).astype(np.int8)


def compare(op: str, a: Vector, b: Vector) -> Truth:
    """`a op b` of two columns that may be compared: one kind, or a dtc and a date.

    op : = <> < <= > >=. Texts compare by code points. A dtc is the interval of the seconds that it can mean, so that
    `2003` is before `2004`, and neither before nor after `2003-05-01`: unknown. Two equal texts are equal dates only
    from a full date on; `2003` = `2003` is unknown. Beside a date a dtc is an interval of days.
    """
    if op == "<>":
        return truth_not(compare("=", a, b))
    if op in (">", ">="):
        return compare(_SWAPPED[op], b, a)
    kinds = {a.kind, b.kind}
    if kinds == {Kind.DTC, Kind.DATE} or kinds == {Kind.DTC}:
        return _intervals(op, a, b)
    if a.is_text and b.is_text:
        left, right = shared_codes(a, b, ordered=op != "=")
        return truth_of(_plain(op, left, right), (left >= 0) & (right >= 0))
    return truth_of(_plain(op, a.data, b.data), a.present() & b.present())


def _plain(op: str, a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.bool_]:
    if op == "=":
        return np.asarray(a == b)
    return np.asarray(a < b if op == "<" else a <= b)


class _Spans(NamedTuple):
    """Of each row the earliest and latest moment, the precision if it is one full date or time (else 0), if known."""

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    level: NDArray[np.int8]
    known: NDArray[np.bool_]


def _intervals(op: str, a: Vector, b: Vector) -> Truth:
    days = Kind.DATE in (a.kind, b.kind)
    x, y = _spans(a, days), _spans(b, days)
    same = (x.level == y.level) & (x.level > 0)
    if op == "=":
        sure = same & (x.low == y.low)
        never = (x.high < y.low) | (x.low > y.high) | (same & (x.low != y.low))
    elif op == "<":
        sure = np.where(same, x.low < y.low, x.high < y.low)
        never = np.where(same, x.low >= y.low, x.low >= y.high)
    else:
        sure = np.where(same, x.low <= y.low, x.high <= y.low)
        never = np.where(same, x.low > y.low, x.low > y.high)
    return truth_of(sure, (sure | never) & x.known & y.known)


def _spans(vector: Vector, days: bool) -> _Spans:
    if vector.kind is Kind.DATE:
        day = vector.data.astype(np.int64)
        return _Spans(day, day, np.full(len(day), 3, dtype=np.int8), vector.data != MISSING_DATE)
    codes, texts = used_texts(vector)
    known = partial.bounds(texts)
    low = known.earliest
    high = np.where(known.latest == partial.MISSING_TIME, _LATEST, known.latest)
    exact = (low > partial.MISSING_TIME) & (high < _LATEST)
    exact[exact] = (high - low)[exact] == _WIDTHS[known.precision[exact]]
    level = np.where(exact, known.precision, 0).astype(np.int8)
    if days:
        low, high = low // _DAY, high // _DAY
        level = np.where(low == high, 3, 0).astype(np.int8)
    right = np.array([rule == "" for rule in known.rules], dtype=bool)
    if not len(texts):
        nothing = np.zeros(len(vector), dtype=np.int64)
        return _Spans(nothing, nothing, nothing.astype(np.int8), np.zeros(len(vector), dtype=bool))
    return _Spans(low[codes], high[codes], level[codes], right[codes] & (codes >= 0))


def invalid_dates(vector: Vector) -> NDArray[np.bool_]:
    """Where a text or dtc is no ISO 8601 date."""
    codes, texts = used_texts(vector)
    wrong = np.zeros(len(texts) + 1, dtype=bool)
    wrong[:-1] = [rule != "" for rule in partial.bounds(texts).rules]
    return wrong[codes]


def same(a: Vector, b: Vector) -> NDArray[np.bool_]:
    """IS NOT DISTINCT FROM: both missing, or surely equal; two dtc also if they are the same text."""
    both_missing = ~a.present() & ~b.present()
    equal = compare("=", a, b) == 1
    if a.kind is b.kind is Kind.DTC:
        left, right = shared_codes(a, b, ordered=False)
        equal |= (left == right) & (left >= 0)
    return both_missing | equal


def extreme(vectors: list[Vector], largest: bool) -> NDArray[np.int64]:
    """The number of the column that has the least (largest) value of each row, the first of equal ones; -1: none."""
    best = np.full(len(vectors[0]), -1, dtype=np.int64)
    keys = _keys(vectors)
    top = np.zeros(len(best), dtype=keys[0].dtype)
    for i, (key, vector) in enumerate(zip(keys, vectors, strict=True)):
        better = vector.present() & ((best < 0) | ((key > top) if largest else (key < top)))
        best[better] = i
        top = np.where(better, key, top)
    return best


def _keys(vectors: list[Vector]) -> list[NDArray[Any]]:
    if not vectors[0].is_text:
        return [v.data for v in vectors]
    everything = sorted({text for v in vectors for text in v.distinct()})
    whole = Vector(Kind.TEXT, np.empty(0, dtype=np.int32), as_objects(everything))
    ranks = []
    for vector in vectors:
        codes, _ = shared_codes(vector, whole, ordered=True)
        ranks.append(codes)
    return ranks
