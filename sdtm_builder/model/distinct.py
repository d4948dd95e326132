"""Distinct whole numbers of a column by counting, where they lie close together: sorting a million takes far longer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

SPREAD, LEAST = 8, 1 << 16
"""Counted where the values span at most so many times their number, or at most so many."""


def distinct_codes(codes: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The distinct values in ascending order, and the place of each value among them, as numpy.unique gives them.

    codes : whole numbers, negative ones allowed.
    """
    low, high = (int(codes.min()), int(codes.max())) if len(codes) else (0, -1)
    if high - low >= max(SPREAD * len(codes), LEAST):
        found, back = np.unique(codes, return_inverse=True)
        return found.astype(np.int64), back.astype(np.int64)
    shifted = codes if low == 0 else codes - low
    there = np.zeros(high - low + 1, dtype=bool)
    there[shifted] = True
    found = np.flatnonzero(there)
    place = np.empty(len(there), dtype=np.int64)
    place[found] = np.arange(len(found))
    return found + low, place[shifted]


def used_codes(codes: NDArray[Any], size: int) -> NDArray[np.int64]:
    """The codes from 0 to `size` - 1 that occur, ascending; those below 0 are left out."""
    there = np.zeros(size + 1, dtype=bool)
    there[codes] = True  # -1 is the last place
    return np.flatnonzero(there[:size])
