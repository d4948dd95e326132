"""Codes of several columns together, where all of them are close: counted, not sorted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..values.codes import Codes

LARGEST = 1 << 62
DENSE = 4
"""Codes are counted rather than sorted where there are no more possible ones than this times the records."""


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
