"""What a method works with: its records, its population in groups, its arguments on whole columns, and places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import expr
from ..issues import IssueLog, Location
from ..model import Kind, ListNode, Scalar, Vector
from .result import Behind
from .spec import Said, entries, scalars
from .table import Table

Mask = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Population:
    """Subjects in the order of their dataset, with their records there."""

    id: str
    title: str
    where: str
    table: Table
    subjects: tuple[str, ...]

    @property
    def n(self) -> int:
        """How many subjects."""
        return len(self.subjects)


@dataclass(frozen=True, eq=False)
class Group:
    """A column of subjects: `kind` group, part (of the group before it) or total; `members` over the population."""

    id: str
    label: str
    kind: str
    members: Mask

    @property
    def n(self) -> int:
        """How many subjects."""
        return int(self.members.sum())


@dataclass
class Values:
    """Evaluates expressions over tables: names are their variables, `study.NAME` constants."""

    constants: Mapping[str, tuple[Kind, str]]
    log: IssueLog

    def of(self, text: Scalar, table: Table) -> Vector:
        """The values of an expression that `check` has passed."""
        parsed = expr.parse(text.text)
        assert not isinstance(parsed, list), text

        def value_of(name: expr.Name) -> Vector:
            if len(name.parts) == 2:
                kind, said = self.constants[name.parts[1]]
                return Vector.constant(float(said) if kind is Kind.NUMBER else said, table.n)
            return table.columns[name.parts[0]]

        def on_issue(rule: str, mask: Mask, message: str) -> None:
            places = [record_place(table, int(r)) for r in np.flatnonzero(mask)[:100]]
            self.log.add("analysis-where", f"{message} ({rule})", *places, text.mark.place)

        return expr.evaluate(parsed, value_of, table.n, on_issue)

    def true(self, text: Scalar, table: Table) -> Mask:
        """Where a condition is true; unknown counts as not."""
        return np.asarray(self.of(text, table).data == 1)


def record_place(table: Table, row: int) -> Location:
    """A record as the place of an issue."""
    key = " ".join(f"{k}={table.columns[k].text_at(row)}" for k in table.keys)
    return Location(dataset=table.name, key=key)


@dataclass
class Setting:
    """One analysis at work.

    table : the records chosen by `where`, of subjects of the population alone
    other : another dataset's records of the population, by name
    """

    said: Said
    table: Table
    population: Population
    groups: list[Group]
    values: Values
    other: Callable[[str], Table | None]
    log: IssueLog
    behind: Behind = field(default_factory=Behind)

    # arguments

    def has(self, name: str) -> bool:
        """Whether an argument is said."""
        return name in self.said.items

    def text(self, name: str, otherwise: str = "") -> str:
        """A text."""
        return self.said.text(name) or otherwise

    def number(self, name: str, otherwise: float) -> float:
        """A number."""
        return float(self.text(name)) if self.has(name) else otherwise

    def numbers(self, name: str) -> list[float]:
        """One number or a list."""
        return [float(s.text) for s in scalars(self.said.items.get(name))]

    def flag(self, name: str) -> bool:
        """True where it says `true`."""
        return self.text(name) == "true"

    def ranges(self, name: str) -> dict[str, tuple[float, float]]:
        """Label -> low, high; an open end is infinite."""
        return {label: range_of(node) for label, node in entries(self.said.items.get(name)).items()}

    def texts(self, name: str) -> dict[str, str]:
        """Label -> text."""
        return {k: v.text for k, v in entries(self.said.items.get(name)).items() if isinstance(v, Scalar)}

    def truth(self, name: str, table: Table | None = None) -> Mask:
        """A condition over the records; not said: none of them."""
        text = self.said.scalar(name)
        mine = self.table if table is None else table
        return self.values.true(text, mine) if text is not None else np.zeros(mine.n, dtype=bool)

    def unknown(self, name: str) -> Mask:
        """Records for which a condition is neither true nor false."""
        return np.asarray(self.vector(name).data < 0)

    def truths(self, name: str) -> dict[str, Mask]:
        """Label -> condition over the records."""
        found = entries(self.said.items.get(name))
        return {k: self.values.true(v, self.table) for k, v in found.items() if isinstance(v, Scalar)}

    def vector(self, name: str, table: Table | None = None) -> Vector:
        """An expression or a variable over the records."""
        text = self.said.scalar(name)
        assert text is not None, name
        return self.values.of(text, self.table if table is None else table)

    def of_subjects(self, name: str) -> Vector:
        """An expression over the population's dataset, a value a subject."""
        return self.vector(name, self.population.table)

    def floats(self, name: str, table: Table | None = None) -> NDArray[np.float64]:
        """The same as numbers; texts that are numbers count (`1` of a grade), others and missing ones are NaN."""
        return floats_of(self.vector(name, table))

    def each(self, name: str) -> list[tuple[str, Mask]]:
        """Distinct values of variables in the order of their first records, with these; one "" if none is said.

        Records that miss one of them are left out, with a fault.
        """
        if not self.has(name):
            return [("", np.ones(self.table.n, dtype=bool))]
        vectors = [self.table.columns[v] for v in self.said.texts(name)]
        known = np.logical_and.reduce([v.present() for v in vectors])
        if not known.all():
            self.fault("analysis-data", f"no value of `{name}`: the record is left out.", np.flatnonzero(~known))
        at = np.flatnonzero(known)
        codes = np.zeros(len(at), dtype=np.int64)
        for vector in vectors:
            own = np.unique(vector.ranks()[at], return_inverse=True)[1]
            codes = np.unique(codes * (len(at) + 1) + own, return_inverse=True)[1]
        found = []
        for first in np.sort(np.unique(codes, return_index=True)[1]):
            mask = np.zeros(self.table.n, dtype=bool)
            mask[at[codes == codes[first]]] = True
            found.append((", ".join(v.text_at(int(at[first])) for v in vectors), mask))
        return found

    # subjects

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """USUBJID of the population."""
        out = np.empty(self.population.n, dtype=object)
        out[:] = self.population.subjects
        return out

    def subjects_of(self, rows: Mask, group: Group) -> Rows:
        """Places in the population of the group's subjects who have one of these records."""
        owners = np.unique(self.table.owner[rows])
        return owners[group.members[owners]] if len(owners) else owners

    def in_group(self, group: Group) -> Mask:
        """The records of a group's subjects."""
        return np.asarray(group.members[self.table.owner])

    def rest(self, rows: Mask | Rows, subjects: Rows | None = None, table: Table | None = None) -> int | None:
        """What a number rests on: records (by place or mask) and perhaps subjects (places in the population)."""
        mine = self.table if table is None else table
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        names = [] if subjects is None else [str(s) for s in self.names[subjects]]
        return self.behind.add(mine.name, mine.numbers[at], names)

    def fault(self, rule: str, message: str, rows: Sequence[int] | Rows = (), table: Table | None = None) -> None:
        """Record a fault of the data at records, and at the analysis."""
        mine = self.table if table is None else table
        places = [record_place(mine, int(r)) for r in list(rows)[:100]]
        self.log.add(rule, f"{self.said.id}: {message}", *places, self.said.mark.place)

    def by_subject(self, rows: Mask | Rows, table: Table | None = None) -> dict[int, Rows]:
        """Place of a subject in the population -> its records among these, in their order."""
        mine = self.table if table is None else table
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        owners = mine.owner[at]
        order = np.argsort(owners, kind="stable")
        found, starts = np.unique(owners[order], return_index=True)
        return dict(zip(found.tolist(), np.split(at[order], starts[1:]), strict=True)) if len(at) else {}

    def one_each(self, rows: Mask) -> Rows:
        """The one record of each subject among these; of subjects with several all are left out, with a fault."""
        at = np.flatnonzero(rows)
        owners, first, count = np.unique(self.table.owner[at], return_index=True, return_counts=True)
        several = owners[count > 1]
        if len(several):
            wrong = at[np.isin(self.table.owner[at], several)]
            self.fault("analysis-data", "several records of a subject where one is wanted: it is left out.", wrong)
        return np.sort(at[first[count == 1]])


