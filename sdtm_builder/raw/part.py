"""One part of a table (a sheet, a file): its columns as texts with the kinds of cells and the numbers of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, fault
from ..model import Part, SourceSpec, Vector
from .cellforms import ERROR, FORMULA, TEXT, cell_text
from .layout import Layout, Region, find_header, layout
from .workbook import Grid

fault("table-empty", "error", "A sheet or file without data", draft="warning")


@dataclass(frozen=True, eq=False, slots=True)
class RawPart:
    """Columns by name; `cells` only where a cell is no text; `number` the row of each, as the spreadsheet shows it."""

    part: Part
    columns: dict[str, Vector]
    cells: dict[str, NDArray[np.int8]]
    number: NDArray[np.int32]
    epoch: int = 1900
    ragged: int = 0
    blank: int = 0


def part_of_grid(
    grid: Grid, source: SourceSpec, region: Region, at: Location, sha256: str, epoch: int, log: IssueLog,
    headers_only: bool = False,
) -> RawPart | None:  # fmt: skip
    """The table of a sheet. Issues: those of the layout, `table-empty`, `header-blank`."""
    rows = grid.rows[region.top : region.bottom]
    width = max((len(row) for row in rows[:1]), default=0)
    right = width if region.right is None else min(region.right, width)
    top = [
        [cell_text(value, grid.shown.get((region.top + i, region.left + j)))[0] for j, value in enumerate(values)]
        for i, values in enumerate(row[region.left : right] for row in rows[: 200 + len(source.header)])
    ]
    if not any(text.strip() for row in top for text in row):
        log.add("table-empty", f"{_of(at)} is empty.", at, source.mark.place)
        return None
    first = find_header(top, source, region, at, log)
    if first is None:
        return None
    begin = first - region.top
    header = top[begin : begin + len(source.header)]
    merged = _fill_merged(header, grid, first, region, source)
    made = layout(header, first, source, region, at, log, merged)
    part = Part(at.file, at.sheet, sha256, {column.name: column.header for column in made.columns})
    if headers_only:
        return RawPart(part, {}, {}, np.empty(0, np.int32), epoch)
    body = grid.rows[made.data : region.bottom]
    return _body(body, grid, made, part, region, at, epoch, log)


def _of(at: Location) -> str:
    return f"sheet {at.sheet} of {at.file}" if at.sheet else at.file


def _fill_merged(
    header: list[list[str]], grid: Grid, first: int, region: Region, source: SourceSpec
) -> list[tuple[int, int]]:
    """Give each cell of a merged header cell its text; (first, last) columns of those merged across the name row."""
    names = source.header.index("name") if "name" in source.header else 0
    across = []
    for (top, left), (bottom, right) in grid.merged:
        if bottom < first or top >= first + len(header) or (top < first):
            continue
        text = header[top - first][left - region.left] if 0 <= left - region.left < len(header[0]) else ""
        for i in range(top - first, min(bottom - first + 1, len(header))):
            for j in range(max(left - region.left, 0), min(right - region.left + 1, len(header[i]))):
                header[i][j] = text
        if top - first <= names <= bottom - first and right > left:
            across.append((left - region.left, right - region.left))
    return across


def _body(
    body: Sequence[Sequence[Any]], grid: Grid, made: Layout, part: Part, region: Region, at: Location, epoch: int,
    log: IssueLog,
) -> RawPart:  # fmt: skip
    columns: dict[str, Vector] = {}
    cells: dict[str, NDArray[np.int8]] = {}
    turned = list(zip(*body, strict=True)) if body else []
    special: dict[int, set[int]] = {}
    for row, column_at in (*grid.errors, *grid.uncached, *grid.shown):
        special.setdefault(column_at, set()).add(row - made.data)
    for column in made.columns:
        at_column = region.left + column.index
        values = turned[at_column] if at_column < len(turned) else ("",) * len(body)
        vector, kinds = _column(values, grid, made.data, at_column, special.get(at_column, set()))
        columns[column.name] = vector
        if kinds is not None:
            cells[column.name] = kinds
    for index in made.nameless:
        values = turned[region.left + index] if region.left + index < len(turned) else ()
        filled = next((i for i, value in enumerate(values) if value != ""), None)
        if filled is not None:
            where = Location(file=at.file, sheet=at.sheet, row=made.data + filled + 1)
            log.add("header-blank", f"column {_letter(region, index)} has data and no name.", where)
    number = np.arange(made.data + 1, made.data + 1 + len(body), dtype=np.int32)
    return RawPart(part, columns, cells, number, epoch)


def _letter(region: Region, index: int) -> str:
    from .workbook import column_letters

    return column_letters(region.left + index + 1)


def _column(
    values: Sequence[Any], grid: Grid, first: int, at: int, special: set[int]
) -> tuple[Vector, NDArray[np.int8] | None]:
    """A column's texts and kinds; None for the kinds if all are texts. Each distinct value is turned once."""
    if set(map(type, values)) <= {str} and not special:
        return Vector.of_texts(values), None
    known: dict[tuple[type, Any], tuple[str, int]] = {}
    texts: list[str] = []
    kinds = np.zeros(len(values), dtype=np.int8)
    for i, value in enumerate(values):
        if i in special:
            text, kind = _special(value, grid, (first + i, at))
        else:
            key = (type(value), value)
            pair = known.get(key)
            if pair is None:
                pair = known[key] = cell_text(value, None)
            text, kind = pair
        texts.append(text)
        kinds[i] = kind
    return Vector.of_texts(texts), kinds if kinds.any() else None


def _special(value: Any, grid: Grid, at: tuple[int, int]) -> tuple[str, int]:
    if at in grid.errors:
        return grid.errors[at], ERROR
    if at in grid.uncached:
        return "", FORMULA
    text, kind = cell_text(value, grid.shown.get(at))
    return text, kind if text else TEXT
