"""What changed in one form from a transfer to the next: its rows side by side, and every cell that is another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..compare.keys import find_keys
from ..compare.match import Matched, common_codes, match_records, paired, table_rows
from ..compare.table import Column, Table
from ..issues import Location
from ..model import Vector
from .tables import Form

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that changed: its column, both texts ("" missing), both places; subject and key of its row."""

    column: str
    before: str
    after: str
    old: Location
    new: Location
    subject: str
    key: str


@dataclass(frozen=True, eq=False)
class FormChange:
    """A form in both transfers.

    matched : rows side by side; by : how they were matched; keys : the columns that did it
    repeated : rows of the new transfer whose declared key others have too, but had not before
    changed : column -> positions among the matched rows whose text is another; columns without any left out
    """

    old: Form
    new: Form
    matched: Matched
    by: str
    keys: tuple[str, ...]
    repeated: Rows
    changed: Mapping[str, Rows]

    @property
    def name(self) -> str:
        """The form's name in the new transfer."""
        return self.new.name

    @property
    def count(self) -> int:
        """Cells that changed."""
        return sum(len(rows) for rows in self.changed.values())

    @property
    def is_same(self) -> bool:
        """Whether no row came or went and no cell changed."""
        return not (len(self.matched.only_a) or len(self.matched.only_b) or self.count)

    def cells(self, most: int | None = None) -> Iterator[Cell]:
        """Cells that changed, row by row."""
        names = list(self.changed)
        if not names:
            return
        at = np.concatenate([self.changed[n] for n in names])
        which = np.repeat(np.arange(len(names)), [len(self.changed[n]) for n in names])
        for i in np.lexsort((which, at))[:most].tolist():
            yield self._cell(names[which[i]], int(at[i]))

    def _cell(self, name: str, at: int) -> Cell:
        a, b = int(self.matched.rows_a[at]), int(self.matched.rows_b[at])
        return Cell(
            name, self.old.raw.verbatim[name].text_at(a), self.new.raw.verbatim[name].text_at(b),
            self.old.raw.rows.location(a, name), self.new.raw.rows.location(b, name),
            subject_at(self.new, b), key_text(self.new, self.keys, b),
        )  # fmt: skip


def subject_at(form: Form, row: int) -> str:
    """The subject of a row, "" where there is none."""
    numbers = form.subjects()
    return numbers.text_at(row) if numbers is not None else ""


def key_text(form: Form, keys: Sequence[str], row: int) -> str:
    """The key of a row for people."""
    return " ".join(f"{k}={form.raw.texts[k].text_at(row)}" for k in keys)


def compare_forms(old: Form, new: Form) -> FormChange:
    """Match the rows by the declared key; without one rows of equal content first, the others by a key that is found;
    then compare every cell as it is shown."""
    a, b = old.table(), new.table()
    both = [name for name in a.columns if name in b.columns]
    none = np.zeros(0, np.int64)
    repeated = none
    if new.key and all(k in both for k in new.key):
        keys, by = new.key, f"by {' '.join(new.key)} (declared)"
        whole_a, whole_b = _with_keys(old, new, a, b)
        named = [f"={k}" for k in keys]
        matched = match_records(whole_a, whole_b, named, both)
        repeated = _newly_repeated(whole_a, whole_b, named)
    else:
        matched, by, keys = _by_content(a, b, both)
    changed: dict[str, Rows] = {}
    for name in both:
        codes, _ = common_codes(a.columns[name], b.columns[name])
        hits = np.flatnonzero(codes[: a.records][matched.rows_a] != codes[a.records :][matched.rows_b])
        if len(hits):
            changed[name] = hits.astype(np.int64)
    return FormChange(old, new, matched, by, keys, repeated, changed)


def _with_keys(old: Form, new: Form, a: Table, b: Table) -> tuple[Table, Table]:
    """Both tables with their keys as `=NAME`: the typed values where all of both sides could be read, else texts, so
    that a date or number written in another way is the same key."""
    left, right = dict(a.columns), dict(b.columns)
    for key in new.key:
        values = [_read_whole(form, key) for form in (old, new)]
        if values[0] is None or values[1] is None or values[0].kind is not values[1].kind:
            values = [form.raw.texts[key] for form in (old, new)]
        for columns, vector in zip((left, right), values, strict=True):
            assert vector is not None
            columns[f"={key}"] = Column(f"={key}", "Char" if vector.is_text else "Num", vector)
    return Table(a.name, left, a.records, a.file, a.kind), Table(b.name, right, b.records, b.file, b.kind)


def _read_whole(form: Form, name: str) -> Vector | None:
    values = form.raw.values[name]
    return values if bool((values.present() == form.raw.texts[name].present()).all()) else None


def _newly_repeated(a: Table, b: Table, keys: Sequence[str]) -> Rows:
    from ..compare.match import key_codes

    left, right, count = key_codes(a, b, keys)
    was, now = np.bincount(left, minlength=count), np.bincount(right, minlength=count)
    return np.flatnonzero((now[right] > 1) & (was[right] < 2)).astype(np.int64)


def _by_content(a: Table, b: Table, names: Sequence[str]) -> tuple[Matched, str, tuple[str, ...]]:
    if not names:
        none = np.zeros(0, np.int64)
        return paired([(none, none)], a.records, b.records), "not at all, no column is in both", ()
    first = match_records(a, b, names, ())
    left_a, left_b = first.only_a, first.only_b
    if not len(left_a) or not len(left_b):
        return first, "by content", ()
    keys = find_keys(a, b, names)
    if not keys.names or keys.notes:
        return first, "by content, no key was found", ()
    rest = match_records(table_rows(a, left_a, keys.names), table_rows(b, left_b, keys.names), keys.names, ())
    pairs = [(first.rows_a, first.rows_b), (left_a[rest.rows_a], left_b[rest.rows_b])]
    return paired(pairs, a.records, b.records), f"by {' '.join(keys.names)} (found)", tuple(keys.names)
