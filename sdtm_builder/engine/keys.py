"""Matching and grouping of records by whole columns of keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..values.codes import Codes, combine, value_codes

_ROOM, _EXACT = 1 << 62, 1 << 52


def group_codes(columns: Sequence[Vector]) -> tuple[Codes, int]:
    """A code for each distinct combination (missing counts as a value), numbered by first appearance."""
    codes, count = combine([value_codes(c) for c in columns], missing_is_value=True)
    _, first = np.unique(codes, return_index=True)
    rank = np.empty(count, dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(count)
    return rank[codes] if count else codes, count


def match_codes(left: Sequence[Vector], right: Sequence[Vector]) -> tuple[Codes, Codes, int]:
    """Codes of the keys of two tables in one numbering; -1 where a part is missing."""
    n = len(left[0])
    columns = []
    for a, b in zip(left, right, strict=True):
        columns.append(value_codes(Vector.concat([_plain(a), _plain(b)])))
    codes, count = columns[0] if len(columns) == 1 else combine(columns, missing_is_value=False)
    return codes[:n], codes[n:], count


def _plain(vector: Vector) -> Vector:
    return vector.as_kind(Kind.TEXT) if vector.is_text else vector


def expand(left: Codes, right: Codes, count: int) -> tuple[Codes, Codes]:
    """All pairs (left row, right row) of equal codes, in order of left row, then right row."""
    order = np.argsort(right, kind="stable")
    ordered = right[order]
    start = np.searchsorted(ordered, np.arange(count))
    stop = np.searchsorted(ordered, np.arange(count), side="right")
    rows = np.flatnonzero(left >= 0)
    lengths = (stop - start)[left[rows]]
    pairs_left = np.repeat(rows, lengths)
    offset = np.repeat(np.cumsum(lengths) - lengths, lengths)
    within = np.arange(len(pairs_left)) - offset
    pairs_right = order[start[left[pairs_left]] + within]
    return pairs_left.astype(np.int64), pairs_right.astype(np.int64)


def sort_ranks(vector: Vector, descending: bool = False) -> NDArray[np.float64]:
    """Sort keys of a column, missing last also when descending."""
    ranks = vector.ranks()
    if descending:
        ranks = np.where(np.isinf(ranks), np.inf, -ranks)
    return ranks


def order_rows(keys: Sequence[NDArray[np.float64]], n: int) -> Codes:
    """Row numbers in the order of several sort keys, the first weighs most; ties stay as they stand."""
    if not keys:
        return np.arange(n, dtype=np.int64)
    packed = _packed(keys) if n else None
    if packed is not None:
        return np.argsort(packed, kind="stable").astype(np.int64)
    return np.lexsort(tuple(reversed(keys))).astype(np.int64)


def _packed(keys: Sequence[NDArray[np.float64]]) -> Codes | None:
    """Sort keys of whole numbers in one number a row that sorts as they do; None where they are not, or too large."""
    total = np.zeros(len(keys[0]), dtype=np.int64)
    room = 1
    for key in keys:
        known = np.isfinite(key)
        values = key[known]
        low, high = (values.min(), values.max()) if len(values) else (0.0, 0.0)
        if max(-low, high) >= _EXACT or (values != np.floor(values)).any() or np.isneginf(key).any():
            return None
        size = int(high - low) + 2
        room *= size
        if room > _ROOM:
            return None
        codes = np.full(len(key), size - 1, dtype=np.int64)
        codes[known] = (values - low).astype(np.int64)
        total = total * size + codes
    return total


def tied_with_first(keys: Sequence[NDArray[np.float64]], order: Codes, starts: NDArray[np.bool_]) -> Codes:
    """For rows in `order`: the place of their group's first row where all keys equal that row's, else -1.

    starts : where a group begins; the first row of a group is not tied with itself
    """
    place = np.arange(len(order))
    first = np.maximum.accumulate(np.where(starts, place, 0)) if len(order) else place
    breaks = np.cumsum(~same_as_previous(keys, order) & ~starts)
    return np.where(~starts & (breaks == breaks[first]), first, -1).astype(np.int64)


def same_as_previous(keys: Sequence[NDArray[np.float64]], order: Codes) -> NDArray[np.bool_]:
    """For rows in `order`: whether all keys equal those of the row before."""
    same = np.ones(len(order), dtype=bool)
    if len(order):
        same[0] = False
    for key in keys:
        ordered = key[order]
        same[1:] &= ordered[1:] == ordered[:-1]
    return same
