"""What records are taken from, seen alike: raw sources, datasets and their blocks, tables written in YAML."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from ..issues import Location
from ..model import Kind, RawTable, Scalar, Vector

if TYPE_CHECKING:
    from .run import Run

Flavour = Literal["value", "text", "verbatim"]


class Table:
    """Rows with named columns. `key` names the table in lineage: `raw.AE`, `DM`, `ADRS/ovr`, `table:NAME`."""

    key: str
    n: int

    def vector(self, column: str, flavour: Flavour = "value") -> Vector:
        """A column: its value, its text, or its text before tokens of missing were taken away."""
        raise NotImplementedError

    def cells(self, column: str) -> NDArray[np.int8] | None:
        """Kinds of cells of a workbook's column, None where all are texts."""
        return None

    def usubjid(self) -> Vector:
        """USUBJID of each row."""
        raise NotImplementedError

    def fact(self, what: str) -> Vector:
        """What the tool knows of each row beside its columns; missing where nothing."""
        kind = Kind.NUMBER if what in ("VISITNUM", "VISITDY", "number") else Kind.TEXT
        return Vector.missing_of(kind, self.n)

    def places(self, row: int, columns: Sequence[str]) -> list[Location]:
        """Where a row, or cells of it, stand."""
        return []


class RawView(Table):
    """A raw source."""

    def __init__(self, run: Run, table: RawTable) -> None:
        self.run, self.table = run, table
        self.key, self.n = f"raw.{table.name}", len(table)

    def vector(self, column: str, flavour: Flavour = "value") -> Vector:
        source = {"value": self.table.values, "text": self.table.texts, "verbatim": self.table.verbatim}[flavour]
        return source[column]

    def cells(self, column: str) -> NDArray[np.int8] | None:
        return self.table.cells.get(column)

    def usubjid(self) -> Vector:
        return self.run.usubjid_of(self.table.name)

    def fact(self, what: str) -> Vector:
        if what == "USUBJID":
            return self.usubjid()
        if what in ("file", "sheet"):
            names = [p.file if what == "file" else p.sheet for p in self.table.rows.parts]
            return Vector.of_codes(self.table.rows.part.astype(np.int64), names)
        if what == "number":
            return Vector.of_numbers(self.table.rows.number.astype(np.float64))
        return self.run.visit_fact(self.table.name, what) or super().fact(what)

    def places(self, row: int, columns: Sequence[str]) -> list[Location]:
        stamped = self.run.study.raw[self.table.name].stamp if columns else {}
        cells = [self.table.rows.location(row, c) for c in columns if c not in stamped]
        return cells if columns else [self.table.rows.location(row)]  # a stamped column has no cell


class DatasetView(Table):
    """The records of a dataset, or of one block of it, in the order they were made."""

    def __init__(self, run: Run, dataset: str, block: str = "") -> None:
        self.run, self.dataset, self.block = run, dataset, block
        self.key = f"{dataset}/{block}" if block else dataset
        self.n = run.count(dataset, block)

    def vector(self, column: str, flavour: Flavour = "value") -> Vector:
        return self.run.variable(self.dataset, self.block, column)

    def usubjid(self) -> Vector:
        return self.vector("USUBJID")

    def places(self, row: int, columns: Sequence[str]) -> list[Location]:
        return self.run.record_places(self.dataset, self.block, row, columns)


class InlineTable(Table):
    """A table written in the YAML: the first row has the names."""

    def __init__(self, name: str, rows: Sequence[Sequence[Scalar]]) -> None:
        self.key, self.n = f"table:{name}", len(rows) - 1
        self.rows = rows
        names = [s.text for s in rows[0]]
        self.columns = {c: Vector.of_texts(r[i].text for r in rows[1:]) for i, c in enumerate(names)}

    def vector(self, column: str, flavour: Flavour = "value") -> Vector:
        return self.columns[column]

    def usubjid(self) -> Vector:
        return Vector.missing_of(Kind.TEXT, self.n)

    def places(self, row: int, columns: Sequence[str]) -> list[Location]:
        return [self.rows[row + 1][0].mark.place]


class Stacked(Table):
    """Several tables with the same columns as one (`from` with a list)."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self.tables = tables
        self.key = "+".join(t.key for t in tables)
        self.offsets = np.concatenate([[0], np.cumsum([t.n for t in tables])]).astype(np.int64)
        self.n = int(self.offsets[-1])

    def vector(self, column: str, flavour: Flavour = "value") -> Vector:
        return Vector.concat([t.vector(column, flavour) for t in self.tables])

    def cells(self, column: str) -> NDArray[np.int8] | None:
        found = [t.cells(column) for t in self.tables]
        if all(f is None for f in found):
            return None
        parts = [np.zeros(t.n, np.int8) if f is None else f for t, f in zip(self.tables, found, strict=True)]
        return np.concatenate(parts)

    def usubjid(self) -> Vector:
        return Vector.concat([t.usubjid() for t in self.tables])

    def fact(self, what: str) -> Vector:
        return Vector.concat([t.fact(what) for t in self.tables])

    def places(self, row: int, columns: Sequence[str]) -> list[Location]:
        which = int(np.searchsorted(self.offsets, row, side="right")) - 1
        return self.tables[which].places(row - int(self.offsets[which]), columns)
