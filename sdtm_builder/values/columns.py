"""Whole columns read as dates, times and numbers: values, and at each row the rule to report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from .dates import DateReading, combine, read_dates, read_times
from .formats import Formats
from .numbers import read_numbers


@dataclass(frozen=True, eq=False, slots=True)
class Reading:
    """A column read. `rule` has for each row an index into `rules`, -1 where there is nothing to report."""

    values: Vector
    rule: NDArray[np.int8]
    rules: tuple[str, ...]

    def rows(self, rule: str) -> NDArray[np.intp]:
        """The rows of a rule."""
        return np.flatnonzero(self.rule == self.rules.index(rule)) if rule in self.rules else np.empty(0, np.intp)


def date_column(
    column: Vector,
    formats: Formats,
    cells: NDArray[np.int8] | None = None,
    epochs: NDArray[np.int16] | None = None,
) -> Reading:
    """A text column as DTC.

    cells : the kind of each cell (RawTable.cells), None if all are texts. epochs : the date system of each row's
    workbook, None if 1900. Rules of `read_dates`, and `date-format` for the dates in a declared format that is not
    the one most of the column's dates have.
    """

    def read(texts: Sequence[str], kinds: Sequence[int], years: Sequence[int]) -> DateReading:
        return read_dates(texts, formats, kinds, years)

    return _read_column(column, read, "date-format", Kind.DTC, cells, epochs)


def time_column(column: Vector, formats: Formats, cells: NDArray[np.int8] | None = None) -> Reading:
    """A text column as ISO times (a text column). Rules of `read_times`, and `time-format` as `date-format` above."""

    def read(texts: Sequence[str], kinds: Sequence[int], years: Sequence[int]) -> DateReading:
        return read_times(texts, formats, kinds)

    return _read_column(column, read, "time-format", Kind.TEXT, cells, None)


def _read_column(
    column: Vector,
    read: Callable[[Sequence[str], Sequence[int], Sequence[int]], DateReading],
    unusual: str,
    kind: Kind,
    cells: NDArray[np.int8] | None,
    epochs: NDArray[np.int16] | None,
) -> Reading:
    """Read each distinct (text, kind of cell, epoch) once."""
    codes = column.data.astype(np.int64)
    late = np.zeros(len(column), dtype=np.int64) if epochs is None else (epochs == 1904).astype(np.int64)
    kinds = np.zeros(len(column), dtype=np.int64) if cells is None else cells.astype(np.int64)
    keys = np.where(codes >= 0, (codes * 16 + kinds) * 2 + late, -1)
    if cells is None and epochs is None:
        used = np.bincount(column.data[column.data >= 0], minlength=len(column.distinct()))
        distinct = np.flatnonzero(used) * 32
        counts = used[distinct // 32]
        where = np.full(len(used) + 1, -1, dtype=np.int32)
        where[distinct // 32] = np.arange(len(distinct))
        back = where[column.data]
    else:
        found, inverse, numbers = np.unique(keys, return_inverse=True, return_counts=True)
        skip = int(len(found) > 0 and found[0] == -1)
        distinct, counts, back = found[skip:], numbers[skip:], inverse.astype(np.int32) - skip
    texts = column.distinct()[distinct // 32] if len(distinct) else np.empty(0, dtype=object)
    reading = read(texts.tolist(), (distinct // 2 % 16).tolist(), np.where(distinct % 2, 1904, 1900).tolist())
    rules = _with_unusual(reading, counts, unusual)
    return _spread(Vector.of_codes(back, reading.iso, kind), rules, back)


def _with_unusual(reading: DateReading, counts: NDArray[np.int64], unusual: str) -> list[str]:
    """The rules, with `unusual` where a value is in another format than most (of equal counts the first declared)."""
    by_format: dict[int, int] = {}
    for index, value, count in zip(reading.formats, reading.iso, counts.tolist(), strict=True):
        if index >= 0 and value is not None:
            by_format[index] = by_format.get(index, 0) + count
    usual = min(by_format, key=lambda i: (-by_format[i], i), default=-1)
    return [
        unusual if not rule and value is not None and index not in (-1, usual) else rule
        for rule, value, index in zip(reading.rules, reading.iso, reading.formats, strict=True)
    ]


def _spread(values: Vector, rules: Sequence[str], back: NDArray[Any]) -> Reading:
    names = tuple(sorted({rule for rule in rules if rule}))
    codes = np.array([names.index(rule) if rule else -1 for rule in rules] + [-1], dtype=np.int8)
    return Reading(values, codes[back], names)


def number_column(column: Vector, decimal: str = ".", thousands: str = "") -> Reading:
    """A text column as numbers. Rules `number-unreadable` and `number-format`."""
    reading = read_numbers(column.distinct().tolist(), decimal, thousands)
    numbers = np.append(reading.numbers, np.nan)[column.data]
    return _spread(Vector(Kind.NUMBER, numbers), reading.rules, column.data)


def combine_columns(dates: Vector, times: Vector) -> Reading:
    """DTC and time columns as one DTC column. Rules `time-without-date`, `time-conflict`."""
    width = len(times.distinct()) + 1
    keys = (dates.data.astype(np.int64) + 1) * width + times.data + 1
    distinct, back = np.unique(keys, return_inverse=True)
    day_texts = [None, *dates.distinct().tolist()]
    time_texts = [None, *times.distinct().tolist()]
    pairs = [combine(day_texts[key // width], time_texts[key % width]) for key in distinct.tolist()]
    back = back.astype(np.int32)
    return _spread(Vector.of_codes(back, [value for value, _ in pairs], Kind.DTC), [rule for _, rule in pairs], back)
