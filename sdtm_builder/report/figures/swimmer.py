"""Swimmer plots: a bar a subject by group, with stretches and signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from .parts import INK, LINE, QUIET, WIDTH, Scale, area, figure, labelled, line, linear, number, place, sign, text, told

LEFT, RIGHT = 150.0, 30.0
ROW, BAR = 21.0, 11.0
FILLS = ("#8d969e", "#3c444b", "#c0c7cd", "#6a737b")
"""Greys of the stretches, in the order of their kinds; each has its own height too."""


def swimmer_figures(
    plot: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], name: str, title: str
) -> list[str]:
    """One figure: key, axis, and under the heading of each group its subjects' bars."""
    bars = plot["bars"]
    if not bars:
        return []
    labels = {kind["id"]: kind["label"] for kind in plot["kinds"]}
    phases = [k for k in labels if any(p["kind"] == k for bar in bars for p in bar["phases"])]
    signs = [k for k in labels if any(m["kind"] == k for bar in bars for m in bar["marks"])]
    made, top = _key(labels, signs, phases, any(bar["ongoing"] for bar in bars))
    heads = len({bar["group"] for bar in bars})
    bottom = top + len(bars) * ROW + heads * ROW + 8
    x, ticks = linear(plot["x"]["low"], plot["x"]["high"], LEFT, WIDTH - RIGHT, 10)
    for tick in ticks:
        made.append(line(x(tick), top, x(tick), bottom, LINE))
        made.append(text(x(tick), bottom + 17, number(tick), "middle"))
    made.append(line(LEFT, bottom, WIDTH - RIGHT, bottom))
    made.append(text((LEFT + WIDTH - RIGHT) / 2, bottom + 35, labelled(plot["x"]), "middle"))
    at = top
    for group, mine in groupby(bars, key=lambda bar: bar["group"]):
        head = groups.get(group, {})
        if head:
            made.append(text(8, at + ROW - 6, f"{head['label']} (n = {head['n']})", bold=True))
        at += ROW
        for bar in mine:
            made += _bar(bar, at + ROW / 2, x, labels, signs, phases)
            at += ROW
    words = f"{len(bars)} subjects; signs: {', '.join(labels[k] for k in signs)}"
    return [figure(made, bottom + 44, name, title, words)]


def _key(
    labels: Mapping[str, str], signs: Sequence[str], phases: Sequence[str], ongoing: bool
) -> tuple[list[str], float]:
    """The key in rows, and where the picture goes on."""
    made: list[str] = []
    left, top = 12.0, 14.0
    for kind in [*signs, *phases, *(["→"] if ongoing else [])]:
        words = "ongoing" if kind == "→" else labels[kind]
        width = 30 + len(words) * 6.8
        if left + width > WIDTH - 10:
            left, top = 12.0, top + 22
        if kind == "→":
            made.append(_arrow(left - 6, top))
        elif kind in signs:
            made.append(sign(signs.index(kind), left, top))
        else:
            made.append(_stretch(left - 8, left + 8, top, phases.index(kind)))
        made.append(text(left + 13, top + 4, words))
        left += width + 14
    return made, top + 20


def _bar(
    bar: Mapping[str, Any], y: float, x: Scale, labels: Mapping[str, str], signs: Sequence[str], phases: Sequence[str]
) -> list[str]:
    start, end = x(bar["start"]), x(bar["end"])
    made = [text(LEFT - 8, y + 4, bar["label"], "end")]
    body = (f'<rect x="{place(start)}" y="{place(y - BAR / 2)}" width="{place(max(end - start, 1))}" '
            f'height="{place(BAR)}" fill="#eef0f2" stroke="{QUIET}" stroke-width="0.8"/>')  # fmt: skip
    made.append(told(body, f"{bar['subject']}: {bar['start']:g} to {bar['end']:g}"))
    for phase in bar["phases"]:
        last = bar["end"] if phase["end"] is None else phase["end"]
        drawn = _stretch(x(phase["start"]), max(x(last), x(phase["start"]) + 1.5), y, phases.index(phase["kind"]))
        until = "not ended" if phase["end"] is None else f"to {phase['end']:g}"
        made.append(told(drawn, f"{bar['subject']}: {labels[phase['kind']]} from {phase['start']:g} {until}"))
    if bar["ongoing"]:
        made.append(_arrow(end, y))
    for mark in bar["marks"]:
        more = f", {mark['text']}" if mark["text"] and mark["text"] != labels[mark["kind"]] else ""
        drawn = sign(signs.index(mark["kind"]), x(mark["time"]), y)
        made.append(told(drawn, f"{bar['subject']}, {mark['time']:g}: {labels[mark['kind']]}{more}"))
    return made


def _stretch(start: float, end: float, y: float, index: int) -> str:
    half = (BAR / 2 - 1) / (1 + index % 2)
    return area([(start, y - half), (end, y - half), (end, y + half), (start, y + half)], FILLS[index % len(FILLS)])


def _arrow(x: float, y: float) -> str:
    return line(x, y, x + 9, y, width=1.6) + area([(x + 7, y - 4.5), (x + 15, y), (x + 7, y + 4.5)], INK)
