"""What lies behind a value of a build: its rule, where that stands, and raw cells, read from the written lineage."""

from __future__ import annotations

from pathlib import Path

from ..lineage import Lineage, TraceError
from ..lineage.node import Node
from ..lineage.reader import as_text
from ..lineage.trace import Tracer
from .result import Origin
from .table import Table, number_text

CELLS = 5
"""Raw cells told of a value; the others are counted."""


class Origins:
    """The lineage of one build, asked for values of its written datasets."""

    def __init__(self, build: Path) -> None:
        self.build = build
        self._lineage: Lineage | None = None
        self.fault = ""
        try:
            self._lineage = Lineage(build)
        except TraceError as fault:
            self.fault = str(fault)

    def of(self, table: Table, row: int, variable: str) -> Origin | None:
        """What lies behind a value; None where the build's lineage does not hold the dataset or the variable."""
        lineage = self._lineage
        if lineage is None or table.name not in lineage.datasets:
            return None
        try:
            if lineage.count(table.name) != table.records:
                return Origin(note="the lineage has another number of records: the file is not that of the build")
            if not lineage.has(table.name, variable):
                return None
            node = Tracer(lineage, CELLS).variable(table.name, row, variable)
        except TraceError as fault:
            return Origin(note=str(fault))
        return Origin(
            node.rule, node.place, node.block, node.method, told_cells(node), _stale(lineage, table, row, variable)
        )


def told_cells(node: Node, most: int = CELLS) -> tuple[str, ...]:
    """The raw cells below a node as lines, `most` of them and how many more there are."""
    cells = node.cells()
    told = [cell_text(cell) for cell in cells[:most]]
    if len(cells) > most:
        told.append(f"and {len(cells) - most} more raw cells")
    return tuple(told)


def cell_text(cell: Node) -> str:
    """A raw cell with its place on one line."""
    sheet = f", sheet {cell.sheet}" if cell.sheet else ""
    value = f'"{cell.value}"' if cell.value else "missing"
    return f"{cell.file}{sheet}, row {cell.row}, {cell.name} = {value}"


def _stale(lineage: Lineage, table: Table, row: int, variable: str) -> str:
    """A remark where the file's value is not the one that the lineage was written with."""
    column = table.columns[variable]
    known = lineage.at(table.name, variable, row)
    if isinstance(known, str) or column.values.is_text:
        same = as_text(known).rstrip(" ") == column.text_at(row)
    elif known is None or isinstance(known, (int, float)):
        same = ("" if known is None else number_text(float(known))) == number_text(float(column.values.data[row]))
    else:
        return ""
    return "" if same else f'the lineage has "{as_text(known)}": the file was changed after the build'
