"""Two builds' lineage side by side: which row of the old build is which of the new, and whom a record points to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..lineage import Lineage
from ..model import Vector
from .arrows import texts_of
from .rawdiff import RawChange

Rows = NDArray[np.int64]
Bits = NDArray[np.uint8]

SUBJECT = "USUBJID"


@dataclass(frozen=True, eq=False)
class Pointer:
    """For each record a table and a row in it; -1 for none."""

    tables: Vector
    rows: Rows

    def parts(self) -> Iterator[tuple[str, Rows, Rows]]:
        """Each table with the records that point into it, and their rows there."""
        for code, name in enumerate(self.tables.distinct()):
            at = np.flatnonzero((self.tables.data == code) & (self.rows >= 0))
            if len(at):
                yield str(name), at, self.rows[at]


class Half:
    """The lineage of one build, as whole columns."""

    def __init__(self, lineage: Lineage) -> None:
        self.lineage = lineage
        self._texts: dict[tuple[str, str], Vector] = {}

    def texts(self, table: str, column: str) -> Vector:
        """A column as texts, whatever it is; missing where the table has no such column."""
        key = (table, column)
        if key not in self._texts:
            if self.lineage.has(table, column):
                values = self.lineage.column(table, column)
                as_is = hasattr(values, "dictionary") or str(values.type) == "string"
                self._texts[key] = texts_of(values if as_is else values.cast("string"))
            else:
                self._texts[key] = Vector.of_codes(np.full(self.lineage.count(table), -1), [])
        return self._texts[key]

    def numbers(self, table: str, column: str) -> Rows:
        """A column of row numbers, -1 for none."""
        if not self.lineage.has(table, column):
            return np.full(self.lineage.count(table), -1, np.int64)
        values = self.lineage.column(table, column)
        return np.asarray(values.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int64)

    def pointer(self, dataset: str, table_column: str, row_column: str) -> Pointer:
        """Whom the records of a dataset point to."""
        return Pointer(self.texts(dataset, table_column), self.numbers(dataset, row_column))

    def subjects(self, table: str) -> Vector:
        """The subject of each row or record."""
        return self.texts(table, "_usubjid" if table.startswith("raw.") else SUBJECT)

    def members(self, dataset: str, variable: str) -> list[tuple[str, str, Rows, Rows]]:
        """The groups of a variable: (table, column taken, group of each row, rows)."""
        groups = f"{dataset}.members"
        if not (self.lineage.folder / f"{groups}.parquet").is_file():
            return []
        said = self.texts(groups, "variable")
        hit = np.flatnonzero(_equal(said, variable))
        found = []
        tables, columns = self.texts(groups, "table"), self.texts(groups, "column")
        kinds = {(tables.text_at(int(r)), columns.text_at(int(r))) for r in _firsts(tables, columns, hit)}
        lists = self.lineage.column(groups, "rows")
        number = self.numbers(groups, "group")
        for table, column in sorted(kinds):
            mine = hit[_equal(tables, table)[hit] & _equal(columns, column)[hit]]
            taken = lists.take(mine)
            sizes = np.asarray(taken.value_lengths().to_numpy(zero_copy_only=False), dtype=np.int64)
            rows = np.asarray(taken.flatten().to_numpy(zero_copy_only=False), dtype=np.int64)
            found.append((table, column, np.repeat(number[mine], sizes), rows))
        return found


def _equal(texts: Vector, wanted: str) -> NDArray[np.bool_]:
    if not wanted:
        return np.asarray(texts.data < 0)
    hit = [i for i, text in enumerate(texts.distinct()) if text == wanted]
    return np.asarray(texts.data == hit[0]) if hit else np.zeros(len(texts), dtype=bool)


def _firsts(one: Vector, two: Vector, rows: Rows) -> Rows:
    both = one.data[rows].astype(np.int64) * (len(two.distinct()) + 1) + two.data[rows]
    return np.asarray(rows[np.unique(both, return_index=True)[1]])


class Halves:
    """Both builds, with the rows of every table side by side.

    raw : source -> what changed in it; datasets : dataset -> for each new record its old one, -1 for one that came
    """

    def __init__(self, old: Lineage, new: Lineage, raw: Mapping[str, RawChange]) -> None:
        self.old, self.new, self.raw = Half(old), Half(new), raw
        self.datasets: dict[str, Rows] = {}

    def to_old(self, table: str) -> Rows | None:
        """For each new row of a table its old one; None where the old build doesn't have the table."""
        if table.startswith("raw."):
            change = self.raw.get(table[4:])
            return change.to_old if change is not None else None
        return self.datasets.get(table)

    def to_new(self, table: str) -> Rows | None:
        """For each old row of a table its new one."""
        if table.startswith("raw."):
            change = self.raw.get(table[4:])
            return change.to_new if change is not None else None
        forth = self.datasets.get(table)
        if forth is None:
            return None
        back = np.full(self.old.lineage.count(table), -1, np.int64)
        hit = np.flatnonzero(forth >= 0)
        back[forth[hit]] = hit
        return back

    def moved(self, dataset: str, table_column: str, row_column: str) -> NDArray[np.bool_]:
        """For each new record of a dataset that was there before whether it points to another row than then."""
        forth = self.datasets[dataset]
        there = np.flatnonzero(forth >= 0)
        moved = np.zeros(len(forth), dtype=bool)
        tables, rows = self._mapped(self.new.pointer(dataset, table_column, row_column))
        before = self.old.pointer(dataset, table_column, row_column)
        codes = np.array([self._codes.setdefault(str(t), len(self._codes)) for t in before.tables.distinct()] + [-1])
        was_table = np.where(before.rows >= 0, codes[before.tables.data], -1)[forth[there]]
        was_row = before.rows[forth[there]]
        moved[there] = (tables[there] != was_table) | (rows[there] != was_row)
        return moved

    @cached_property
    def _codes(self) -> dict[str, int]:
        return {}

    def _mapped(self, pointer: Pointer) -> tuple[Rows, Rows]:
        """A pointer's tables as codes and rows in the old numbering: -1 for none, -2 for a row that came."""
        tables, rows = np.full(len(pointer.rows), -1, np.int64), np.full(len(pointer.rows), -1, np.int64)
        for name, at, theirs in pointer.parts():
            tables[at] = self._codes.setdefault(name, len(self._codes))
            forth = self.to_old(name)
            if forth is None:
                rows[at] = theirs
            else:
                rows[at] = np.where(forth[theirs] < 0, -2, forth[theirs])
        return tables, rows
