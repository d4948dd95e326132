"""The course of each subject as a bar, with what happened along it."""

from __future__ import annotations

import math

import numpy as np

from ...model import Scalar
from ..registry import Argument, Take, method
from ..result import Made, Part, axis, plot
from ..setting import Group, Rows, Setting, floats_of, label_array
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
        made.notes.append(f"{len(lacking)} subjects have no begin or end of their course and no bar.")
        rows = rows[~np.isin(rows, lacking)]
    marks, phases = _marks(s, "marks"), _marks(s, "phases")
    bars = []
    for group in [g for g in s.groups if g.kind == "group"] or s.groups[-1:]:
        mine = rows[group.members[s.table.owner[rows]]]
        for place in sorted(mine, key=lambda r: (-(end[r] - start[r]), s.table.owner[r])):
            bars.append(_bar(s, group, int(place), float(start[place]), float(end[place]), marks, phases))
    times = [t for b in bars for t in (b["start"], b["end"], *(m["time"] for m in b["marks"]))]
    kinds = [{"id": k, "label": k} for k in dict.fromkeys([*marks, *phases])]
    made.parts = [plot("swimmer", axis(s.text("axis"), times, s.text("unit")), axis("", []), kinds=kinds, bars=bars)]
    return made


Found = dict[str, tuple[Table, np.ndarray, np.ndarray, np.ndarray | None]]


def _marks(s: Setting, name: str) -> Found:
    """kind -> records of another dataset with their times, ends and texts."""
    found: Found = {}
    for kind, node in entries(s.said.items.get(name)).items():
        parts = {k: v for k, v in entries(node).items() if isinstance(v, Scalar)}
        table = s.other(parts["dataset"].text)
        if table is None:
            continue
        if "where" in parts:
            table = table.keep(s.values.true(parts["where"], table))
        time = floats_of(s.values.of(parts["time"], table))
        if np.isnan(time).any():
            s.fault("analysis-data", f"`{kind}`: a record without a time is not drawn.", np.flatnonzero(np.isnan(time)),
                    table)  # fmt: skip
        end = floats_of(s.values.of(parts["end"], table)) if "end" in parts else np.full(table.n, np.nan)
        text = label_array(s.values.of(parts["text"], table)) if "text" in parts else None
        found[kind] = (table, time, end, text)
    return found


def _bar(s: Setting, group: Group, place: int, start: float, end: float, marks: Found, phases: Found) -> Part:
    owner = int(s.table.owner[place])
    label = label_array(s.vector("label"))[place] if s.has("label") else None
    return {
        "subject": str(s.names[owner]), "label": str(label or s.names[owner]), "group": group.id,
        "start": start, "end": end, "ongoing": bool(s.truth("ongoing")[place]),
        "phases": [p for kind, found in phases.items() for p in _along(s, kind, found, owner, True)],
        "marks": sorted((m for kind, found in marks.items() for m in _along(s, kind, found, owner, False)),
                        key=lambda m: m["time"]),
        "behind": s.rest(np.array([place]), np.array([owner])),
    }  # fmt: skip


def _along(s: Setting, kind: str, found: tuple[Table, np.ndarray, np.ndarray, np.ndarray | None], owner: int,
           phase: bool) -> list[Part]:  # fmt: skip
    table, time, end, text = found
    mine: Rows = np.flatnonzero((table.owner == owner) & ~np.isnan(time))
    out = []
    for at in mine[np.argsort(time[mine], kind="stable")]:
        behind = s.rest(np.array([at]), np.array([owner]), table)
        if phase:
            until = None if math.isnan(end[at]) else float(end[at])
            out.append({"kind": kind, "start": float(time[at]), "end": until, "behind": behind})
        else:
            said = str(text[at] or "") if text is not None else ""
            out.append({"kind": kind, "time": float(time[at]), "text": said, "behind": behind})
    return out
