"""Text columns by their codes: put side by side, joined, changed once a distinct value.

Within an expression the literal '' is a text without characters (for `||` and coalesce), so columns here may hold
it; `strip_empty` makes it missing again at the end. Functions make missing of whatever turns out empty.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..model.column import as_objects


def constant_text(value: str, n: int, kind: Kind = Kind.TEXT) -> Vector:
    """n times one text, which may be ''."""
    return Vector(kind, np.zeros(n, dtype=np.int32), as_objects([value]))


def strip_empty(vector: Vector) -> Vector:
    """The column with '' as missing."""
    texts = vector.distinct()
    if all(texts):
        return vector
    return Vector.of_codes(vector.data, texts, vector.kind)


def shared_codes(a: Vector, b: Vector, ordered: bool) -> tuple[NDArray[Any], NDArray[Any]]:
    """Codes of two text columns into one list of distinct texts, -1 missing; `ordered`: by code points."""
    left, right = a.distinct(), b.distinct()
    if left is right and not ordered:
        return a.data, b.data
    place: dict[str, int] = {}
    if ordered:
        place = {text: i for i, text in enumerate(sorted({*left, *right}))}
    else:
        for text in (*left, *right):
            place.setdefault(text, len(place))
    return _through(left, place)[a.data], _through(right, place)[b.data]


def _through(texts: NDArray[np.object_], place: dict[str, int]) -> NDArray[np.int32]:
    codes = np.empty(len(texts) + 1, dtype=np.int32)
    codes[-1] = -1
    codes[:-1] = [place[text] for text in texts]
    return codes


def per_text(vector: Vector, of: Callable[[str], Any], missing: Any, dtype: Any) -> NDArray[Any]:
    """`of` each distinct text that occurs, spread over the column; `missing` where there is none."""
    texts = vector.distinct()
    found = np.full(len(texts) + 1, missing, dtype=dtype)
    for i in used(vector):
        found[i] = of(texts[i])
    return found[vector.data]


def used(vector: Vector) -> NDArray[np.intp]:
    """The codes that occur in a text column."""
    counts = np.zeros(len(vector.distinct()) + 1, dtype=bool)
    counts[vector.data] = True
    return np.flatnonzero(counts[:-1])


def used_texts(vector: Vector) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """The column's codes into the texts that occur, -1 missing, and those texts."""
    codes = used(vector)
    if len(codes) == len(vector.distinct()):
        return vector.data, vector.distinct()
    new = np.full(len(vector.distinct()) + 1, -1, dtype=np.int32)
    new[codes] = np.arange(len(codes))
    return new[vector.data], vector.distinct()[codes]


def combine(parts: Sequence[Vector], make: Callable[..., str | None]) -> Vector:
    """`make(...)` of the values of text and number columns, once for each combination that occurs.

    Missing if one of them is missing, or `make` gives None. `make` may give ''.
    """
    n = len(parts[0])
    present = np.ones(n, dtype=bool)
    for part in parts:
        present &= part.present()
    levels = [_levels(part, present) for part in parts]
    back = np.zeros(int(present.sum()), dtype=np.int64)  # the combination of each row
    picked: list[NDArray[np.int64]] = []  # for each column the value of each combination
    count = 1
    for codes, values in levels:
        size = max(len(values), 1)
        distinct, back = _factor(back * size + codes, count * size)
        picked = [p[distinct // size] for p in picked] + [distinct % size]
        count = len(distinct)
    rows = [values[p] for (_, values), p in zip(levels, picked, strict=True)]
    seen: dict[str, int] = {}
    code_of = np.full(len(rows[0]), -1, dtype=np.int32)
    for i, combination in enumerate(zip(*(r.tolist() for r in rows), strict=True)):
        text = make(*combination)
        if text is not None:
            code_of[i] = seen.setdefault(text, len(seen))
    codes = np.full(n, -1, dtype=np.int32)
    codes[present] = code_of[back]
    return Vector(Kind.TEXT, codes, as_objects(seen))


def _levels(part: Vector, present: NDArray[np.bool_]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Codes of the rows at hand, and the values that they stand for."""
    data = part.data if present.all() else part.data[present]
    if part.is_text:
        return data, part.distinct()
    values, codes = np.unique(data, return_inverse=True)
    return codes, values


def _factor(key: NDArray[np.int64], size: int) -> tuple[NDArray[np.int64], NDArray[np.intp]]:
    """The distinct keys, and the place of each key among them; by a table where that is no larger than the column."""
    if size <= max(4 * len(key), 1024):
        there = np.zeros(size, dtype=bool)
        there[key] = True
        distinct = np.flatnonzero(there).astype(np.int64)
        place = np.zeros(size, dtype=np.intp)
        place[distinct] = np.arange(len(distinct))
        return distinct, place[key]
    values, places = np.unique(key, return_inverse=True)
    return values, places


def stack(parts: Sequence[Vector], choice: NDArray[Any]) -> Vector:
    """Of columns of one kind, in each row the value of the column with that number; -1 gives missing."""
    if all(p.is_text for p in parts):
        whole = Vector.concat(parts)
    else:
        whole = Vector(parts[0].kind, np.concatenate([p.data for p in parts]))
    n = len(choice)
    rows = np.where(choice < 0, -1, choice.astype(np.int64) * n + np.arange(n))
    return whole.take(rows)
