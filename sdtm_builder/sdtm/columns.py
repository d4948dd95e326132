"""What several derivations do with whole columns: texts of any kind, combined codes of several columns."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..model.column import number_text
from ..model.distinct import distinct_codes


def as_text(column: Vector) -> Vector:
    """Numbers as text, each distinct one once; texts as they are.

    Dates and truths have no text as results or codes: a programmer's mistake.
    """
    if column.is_text:
        return column
    if column.kind is not Kind.NUMBER:
        raise TypeError(f"{column.kind} is no kind of results or codes")
    distinct, back = np.unique(column.data, return_inverse=True, equal_nan=True)
    texts = [None if np.isnan(v) else number_text(float(v)) for v in distinct]
    return Vector.of_codes(back.astype(np.int32), texts)


def combined(columns: Iterable[Vector | NDArray[np.int64]], n: int) -> NDArray[np.int64]:
    """One code for each combination of values of the columns, from 0; missing counts as a value."""
    codes = np.zeros(n, dtype=np.int64)
    for column in columns:
        part = _codes(column) if isinstance(column, Vector) else column
        part = part.astype(np.int64) - (part.min() if n else 0)
        pair = codes * (int(part.max() if n else 0) + 1) + part
        codes = distinct_codes(pair)[1]
    return codes


def _codes(column: Vector) -> NDArray[np.int64]:
    if column.is_text:
        return column.data.astype(np.int64)
    return np.unique(column.data, return_inverse=True)[1].astype(np.int64)


def starts(sorted_codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each place in sorted codes the place where its group begins."""
    if not len(sorted_codes):
        return np.empty(0, dtype=np.int64)
    first = np.concatenate([[True], sorted_codes[1:] != sorted_codes[:-1]])
    return np.maximum.accumulate(np.where(first, np.arange(len(sorted_codes)), 0)).astype(np.int64)
