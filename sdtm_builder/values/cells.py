"""Issues about many cells of one column: one a cell while they are few, then one a distinct text, never a flood."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location
from ..model import Rows, Vector

SINGLE_ISSUES = 200
"""Up to so many cells of one rule and column get an issue each; above it, so many distinct texts do."""
PLACES = 1000
"""An issue lists at most so many places; its message has the count."""


def place(rows: Rows, row: int, column: str = "") -> Location:
    """The place of a cell, with the column's own header in that file where it was renamed."""
    header = rows.parts[rows.part[row]].headers.get(column)
    name = header.texts.get("name", "") if header else ""
    return rows.location(row, name or column)


def log_cells(
    log: IssueLog,
    rule: str,
    rows: Rows,
    column: str,
    where: NDArray[Any],
    values: Vector,
    message: Callable[[str], str],
    extra: Sequence[Location] = (),
) -> int:
    """Record the cells of `column` at `where` (a mask or row indices) under `rule`; how many they are.

    values : the column as shown, for the offending text. message : text -> message. extra : places added to each
    issue (the line of the YAML). The issues don't depend on the order of rows, but for their row numbers.
    """
    hits = np.flatnonzero(where) if where.dtype == np.bool_ else np.asarray(where)
    if len(hits) <= SINGLE_ISSUES:
        for row in hits:
            text = values.text_at(int(row))
            log.add(rule, message(text), place(rows, int(row), column), *extra, value=text)
        return len(hits)
    groups: dict[str, list[int]] = {}
    for code, members in _by_code(values.data[hits], hits):
        groups[str(values.distinct()[code]) if code >= 0 else ""] = members
    texts = sorted(groups)
    for text in texts[:SINGLE_ISSUES]:
        _log_group(log, rule, rows, column, groups[text], message(text), text, extra)
    rest = [row for text in texts[SINGLE_ISSUES:] for row in groups[text]]
    if rest:
        first = texts[SINGLE_ISSUES]
        told = f"{message(first)} So {len(texts) - SINGLE_ISSUES:,} distinct texts in all"
        _log_group(log, rule, rows, column, rest, told, first, extra)
    return len(hits)


def _by_code(codes: NDArray[Any], hits: NDArray[Any]) -> list[tuple[int, list[int]]]:
    order = np.argsort(codes, kind="stable")
    distinct, starts = np.unique(codes[order], return_index=True)
    return [(int(c), part.tolist()) for c, part in zip(distinct, np.split(hits[order], starts[1:]), strict=True)]


def _log_group(
    log: IssueLog,
    rule: str,
    rows: Rows,
    column: str,
    members: list[int],
    message: str,
    text: str,
    extra: Sequence[Location],
) -> None:
    told = message if len(members) == 1 else f"{message} ({len(members):,} cells)"
    places = [place(rows, row, column) for row in members[:PLACES]]
    log.add(rule, told, *places, *extra, value=text)
