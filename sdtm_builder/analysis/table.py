"""A written dataset as analyses see it: whole columns of their kinds, with record numbers of the file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_DATE, MISSING_TIME, Kind, Vector
from ..xpt.layout import XptColumn
from ..xpt.reader import read_xpt

SAS_DAYS = 3653


@dataclass(frozen=True)
class Form:
    """What is known of a dataset before it is read: kinds of its variables, names of its keys."""

    kinds: Mapping[str, Kind]
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Table:
    """Records of a dataset. `numbers`: of the records in the file, from 1; `owner`: place of each one's subject in
    the population, empty where none is set; `labels`: of its variables."""

    name: str
    label: str
    file: str
    total: int
    keys: tuple[str, ...]
    columns: Mapping[str, Vector]
    numbers: NDArray[np.int64]
    owner: NDArray[np.int64]
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """How many records."""
        return len(self.numbers)

    def keep(self, rows: NDArray[Any]) -> Table:
        """Only these records (a mask or places), in the order given."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        columns = {name: vector.take(at) for name, vector in self.columns.items()}
        owner = self.owner[at] if len(self.owner) else self.owner
        return replace(self, columns=columns, numbers=self.numbers[at], owner=owner)


def read_table(path: Path, name: str, form: Form) -> Table:
    """Read a dataset from its transport file.

    path : the file, which stands in the folder `adam` of a build. form : kinds by variable; a variable that is not
    among them is a text or number as the file has it.
    Raises XptError where the file is damaged, OSError where it cannot be read.
    """
    read = read_xpt(path)
    columns = {c.name: _vector(c, form.kinds.get(c.name)) for c in read.columns}
    numbers = np.arange(1, read.records + 1, dtype=np.int64)
    keys = tuple(k for k in form.keys if k in columns)
    file = f"{path.parent.name}/{path.name}"
    labels = {c.name: c.label for c in read.columns}
    return Table(name, read.label, file, read.records, keys, columns, numbers, np.empty(0, dtype=np.int64), labels)


def _vector(column: XptColumn, kind: Kind | None) -> Vector:
    if column.numbers is None:
        assert column.codes is not None
        assert column.texts is not None
        texts = Vector.of_codes(column.codes.astype(np.int64), [str(t) for t in column.texts])
        return texts.as_kind(Kind.DTC) if kind is Kind.DTC else texts
    numbers = np.asarray(column.numbers, dtype=np.float64)
    present = ~np.isnan(numbers)
    filled = np.where(present, numbers, 0.0)
    if kind is Kind.DATE:
        return Vector(Kind.DATE, np.where(present, filled - SAS_DAYS, MISSING_DATE).astype(np.int32))
    if kind is Kind.DATETIME:
        return Vector(Kind.DATETIME, np.where(present, filled - SAS_DAYS * 86_400, MISSING_TIME).astype(np.int64))
    return Vector.of_numbers(numbers)
