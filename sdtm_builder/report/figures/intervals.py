"""Proportions with their intervals as points on lines, a line a group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .parts import WIDTH, axes, figure, line, linear, place, text

LEFT, RIGHT, ROW = 330.0, 150.0, 24.0


def intervals_figure(
    table: Mapping[str, Any], groups: Mapping[str, Mapping[str, Any]], name: str, title: str
) -> str:
    """The first row of a table that has an estimate with limits between 0 and 1, as a picture; "" if there is none."""
    found = _first_row(table)
    if found is None:
        return ""
    label, cells, columns = found
    pairs = zip(columns, cells, strict=True)
    rows = [(groups.get(column["group"], {}), cell) for column, cell in pairs if _whole(cell)]
    bottom = 26 + len(rows) * ROW
    x, ticks = linear(0, 100, LEFT, WIDTH - RIGHT, 5)
    y, _ = linear(0, 1, bottom, 20, 1)
    level = f"{100 * rows[0][1]['values']['level']:g} % interval"
    made = axes(x, ticks, y, [0], f"{label}: % of the subjects, with {level}", "", y_texts=False)
    for i, (group, cell) in enumerate(rows):
        at, values = 26 + (i + 0.5) * ROW, cell["values"]
        total, part = group.get("kind") == "total", group.get("kind") == "part"
        made.append(text(LEFT - 14, at + 4, f"{group.get('label', '')} (n = {group.get('n', '')})", "end", bold=total,
                         size=11 if part else 12))  # fmt: skip
        middle, lower, upper = (x(100 * values[key]) for key in ("estimate", "lower", "upper"))
        made.append(line(lower, at, upper, at, width=1.6))
        made += [line(end, at - 4, end, at + 4, width=1.6) for end in (lower, upper)]
        half = 3.2 if part else 4.6
        made.append(f'<rect x="{place(middle - half)}" y="{place(at - half)}" width="{place(2 * half)}" '
                    f'height="{place(2 * half)}"/>')  # fmt: skip
        share = f"{_percent(values['estimate'])} % {cell['text']}"
        made.append(text(WIDTH - RIGHT + 12, at + 4, share, size=11))
    words = "; ".join(f"{group.get('label', '')}: {cell['text']}" for group, cell in rows)
    return figure(made, bottom + 42, name, f"{title}: {label}", words)


def _percent(share: float) -> str:
    """A share as a percentage with one decimal, rounded half up as in the table."""
    return str((Decimal(repr(float(share))) * 100).quantize(Decimal("0.1"), ROUND_HALF_UP))


def _first_row(table: Mapping[str, Any]) -> tuple[str, Sequence[Any], Sequence[Any]] | None:
    columns = table["columns"]
    if not all(column["group"] for column in columns):
        return None
    before = ""
    for row in table["rows"]:
        if row["cells"] and any(_whole(cell) for cell in row["cells"]):
            return before, row["cells"], columns
        before = row["label"]
    return None


def _whole(cell: Any) -> bool:
    values = cell["values"] if cell else {}
    return all(values.get(key) is not None for key in ("estimate", "lower", "upper", "level"))
