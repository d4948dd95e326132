"""Values as numbers: one code a distinct value, one code a distinct combination of several columns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..model import Vector
from ..model.distinct import distinct_codes

Codes = NDArray[np.int64]


def value_codes(vector: Vector) -> tuple[Codes, int]:
    """One code a distinct value, -1 missing; and how many codes there may be."""
    if vector.is_text:
        return vector.data.astype(np.int64), len(vector.distinct())
    codes = np.full(len(vector), -1, dtype=np.int64)
    present = vector.present()
    distinct, inverse = np.unique(vector.data[present], return_inverse=True)
    codes[present] = inverse
    return codes, len(distinct)


def combine(columns: Sequence[tuple[Codes, int]], missing_is_value: bool) -> tuple[Codes, int]:
    """Codes of several columns together, dense; a missing part makes -1 unless `missing_is_value`."""
    total = np.zeros(len(columns[0][0]), dtype=np.int64)
    gone = np.zeros(len(total), dtype=bool)
    for codes, size in columns:
        if len(total) and total.max() >= (1 << 40) // (size + 2):
            total = distinct_codes(total)[1]
        total = total * (size + 1) + (codes + 1)
        gone |= codes < 0
    distinct, out = distinct_codes(total)
    if not missing_is_value:
        out[gone] = -1
    return out, len(distinct)
