"""Survival curves: all groups in one picture with the numbers at risk, and each group with its limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .parts import DASHES, INK, QUIET, SOFT, WIDTH, Scale, area, axes, figure, labelled, line, linear, path, text, told

LEFT, RIGHT, TOP, HEIGHT = 190.0, 20.0, 14.0, 300.0
ROW = 18
PANEL = 200.0
Curve = Mapping[str, Any]


def survival_figures(
    plot: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], name: str, title: str
) -> list[str]:
    """Two figures: the curves of all groups over the numbers at risk; a small one a group with pointwise limits."""
    curves = plot["curves"]
    if not any(curve["n"] for curve in curves):
        return []
    parts = [c for c in curves if groups.get(c["group"], {}).get("kind") != "total"] or list(curves)
    return [_together(plot, parts, curves, name, title), _panels(plot, curves, f"{name}-l", title)]


def _together(plot: Mapping[str, Any], drawn: Sequence[Curve], curves: Sequence[Curve], name: str, title: str) -> str:
    x, x_ticks = linear(0, plot["x"]["high"], LEFT, WIDTH - RIGHT, 10)
    y, y_ticks = linear(0, 1, TOP + HEIGHT, TOP, 5)
    made = axes(x, x_ticks, y, y_ticks, labelled(plot["x"]), labelled(plot["y"]))
    keys = []
    for i, curve in enumerate(drawn):
        dash = DASHES[i % len(DASHES)]
        made.append(path(_steps(curve, x, y), width=1.8, dash=dash))
        made += _censored(curve, x, y)
        keys.append((str(curve["label"]), dash))
    made += _key(keys, drawn, x, y)
    base = TOP + HEIGHT + 58
    made.append(text(8, base, "At risk", bold=True))
    for row, (curve, counts) in enumerate(zip(curves, plot["at_risk"], strict=True), 1):
        made.append(text(LEFT - 24, base + row * ROW, str(curve["label"]), "end"))
        made += [text(x(time), base + row * ROW, str(n), "middle") for time, n in zip(plot["at"], counts, strict=True)]
    made += [text(x(time), base, f"{time:g}", "middle", ink=QUIET) for time in plot["at"]]
    words = "; ".join(f"{c['label']}: {c['events']} events among {c['n']}" for c in curves)
    return figure(made, base + (len(curves) + 0.6) * ROW, name, title, words)


def _key(keys: Sequence[tuple[str, str]], drawn: Sequence[Curve], x: Scale, y: Scale) -> list[str]:
    """The key of dashes, where fewer curves run: at the foot on the left, or at the top on the right."""
    ends = [curve["steps"][-1]["survival"] for curve in drawn]
    low = bool(ends) and min(ends) > 0.15 + 0.06 * len(keys)
    left = x.start + 14 if low else x.end - 8 - max(len(label) for label, _ in keys) * 6.7 - 44
    top = y.start - 14 - (len(keys) - 1) * ROW if low else y.end + 10
    made = []
    for i, (label, dash) in enumerate(keys):
        at = top + i * ROW
        made.append(line(left, at, left + 34, at, width=1.8, dash=dash))
        made.append(text(left + 42, at + 4, label))
    return made


def _panels(plot: Mapping[str, Any], curves: Sequence[Curve], name: str, title: str) -> str:
    made: list[str] = []
    across = min(len(curves), 4)
    wide = (WIDTH - 60) / max(across, 1)
    for i, curve in enumerate(curves):
        left, top = 60 + (i % 4) * wide, 26 + (i // 4) * (PANEL + 66)
        x, x_ticks = linear(0, plot["x"]["high"], left, left + wide - 22, 4)
        y, y_ticks = linear(0, 1, top + PANEL - 40, top, 5)
        upper = _steps(curve, x, y, "upper")
        band = [*upper, *reversed(_steps(curve, x, y, "lower"))]
        made.append(text(left, top - 10, f"{curve['label']} (n = {curve['n']})", bold=True))
        made += [area(band, SOFT)] if upper else []
        made += axes(x, x_ticks, y, y_ticks, "", "", y_texts=i % 4 == 0)
        made.append(path(_steps(curve, x, y), width=1.6))
        made += _censored(curve, x, y)
    rows = (len(curves) + 3) // 4
    bottom = 26 + rows * (PANEL + 66) - 66
    made.append(text(60, bottom - 2, f"Grey: pointwise {100 * plot['level']:g} % limits, as far as they can be "
                     "estimated. Upright strokes: censored. "
                     f"Along: {labelled(plot['x'])}.", ink=QUIET))  # fmt: skip
    return figure(made, bottom + 10, name, f"{title}, each with limits",
                  "The same curves one by one, each with its pointwise limits.")  # fmt: skip


def _steps(curve: Curve, x: Scale, y: Scale, which: str = "survival") -> list[tuple[float, float]]:
    """The corners of a step curve or of its limit, to its end or to where there is no limit any more."""
    points: list[tuple[float, float]] = []
    for step in curve["steps"]:
        value = step[which]
        if value is None:
            points += [(x(step["time"]), points[-1][1])] if points else []
            return points
        points += [(x(step["time"]), points[-1][1])] if points else []
        points.append((x(step["time"]), y(value)))
    if points:
        points.append((x(curve["end"]), points[-1][1]))
    return points


def _censored(curve: Curve, x: Scale, y: Scale) -> list[str]:
    made = []
    for one in curve["censored"]:
        at, height = x(one["time"]), y(one["survival"])
        words = f"{one['subject']}, {one['time']:g}: {one['label'] or 'censored'}"
        made.append(told(line(at, height - 5, at, height + 5, INK, 1.4), words))
    return made
