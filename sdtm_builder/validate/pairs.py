"""Whether one value of a variable always has one value of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sdtm_builder.validate.table import Mask, Table, firsts


def differing(table: Table, one: str, other: str, among: Mask | None = None, within: Sequence[str] = ()) -> Mask:
    """Records whose value of `one` has another value of `other` than in the first record of the same value.

    Records where either is missing are left out. `among` limits the records, `within` names variables that must be
    equal too. Each deviating pair is told once, at its first record.
    """
    result = np.zeros(table.n, dtype=bool)
    rows = np.flatnonzero(table.filled(one) & table.filled(other) & (True if among is None else among))
    if not len(rows):
        return result
    groups, values = table.groups([one, *within]), table.groups([other])
    deviating = rows[values[rows] != values[firsts(groups, rows)[groups[rows]]]]
    if len(deviating):
        _, first_of_pair = np.unique(groups[deviating] * (values.max() + 1) + values[deviating], return_index=True)
        result[deviating[first_of_pair]] = True
    return result
