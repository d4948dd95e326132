"""Statistics of numbers by group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numbers import decimals_of
from ..registry import Argument, Take, method
from ..result import NOT_ESTIMABLE, Made, Part, cell, column, number_of, row, table
from ..setting import Group, Mask, Setting
from ..summary import STATISTICS

ARGUMENTS = (
    Argument("value", Take.VALUE, "the number of a record", True),
    Argument("each", Take.VARIABLES, "variables: a block of rows for each of their values"),
    Argument("statistics", Take.WORDS, "which, in their order", True, tuple(STATISTICS)),
    Argument("digits", Take.NUMBER, "significant digits; not said: one decimal more than the data, range as they"),
)


@method("summary_table", *ARGUMENTS)
def summary_table(s: Setting) -> Made:
    """Number, mean, SD, median, range, geometric mean and geometric CV of one value a subject.

    Mean, SD and median have one decimal more than the data, the range as many; or all the same number of significant
    digits. Geometric statistics are of the values above 0; how many are not is told. SD and CV need two values.
    """
    made = Made()
    values = s.floats("value")
    rows: list[Part] = []
    wanted = s.said.texts("statistics")
    for label, part in s.each("each"):
        one = np.zeros(s.table.n, dtype=bool)
        one[s.one_each(part & ~np.isnan(values))] = True
        decimals = decimals_of(values[one])
        if label:
            rows.append(row(label))
        for word in wanted:
            cells: list[Part | None] = [_cell(s, word, values, one, g, decimals) for g in s.groups]
            rows.append(row(STATISTICS[word].label, cells, 1 if label else 0))
        left = int((values[one] <= 0).sum())
        if left and any(w.startswith("geometric") for w in wanted):
            told = f"{number_of(left, 'value is')} not above 0, with no part in the geometric mean and CV."
            made.notes.append(f"{label}: {told}" if label else told)
    if any(c["text"] == NOT_ESTIMABLE for r in rows for c in r["cells"]):
        made.notes.append("NE: too few values for the statistic.")
    made.parts = [table([column(group=g.id) for g in s.groups], rows)]
    return made


def _cell(s: Setting, word: str, values: NDArray[np.float64], rows: Mask, group: Group, decimals: int) -> Part:
    mine = rows & s.in_group(group)
    text, numbers = STATISTICS[word].make(values[mine], decimals, int(s.number("digits", 0)))
    return cell(text, s.rest(mine, s.subjects_of(mine, group)), **numbers)
