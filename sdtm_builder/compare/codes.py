"""Values as numbers: one code a distinct value, one code a distinct combination of several columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model import Vector

Codes = NDArray[np.int64]
LARGEST = 1 << 62
DENSE = 4
"""Codes are counted rather than sorted where there are no more possible ones than this times the records."""


def value_codes(vector: Vector) -> tuple[Codes, int]:
    """One code a distinct value, -1 missing; and how many codes there may be."""
    if vector.is_text:
        return vector.data.astype(np.int64), len(vector.distinct())
    codes = np.full(len(vector), -1, dtype=np.int64)
    present = vector.present()
    distinct, inverse = np.unique(vector.data[present], return_inverse=True)
    codes[present] = inverse
    return codes, len(distinct)


def combine(columns: Sequence[tuple[Codes, int]]) -> tuple[Codes, int]:
    """Codes of several columns together, numbered without gaps, and how many there are; missing (-1) is a value."""
    total, size = columns[0][0] + 1, columns[0][1] + 1
    for codes, count in columns[1:]:
        if size * (count + 1) > LARGEST:
            total, size = dense(total, size)
        total = total * (count + 1) + (codes + 1)
        size *= count + 1
    return dense(total, size)


def dense(codes: Codes, size: int) -> tuple[Codes, int]:
    """Codes from 0 below `size` numbered without gaps, in the same order; and how many there are."""
    if size <= DENSE * len(codes):
        met = np.zeros(size, dtype=bool)
        met[codes] = True
        number = np.cumsum(met) - 1
        return number[codes].astype(np.int64), int(met.sum())
    distinct, inverse = np.unique(codes, return_inverse=True)
    return inverse.astype(np.int64), len(distinct)
