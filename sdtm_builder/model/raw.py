"""A raw table as read: every cell's text, what was missing, typed values, and where each row came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import Location
from .column import Vector

CELL_KINDS = ("text", "number", "date", "datetime", "time", "boolean", "error", "formula")
"""What a workbook said a cell is; the code in `RawTable.cells` is the index here."""


@dataclass(frozen=True, slots=True)
class Header:
    """Header texts of one column in one part: row name (`name`, `unit`, `label`...) -> text; its letter or number.

    first : the number of the first header row, as the spreadsheet shows it; 0 if not known
    """

    texts: Mapping[str, str]
    position: str = ""
    first: int = 0

    def row(self, name: str) -> int:
        """The number of a header row by its name, 0 if not known."""
        return self.first + list(self.texts).index(name) if self.first and name in self.texts else 0


@dataclass(frozen=True, slots=True)
class Part:
    """One file or sheet of a table: path as given, sheet name, SHA-256 of the file, headers by column name."""

    file: str
    sheet: str
    sha256: str
    headers: Mapping[str, Header]


@dataclass(frozen=True, eq=False, slots=True)
class Rows:
    """Where rows stood: index of the part and the row number as the spreadsheet shows it."""

    parts: tuple[Part, ...]
    part: NDArray[np.int32]
    number: NDArray[np.int32]

    def header(self, row: int, column: str, name: str) -> Location:
        """The place of the header cell above a row's cell, in the header row of this name."""
        part = self.parts[self.part[row]]
        head = part.headers.get(column, Header({}))
        return Location(file=part.file, sheet=part.sheet, row=head.row(name), column=head.texts.get("name", column))

    def location(self, row: int, column: str = "") -> Location:
        """The place of a row, or of a cell of it."""
        part = self.parts[self.part[row]]
        return Location(file=part.file, sheet=part.sheet, row=int(self.number[row]), column=column)


@dataclass(frozen=True, eq=False)
class RawTable:
    """A raw source of n rows.

    verbatim : column -> TEXT vector of the cell as shown, blanks at the ends gone, control characters made blanks
    texts : the same with the declared tokens of `missing` as missing
    values : what expressions see: a declared column's typed value (text that can't be read is missing), else `texts`
    cells : column -> int8 codes into CELL_KINDS, only for columns with a cell that is not a text
    rows : places
    facts : counts for the reconciliation: read, footer, filtered, duplicates ... by name
    """

    name: str
    verbatim: Mapping[str, Vector]
    texts: Mapping[str, Vector]
    values: Mapping[str, Vector]
    rows: Rows
    cells: Mapping[str, NDArray[np.int8]] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows.number)

    @property
    def columns(self) -> tuple[str, ...]:
        """Column names in the order of the files."""
        return tuple(self.texts)
