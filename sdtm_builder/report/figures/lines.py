"""Lines over time: a picture a group with its subjects and their middle, and the middles of all groups together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .parts import (
    DASHES,
    INK,
    QUIET,
    WIDTH,
    Scale,
    axes,
    figure,
    labelled,
    line,
    linear,
    logarithmic,
    number,
    path,
    sign,
    text,
    told,
)  # fmt: skip

LEFT, TOP, HEIGHT, PANEL = 88.0, 20.0, 320.0, 250.0
GREY = "#7d868e"
Line = Mapping[str, Any]


def lines_figures(
    plot: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], name: str, title: str
) -> list[str]:
    """Figures of the groups' lines together, and of each group's subjects; of a total only where it is alone."""
    ids = list(dict.fromkeys(one["group"] for one in [*plot["lines"], *plot["means"]]))
    parts = [i for i in ids if groups.get(i, {}).get("kind") != "total"] or ids
    means = [one for one in plot["means"] if one["group"] in parts]
    made = [_together(plot, means, groups, name, title)] if means else []
    drawn = [i for i in parts if any(one["group"] == i for one in plot["lines"])]
    return [*made, _panels(plot, drawn, groups, f"{name}-s", title)] if drawn else made


def _scales(plot: Mapping[str, Any], left: float, right: float, bottom: float, top: float, count: int) -> Any:
    x, x_ticks = linear(plot["x"]["low"], plot["x"]["high"], left, right, count, close=True)
    axis = plot["y"]
    y, y_ticks = (logarithmic if axis["scale"] == "log" else linear)(axis["low"], axis["high"], bottom, top)
    return x, x_ticks, y, y_ticks


def _together(
    plot: Mapping[str, Any], means: Sequence[Line], groups: Mapping[str, Mapping[str, Any]], name: str, title: str
) -> str:
    x, x_ticks, y, y_ticks = _scales(plot, LEFT, WIDTH - 20, TOP + HEIGHT, TOP, 10)
    made = axes(x, x_ticks, y, y_ticks, labelled(plot["x"]), labelled(plot["y"]))
    made += _limits(plot, x, y)
    left = x.end - 60 - max(len(_name(one, groups)) for one in means) * 6.7
    for i, one in enumerate(means):
        dash = DASHES[i % len(DASHES)]
        made += [path(run, width=2, dash=dash) for run in _runs(one, x, y)]
        made += [told(sign(i, x(p["x"]), y(p["y"])), _words(p, one["label"])) for p in one["points"] if p["drawn"]]
        at = TOP + 10 + i * 20
        made += [line(left, at, left + 36, at, width=2, dash=dash), sign(i, left + 18, at)]
        made.append(text(left + 44, at + 4, _name(one, groups)))
    statistic = plot.get("statistic", "")
    words = f"{statistic.capitalize()} of each group at each nominal time." if statistic else "The groups' lines."
    words += _limits_told(plot)
    made.append(text(LEFT, TOP + HEIGHT + 58, words, ink=QUIET))
    return figure(made, TOP + HEIGHT + 66, name, title, words)


def _panels(
    plot: Mapping[str, Any], ids: Sequence[str], groups: Mapping[str, Mapping[str, Any]], name: str, title: str
) -> str:
    made: list[str] = []
    across = min(len(ids), 3)
    wide = (WIDTH - LEFT) / across
    for i, group in enumerate(ids):
        left, top = LEFT + (i % 3) * wide, 28 + (i // 3) * (PANEL + 70)
        x, x_ticks, y, y_ticks = _scales(plot, left, left + wide - 22, top + PANEL, top, 5)
        mine = [one for one in plot["lines"] if one["group"] == group]
        made.append(text(left, top - 10, f"{groups.get(group, {}).get('label', '')} (n = {len(mine)})", bold=True))
        made += axes(x, x_ticks, y, y_ticks, labelled(plot["x"]) if i // 3 == (len(ids) - 1) // 3 else "",
                     labelled(plot["y"]) if i % 3 == 0 else "", y_texts=i % 3 == 0)  # fmt: skip
        made += _limits(plot, x, y)
        for one in mine:
            drawn = "".join(path(run, GREY, 1) for run in _runs(one, x, y))
            made.append(told(drawn, one["label"]))
        for middle in (m for m in plot["means"] if m["group"] == group):
            made += [path(run, INK, 2.6) for run in _runs(middle, x, y)]
    rows = (len(ids) + 2) // 3
    bottom = 28 + rows * (PANEL + 70)
    made.append(text(LEFT, bottom - 14, f"Thin: one subject each. Thick: the group.{_limits_told(plot)}", ink=QUIET))
    return figure(made, bottom, name, f"{title}, subjects", "One picture a group: each subject's line and the group's.")


def _runs(one: Line, x: Scale, y: Scale) -> list[list[tuple[float, float]]]:
    """Stretches of a line between points that are not drawn; a point alone is a short stroke."""
    runs: list[list[tuple[float, float]]] = [[]]
    for point in one["points"]:
        if point["drawn"]:
            runs[-1].append((x(point["x"]), y(point["y"])))
        elif runs[-1]:
            runs.append([])
    return [run if len(run) > 1 else [(run[0][0] - 2, run[0][1]), (run[0][0] + 2, run[0][1])] for run in runs if run]


def _limits(plot: Mapping[str, Any], x: Scale, y: Scale) -> list[str]:
    """Horizontal lines; their names stand under the figure, where no curve runs."""
    return [told(line(x.start, y(one["y"]), x.end, y(one["y"]), QUIET, 1, "3 3"), f"{one['label']} {number(one['y'])}")
            for one in plot["limits"]]  # fmt: skip


def _limits_told(plot: Mapping[str, Any]) -> str:
    """` Across: Lower limit of quantitation 50.`"""
    names = ", ".join(f"{one['label']} {number(one['y'])}" for one in plot["limits"])
    return f" Broken line across: {names}." if names else ""


def _name(one: Line, groups: Mapping[str, Mapping[str, Any]]) -> str:
    group = groups.get(one["group"], {})
    return str(group.get("label") or one["label"])


def _words(point: Mapping[str, Any], label: str) -> str:
    return f"{label}, {point['x']:g}: {point['y']:,.4g}, {point['n']} subjects"


