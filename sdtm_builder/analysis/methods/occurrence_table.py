"""Occurrences: subjects with a record of each kind, by terms at several levels, by the worst grade."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..numbers import count_text
from ..registry import Argument, Take, method
from ..result import Made, Part, cell, column, number_of, row, table
from ..setting import Group, Mask, Setting, label_array

NOT_CODED = "Not coded"
ARGUMENTS = (
    Argument("rows", Take.CONDITIONS, "label: condition on the records; rows of an overview"),
    Argument("terms", Take.VARIABLES, "variables of terms, the widest first (body system, preferred term)"),
    Argument("any", Take.TEXT, "label of a first row of subjects with any record"),
    Argument("grade", Take.VARIABLE, "grade of a record, for `bands`"),
    Argument("bands", Take.RANGES, "label: [low, high] of the worst grade of a subject in the row; a column each"),
    Argument("events", Take.FLAG, "`true`: beside the subjects how many records there are"),
    Argument("least", Take.NUMBER, "terms of the last level that fewer subjects of the last column have are left out"),
)


@method("occurrence_table", *ARGUMENTS)
def occurrence_table(s: Setting) -> Made:
    """Subjects with at least one such record, each once, n (%) of the column's.

    With `bands` a subject counts in the column that holds the worst grade among its records of the row. Terms are in
    the order of how many subjects of the last column have them, then of the alphabet; records without a term are told
    as not coded.
    """
    made = Made()
    grades = s.floats("grade") if s.has("grade") else np.full(s.table.n, np.nan)
    bands = s.ranges("bands") or {"": (-np.inf, np.inf)}
    everything = np.ones(s.table.n, dtype=bool)
    columns = [column(label, g.id) for g in s.groups for label in bands]
    rows = []
    if s.has("any"):
        rows.append(row(s.text("any"), _cells(s, everything, grades, bands)))
    for label, mask in s.truths("rows").items():
        rows.append(row(label, _cells(s, mask, grades, bands)))
    if s.has("terms"):
        names = [label_array(s.table.columns[v]) for v in s.said.texts("terms")]
        rows += _term_rows(s, everything, names, grades, bands, 0)
        lacking = int(sum(one is None for one in names[-1]))
        if lacking:
            made.notes.append(f"{number_of(lacking, 'record has')} no term, shown as {NOT_CODED!r}.")
    if s.has("bands"):
        ungraded = int(np.isnan(grades).sum())
        if ungraded:
            made.notes.append(f"{number_of(ungraded, 'record has')} no grade, and no part in columns of grades.")
    if not s.table.n:
        made.notes.append("No records fulfil the condition.")
    made.parts = [table(columns, rows)]
    return made


def _term_rows(
    s: Setting,
    within: Mask,
    names: Sequence[NDArray[np.object_]],
    grades: NDArray[np.float64],
    bands: dict[str, tuple[float, float]],
    level: int,
) -> list[Part]:
    mine = names[0]
    terms = {one for one in mine[within] if one is not None}
    counted = {t: len(s.subjects_of(within & (mine == t), s.groups[-1])) for t in terms} if s.groups else {}
    ordered: list[str | None] = [*sorted(terms, key=lambda t: (-counted.get(t, 0), t))]
    if any(one is None for one in mine[within]):
        ordered.append(None)
    rows = []
    for term in ordered:
        here = within & np.array([one == term for one in mine], dtype=bool)
        if len(names) == 1 and term is not None and counted.get(term, 0) < s.number("least", 0):
            continue
        rows.append(row(term or NOT_CODED, _cells(s, here, grades, bands), level))
        if len(names) > 1:
            rows += _term_rows(s, here, names[1:], grades, bands, level + 1)
    return rows


def _cells(
    s: Setting, rows: Mask, grades: NDArray[np.float64], bands: dict[str, tuple[float, float]]
) -> list[Part | None]:
    worst = np.full(s.population.n, -np.inf)
    graded = rows & ~np.isnan(grades)
    np.maximum.at(worst, s.table.owner[graded], grades[graded])
    return [_cell(s, rows, grades, worst, ends, group) for group in s.groups for ends in bands.values()]


def _cell(
    s: Setting,
    rows: Mask,
    grades: NDArray[np.float64],
    worst: NDArray[np.float64],
    ends: tuple[float, float],
    group: Group,
) -> Part:
    low, high = ends
    counted = s.subjects_of(rows, group)
    if np.isinf(low) and np.isinf(high):
        because = rows & s.in_group(group)
    else:
        counted = counted[(worst[counted] >= low) & (worst[counted] <= high)]
        chosen = np.zeros(s.population.n, dtype=bool)
        chosen[counted] = True
        because = rows & chosen[s.table.owner] & (grades >= low)
    n, events = len(counted), int(because.sum())
    text = count_text(n, group.n) + (f" {events}" if s.flag("events") and n else "")
    return cell(text, s.rest(because, counted), n=n, N=group.n, percent=100 * n / group.n if group.n else None,
                events=events)  # fmt: skip
