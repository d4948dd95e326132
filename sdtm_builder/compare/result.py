"""What a comparison found: datasets, their records, attributes and cells that differ."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .files import Side
from .keys import Keys
from .match import Matched
from .nearly import Alike
from .table import Column, Table

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute that differs. variable : "" for the dataset's own; what : label, type, length, format, order."""

    variable: str
    what: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What lies behind a value of a build: its rule with file and line, method, raw cells; note: what is to be said."""

    rule: str = ""
    place: str = ""
    block: str = ""
    method: str = ""
    cells: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value that differs: key of the record, record numbers from 1, both values, and what lies behind each."""

    key: str
    record_a: int
    record_b: int
    a: str
    b: str
    origin_a: Origin | None = None
    origin_b: Origin | None = None


@dataclass(frozen=True, eq=False)
class VariableResult:
    """The cells of a variable on matched records.

    rows_a, rows_b : records whose values differ; within : differ, but by no more than the tolerance
    tolerance : as it was said, "" for none; largest : largest absolute difference, None for texts or where none is
    origins : what lies behind the first of them, as far as traced
    """

    a: Column
    b: Column
    compared: int
    rows_a: Rows
    rows_b: Rows
    within: int = 0
    tolerance: str = ""
    largest: float | None = None
    note: str = ""
    origins: list[tuple[Origin | None, Origin | None]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.a.name

    @property
    def differing(self) -> int:
        return len(self.rows_a)


@dataclass(eq=False)
class DatasetResult:
    """A dataset of both sides, compared.

    alike : records of one side alone that are like one of the other but for one key variable
    variables_a, variables_b : variables of one side alone; variables : those compared, keys apart
    """

    name: str
    a: Table
    b: Table
    keys: Keys
    matched: Matched
    alike: list[Alike] = field(default_factory=list)
    attributes: list[Attribute] = field(default_factory=list)
    variables_a: list[str] = field(default_factory=list)
    variables_b: list[str] = field(default_factory=list)
    variables: list[VariableResult] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def compared(self) -> int:
        """Cells compared."""
        return sum(v.compared for v in self.variables)

    @property
    def differing(self) -> int:
        """Cells that differ."""
        return sum(v.differing for v in self.variables)

    @property
    def equal(self) -> bool:
        """Whether nothing differs; a key that repeats alike on both sides is no difference, nor are remarks."""
        return not (
            self.attributes or self.variables_a or self.variables_b or self.differing
            or len(self.matched.only_a) or len(self.matched.only_b)
        )  # fmt: skip

    @cached_property
    def telling(self) -> tuple[str, ...]:
        """The keys that are shown: those that have more than one value; the last at least."""
        shown = tuple(k for k in self.keys.names if _varies(self.a.columns[k], self.b.columns[k]))
        return shown or self.keys.names[-1:]

    def key_of(self, side: Table, row: int) -> str:
        """The key of a record, for people."""
        if not self.keys.names:
            return f"record {row + 1}"
        return " ".join(f"{k}={side.columns[k].text_at(row)}" for k in self.telling)

    def alike_text(self, one: Alike) -> str:
        """Two records that differ in one key, for people: the other keys, then the key with both values."""
        rest = " ".join(
            f"{k}={self.a.columns[k].text_at(one.row_a)}" for k in self.telling if k != one.variable
        )
        a, b = (t.columns[one.variable].text_at(r) for t, r in ((self.a, one.row_a), (self.b, one.row_b)))
        return f'{rest}: {one.variable} "{a}" | "{b}"'

    def cells(self, variable: VariableResult, most: int | None = None) -> Iterator[Cell]:
        """The cells of a variable that differ, in the order of A; `most` of them at most."""
        count = variable.differing if most is None else min(most, variable.differing)
        for i in range(count):
            one, two = int(variable.rows_a[i]), int(variable.rows_b[i])
            origin = variable.origins[i] if i < len(variable.origins) else (None, None)
            key = self.key_of(self.a, one)
            yield Cell(key, one + 1, two + 1, variable.a.text_at(one), variable.b.text_at(two), *origin)


def _varies(a: Column, b: Column) -> bool:
    if not a.values.is_text or not b.values.is_text:
        return True
    first = {c.text_at(0) for c in (a, b) if len(c.values)}
    return len(first) > 1 or any(bool((c.values.data != c.values.data[0]).any()) for c in (a, b) if len(c.values))


@dataclass(eq=False)
class Comparison:
    """A whole comparison. faults : files that could not be compared and why; only_a, only_b : datasets of one side."""

    a: Side
    b: Side
    datasets: list[DatasetResult] = field(default_factory=list)
    only_a: Sequence[str] = ()
    only_b: Sequence[str] = ()
    faults: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def equal(self) -> bool:
        """Whether nothing differs and nothing is left uncompared."""
        return not (self.only_a or self.only_b or self.faults) and all(d.equal for d in self.datasets)
