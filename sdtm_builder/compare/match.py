"""Codes of keys in one numbering for both sides, and which record of one side is which of the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model import Vector
from ..values.codes import value_codes
from .codes import combine
from .table import Column, Table

Codes = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Matched:
    """Records of A and B side by side in the order of A (`rows_a`, `rows_b`), those that one side alone has, and the
    records whose key occurs more than once on their side."""

    rows_a: Codes
    rows_b: Codes
    only_a: Codes
    only_b: Codes
    repeated_a: Codes
    repeated_b: Codes

    @property
    def same_order(self) -> bool:
        """Whether the matched records follow each other alike on both sides."""
        return bool(np.all(self.rows_b[1:] > self.rows_b[:-1]))


def common_codes(a: Column, b: Column) -> tuple[Codes, int]:
    """Codes of the values of A, then of B, -1 missing; and how many. A text and a number are equal where the text is
    that number."""
    left, right = alike(a, b)
    codes, size = value_codes(Vector.concat([left, right]))
    special = [c.special for c in (a, b)]
    if any(s is not None for s in special):
        letters = np.concatenate(
            [np.zeros(len(c.values), np.uint8) if c.special is None else c.special for c in (a, b)]
        ).astype(np.int64)
        codes = np.where(letters > 0, size + letters, codes)
        size += 128
    return codes, size


def alike(a: Column, b: Column) -> tuple[Vector, Vector]:
    """The values of two variables as the same kind: where one is text, and every text of it is a number, as numbers;
    else as texts."""
    if a.values.kind is b.values.kind:
        return a.values, b.values
    text, number = (a.values, b.values) if a.values.is_text else (b.values, a.values)
    made = as_numbers(text)
    if made is None:
        as_text = number_texts(number)
        return (text, as_text) if a.values.is_text else (as_text, text)
    return (made, number) if a.values.is_text else (number, made)


def as_numbers(texts: Vector) -> Vector | None:
    """Texts as numbers; None where one of them is no number."""
    used = np.unique(texts.data[texts.data >= 0])
    numbers = np.full(len(texts.distinct()) + 1, np.nan)
    for code in used.tolist():
        text = str(texts.distinct()[code]).strip()
        if not text.isascii() or "_" in text:
            return None
        try:
            numbers[code] = float(text)
        except ValueError:
            return None
        if not np.isfinite(numbers[code]):
            return None
    return Vector.of_numbers(numbers[texts.data])


def number_texts(numbers: Vector) -> Vector:
    """Numbers as texts, one a distinct number."""
    from .table import number_text

    codes, _ = value_codes(numbers)
    distinct = np.unique(numbers.data[numbers.present()])
    return Vector.of_codes(codes, [number_text(float(v)) for v in distinct])


def key_codes(a: Table, b: Table, keys: Sequence[str]) -> tuple[Codes, Codes, int]:
    """Codes of the keys of both sides; missing counts as a value. Without keys all records have one code."""
    if not keys:
        return np.zeros(a.records, np.int64), np.zeros(b.records, np.int64), 1
    codes, count = combine([common_codes(a.columns[k], b.columns[k]) for k in keys])
    return codes[: a.records], codes[a.records :], count


def match_records(a: Table, b: Table, keys: Sequence[str], content: Sequence[str]) -> Matched:
    """Match records by keys; where a key repeats, first those equal in `content`, then in order.

    keys : variables of both sides; none: records are matched by their number
    content : variables of both sides that tell records of a repeated key apart
    """
    if not keys:
        return match_by_number(a.records, b.records)
    left, right, count = key_codes(a, b, keys)
    many_a = np.bincount(left, minlength=count) > 1
    many_b = np.bincount(right, minlength=count) > 1
    repeated = many_a | many_b
    place = np.full(count, -1, np.int64)
    place[right] = np.arange(b.records)
    to_b = np.where(repeated[left], -1, place[left])
    if repeated.any():
        rows_a, rows_b = np.flatnonzero(repeated[left]), np.flatnonzero(repeated[right])
        for found_a, found_b in _pair_repeated(a, b, left, right, rows_a, rows_b, content):
            to_b[found_a] = found_b
    return _matched(to_b, b.records, np.flatnonzero(many_a[left]), np.flatnonzero(many_b[right]))


def match_by_number(n_a: int, n_b: int) -> Matched:
    """The first with the first, the second with the second."""
    both, none = np.arange(min(n_a, n_b)), np.zeros(0, np.int64)
    return Matched(both, both, np.arange(len(both), n_a), np.arange(len(both), n_b), none, none)


def _matched(to_b: Codes, n_b: int, repeated_a: Codes, repeated_b: Codes) -> Matched:
    rows_a = np.flatnonzero(to_b >= 0)
    free = np.ones(n_b, dtype=bool)
    free[to_b[rows_a]] = False
    return Matched(rows_a, to_b[rows_a], np.flatnonzero(to_b < 0), np.flatnonzero(free), repeated_a, repeated_b)


def _pair_repeated(
    a: Table, b: Table, left: Codes, right: Codes, rows_a: Codes, rows_b: Codes, content: Sequence[str]
) -> list[tuple[Codes, Codes]]:
    """Pairs among records of repeated keys: equal ones first, the rest of each key in order."""
    parts = [_both(left[rows_a], right[rows_b])]
    for name in content:
        one, two = a.columns[name], b.columns[name]
        codes, size = common_codes(_taken(one, rows_a), _taken(two, rows_b))
        parts.append((codes, size))
    whole, _ = combine(parts)
    n = len(rows_a)
    equal_a, equal_b = pair_in_order(whole[:n], whole[n:])
    rest_a, rest_b = np.ones(n, dtype=bool), np.ones(len(rows_b), dtype=bool)
    rest_a[equal_a], rest_b[equal_b] = False, False
    left_a, left_b = rows_a[rest_a], rows_b[rest_b]
    more_a, more_b = pair_in_order(left[left_a], right[left_b])
    return [(rows_a[equal_a], rows_b[equal_b]), (left_a[more_a], left_b[more_b])]


def paired(pairs: Sequence[tuple[Codes, Codes]], n_a: int, n_b: int) -> Matched:
    """Pairs of records found in several ways, as one match; no key is said to repeat."""
    to_b = np.full(n_a, -1, np.int64)
    for one, two in pairs:
        to_b[one] = two
    none = np.zeros(0, np.int64)
    return _matched(to_b, n_b, none, none)


def table_rows(table: Table, rows: Codes, names: Sequence[str]) -> Table:
    """Some records and variables of a table."""
    columns = {name: _taken(table.columns[name], rows) for name in names}
    return Table(table.name, columns, len(rows), table.file, table.kind)


def _both(left: Codes, right: Codes) -> tuple[Codes, int]:
    codes = np.concatenate([left, right])
    return codes, int(codes.max()) + 1 if len(codes) else 1


def _taken(column: Column, rows: Codes) -> Column:
    special = None if column.special is None else column.special[rows]
    return Column(column.name, column.type, column.values.take(rows), special=special, untyped=column.untyped)


def pair_in_order(left: Codes, right: Codes) -> tuple[Codes, Codes]:
    """Positions of equal codes: the first with the first of that code, the second with the second."""
    if not len(left) or not len(right):
        none = np.zeros(0, np.int64)
        return none, none
    size = max(len(left), len(right)) + 1
    one, two = left * size + _occurrence(left), right * size + _occurrence(right)
    order = np.argsort(two, kind="stable")
    at = np.searchsorted(two[order], one)
    at[at == len(two)] = 0
    found = order[at]
    hit = np.flatnonzero(two[found] == one)
    return hit.astype(np.int64), found[hit].astype(np.int64)


def _occurrence(codes: Codes) -> Codes:
    """How many equal codes stand before each."""
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    run = np.repeat(first, np.diff(np.r_[first, len(codes)]))
    found = np.empty(len(codes), np.int64)
    found[order] = np.arange(len(codes)) - run
    return found
