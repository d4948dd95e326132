"""Where a rule runs: the records of a block with their source rows and joins, and pairs of records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..issues import Location
from ..model import Kind, Vector
from .above import cell_places, is_cell
from .notes import Left
from .refs import Constant, Field, Mine, OfSubject, Other, Ref, RowFact, Variable, leaves
from .tables import Flavour, Table

if TYPE_CHECKING:
    from .run import Run

Index = NDArray[np.int64]


@dataclass(frozen=True)
class Members:
    """Which source rows make each record of a group: rows of record i are `rows[start[i]:start[i+1]]`."""

    start: Index
    rows: Index

    def at(self, records: Index) -> Members:
        """Those of some records."""
        start = np.concatenate([[0], np.cumsum(np.diff(self.start)[records])]).astype(np.int64)
        parts = [self.rows[self.start[r] : self.start[r + 1]] for r in records]
        return Members(start, np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64))


class Scene:
    """Values of resolved names for n records."""

    run: Run
    n: int

    def value(self, ref: Ref, flavour: Flavour = "value") -> Vector:
        """The values of a name, one a record."""
        raise NotImplementedError

    def places(self, row: int, refs: Iterable[Ref]) -> list[Location]:
        """The raw cells behind these names at a record."""
        return []


@dataclass
class Frame(Scene):
    """The records of a block while it is made and after; `dataset` "" for a bare table.

    index : row of `base` for each record; for a group the first of its members
    joins : name -> (table, row of it or -1)
    entry : code of the transposed column for each record
    left : what each step left out; part : where this is a part of the block's finished frame, its rows there
    """

    run: Run
    base: Table
    index: Index
    dataset: str = ""
    block: str = ""
    joins: dict[str, tuple[Table, Index]] = field(default_factory=dict)
    entry: NDArray[np.int64] | None = None
    cell: Vector | None = None
    cell_column: str = ""
    members: Members | None = None
    counts: dict[str, int] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    part: Index | None = None
    _memo: dict[tuple[Ref, str], Vector] = field(default_factory=dict)

    @property
    def n(self) -> int:  # type: ignore[override]
        """How many records."""
        return len(self.index)

    def value(self, ref: Ref, flavour: Flavour = "value") -> Vector:
        key = (ref, flavour)
        if key not in self._memo:
            self._memo[key] = self._value(ref, flavour)
        return self._memo[key]

    def forget(self) -> None:
        """Let go of the values that were kept for the rules of this dataset, once it is finished."""
        self._memo.clear()

    def _value(self, ref: Ref, flavour: Flavour) -> Vector:
        ref = leaves(ref)
        if isinstance(ref, Field):
            table, index = self.joined(ref.via) if ref.via else (self.base, self.index)
            return self._taken(table.vector(ref.column, flavour), index, table)
        if isinstance(ref, Variable):
            return self.run.variable(self.dataset, self.block, ref.name)
        if isinstance(ref, OfSubject):
            return self.run.of_subject(ref.dataset, ref.name, self.usubjid())
        if isinstance(ref, RowFact):
            if ref.what == "cell":
                assert self.cell is not None
                return self.cell
            return self._taken(self.base.fact(ref.what), self.index, self.base)
        if isinstance(ref, Constant):
            return constant_vector(ref, self.n)
        raise TypeError(f"no value for {ref}")

    def _taken(self, vector: Vector, index: Index, table: Table) -> Vector:
        if len(index) == table.n and table.n and index[0] == 0 and index[-1] == table.n - 1 and _is_range(index):
            return vector
        return vector.take(index)

    def joined(self, name: str) -> tuple[Table, Index]:
        """Table and rows of a join, of the block or of the dataset."""
        if name not in self.joins:
            return self.run.dataset_join(self.dataset, self.block, name)
        return self.joins[name]

    def usubjid(self) -> Vector:
        """USUBJID of each record."""
        return self._taken(self.base.usubjid(), self.index, self.base)

    def places(self, row: int, refs: Iterable[Ref]) -> list[Location]:
        found: list[Location] = []
        beside: list[Location] = []
        for ref in refs:
            ref = leaves(ref)
            if isinstance(ref, Field):
                table, index = self.joined(ref.via) if ref.via else (self.base, self.index)
                if index[row] >= 0:
                    found += table.places(int(index[row]), [ref.column])
            elif isinstance(ref, Variable):
                found += self.run.variable_places(self.dataset, self.block, ref.name, row)
            elif isinstance(ref, OfSubject):
                beside += self.run.subject_places(ref.dataset, ref.name, self.usubjid().text_at(row))
            elif is_cell(ref):
                found += cell_places(self.run, self, row, ref)
        if not found and self.index[row] >= 0:
            found = self.base.places(int(self.index[row]), [])
        return list(dict.fromkeys([*found, *beside]))

    def leave(self, step: str, why: str, mask: NDArray[np.bool_]) -> None:
        """Remember what a step leaves out, with the source rows behind it."""
        if mask.any():
            self.left.append(Left(step, why, int(mask.sum()), self.source_rows(mask), None, self.base))

    def source_rows(self, mask: NDArray[np.bool_]) -> Index:
        """The source rows behind some records."""
        if self.members is None:
            return self.index[mask]
        return self.members.rows[np.repeat(mask, np.diff(self.members.start))]

    def keep(self, mask: NDArray[np.bool_]) -> Frame:
        """The same frame with the records of a mask only."""
        return self.at(np.flatnonzero(mask))

    def at(self, rows: Index) -> Frame:
        """The same frame with these records, in this order."""
        members = None if self.members is None else self.members.at(rows)
        return Frame(
            self.run, self.base, self.index[rows], self.dataset, self.block,
            {k: (t, i[rows]) for k, (t, i) in self.joins.items()},
            None if self.entry is None else self.entry[rows],
            None if self.cell is None else self.cell.take(rows), self.cell_column, members, self.counts, self.left,
        )  # fmt: skip


@dataclass
class WholeFrame(Scene):
    """All records of a dataset at once, for rules that must see them together."""

    run: Run
    dataset: str
    blocks: Mapping[str, Frame]

    @property
    def n(self) -> int:  # type: ignore[override]
        """How many records."""
        return sum(f.n for f in self.blocks.values())

    def value(self, ref: Ref, flavour: Flavour = "value") -> Vector:
        ref = leaves(ref)
        if isinstance(ref, Variable):
            return self.run.variable(self.dataset, "", ref.name)
        if isinstance(ref, Constant):
            return constant_vector(ref, self.n)
        if isinstance(ref, OfSubject):
            return self.run.of_subject(ref.dataset, ref.name, self.run.variable(self.dataset, "", "USUBJID"))
        return Vector.concat([f.value(ref, flavour) for f in self.blocks.values()])

    def usubjid(self) -> Vector:
        """USUBJID of each record."""
        return self.run.variable(self.dataset, "", "USUBJID")

    def places(self, row: int, refs: Iterable[Ref]) -> list[Location]:
        for frame in self.blocks.values():
            if row < frame.n:
                return frame.places(row, refs)
            row -= frame.n
        return []


@dataclass
class PairFrame(Scene):
    """Pairs of records of two scenes."""

    run: Run
    left: Scene
    left_rows: Index
    right: Scene
    right_rows: Index

    @property
    def n(self) -> int:  # type: ignore[override]
        """How many pairs."""
        return len(self.left_rows)

    def value(self, ref: Ref, flavour: Flavour = "value") -> Vector:
        if isinstance(ref, Mine):
            return self.left.value(ref.ref, flavour).take(self.left_rows)
        if isinstance(ref, Other):
            return self.right.value(ref.ref, flavour).take(self.right_rows)
        if isinstance(ref, Constant):
            return constant_vector(ref, self.n)
        raise TypeError(f"no side for {ref}")


def constant_vector(ref: Constant, n: int) -> Vector:
    """A constant of the study as a column of its kind."""
    if ref.kind is Kind.DATE:
        return Vector.constant(int(np.datetime64(ref.value, "D").astype(np.int64)), n, Kind.DATE)
    if ref.kind is Kind.NUMBER:
        return Vector.constant(float(ref.value), n)
    return Vector.constant(ref.value, n)


def _is_range(index: Index) -> bool:
    return bool((np.diff(index) == 1).all())


def frame_rows(scene: Scene) -> tuple[Frame, Index]:
    """The block's frame behind a scene, and which of its records the scene has."""
    rows = np.arange(scene.n, dtype=np.int64)
    while not isinstance(scene, Frame):
        rows, scene = scene.rows[rows], scene.parent  # type: ignore[attr-defined]
    return scene, rows


def whole_table(run: Run, table: Table) -> Frame:
    """A table's rows as a frame of their own."""
    return Frame(run, table, np.arange(table.n, dtype=np.int64))
