"""Which cells of matched records differ, and which attributes of variables."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model import Vector
from .match import Matched, alike, as_numbers
from .result import Attribute, VariableResult
from .table import Column, Table

ATTRIBUTES = ("label", "type", "length", "format", "order")


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far two numbers may lie apart and be taken as equal: absolute, or as a part of the larger of both."""

    amount: float
    relative: bool = False
    text: str = ""
    general: bool = False

    @staticmethod
    def of(text: str, general: bool = False) -> Tolerance:
        """From `1e-9` or `0.01%`; general: said for every number. Raises ValueError for no number of 0 or more."""
        relative = text.endswith("%")
        amount = float(text.removesuffix("%"))
        if not math.isfinite(amount) or amount < 0:
            raise ValueError(text)
        return Tolerance(amount / 100 if relative else amount, relative, text, general)

    def allows(self, left: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.bool_]:
        """True where two numbers lie no further apart than allowed."""
        limit = self.amount * np.maximum(np.abs(left), np.abs(right)) if self.relative else self.amount
        with np.errstate(invalid="ignore"):
            return np.asarray(np.abs(left - right) <= limit)


def compare_variable(a: Column, b: Column, matched: Matched, tolerance: Tolerance | None) -> VariableResult:
    """The cells of a variable on matched records: missing equals missing, a special missing value only itself."""
    left, right = alike(a, b)
    rows_a, rows_b = matched.rows_a, matched.rows_b
    note = ""
    if a.values.kind is not b.values.kind:
        kinds = "numbers" if not left.is_text else "texts"
        note = f"{a.type} in A, {b.type} in B: compared as {kinds}"
    if tolerance is not None and left.is_text:
        made = (as_numbers(left), as_numbers(right)) if a.untyped and b.untyped else (None, None)
        if made[0] is not None and made[1] is not None:
            left, right = made[0], made[1]
        elif not tolerance.general:
            note = "; ".join([*([note] if note else []), "the tolerance doesn't apply: they are texts"])
    if left.is_text:
        differ = _texts_differ(left, right, rows_a, rows_b)
        within, largest = 0, None
    else:
        differ, within, largest = _numbers_differ(left.data[rows_a], right.data[rows_b], tolerance)
    if a.special is not None or b.special is not None:
        letters = [np.zeros(len(c.values), np.uint8) if c.special is None else c.special for c in (a, b)]
        differ = differ | (letters[0][rows_a] != letters[1][rows_b])
    hit = np.flatnonzero(differ)
    said = tolerance.text if tolerance is not None and not left.is_text else ""
    return VariableResult(a, b, len(rows_a), rows_a[hit], rows_b[hit], within, said, largest, note)


def _texts_differ(
    left: Vector, right: Vector, rows_a: NDArray[np.int64], rows_b: NDArray[np.int64]
) -> NDArray[np.bool_]:
    number = {text: code for code, text in enumerate(left.distinct())}
    to = np.full(len(right.distinct()) + 1, -1, dtype=np.int64)
    to[:-1] = [number.get(text, -2) for text in right.distinct()]
    return np.asarray(left.data[rows_a] != to[right.data[rows_b]])


def _numbers_differ(
    left: NDArray[np.float64], right: NDArray[np.float64], tolerance: Tolerance | None
) -> tuple[NDArray[np.bool_], int, float | None]:
    differ = (left != right) & ~(np.isnan(left) & np.isnan(right))
    hit = np.flatnonzero(differ)
    one, two = left[hit], right[hit]
    within = 0
    if tolerance is not None and len(hit):
        near = tolerance.allows(one, two)
        within = int(near.sum())
        differ[hit[near]] = False
        one, two = one[~near], two[~near]
    apart = np.abs(one - two)
    apart = apart[~np.isnan(apart)]
    return differ, within, float(apart.max()) if len(apart) else None


def compare_attributes(a: Table, b: Table, names: Sequence[str], looked_at: Collection[str]) -> Iterator[Attribute]:
    """Attributes that differ, of the dataset and of its variables of both sides in the order of A; an attribute that a
    side's kind of file doesn't have is not compared.

    looked_at : some of ATTRIBUTES
    """
    if "label" in looked_at and a.label is not None and b.label is not None and a.label != b.label:
        yield Attribute("", "label", a.label, b.label)
    moved = _moved(names, [n for n in b.columns if n in set(names)]) if "order" in looked_at else set()
    place_a, place_b = ({n: i for i, n in enumerate(t.columns, 1)} for t in (a, b))
    for name in names:
        one, two = a.columns[name], b.columns[name]
        if "type" in looked_at and one.type != two.type and not (one.untyped or two.untyped):
            yield Attribute(name, "type", one.type, two.type)
        for what in ("label", "length", "format"):
            x, y = getattr(one, what), getattr(two, what)
            if what in looked_at and x is not None and y is not None and x != y:
                yield Attribute(name, what, str(x), str(y))
        if name in moved:
            yield Attribute(name, "order", str(place_a[name]), str(place_b[name]))


def _moved(one: Sequence[str], two: Sequence[str]) -> set[str]:
    """The fewest names that must move to make one order the other: those outside the longest rising run."""
    place = {name: i for i, name in enumerate(two)}
    ends: list[int] = []
    last: list[str] = []
    before: dict[str, str | None] = {}
    for name in one:
        at = bisect_left(ends, place[name])
        before[name] = last[at - 1] if at else None
        if at == len(ends):
            ends.append(place[name])
            last.append(name)
        else:
            ends[at], last[at] = place[name], name
    kept: set[str] = set()
    name_: str | None = last[-1] if last else None
    while name_ is not None:
        kept.add(name_)
        name_ = before[name_]
    return set(one) - kept
