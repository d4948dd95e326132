"""What a method gives: cells, rows and columns of tables, plots, footnotes, a conclusion; in the shape of the JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Part = dict[str, Any]
NOT_ESTIMABLE = "NE"


@dataclass
class Made:
    """Parts in the order shown, footnotes that the data ask for, one sentence that answers the analysis."""

    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    conclusion: str = ""


@dataclass
class Behind:
    """What numbers rest on, each said once: records of a dataset and subjects."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    _places: dict[tuple[str, tuple[int, ...], tuple[str, ...]], int] = field(default_factory=dict)

    def add(self, dataset: str, records: NDArray[np.int64] | Sequence[int], subjects: Sequence[str]) -> int | None:
        """The place of these records (numbers of the file) and subjects; None for nothing."""
        numbers = tuple(sorted({int(r) for r in records}))
        if not numbers and not subjects:
            return None
        key = (dataset, numbers, tuple(subjects))
        if key not in self._places:
            self._places[key] = len(self.entries)
            self.entries.append({"dataset": dataset, "records": list(numbers), "subjects": list(subjects)})
        return self._places[key]


def cell(text: str, behind: int | None = None, **values: float | int | None) -> Part:
    """A cell as shown, with its numbers by name."""
    return {"text": text, "values": {k: _finite(v) for k, v in values.items()}, "behind": behind}


def row(label: str, cells: Sequence[Part | None] = (), level: int = 0) -> Part:
    """A row; without cells a heading."""
    return {"label": label, "level": level, "cells": list(cells)}


def column(label: str = "", group: str | None = None, unit: str = "", align: str = "right") -> Part:
    """A column, of a group of subjects or of none."""
    return {"label": label, "group": group, "unit": unit, "align": align}


def table(columns: Sequence[Part], rows: Sequence[Part], head: str = "", title: str = "") -> Part:
    """A table; every row has as many cells as there are columns, or none."""
    for one in rows:
        assert len(one["cells"]) in (0, len(columns)), one
    return {"kind": "table", "form": "table", "title": title, "head": head, "columns": list(columns),
            "rows": list(rows)}  # fmt: skip


def axis(label: str, values: Sequence[float], unit: str = "", scale: str = "linear") -> Part:
    """An axis with the range of what is drawn along it."""
    drawn = [v for v in values if _finite(v) is not None and (scale == "linear" or v > 0)]
    low, high = (min(drawn), max(drawn)) if drawn else (None, None)
    return {"label": label, "unit": unit, "scale": scale, "low": low, "high": high}


def plot(form: str, x: Part, y: Part, title: str = "", **content: Any) -> Part:
    """A plot of one of the forms that the report draws."""
    return {"kind": "plot", "form": form, "title": title, "x": x, "y": y, **content}


def number_of(n: int, one: str, many: str = "") -> str:
    """`1 record has`, `2 records have`."""
    words = {"record": "records", "has": "have", "subject": "subjects", "value": "values", "episode": "episodes",
             "is": "are"}  # fmt: skip
    return f"{n} {one if n == 1 else many or ' '.join(words.get(w, w) for w in one.split())}"


def _finite(value: float | int | None) -> float | int | None:
    if value is None or isinstance(value, int):
        return value
    number = float(value)
    return number if np.isfinite(number) else None


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Finite numbers of a map, NaN as None."""
    return {k: _finite(v) if isinstance(v, float) else v for k, v in values.items()}
