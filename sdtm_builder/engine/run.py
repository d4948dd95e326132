"""One build: records and variables made when they are needed, each once; issues with both places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, Severity
from ..model import Kind, Mark, RawTable, StudySpec, Vector
from ..raw.subjects import subject_numbers
from ..registry import Context
from .above import entry_places
from .beside import Beside
from .context import RunContext, decodes
from .datetimes import read_column
from .frames import Frame, Members, Scene, WholeFrame, frame_rows, whole_table
from .graph import Graph
from .joins import CompiledJoin
from .keys import match_codes
from .notes import Notes
from .order import total_order
from .plan import Plan
from .records import entry_values, header_texts, make_frame, test_constants
from .refs import Field, Ref, leaves
from .tables import DatasetView, RawView, Table

T = TypeVar("T")
CAP = 10_000
SAMPLE = 1_000


@dataclass
class Run:
    """The state of one build.

    plan : the checked specification; raw : tables read; given : ready datasets; log : takes issues
    subjects : source -> USUBJID of each row; visits : (source, what) -> values of each row
    """

    plan: Plan
    raw: Mapping[str, RawTable]
    log: IssueLog
    given: Mapping[str, Mapping[str, Vector]] = field(default_factory=dict)
    subjects: Mapping[str, Vector] = field(default_factory=dict)
    visits: Mapping[tuple[str, str], Vector] = field(default_factory=dict)
    register: Any = None
    frames: dict[tuple[str, str], Frame] = field(default_factory=dict)
    notes: Notes = field(default_factory=Notes)
    unknowns: dict[Mark, int] = field(default_factory=dict)
    not_done_cells: dict[str, dict[str, NDArray[np.bool_]]] = field(default_factory=dict)
    kept: dict[tuple[str, str, tuple[int, ...]], tuple[Any, Any]] = field(default_factory=dict)
    beside: Beside = field(default_factory=dict)
    _values: dict[tuple[str, str, str], Vector] = field(default_factory=dict)
    _joins: dict[tuple[str, str, str], tuple[Table, NDArray[np.int64]]] = field(default_factory=dict)
    _fitting: dict[tuple[str, str], NDArray[np.bool_]] = field(default_factory=dict)
    _tables: dict[str, Table] = field(default_factory=dict)
    _current: list[tuple[str, str, str]] = field(default_factory=list)
    _orders: dict[str, NDArray[np.int64]] = field(default_factory=dict)
    _dates: dict[str, Vector] = field(default_factory=dict)
    _subject_rows: dict[str, dict[str, int]] = field(default_factory=dict)
    _several: set[str] = field(default_factory=set)

    @cached_property
    def graph(self) -> Graph:
        """What needs what."""
        return Graph(self.plan)

    @property
    def study(self) -> StudySpec:
        """The study's specification."""
        return self.plan.study

    # tables and records

    def table(self, key: str, block_of: str = "") -> Table:
        """A table by its key."""
        if key not in self._tables:
            prefix, _, rest = key.partition(".")
            if prefix == "raw" and rest:
                self._tables[key] = RawView(self, self.raw[rest])
            else:
                name, _, block = key.partition("/")
                self._tables[key] = DatasetView(self, name, block)
        return self._tables[key]

    def frame(self, dataset: str, block: str) -> Frame:
        """The records of a block."""
        key = (dataset, block)
        if key not in self.frames:
            self.frames[key] = make_frame(self, self.plan.datasets[dataset].blocks[block])
        return self.frames[key]

    def whole(self, dataset: str) -> WholeFrame:
        """All records of a dataset."""
        blocks = {b: self.frame(dataset, b) for b in self.plan.datasets[dataset].spec.blocks}
        return WholeFrame(self, dataset, blocks)

    def count(self, dataset: str, block: str = "") -> int:
        """How many records a dataset or a block of it has."""
        if dataset in self.given:
            return len(next(iter(self.given[dataset].values()), Vector.missing_of(Kind.TEXT, 0)))
        if block:
            return self.frame(dataset, block).n
        return sum(self.frame(dataset, b).n for b in self.plan.datasets[dataset].spec.blocks)

    def release(self) -> None:
        """Let go of all records and values; which files the raw tables came from stays known."""
        for held in (self._values, self._joins, self._fitting, self._tables, self._orders, self._dates, self.frames,
                     self._subject_rows, self.kept, self.beside, self.not_done_cells):  # fmt: skip
            held.clear()
        self.notes, self.subjects, self.visits = Notes(), {}, {}
        empty: dict[str, Any] = {"values": {}, "texts": {}, "verbatim": {}, "cells": {}, "facts": {}}
        self.raw = {name: replace(table, **empty) for name, table in self.raw.items()}

    # values

    def variable(self, dataset: str, block: str, name: str) -> Vector:
        """A variable of a dataset, of all its records or of a block's; missing where no rule makes it."""
        key = (dataset, block, name)
        if key not in self._values:
            if dataset in self.given:
                self._values[key] = self.given[dataset][name]
            elif block:
                self._values[key] = self._make(dataset, block, name)
            else:
                parts = [self.variable(dataset, b, name) for b in self.plan.datasets[dataset].spec.blocks]
                kind = self.plan.datasets[dataset].kind(name) or Kind.TEXT
                self._values[key] = Vector.concat(parts) if parts else Vector.missing_of(kind, 0)
        return self._values[key]

    def hold_once(self, dataset: str) -> None:
        """Of a finished dataset, values that are held for all its records are held for each block as a part of them."""
        blocks = list(self.plan.datasets[dataset].spec.blocks)
        for name in [n for d, b, n in self._values if d == dataset and not b]:
            whole, start = self._values[dataset, "", name], 0
            for key in [(dataset, b, name) for b in blocks]:
                part = self.variable(*key)
                self._values[key] = Vector(part.kind, whole.data[start : start + len(part)], whole.texts)
                start += len(part)

    def _make(self, dataset: str, block: str, name: str) -> Vector:
        plan = self.plan.datasets[dataset]
        frame = self.frame(dataset, block)
        if (dataset, block, name) in self._values:
            return self._values[(dataset, block, name)]
        kind = plan.kind(name) or Kind.TEXT
        if name in plan.built_in:
            return self._built_in(plan.spec.domain, frame, name)
        made = plan.rule(block, name)
        if made is not None and made.whole:
            everything = self.making(dataset, "", name, lambda: made.run(self.whole(dataset)))
            start = 0
            for other in plan.spec.blocks:
                n = self.frame(dataset, other).n
                if plan.rule(other, name) is made:
                    self._values[(dataset, other, name)] = everything.take(np.arange(start, start + n))
                start += n
            return self._values[(dataset, block, name)]

        def make() -> Vector:
            value = made.run(frame) if made is not None else Vector.missing_of(kind, frame.n)
            return self._by_test(plan, frame, block, name, value)

        value = self.making(dataset, block, name, make)
        if value.is_text and kind in (Kind.TEXT, Kind.DTC):
            value = value.as_kind(kind)
        return value

    def making(self, dataset: str, block: str, name: str, make: Callable[[], T]) -> T:
        """Run something under the name of the variable that it makes, for issues and lineage."""
        self._current.append((dataset, block, name))
        try:
            return make()
        finally:
            self._current.pop()

    @property
    def current(self) -> tuple[str, str, str]:
        """Dataset, block ("" for all of them) and variable that are being made."""
        return self._current[-1] if self._current else ("", "", "")

    def keep_records(self, dataset: str, block: str, rows: NDArray[np.int64]) -> None:
        """Of all that was made of a block, what belongs to the records that it keeps."""
        for key in [k for k in self._values if k[:2] == (dataset, block)]:
            self._values[key] = self._values[key].take(rows)
            self.notes.keep(key, rows)

    def keep_value(self, dataset: str, block: str, name: str, value: Vector) -> None:
        """Store a variable that was made while its records were."""
        self._values[(dataset, block, name)] = value

    def _by_test(self, plan: Any, frame: Frame, block: str, name: str, value: Vector) -> Vector:
        """Values that a transposed column or a test says."""
        own = plan.blocks[block]
        if frame.entry is not None:
            value = entry_values(self, own, frame, name, value)
        if any(name in t.constants for t in plan.spec.tests.values()):
            value = test_constants(self, plan, block, name, value)
        return value

    def _built_in(self, domain: str, frame: Frame, name: str) -> Vector:
        if name == "STUDYID":
            return Vector.constant(self.study.id, frame.n)
        if name == "DOMAIN":
            return Vector.constant(domain, frame.n)
        return frame.usubjid()

    def owner(self, dataset: str) -> Vector:
        """For each record of a dataset what its --SEQ is unique within, the same for all where there is no such."""
        plan = self.plan.datasets[dataset]
        name = plan.owner()
        if name == "USUBJID":
            return self.whole(dataset).usubjid()
        return self.variable(dataset, "", name) if name else Vector.constant(dataset, self.count(dataset))

    def of_subject(self, dataset: str, name: str, usubjid: Vector) -> Vector:
        """A variable of the one record that each subject has in a dataset; several are an issue, and missing."""
        table = self.table(dataset)
        left, right, count = match_codes([usubjid], [table.vector("USUBJID")])
        place = np.full(count + 1, -1, dtype=np.int64)
        known = np.flatnonzero(right >= 0)
        place[right[known]] = known
        several = np.append(np.bincount(right[known], minlength=count) > 1, False)
        if several.any():
            place[several] = -1
            if dataset not in self._several:
                self._several.add(dataset)
                message = f"Several records of a subject in {dataset}: where one is wanted, the value is missing."
                self.issue(whole_table(self, table), "several-per-subject", several[right], message)
        return table.vector(name).take(np.where(left >= 0, place[left], -1))

    def dataset_join(self, dataset: str, block: str, name: str) -> tuple[Table, NDArray[np.int64]]:
        """A join of `join:` in a dataset, for one block; `check_orphans` follows when all are done."""
        key = (dataset, block, name)
        if key not in self._joins:
            plan = self.plan.datasets[dataset]
            join = plan.joins[name]
            table = self.join_table(join)
            frame = self.frame(dataset, block)
            only = {b.text for b in join.spec.blocks}
            fitting = self._fitting.setdefault((dataset, name), np.zeros(table.n, dtype=bool))
            index = np.full(frame.n, -1, dtype=np.int64)
            if not only or block in only:
                index = join.run(frame, table, fitting)
            self._joins[key] = (table, index)
        return self._joins[key]

    def check_orphans(self, dataset: str) -> None:
        """Rows that fit no record of any block, for the joins of a dataset to which they are an issue."""
        plan = self.plan.datasets[dataset]
        for name, join in plan.joins.items():
            for block in plan.spec.blocks if join.spec.orphans == "issue" else ():
                self.dataset_join(dataset, block, name)
            if (dataset, name) in self._fitting:
                whole = self.whole(dataset)
                join.orphans(whole, self.join_table(join), self._fitting[(dataset, name)])

    def made_join(self, dataset: str, block: str, name: str) -> tuple[Table, NDArray[np.int64]] | None:
        """A join of `join:` in a dataset, None where no rule needed it."""
        return self._joins.get((dataset, block, name))

    def is_made(self, dataset: str, name: str) -> bool:
        """Whether a variable has been made for all blocks of a dataset; the date of a parameter for one of them."""
        blocks = self.plan.datasets[dataset].spec.blocks
        made = [(dataset, b, name) in self._values for b in blocks]
        return all(made) or any(m and name in b.derive for m, b in zip(made, blocks.values(), strict=True))

    def join_table(self, join: CompiledJoin) -> Table:
        """The other table of a join."""
        return join.inline if join.inline is not None else self.table(join.form.key)

    def usubjid_of(self, source: str) -> Vector:
        """USUBJID of each row of a raw source."""
        return self.subjects[source]

    def visit_fact(self, source: str, what: str) -> Vector | None:
        """VISITNUM, VISIT, VISITDY of each row of a raw source."""
        return self.visits.get((source, what))

    def row_dates(self, source: str) -> Vector:
        """The date of each row by the source's `date`, full dates only; missing where none is declared."""
        spec, n = self.study.raw[source], len(self.raw[source])
        if spec.date is None:
            return Vector.missing_of(Kind.DATE, n)
        if source not in self._dates:
            self._dates[source] = read_column(self, source, spec.date, spec.date_formats)
        return self._dates[source]

    def earlier_rows(self, source: str) -> NDArray[np.bool_]:
        """Rows under a subject number that is not the person's last."""
        numbers = subject_numbers(self.raw[source], self.study.raw[source], IssueLog())
        left, right, count = match_codes([numbers], [self.register.numbers])
        old = np.zeros(count + 1, dtype=bool)
        old[right[~self.register.last]] = True
        return np.asarray(np.where(left >= 0, old[left], False))

    def members(self, scene: Scene) -> Members:
        """Rows of each group of a grouped block."""
        frame, rows = frame_rows(scene)
        assert frame.members is not None
        return frame.members if frame is scene else frame.members.at(rows)

    def header_texts(self, scene: Scene, row: str) -> Vector:
        """The text of a header row above each record's result."""
        frame, rows = frame_rows(scene)
        return header_texts(self, frame, row).take(rows)

    def cell_kinds(self, scene: Scene, ref: Ref) -> NDArray[np.int64] | None:
        """Kinds of the workbook's cells behind a column, None where all are texts."""
        inner = leaves(ref)
        rows = None
        while not isinstance(scene, Frame):
            if not hasattr(scene, "rows"):
                return None
            rows = scene.rows if rows is None else scene.rows[rows]
            scene = scene.parent  # type: ignore[attr-defined]
        if not isinstance(inner, Field):
            return None
        table, index = scene.joined(inner.via) if inner.via else (scene.base, scene.index)
        kinds = table.cells(inner.column)
        if kinds is None:
            return None
        found = np.where(index >= 0, kinds[index], 0).astype(np.int64)
        return found if rows is None else found[rows]

    def epoch(self, scene: Scene, ref: Ref) -> int:
        """The date system of the workbook behind a column: 1900 or 1904."""
        inner = leaves(ref)
        if isinstance(inner, Field) and inner.table.startswith("raw."):
            table = self.raw.get(inner.table[4:])
            return int(table.facts.get("epoch", 1900)) if table is not None else 1900
        return 1900

    # order

    def order(self, dataset: str) -> NDArray[np.int64]:
        """The place of each record in the dataset's total order."""
        if dataset not in self._orders:
            rows = total_order(self, self.plan.datasets[dataset])
            place = np.empty(len(rows), dtype=np.int64)
            place[rows] = np.arange(len(rows))
            self._orders[dataset] = place
        return self._orders[dataset]

    # issues

    def issue(
        self,
        scene: Scene,
        rule: str,
        rows: NDArray[Any],
        message: str,
        refs: Iterable[Ref] = (),
        mark: Mark | None = None,
        values: Vector | None = None,
        expectation: str = "",
    ) -> None:
        """An issue at each of `rows` (a mask); notes are one for each distinct value, with their places."""
        hits = np.flatnonzero(rows) if rows.dtype == bool else rows
        if not len(hits):
            return
        refs = list(refs)
        place = [mark.place] if mark is not None and mark.file else []
        if self.log.severity_of(rule, expectation) is Severity.NOTE:
            for value, at, count in by_value(hits, values):
                places = [p for row in at for p in self.places(scene, int(row), refs)]
                told = f" ({count} records)" if count > 1 else ""
                self.log.add(rule, message.replace("{value}", value) + told, *dict.fromkeys(places), *place,
                             value=value, expectation=expectation)  # fmt: skip
            return
        for row in hits[:CAP]:
            value = values.text_at(int(row)) if values is not None else ""
            found = self.places(scene, int(row), refs)
            self.log.add(rule, message.replace("{value}", value), *found, *place, value=value, expectation=expectation)
        if len(hits) > CAP:
            self.log.add(rule, f"{message} ({len(hits) - CAP} more records)", *place, expectation=expectation,
                         records=len(hits) - CAP)  # fmt: skip

    def issue_with(
        self,
        scene: Scene,
        rule: str,
        rows: NDArray[np.bool_],
        message: str,
        refs: Iterable[Ref],
        mark: Mark,
        other: Scene,
        left: NDArray[np.int64],
        right: NDArray[np.int64],
    ) -> None:
        """An issue at records, with the rows of another table that belong to it."""
        for row in np.flatnonzero(rows)[:CAP]:
            found = self.places(scene, int(row), refs)
            for r in right[left == row][:20]:
                found += other.places(int(r), [])
            self.log.add(rule, message, *dict.fromkeys(found), mark.place)

    def places(self, scene: Scene, row: int, refs: Iterable[Ref]) -> list[Location]:
        """Raw cells, or the dataset's record where there are none."""
        found = scene.places(row, refs)
        if found or not self._current:
            return found
        dataset, _, name = self._current[-1]
        return [Location(dataset=dataset, variable=name)]

    def variable_places(self, dataset: str, block: str, name: str, row: int) -> list[Location]:
        """The raw cells behind a variable at a record."""
        plan = self.plan.datasets.get(dataset)
        if plan is not None and block:
            found = entry_places(self, self.frame(dataset, block), name, row)
            if found is not None:
                return found
        made = plan.rule(block, name) if plan is not None and block and name not in plan.built_in else None
        if made is None or not made.refs:
            return []
        if (dataset, block, name) not in self._values:
            return []
        others = [r for r in made.refs if getattr(leaves(r), "name", "") != name]
        return self.frame(dataset, block).places(row, others)

    def subject_places(self, dataset: str, name: str, usubjid: str) -> list[Location]:
        """The raw cells behind a variable of the one record that a subject has in a dataset; none of a given one."""
        if dataset in self.given or not usubjid:
            return []
        table = self.table(dataset)
        if dataset not in self._subject_rows:
            subjects = table.vector("USUBJID").strings()
            self._subject_rows[dataset] = {str(s): row for row, s in enumerate(subjects) if s is not None}
        row = self._subject_rows[dataset].get(usubjid)
        return table.places(row, [name]) if row is not None else []

    def record_places(self, dataset: str, block: str, row: int, columns: Sequence[str]) -> list[Location]:
        """The raw cells behind variables of a record of a dataset."""
        if dataset in self.given:
            return [Location(dataset=dataset, variable=c) for c in columns]
        blocks = [block] if block else list(self.plan.datasets[dataset].spec.blocks)
        for name in blocks:
            frame = self.frame(dataset, name)
            if row < frame.n:
                found = [p for c in columns for p in self.variable_places(dataset, name, c, row)]
                return found or frame.base.places(int(frame.index[row]), [])
            row -= frame.n
        return []

    def unknown_where(self, scene: Scene, count: int, mark: Mark) -> None:
        """Count rows for which a condition is unknown: a note at its YAML line, since they do not count as true."""
        if count:
            self.unknowns[mark] = self.unknowns.get(mark, 0) + count
            rows = "1 row" if count == 1 else f"{count} rows"
            self.log.add("where-undecided", f"`where` is unknown for {rows}: none of them counts.", mark.place)

    # lineage of summaries

    def note_winners(self, scene: Scene, reducer: Any, rows: NDArray[np.int64], picked: NDArray[np.int64]) -> None:
        """Remember which records gave a summary's values: `picked` of the candidates `rows` (table, row)."""
        self._look(reducer, rows)
        place = self._noted(scene)
        if place is not None:
            safe = np.where(picked >= 0, picked, 0)
            table = np.where(picked >= 0, rows[safe, 0], -1) if len(rows) else np.full(len(picked), -1)
            won = np.where(picked >= 0, rows[safe, 1], -1) if len(rows) else np.full(len(picked), -1)
            self.notes.won(*place, [(s.table, s.column) for s in reducer.sides], table, won)

    def note_members(
        self, scene: Scene, reducer: Any, group: NDArray[np.int64], rows: NDArray[np.int64], spread: NDArray[np.int64]
    ) -> None:
        """Remember what was counted or added up: `group` of the candidates `rows`, `spread` that of each record."""
        self._look(reducer, rows)
        place = self._noted(scene)
        if place is not None:
            tables = [(s.table, s.column) for s in reducer.sides]
            self.notes.gather(*place, tables, spread, group, rows[:, 0], rows[:, 1])

    def note_groups(self, scene: Scene, rows: NDArray[np.int64], group: NDArray[np.int64]) -> None:
        """Remember the groups from which a rule that sees the whole dataset chose its records."""
        if self._current and not self._current[-1][1] and isinstance(scene, WholeFrame):
            table = np.zeros(len(rows), dtype=np.int64)
            self.notes.gather(self._current[-1], scene.n, rows, [(scene.dataset, "")], group, group, table, rows)

    def _look(self, reducer: Any, rows: NDArray[np.int64]) -> None:
        for number, side in enumerate(reducer.sides):
            source = side.table.removeprefix("raw.")
            if source in self.raw and side.table != source and not side.own:
                self.notes.look(source, len(self.raw[source]), rows[rows[:, 0] == number, 1])

    def _noted(self, scene: Scene) -> tuple[tuple[str, str, str], int, NDArray[np.int64]] | None:
        """The variable that is being made, its block's number of records, and which of them the scene has."""
        rows = np.arange(scene.n, dtype=np.int64)
        while not isinstance(scene, Frame):
            if not hasattr(scene, "rows") or not hasattr(scene, "parent"):
                return None
            rows, scene = scene.rows[rows], scene.parent
        dataset, block, _ = self._current[-1] if self._current else ("", "", "")
        if (scene.dataset, scene.block) != (dataset, block) or not dataset:
            return None
        if scene.part is None:
            return self._current[-1], scene.n, rows
        return self._current[-1], self.frame(dataset, block).n, scene.part[rows]

    def decodes(self, dataset: str, variable: str) -> Mapping[str, str]:
        """Term -> decode of a variable, the study's own lists included."""
        return decodes(self.plan, dataset, variable)

    def context(
        self, scene: Scene, dataset: Any, target: Any, refs: Sequence[Ref], mark: Mark,
        named: Mapping[str, Sequence[Ref]] | None = None,
    ) -> Context:  # fmt: skip
        """What a derivation may know. named : its arguments by name."""
        return RunContext(
            self, scene, dataset.name, dataset.letters, scene.n, self.study, dataset.tests, list(refs), mark,
            named or {},
        )  # fmt: skip


def by_value(hits: NDArray[np.int64], values: Vector | None) -> Iterator[tuple[str, NDArray[np.int64], int]]:
    """Rows grouped by their value: the value as text, the first rows of it, how many there are."""
    if values is None:
        yield "", hits[:SAMPLE], len(hits)
        return
    found = values.data[hits]
    order = np.argsort(found, kind="stable")
    _, starts = np.unique(found[order], return_index=True)
    for rows in np.split(hits[order], starts[1:]):
        yield values.text_at(int(rows[0])), rows[:SAMPLE], len(rows)
