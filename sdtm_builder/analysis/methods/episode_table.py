"""Episodes: subjects by the highest grade of theirs, how soon the first one began, how long they lasted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..numbers import count_text, decimals_of
from ..registry import Argument, Take, method
from ..result import Made, Part, cell, column, number_of, row, table
from ..setting import Group, Mask, Setting, label_array
from ..summary import middle_text

NONE = "-"
ARGUMENTS = (
    Argument("type", Take.VARIABLE, "variable of the kind of episode; one record an episode (EPFL)", True),
    Argument("types", Take.TEXTS, "its values, each with how it is called; those without episodes are shown too", True),
    Argument("grade", Take.VARIABLE, "the episode's highest grade", True),
    Argument("grades", Take.NUMBERS, "grades, a row each", True),
    Argument("onset", Take.VALUE, "time from treatment to the begin of the episode", True),
    Argument("duration", Take.VALUE, "how long it lasted; missing while it is open", True),
    Argument("unit", Take.TEXT, "unit of both times", True),
)


@method("episode_table", *ARGUMENTS)
def episode_table(s: Setting) -> Made:
    """Subjects with an episode by its highest grade, episodes, time to the first, duration of those that ended.

    A subject counts with the highest grade of all its episodes of the kind. Time to onset is that of the subject's
    first episode; durations are of every episode with an end, those still open are counted.
    """
    made = Made()
    kinds = label_array(s.vector("type"))
    grades, onset, duration = s.floats("grade"), s.floats("onset"), s.floats("duration")
    rows: list[Part] = []
    for code, label in s.texts("types").items():
        mine = np.asarray(kinds == code)
        rows.append(row(label, [_subjects(s, mine, g) for g in s.groups]))
        worst = np.full(s.population.n, -np.inf)
        graded = mine & ~np.isnan(grades)
        np.maximum.at(worst, s.table.owner[graded], grades[graded])
        for grade in s.numbers("grades"):
            top = mine & (grades == grade) & (worst[s.table.owner] == grade)
            rows.append(row(f"Highest grade {grade:g}", [_subjects(s, top, g) for g in s.groups], 1))
        rows.append(row("Episodes", [_episodes(s, mine, g) for g in s.groups], 1))
        rows.append(row("Not ended", [_episodes(s, mine & np.isnan(duration), g) for g in s.groups], 1))
        unit = s.text("unit")
        first = _first(s, mine, onset)
        rows.append(row(f"Onset of the first, {unit}, median (range)", [_middle(s, first, onset, g)
                                                                      for g in s.groups], 1))  # fmt: skip
        ended = mine & ~np.isnan(duration)
        rows.append(row(f"Duration, {unit}, median (range)", [_middle(s, ended, duration, g) for g in s.groups], 1))
        if (mine & np.isnan(grades)).any():
            made.notes.append(f"{label}: {number_of(int((mine & np.isnan(grades)).sum()), 'episode has')} no grade.")
        if (mine & np.isnan(onset)).any():
            made.notes.append(f"{label}: {number_of(int((mine & np.isnan(onset)).sum()), 'episode has')} no begin.")
    made.parts = [table([column(group=g.id) for g in s.groups], rows)]
    return made


def _subjects(s: Setting, rows: Mask, group: Group) -> Part:
    counted = s.subjects_of(rows, group)
    n, of = len(counted), group.n
    return cell(count_text(n, of), s.rest(rows & s.in_group(group), counted), n=n, N=of,
                percent=100 * n / of if of else None)  # fmt: skip


def _episodes(s: Setting, rows: Mask, group: Group) -> Part:
    mine = rows & s.in_group(group)
    return cell(str(int(mine.sum())), s.rest(mine, s.subjects_of(rows, group)), events=int(mine.sum()))


def _first(s: Setting, rows: Mask, onset: NDArray[np.float64]) -> Mask:
    """The earliest episode of each subject."""
    chosen = np.zeros(len(rows), dtype=bool)
    at = np.flatnonzero(rows & ~np.isnan(onset))
    at = at[np.lexsort([s.table.numbers[at], onset[at]])]
    places = np.unique(s.table.owner[at], return_index=True)[1]
    chosen[at[places]] = True
    return chosen


def _middle(s: Setting, rows: Mask, values: NDArray[np.float64], group: Group) -> Part:
    mine = rows & s.in_group(group) & ~np.isnan(values)
    found = values[mine]
    behind = s.rest(mine, s.subjects_of(mine, group))
    if not len(found):
        return cell(NONE, behind, n=0, value=None, low=None, high=None)
    text = middle_text(found, decimals_of(found))
    middle, low, high = float(np.median(found)), float(found.min()), float(found.max())
    return cell(text, behind, n=len(found), value=middle, low=low, high=high)
