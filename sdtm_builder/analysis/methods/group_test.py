"""Two groups side by side, with a descriptive rank-sum test."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ...values.numbers import number_text
from ..numbers import decimals_of
from ..registry import Argument, Take, method
from ..result import NOT_ESTIMABLE, Made, Part, cell, column, number_of, row, table
from ..setting import Mask, Setting, label_array
from ..summary import middle_text

ARGUMENTS = (
    Argument("value", Take.VALUE, "the number of a record", True),
    Argument("between", Take.SUBJECT, "what tells the two groups apart, over the population's dataset", True),
    Argument("names", Take.TEXTS, "its two values, each with how the group is called", True),
    Argument("each", Take.VARIABLES, "variables: a row for each of their values"),
    Argument("digits", Take.NUMBER, "significant digits; not said: by the decimals of the data"),
)


def rank_sum(first: NDArray[np.float64], second: NDArray[np.float64]) -> tuple[float, bool] | None:
    """Two-sided p of the Wilcoxon rank-sum test, and whether it is exact; None where a group is empty.

    Exact where no values are equal and a group has 8 at most, else by the normal approximation with corrections for
    ties and continuity.
    """
    from scipy.stats import mannwhitneyu

    if not len(first) or not len(second):
        return None
    ties = len(np.unique(np.concatenate([first, second]))) < len(first) + len(second)
    exact = not ties and min(len(first), len(second)) <= 8
    found = mannwhitneyu(first, second, alternative="two-sided", method="exact" if exact else "asymptotic")
    return float(found.pvalue), exact


@method("group_test", *ARGUMENTS)
def group_test(s: Setting) -> Made:
    """Number, median and range of two groups, and the p-value of the Wilcoxon rank-sum test, descriptive.

    Exact where no values are equal and a group has 8 at most, else by the normal approximation with corrections for
    ties and continuity. No adjustment for multiple tests.
    """
    made = Made()
    values, sides = s.floats("value"), label_array(s.of_subjects("between"))[s.table.owner]
    names = s.texts("names")
    rows: list[Part] = []
    approximate = []
    for label, part in s.each("each"):
        one = np.zeros(s.table.n, dtype=bool)
        one[s.one_each(part & ~np.isnan(values))] = True
        masks = [one & np.asarray(sides == code) for code in names]
        found = rank_sum(values[masks[0]], values[masks[1]])
        if found is not None and not found[1]:
            approximate.append(label)
        decimals = decimals_of(values[one])
        cells = [c for m in masks for c in _side(s, m, values, decimals)]
        rows.append(row(label or s.text("value"), [*cells, _p(s, masks, found)]))
        lost = int((one & ~masks[0] & ~masks[1]).sum())
        if lost:
            made.notes.append(f"{label + ': ' if label else ''}{number_of(lost, 'subject is')} in neither group.")
    if approximate:
        made.notes.append(f"By the normal approximation: {', '.join(a for a in approximate if a) or 'the test'}.")
    columns = [column(f"{name}, {what}") for name in names.values() for what in ("n", "median (range)")]
    made.parts = [table([*columns, column("p (Wilcoxon rank-sum, descriptive)")], rows)]
    return made


def _side(s: Setting, rows: Mask, values: NDArray[np.float64], decimals: int) -> list[Part]:
    found, behind = values[rows], s.rest(rows, np.unique(s.table.owner[rows]))
    counted = cell(str(len(found)), behind, n=len(found))
    if not len(found):
        return [counted, cell(NOT_ESTIMABLE, behind, value=None, low=None, high=None)]
    text = middle_text(found, decimals, int(s.number("digits", 0)))
    return [counted, cell(text, behind, value=float(np.median(found)), low=float(found.min()), high=float(found.max()))]


def p_text(p: float) -> str:
    """Three decimals, `<0.001` below."""
    return "<0.001" if p < 0.001 else number_text(p, 3)


def _p(s: Setting, masks: list[Mask], found: tuple[float, bool] | None) -> Part:
    both = masks[0] | masks[1]
    behind = s.rest(both, np.unique(s.table.owner[both]))
    return cell(p_text(found[0]) if found else NOT_ESTIMABLE, behind, value=found[0] if found else None)
