"""Values over time: a line for each subject, and one for each group."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..registry import Argument, Take, method
from ..result import Made, Part, axis, number_of, plot
from ..setting import Group, Mask, Rows, Setting, label_array
from ..summary import geometric

CENTERS = ("median", "mean", "geometric_mean")
ARGUMENTS = (
    Argument("x", Take.VALUE, "time of a record", True),
    Argument("y", Take.VALUE, "its value", True),
    Argument("x_label", Take.TEXT, "what the axes show", True),
    Argument("y_label", Take.TEXT, "what the axes show", True),
    Argument("x_unit", Take.TEXT, "units"),
    Argument("y_unit", Take.TEXT, "units"),
    Argument("scale", Take.TEXT, "of the values: linear (if not said) or log", words=("linear", "log")),
    Argument("not_drawn", Take.CONDITION, "records that count but are not drawn in a subject's line"),
    Argument("text", Take.VALUE, "what a record says of its value (DTYPE)"),
    Argument("center", Take.TEXT, "line of a group: median, mean or geometric_mean of the values at a nominal time",
             words=CENTERS),
    Argument("nominal", Take.VALUE, "nominal time, for `center`"),
    Argument("limits", Take.LINES, "label: height of a horizontal line"),
)  # fmt: skip


@method("line_plot", *ARGUMENTS)
def line_plot(s: Setting) -> Made:
    """Values of each subject by time, and for each group their median, mean or geometric mean at each nominal time.

    A value that a logarithmic axis cannot show is marked as not drawn. Geometric means are of the values above 0; how
    many are not is told.
    """
    made = Made()
    x, y = s.floats("x"), s.floats("y")
    usable = ~np.isnan(x) & ~np.isnan(y)
    if (~usable).any():
        made.notes.append(f"{number_of(int((~usable).sum()), 'record has')} no time or no value.")
    log = s.text("scale") == "log"
    hidden = s.truth("not_drawn") | ((y <= 0) & log)
    text = label_array(s.vector("text")) if s.has("text") else None
    columns = [g for g in s.groups if g.kind == "group"] or s.groups[-1:]
    lines, own = [], s.by_subject(usable)
    for group in columns:
        for owner in s.subjects_of(usable, group):
            mine = own[int(owner)]
            lines.append(_line(s, group, int(owner), mine[np.argsort(x[mine], kind="stable")], x, y, hidden, text))
    means = [_center(s, g, usable, y, log, made) for g in columns] if s.has("center") and s.has("nominal") else []
    limits = [{"label": k, "y": float(v)} for k, v in s.texts("limits").items()]
    drawn = [p for one in [*lines, *means] for p in one["points"] if p["drawn"]]
    made.parts = [plot(
        "lines", axis(s.text("x_label"), [p["x"] for p in drawn], s.text("x_unit")),
        axis(s.text("y_label"), [p["y"] for p in drawn], s.text("y_unit"), "log" if log else "linear"),
        lines=lines, means=[m for m in means if m["points"]], statistic=s.text("center").replace("_", " "),
        limits=limits,
    )]  # fmt: skip
    return made


def _line(
    s: Setting, group: Group, owner: int, rows: Rows, x: NDArray[np.float64], y: NDArray[np.float64], hidden: Mask,
    text: NDArray[np.object_] | None,
) -> Part:  # fmt: skip
    points = [{"x": float(x[r]), "y": float(y[r]), "drawn": not bool(hidden[r]),
               "text": str(text[r] or "") if text is not None else "", "n": 1,
               "behind": s.rest(np.array([r]), np.array([owner]))} for r in rows]  # fmt: skip
    return {"subject": str(s.names[owner]), "group": group.id, "label": str(s.names[owner]), "points": points}


def _center(s: Setting, group: Group, usable: Mask, y: NDArray[np.float64], log: bool, made: Made) -> Part:
    nominal, points, below = s.floats("nominal"), [], 0
    mine = usable & s.in_group(group) & ~np.isnan(nominal)
    for time in np.unique(nominal[mine]):
        here = mine & (nominal == time)
        values = y[here]
        found: float | None
        if s.text("center") == "geometric_mean":
            found, below = geometric(values)[0], below + int((values <= 0).sum())
        else:
            found = float(np.median(values) if s.text("center") == "median" else values.mean())
        if found is not None:
            points.append({"x": float(time), "y": found, "drawn": not (log and found <= 0), "text": "",
                           "n": len(values), "behind": s.rest(here, s.subjects_of(here, group))})  # fmt: skip
    if below:
        made.notes.append(
            f"{group.label}: {number_of(below, 'value is')} not above 0, with no part in the geometric means."
        )
    return {"subject": None, "group": group.id, "label": group.label, "points": points}
