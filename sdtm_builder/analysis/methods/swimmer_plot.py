"""The course of each subject as a bar, with what happened along it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...model import Scalar
from ..registry import Argument, Take, method
from ..result import Made, Part, axis, number_of, plot
from ..setting import Rows, Setting, floats_of, label_array
from ..spec import entries
from ..table import Table

ARGUMENTS = (
    Argument("start", Take.VALUE, "where the bar begins, one record a subject; 0 if not said"),
    Argument("end", Take.VALUE, "where it ends", True),
    Argument("ongoing", Take.CONDITION, "subjects whose course goes on: an arrow"),
    Argument("label", Take.VALUE, "what stands beside the bar; the subject if not said"),
    Argument("phases", Take.MARKS, "kind: stretches of the bar, `time` to `end`"),
    Argument("marks", Take.MARKS, "kind: points on the bar at `time`, with `text`"),
    Argument("unit", Take.TEXT, "unit of time", True),
    Argument("axis", Take.TEXT, "what the axis counts", True),
)


@method("swimmer_plot", *ARGUMENTS)
def swimmer_plot(s: Setting) -> Made:
    """A bar for each subject, by group and the longest first, with phases and marks of other datasets along it."""
    made = Made()
    rows = s.one_each(np.ones(s.table.n, dtype=bool))
    start = s.floats("start") if s.has("start") else np.zeros(s.table.n)
    end = s.floats("end")
    lacking = rows[np.isnan(start[rows]) | np.isnan(end[rows])]
    if len(lacking):
        made.notes.append(f"{number_of(len(lacking), 'subject has')} no begin or end of the course, and no bar.")
        rows = rows[~np.isin(rows, lacking)]
    marks, phases = _kinds(s, "marks", made), _kinds(s, "phases", made)
    ongoing = s.truth("ongoing")
    labels = label_array(s.vector("label")) if s.has("label") else s.names[s.table.owner]
    bars: list[Part] = []
    for group in [g for g in s.groups if g.kind == "group"] or s.groups[-1:]:
        mine = rows[group.members[s.table.owner[rows]]]
        for place in sorted(mine.tolist(), key=lambda r: (start[r] - end[r], s.table.owner[r])):
            owner = int(s.table.owner[place])
            bars.append({
                "subject": str(s.names[owner]), "label": str(labels[place] or s.names[owner]), "group": group.id,
                "start": float(start[place]), "end": float(end[place]), "ongoing": bool(ongoing[place]),
                "phases": _phases(s, phases, owner), "marks": _marks(s, marks, owner),
                "behind": s.rest(np.array([place]), np.array([owner])),
            })  # fmt: skip
    times = [t for b in bars for t in (b["start"], b["end"], *(m["time"] for m in b["marks"]))]
    kinds = [{"id": k, "label": k} for k in dict.fromkeys([*marks, *phases])]
    made.parts = [plot("swimmer", axis(s.text("axis"), times, s.text("unit")), axis("", []), kinds=kinds, bars=bars)]
    return made


NONE = np.empty(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class _Kind:
    """Records of another dataset, with times, ends and texts, by the place of their subject."""

    table: Table
    time: NDArray[np.float64]
    end: NDArray[np.float64]
    text: NDArray[np.object_] | None
    rows: dict[int, Rows]


def _kinds(s: Setting, name: str, made: Made) -> dict[str, _Kind]:
    found = {}
    for label, node in entries(s.said.items.get(name)).items():
        parts = {k: v for k, v in entries(node).items() if isinstance(v, Scalar)}
        table = s.other(parts["dataset"].text)
        if table is None:
            continue
        if "where" in parts:
            table = table.keep(s.values.true(parts["where"], table))
        time = floats_of(s.values.of(parts["time"], table))
        lacking = np.flatnonzero(np.isnan(time))
        if len(lacking):
            s.fault("analysis-not-drawn", f"`{label}`: a record without a time.", lacking, table)
            made.notes.append(f"{label}: {_not_drawn(len(lacking))}.")
        end = floats_of(s.values.of(parts["end"], table)) if "end" in parts else np.full(table.n, np.nan)
        text = label_array(s.values.of(parts["text"], table)) if "text" in parts else None
        found[label] = _Kind(table, time, end, text, s.by_subject(~np.isnan(time), table))
    return found


def _not_drawn(n: int) -> str:
    """`1 record has no time and is not drawn`."""
    return f"{number_of(n, 'record has')} no time and {'is' if n == 1 else 'are'} not drawn"


def _phases(s: Setting, kinds: dict[str, _Kind], owner: int) -> list[Part]:
    out = []
    for label, kind in kinds.items():
        for at in kind.rows.get(owner, NONE):
            until = None if math.isnan(kind.end[at]) else float(kind.end[at])
            out.append({"kind": label, "start": float(kind.time[at]), "end": until,
                        "behind": s.rest(np.array([at]), np.array([owner]), kind.table)})  # fmt: skip
    return sorted(out, key=lambda one: one["start"])


def _marks(s: Setting, kinds: dict[str, _Kind], owner: int) -> list[Part]:
    out = []
    for label, kind in kinds.items():
        for at in kind.rows.get(owner, NONE):
            said = str(kind.text[at] or "") if kind.text is not None else ""
            out.append({"kind": label, "time": float(kind.time[at]), "text": said,
                        "behind": s.rest(np.array([at]), np.array([owner]), kind.table)})  # fmt: skip
    return sorted(out, key=lambda one: one["time"])
