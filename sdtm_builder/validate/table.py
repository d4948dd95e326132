"""One dataset as it was written: variables with their metadata and whole columns, and the masks that rules ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model import Vector, domain_letters
from sdtm_builder.validate.sasdates import date_kind, iso_text

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class VariableInfo:
    """What the file says of a variable; `type` is Char or Num, `length` in bytes."""

    label: str
    type: str
    length: int
    format: str = ""


@dataclass(eq=False)
class Table:
    """One dataset: `name` of the file, its label, variables in written order, a column each, `n` records.

    `domain` is the value of DOMAIN, or of RDOMAIN in a SUPP-- dataset, or else the name. `prefix` replaces ``--``.
    `klass` is the observation class in upper case (``FINDINGS``), "" where it can't be told; `Study` sets it.
    `letters` is what replaces ``--`` where that is not the domain's: in ADaM the letters of the SDTM source.
    """

    name: str
    label: str
    variables: Mapping[str, VariableInfo]
    columns: Mapping[str, Vector]
    n: int
    file: str = ""
    klass: str = ""
    domain: str = ""
    letters: str = ""
    _groups: dict[tuple[str, ...], Codes] = field(default_factory=dict, repr=False)
    _codes: dict[str, Codes] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self.domain = self.domain or self._domain()

    @property
    def is_supp(self) -> bool:
        """Whether this is a SUPP-- (or SQ--) dataset."""
        return "QNAM" in self.variables and "RDOMAIN" in self.variables

    @property
    def prefix(self) -> str:
        """The two letters that stand for ``--``; four-letter AP-- domains use the last two."""
        return self.letters or domain_letters(self.domain)[:2]

    def _domain(self) -> str:
        column = self.columns.get("RDOMAIN" if self.is_supp else "DOMAIN")
        if column is not None and column.is_text:
            used = column.data[column.data >= 0]
            if len(used):
                return str(column.distinct()[used[0]])
        if self.name.startswith(("SUPP", "SQ")):
            return self.name.removeprefix("SUPP").removeprefix("SQ")
        return self.name

    def named(self, pattern: str) -> str:
        """A variable's name with ``--`` replaced by this domain's prefix."""
        return pattern.replace("--", self.prefix)

    def has(self, *patterns: str) -> bool:
        """Whether all these variables are there; ``--`` is the prefix."""
        return all(self.named(p) in self.variables for p in patterns)

    def column(self, pattern: str) -> Vector:
        """The column of a variable; an absent one is all missing text."""
        found = self.columns.get(self.named(pattern))
        return found if found is not None else Vector.of_texts([None] * self.n)

    def filled(self, pattern: str) -> Mask:
        """True where a variable has a value; nowhere if it is absent."""
        found = self.columns.get(self.named(pattern))
        return np.zeros(self.n, dtype=bool) if found is None else found.present()

    def empty(self, pattern: str) -> Mask:
        """True where a variable has no value; everywhere if it is absent."""
        return ~self.filled(pattern)

    def equals(self, pattern: str, *values: str) -> Mask:
        """True where a character variable has one of these texts, exactly."""
        wanted = set(values)
        return self.matching(pattern, lambda text: text in wanted)

    def matching(self, pattern: str, test: Callable[[str], bool]) -> Mask:
        """True where the text of a character variable passes a test, asked once a distinct text."""
        found = self.columns.get(self.named(pattern))
        if found is None or not found.is_text:
            return np.zeros(self.n, dtype=bool)
        passes = np.zeros(len(found.distinct()) + 1, dtype=bool)
        passes[:-1] = [test(text) for text in found.distinct()]
        return np.asarray(passes[found.data])

    def numbers(self, pattern: str) -> NDArray[np.float64]:
        """The values of a numeric variable, NaN missing; all NaN if it is absent or character."""
        found = self.columns.get(self.named(pattern))
        if found is None or found.is_text:
            return np.full(self.n, np.nan)
        return np.asarray(found.data, dtype=np.float64)

    def strings(self, pattern: str) -> NDArray[np.object_]:
        """The values of a variable as texts, None missing; numbers as SAS BEST would show them."""
        column = self.column(pattern)
        if column.is_text:
            return column.strings()
        distinct, inverse = np.unique(column.data, return_inverse=True)
        texts = np.empty(len(distinct), dtype=object)
        texts[:] = [None if np.isnan(v) else Vector.of_numbers([v]).text_at(0) for v in distinct]
        return np.asarray(texts[inverse])

    def distinct(self, pattern: str) -> dict[str, int]:
        """The distinct texts that occur in a character variable, with the first row of each."""
        column = self.columns.get(self.named(pattern))
        if column is None or not column.is_text:
            return {}
        texts, rows = column.distinct(), np.flatnonzero(column.data >= 0)
        first = np.full(len(texts), -1, dtype=np.int64)
        first[column.data[rows[::-1]]] = rows[::-1]
        return {str(texts[code]): int(first[code]) for code in np.flatnonzero(first >= 0)}

    def text_at(self, pattern: str, row: int) -> str:
        """A value as text, "" if missing; a number with a format of dates or times as ISO 8601."""
        column = self.column(pattern)
        if not column.is_text and (kind := date_kind(self.variables[self.named(pattern)].format)):
            return iso_text(float(column.data[row]), kind)
        return column.text_at(row)

    def groups(self, patterns: Sequence[str]) -> Codes:
        """A number for each record, equal where all these variables are equal (missing equals missing), from 0 up
        without gaps."""
        names = tuple(self.named(p) for p in patterns if self.named(p) in self.variables)
        if names not in self._groups:
            self._groups[names] = combine([self._codes_of(name) for name in names], self.n)
        return self._groups[names]

    def _codes_of(self, name: str) -> Codes:
        if name not in self._codes:
            self._codes[name] = codes_of(self.columns[name])
        return self._codes[name]

    def repeats(self, patterns: Sequence[str], among: Mask | None = None) -> Mask:
        """True for each record but the first whose values of these variables occur in an earlier one of `among`."""
        rows = np.arange(self.n) if among is None else np.flatnonzero(among)
        result = np.zeros(self.n, dtype=bool)
        groups = self.groups(patterns)
        result[rows] = firsts(groups, rows)[groups[rows]] != rows
        return result

    def alike(self, names: Sequence[str]) -> Mask:
        """True for each record that has in all of many variables the values of an earlier one.

        Records are sought by a hash; only those whose hash occurs twice are compared by their values.
        """
        columns = [self.columns[name] for name in names]
        hashes = hash_of(columns, self.n)
        result = _repeated(hashes)
        if result.any():
            rows = np.flatnonzero(np.isin(hashes, hashes[result]))
            exact = combine([codes_of(column.take(rows)) for column in columns], len(rows))
            result[:] = False
            result[rows] = _repeated(exact.astype(np.uint64))
        return result


def _repeated(values: NDArray[np.uint64]) -> Mask:
    """True for each value that occurs in an earlier place."""
    _, first = np.unique(values, return_index=True)
    later = np.ones(len(values), dtype=bool)
    later[first] = False
    return later


def hash_of(columns: Iterable[Vector], n: int) -> NDArray[np.uint64]:
    """A 64-bit hash of some columns for each record; equal records have equal hashes, different ones hardly ever."""
    total = np.zeros(n, dtype=np.uint64)
    for at, column in enumerate(columns):
        data = column.data.astype(np.float64) + 0.0  # -0.0 as 0.0
        bits = np.where(column.present(), data, np.nan).view(np.uint64)
        with np.errstate(over="ignore"):
            mixed = (bits ^ (bits >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(2 * at + 1)
            total = (total ^ mixed) * np.uint64(0xBF58476D1CE4E5B9)
            total ^= total >> np.uint64(29)
    return total


def codes_of(column: Vector) -> Codes:
    """A number for each value of a column, 0 for missing."""
    if column.is_text:
        return column.data.astype(np.int64) + 1
    _, inverse = np.unique(column.data, return_inverse=True)
    return np.where(column.present(), inverse.astype(np.int64) + 1, 0)


def combine(parts: Iterable[Codes], n: int) -> Codes:
    """One number for each record from several, renumbered whenever the product might not fit."""
    result = np.zeros(n, dtype=np.int64)
    size = 1
    for part in parts:
        high = int(part.max()) + 1 if n else 1
        if size * high > 2**62:
            result = _dense(result, size)
            size = int(result.max()) + 1 if n else 1
        result = result * high + part
        size *= high
    return _dense(result, size)


def _dense(numbers: Codes, size: int) -> Codes:
    """Numbers below `size` renumbered from 0 without gaps, in their order."""
    if size > max(16 * len(numbers), 1_000_000):
        _, inverse = np.unique(numbers, return_inverse=True)
        return inverse.astype(np.int64)
    used = np.zeros(size, dtype=bool)
    used[numbers] = True
    return np.asarray((np.cumsum(used, dtype=np.int64) - 1)[numbers])


def firsts(groups: Codes, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """For each group number the first of `rows` (ascending) that is in it, -1 for none."""
    first = np.full(int(groups.max()) + 1 if len(groups) else 0, -1, dtype=np.int64)
    first[groups[rows[::-1]]] = rows[::-1]
    return first
