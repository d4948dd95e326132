"""The raw tables of two builds: rows that came, went or changed, and every cell that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..lineage import Lineage
from .arrows import texts_of
from .keys import find_keys
from .match import Matched, match_records, paired, table_rows
from .table import Column, Table

Rows = NDArray[np.int64]
OWN = ("_file", "_sheet", "_row", "_usubjid")


@dataclass(frozen=True, slots=True)
class Place:
    """A raw row: source, subject, file, sheet, row."""

    source: str
    subject: str
    file: str
    sheet: str
    row: int

    def __str__(self) -> str:
        return f"{self.file}{f', sheet {self.sheet}' if self.sheet else ''}, row {self.row}"


@dataclass(frozen=True, slots=True)
class RawCell:
    """A raw cell that changed, with its place in both builds and its text there."""

    old: Place
    new: Place
    column: str
    before: str
    after: str


@dataclass(frozen=True, eq=False)
class RawChange:
    """A source in both builds.

    matched : rows of old and new side by side; by : how they were matched
    to_old : of each new row its old row, -1 for a row that came; to_new : of each old row its new one
    changed : column -> for each new row, whether its text is another than before; True for rows that came
    """

    source: str
    old: Table
    new: Table
    matched: Matched
    by: str
    to_old: Rows
    to_new: Rows
    changed: Mapping[str, NDArray[np.bool_]]

    def place(self, side: Table, row: int) -> Place:
        """Where a row stands."""
        texts = {n: side.columns[n].text_at(row) if n in side.columns else "" for n in OWN}
        return Place(self.source, texts["_usubjid"], texts["_file"], texts["_sheet"], int(texts["_row"] or 0))

    def cells(self, most: int | None = None) -> Iterator[RawCell]:
        """Cells that changed on rows of both builds, row by row."""
        names = [n for n in self.changed if n in self.old.columns]
        if not names:
            return
        grid = np.stack([self.changed[n][self.matched.rows_b] for n in names], axis=1)
        at, column = np.nonzero(grid)
        for i, j in zip(at[:most].tolist(), column[:most].tolist(), strict=True):
            yield self.cell(int(self.matched.rows_b[i]), names[j])

    def cell(self, new_row: int, name: str) -> RawCell:
        """One cell of a new row that was there before."""
        old_row = int(self.to_old[new_row])
        return RawCell(
            self.place(self.old, old_row), self.place(self.new, new_row), name.removeprefix("="),
            self.old.columns[name].text_at(old_row), self.new.columns[name].text_at(new_row),
        )  # fmt: skip

    @property
    def count(self) -> int:
        """Cells that changed on rows of both builds."""
        rows = self.matched.rows_b
        return sum(int(mask[rows].sum()) for name, mask in self.changed.items() if name in self.old.columns)

    @property
    def columns_new(self) -> list[str]:
        """Columns that came."""
        return [n for n in self.new.columns if n not in self.old.columns and n not in OWN]

    @property
    def columns_gone(self) -> list[str]:
        """Columns that went."""
        return [n for n in self.old.columns if n not in self.new.columns and n not in OWN]

    @property
    def is_same(self) -> bool:
        """Whether nothing came, went or changed."""
        m = self.matched
        return not (len(m.only_a) or len(m.only_b) or self.columns_new or self.columns_gone or self.count)


def raw_table(lineage: Lineage, source: str) -> Table:
    """A raw table as a build read it, all texts, with the places of its rows."""
    name = f"raw.{source}"
    columns: dict[str, Column] = {}
    for column in lineage.variables(name):
        values = lineage.column(name, column)
        columns[column] = Column(column, "Char", texts_of(values if column != "_row" else values.cast("string")))
    return Table(source, columns, lineage.count(name), lineage.folder, "parquet")


def compare_raw(old: Lineage, new: Lineage, source: str) -> RawChange:
    """Match the rows of a source by its declared key, where both builds have it; else rows of equal content first,
    the others by a key found in the whole table; and compare every cell."""
    a, b = raw_table(old, source), raw_table(new, source)
    key = [str(k) for k in new.graph["sources"].get(source, {}).get("key", ())]
    both = [n for n in a.columns if n in b.columns and n not in OWN]
    if key and all(k in both for k in key):
        matched, by = match_records(a, b, key, both), f"by {' '.join(key)} (declared)"
    else:
        matched, by = _by_content(a, b, both)
    to_old, to_new = np.full(b.records, -1, np.int64), np.full(a.records, -1, np.int64)
    to_old[matched.rows_b], to_new[matched.rows_a] = matched.rows_a, matched.rows_b
    changed: dict[str, NDArray[np.bool_]] = {}
    for name in b.columns:
        if name not in OWN:
            changed[name] = _changed(a.columns.get(name), b.columns[name], to_old)
    return RawChange(source, a, b, matched, by, to_old, to_new, changed)


def _changed(old: Column | None, new: Column, to_old: Rows) -> NDArray[np.bool_]:
    """For each new row whether its text is another; of a column that came, where there is a text."""
    if old is None:
        return np.asarray(new.values.present() | (to_old < 0))
    number = {text: code for code, text in enumerate(old.values.distinct())}
    to = np.full(len(new.values.distinct()) + 1, -1, np.int64)
    to[:-1] = [number.get(text, -2) for text in new.values.distinct()]
    before = old.values.take(to_old).data
    return np.asarray((to[new.values.data] != before) | (to_old < 0))


def _by_content(a: Table, b: Table, names: Sequence[str]) -> tuple[Matched, str]:
    first = match_records(a, b, names, ())
    exact_a, exact_b, left_a, left_b = first.rows_a, first.rows_b, first.only_a, first.only_b
    if not len(left_a) or not len(left_b):
        return paired([(exact_a, exact_b)], a.records, b.records), "by content"
    keys = find_keys(a, b, names)
    if not keys.names or keys.notes:
        return paired([(exact_a, exact_b)], a.records, b.records), "by content"
    rest = match_records(table_rows(a, left_a, keys.names), table_rows(b, left_b, keys.names), keys.names, ())
    pairs = [(exact_a, exact_b), (left_a[rest.rows_a], left_b[rest.rows_b])]
    return paired(pairs, a.records, b.records), f"by content, then by {' '.join(keys.names)} (found)"