def range_of(node: Any) -> tuple[float, float]:
    """[low, high] with an open end infinite."""
    assert isinstance(node, ListNode)
    low, high = (s.text for s in scalars(node))
    return (float(low) if low else -np.inf, float(high) if high else np.inf)


def floats_of(vector: Vector) -> NDArray[np.float64]:
    """Numbers of a column; of texts those that are numbers, of dates their days."""
    if vector.is_text:
        known = np.full(len(vector.distinct()) + 1, np.nan)
        for i, text in enumerate(vector.distinct()):
            known[i] = _float(str(text))
        return np.asarray(known[vector.data])
    return np.where(vector.present(), vector.data.astype(np.float64), np.nan)


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def label_array(vector: Vector) -> NDArray[np.object_]:
    """Each value as a text, None for missing."""
    if vector.is_text:
        return vector.strings()
    out = np.empty(len(vector), dtype=object)
    out[:] = [vector.text_at(i) or None for i in range(len(vector))]
    return out


def groups_of(said: Said, population: Population, values: Values) -> tuple[list[Group], int]:
    """The columns of an analysis: groups of `by` with their parts, then all; and how many subjects are in no group."""
    table = population.table
    groups: list[Group] = []
    outside = 0
    by = said.scalar("by")
    if by is not None:
        labels = label_array(values.of(by, table))
        order = said.scalar("order")
        ranks = table.columns[order.text].ranks() if order is not None else values.of(by, table).ranks()
        found = [one for one in dict.fromkeys(labels) if one is not None]
        found.sort(key=lambda one: (float(np.min(ranks[labels == one])), one))
        split = said.scalar("split")
        parts = label_array(values.of(split, table)) if split is not None else None
        for one in found:
            members = np.asarray(labels == one)
            groups.append(Group(f"g{len(groups) + 1}", str(one), "group", members))
            groups += _parts(str(one), members, parts, len(groups))
        outside = int(sum(one is None for one in labels))
    total = said.text("total")
    if total != "false":
        label = total if total not in ("", "true") else "Total"
        groups.append(Group("total", label, "total", np.ones(population.n, dtype=bool)))
    return groups, outside


def _parts(label: str, members: Mask, parts: NDArray[np.object_] | None, before: int) -> list[Group]:
    if parts is None:
        return []
    found = sorted({str(p) for p in parts[members] if p is not None})
    if len(found) < 2:
        return []
    return [Group(f"g{before + i + 1}", f"{label}, {one}", "part", members & (parts == one))
            for i, one in enumerate(found)]  # fmt: skip
