"""Whether a dataset is sorted by its keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdtm_builder.validate.table import Table


def first_unsorted(table: Table, keys: Sequence[str]) -> int | None:
    """The first record that should stand before the one above it, by byte order of texts and size of numbers.

    A missing value is taken as lowest, as SAS does; where that fails the dataset may still be sorted with missing
    values last, which is accepted too.
    """
    if table.n < 2:
        return None
    found = [_first(table, keys, low) for low in (True, False)]
    return None if None in found else found[0]


def _first(table: Table, keys: Sequence[str], missing_first: bool) -> int | None:
    tied = np.ones(table.n - 1, dtype=bool)
    wrong = np.zeros(table.n - 1, dtype=bool)
    for key in keys:
        ranks = table.column(key).ranks()
        if missing_first:
            ranks = np.where(np.isinf(ranks), -np.inf, ranks)
        wrong |= tied & (ranks[1:] < ranks[:-1])
        tied &= ranks[1:] == ranks[:-1]
    return int(np.flatnonzero(wrong)[0]) + 1 if wrong.any() else None
