"""Shifts: from the grade at baseline to the worst one after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ...model import Mark, Node, Scalar
from ..numbers import count_text
from ..registry import Argument, Take, method
from ..result import Made, Part, cell, column, row, table
from ..setting import Group, Mask, Setting, floats_of
from ..spec import entries

MISSING = "Missing"
ARGUMENTS = (
    Argument("each", Take.VARIABLES, "variables of the test: rows for each of their values", True),
    Argument("from", Take.VALUES, "direction: grade at baseline, the same on all records of a subject and test", True),
    Argument("to", Take.VALUES, "the same directions: grade of the record", True),
    Argument("grades", Take.NUMBERS, "grades, the mildest first", True),
)


def _check(arguments: Mapping[str, Node]) -> Iterable[tuple[Mark, str]]:
    one, other = entries(arguments.get("from")), entries(arguments.get("to"))
    if one and other and list(one) != list(other):
        yield arguments["to"].mark, f"the directions of `to` are those of `from`: {', '.join(one)}."


@method("shift_table", *ARGUMENTS, check=_check)
def shift_table(s: Setting) -> Made:
    """Subjects by their grade at baseline (rows) and their worst grade on the records chosen (columns), by direction.

    One table for each direction and column of subjects. Percentages are of the subjects with a record of the test. A
    grade that could not be given counts as missing; a subject is so only if it has no graded record at all.
    """
    made = Made()
    grades = s.numbers("grades")
    directions = list(entries(s.said.items.get("from")))
    tests = s.each("each")
    for direction in directions:
        before, after = (_numbers(s, key, direction) for key in ("from", "to"))
        _check_known(s, direction, grades, before, after)
        for group in sorted(s.groups, key=lambda g: g.kind != "total"):
            rows: list[Part] = []
            for label, mine in tests:
                rows += _rows(s, label, mine, group, grades, before, after)
            columns = [column(_name(g), group.id) for g in [*grades, None]]
            made.parts.append(table(columns, rows, head="Test, grade at baseline", title=f"{direction}, {group.label}"))
    return made


def _numbers(s: Setting, key: str, direction: str) -> NDArray[np.float64]:
    node = entries(s.said.items.get(key))[direction]
    assert isinstance(node, Scalar)
    return floats_of(s.values.of(node, s.table))


def _name(grade: float | None) -> str:
    return MISSING if grade is None else f"Grade {grade:g}"


def _check_known(
    s: Setting, direction: str, grades: list[float], before: NDArray[np.float64], after: NDArray[np.float64]
) -> None:
    for values in (before, after):
        odd = np.flatnonzero(~np.isnan(values) & ~np.isin(values, grades))
        if len(odd):
            s.fault("analysis-data", f"{direction}: a grade that is not among `grades`: it is not counted.", odd)


def _rows(
    s: Setting, label: str, mine: Mask, group: Group, grades: list[float], before: NDArray[np.float64],
    after: NDArray[np.float64],
) -> list[Part]:  # fmt: skip
    subjects = s.subjects_of(mine, group)
    if not len(subjects):
        return []
    start, worst = _per_subject(s, mine, before, True), _per_subject(s, mine, after, False)
    if np.isnan(start[subjects]).all() and np.isnan(worst[subjects]).all():
        return []
    rows = [row(label)]
    for grade in [*grades, None]:
        chosen = subjects[_is(start[subjects], grade)]
        if not len(chosen):
            continue
        cells: list[Part | None] = []
        for to in [*grades, None]:
            there = chosen[_is(worst[chosen], to)]
            because = mine & np.isin(s.table.owner, there) & _is(after, to)
            n, of = len(there), len(subjects)
            cells.append(cell(count_text(n, of), s.rest(because, there), n=n, N=of, percent=100 * n / of))
        rows.append(row(_name(grade), cells, 1))
    return rows


def _is(values: NDArray[np.float64], grade: float | None) -> Mask:
    return np.isnan(values) if grade is None else np.asarray(values == grade)


def _per_subject(s: Setting, mine: Mask, values: NDArray[np.float64], same: bool) -> NDArray[np.float64]:
    """The highest value of each subject, NaN without any; where all must be the same, others are a fault."""
    high = np.full(s.population.n, -np.inf)
    at = np.flatnonzero(mine & ~np.isnan(values))
    np.maximum.at(high, s.table.owner[at], values[at])
    if same:
        differs = at[values[at] != high[s.table.owner[at]]]
        if len(differs):
            s.fault("analysis-differs", "the baseline grade differs on records of a subject and test.", differs)
    return np.where(np.isinf(high), np.nan, high)
