"""Disposition: subjects of each kind, and the reasons among them."""

from __future__ import annotations

import numpy as np

from ..numbers import count_text
from ..registry import Argument, Take, method
from ..result import Made, Part, cell, column, row, table
from ..setting import Mask, Setting, label_array

MISSING = "Missing"
ARGUMENTS = (
    Argument("rows", Take.CONDITIONS, "label: condition on the one record of a subject", True),
    Argument("reasons", Take.TEXTS, "label of a row: variable whose values stand under it"),
)


@method("disposition", *ARGUMENTS)
def disposition(s: Setting) -> Made:
    """Subjects who fulfil each condition, n (%) of the column's, and the values of a variable among them."""
    one = np.zeros(s.table.n, dtype=bool)
    one[s.one_each(np.ones(s.table.n, dtype=bool))] = True
    reasons = s.texts("reasons")
    rows: list[Part] = []
    for label, mask in s.truths("rows").items():
        rows.append(row(label, _cells(s, mask & one)))
        if label in reasons:
            values = label_array(s.table.columns[reasons[label]])
            here = values[mask & one]
            counted = {v: int((here == v).sum()) for v in set(here) if v is not None}
            for value in sorted(counted, key=lambda v: (-counted[v], v)):
                rows.append(row(str(value), _cells(s, mask & one & (values == value)), 1))
            lacking = np.array([v is None for v in values], dtype=bool)
            if (mask & one & lacking).any():
                rows.append(row(MISSING, _cells(s, mask & one & lacking), 1))
    return Made([table([column(group=g.id) for g in s.groups], rows)])


def _cells(s: Setting, mask: Mask) -> list[Part | None]:
    cells: list[Part | None] = []
    for group in s.groups:
        counted = s.subjects_of(mask, group)
        n, of = len(counted), group.n
        cells.append(cell(count_text(n, of), s.rest(mask & s.in_group(group), counted), n=n, N=of,
                          percent=100 * n / of if of else None))  # fmt: skip
    return cells
