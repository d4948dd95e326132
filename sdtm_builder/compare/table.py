"""A dataset to compare, whatever file it came from: whole columns with what the file says of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..model import Vector

PADDED = ("xpt", "sas7bdat")
"""Kinds of files whose texts are padded with blanks, so that trailing blanks can't be told from padding."""

_DATES = re.compile(r"(DATE|E8601DA|IS8601DA|B8601DA|YYMMDD|MMDDYY|DDMMYY)[A-Z]?\d*\.\d*")
_MOMENTS = re.compile(r"(DATETIME|E8601DT|IS8601DT|B8601DT)\d*\.\d*")
_TIMES = re.compile(r"(TIME|E8601TM|IS8601TM|B8601TM)\d*\.\d*")


class TableError(Exception):
    """A file that can't be compared; the text says which and why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """A variable: TEXT or NUMBER values, and its attributes, each None where the kind of file has none.

    type : Char or Num; `untyped` where the file has no types and its texts stand for whatever they say
    special : letter of a special missing value (`.A`) of each record as its code point, 0 for none
    """

    name: str
    type: Literal["Char", "Num"]
    values: Vector
    label: str | None = None
    length: int | None = None
    format: str | None = None
    special: NDArray[np.uint8] | None = None
    untyped: bool = False

    def text_at(self, row: int) -> str:
        """The value of a record for people: "" missing, `.A` a special missing value, a SAS date in ISO 8601."""
        if self.special is not None and self.special[row]:
            return f".{chr(int(self.special[row]))}"
        if self.values.is_text:
            return self.values.text_at(row)
        return number_text(float(self.values.data[row]), self.format or "")


@dataclass(frozen=True, eq=False, slots=True)
class Table:
    """A dataset. kind : of the file (xpt, json, parquet, csv, sas7bdat); keys : those that the file itself names."""

    name: str
    columns: Mapping[str, Column]
    records: int
    file: Path
    kind: str
    label: str | None = None
    keys: tuple[str, ...] = ()

    def without_padding(self) -> Table:
        """The same without trailing blanks, as a SAS file has its texts."""
        return replace(self, columns={name: _unpadded(column) for name, column in self.columns.items()})


def _unpadded(column: Column) -> Column:
    values = column.values
    if not values.is_text or not any(str(text).endswith(" ") for text in values.distinct()):
        return column
    return replace(column, values=values.map_texts(lambda text: text.rstrip(" ")))


def number_text(value: float, format: str = "") -> str:
    """A number with all its digits, "" if missing; days and seconds since 1960 as ISO 8601 where the format says so."""
    if np.isnan(value):
        return ""
    if np.isinf(value) or value != int(value):
        return repr(value)
    said = format.upper()
    if _MOMENTS.fullmatch(said) and abs(value) < 2e11:
        return str(np.datetime64("1960-01-01T00:00:00") + int(value))
    if _DATES.fullmatch(said) and abs(value) < 2.5e6:
        return str(np.datetime64("1960-01-01") + int(value))
    if _TIMES.fullmatch(said) and 0 <= value < 86_400:
        return str(np.datetime64("1960-01-01T00:00:00") + int(value)).partition("T")[2]
    return str(int(value)) if abs(value) < 1e15 else repr(value)
