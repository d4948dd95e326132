"""A whole column: text as codes into its distinct values, numbers, dates, datetimes, partial dates, truths."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .distinct import used_codes

MISSING_DATE = int(np.iinfo(np.int32).min)
MISSING_TIME = int(np.iinfo(np.int64).min)


class Kind(StrEnum):
    """What a column holds. DTC is ISO 8601 text, perhaps partial; TRUTH is true, false or unknown."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    DTC = "dtc"
    TRUTH = "truth"


@dataclass(frozen=True, eq=False, slots=True)
class Vector:
    """One column of n values.

    kind TEXT, DTC: `data` int32 codes into `texts` (object array of distinct str, never empty strings), -1 missing.
    kind NUMBER: `data` float64, NaN missing. kind DATE: int32 days since 1970-01-01, MISSING_DATE missing.
    kind DATETIME: int64 seconds since 1970-01-01T00:00:00, MISSING_TIME missing. kind TRUTH: int8 1, 0, -1 unknown.
    """

    kind: Kind
    data: NDArray[Any]
    texts: NDArray[np.object_] | None = None

    def __len__(self) -> int:
        return len(self.data)

    @staticmethod
    def of_texts(values: Iterable[str | None], kind: Kind = Kind.TEXT) -> Vector:
        """From text values; None and "" are missing."""
        seen: dict[str, int] = {}
        codes = np.fromiter((seen.setdefault(v, len(seen)) if v else -1 for v in values), dtype=np.int32)
        return Vector(kind, codes, as_objects(seen))

    @staticmethod
    def of_codes(
        codes: NDArray[Any], texts: Sequence[str | None] | NDArray[np.object_], kind: Kind = Kind.TEXT
    ) -> Vector:
        """From codes into texts that may repeat, or be None or "" (missing); -1 is missing."""
        seen: dict[str, int] = {}
        where = np.empty(len(texts) + 1, dtype=np.int32)
        where[-1] = -1
        for i, text in enumerate(texts):
            where[i] = seen.setdefault(text, len(seen)) if text else -1
        return Vector(kind, where[codes], as_objects(seen))

    @staticmethod
    def of_numbers(values: Iterable[float] | NDArray[Any]) -> Vector:
        """From numbers, NaN is missing."""
        return Vector(
            Kind.NUMBER, np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)
        )

    @staticmethod
    def missing_of(kind: Kind, n: int) -> Vector:
        """n missing values of a kind."""
        if kind in (Kind.TEXT, Kind.DTC):
            return Vector(kind, np.full(n, -1, dtype=np.int32), as_objects(()))
        if kind is Kind.NUMBER:
            return Vector(kind, np.full(n, np.nan))
        if kind is Kind.DATE:
            return Vector(kind, np.full(n, MISSING_DATE, dtype=np.int32))
        if kind is Kind.DATETIME:
            return Vector(kind, np.full(n, MISSING_TIME, dtype=np.int64))
        return Vector(kind, np.full(n, -1, dtype=np.int8))

    @staticmethod
    def constant(value: str | float, n: int, kind: Kind | None = None) -> Vector:
        """n times one value: a text (or DTC), a number, a date in days, a datetime in seconds."""
        if isinstance(value, str):
            text = Vector.of_texts([value], kind or Kind.TEXT)
            return Vector(
                text.kind, np.zeros(n, dtype=np.int32) if value else np.full(n, -1, dtype=np.int32), text.texts
            )
        kind = kind or Kind.NUMBER
        dtype: Any = {Kind.NUMBER: np.float64, Kind.DATE: np.int32, Kind.DATETIME: np.int64, Kind.TRUTH: np.int8}[kind]
        return Vector(kind, np.full(n, value, dtype=dtype))

    @property
    def is_text(self) -> bool:
        """Whether values are texts behind codes (TEXT or DTC)."""
        return self.kind in (Kind.TEXT, Kind.DTC)

    def distinct(self) -> NDArray[np.object_]:
        """The distinct texts of a TEXT or DTC column (some may be unused)."""
        assert self.texts is not None
        return self.texts

    def present(self) -> NDArray[np.bool_]:
        """True where there is a value."""
        if self.kind is Kind.NUMBER:
            return ~np.isnan(self.data)
        if self.kind is Kind.DATE:
            return np.asarray(self.data != MISSING_DATE)
        if self.kind is Kind.DATETIME:
            return np.asarray(self.data != MISSING_TIME)
        return np.asarray(self.data >= 0)

    def take(self, rows: NDArray[Any]) -> Vector:
        """The values at `rows`; a negative row gives missing."""
        rows = np.asarray(rows)
        if len(self.data) == 0:
            return replace_data(Vector.missing_of(self.kind, len(rows)), self)
        data = self.data[rows]
        if len(rows) and rows.min() < 0:
            data = data.copy()
            data[rows < 0] = Vector.missing_of(self.kind, 1).data[0]
        return Vector(self.kind, data, self.texts)

    def where(self, keep: NDArray[np.bool_]) -> Vector:
        """The same column, missing where `keep` is false."""
        data = np.where(keep, self.data, Vector.missing_of(self.kind, 1).data[0]).astype(self.data.dtype)
        return Vector(self.kind, data, self.texts)

    def map_texts(self, change: Callable[[str], str | None], kind: Kind | None = None) -> Vector:
        """Each distinct text through `change` (None or "" is missing); called once a distinct text that occurs."""
        texts = self.distinct()
        used = used_codes(self.data, len(texts))
        new: list[str | None] = [None] * len(texts)
        for i in used:
            new[i] = change(texts[i])
        return Vector.of_codes(self.data, new, kind or self.kind)

    def as_kind(self, kind: Kind) -> Vector:
        """TEXT as DTC or the reverse, the same values."""
        return Vector(kind, self.data, self.texts)

    def strings(self) -> NDArray[np.object_]:
        """Values as an object array of str with None for missing (texts only)."""
        assert self.texts is not None
        padded = np.empty(len(self.texts) + 1, dtype=object)
        padded[:-1] = self.texts
        padded[-1] = None
        return padded[self.data]

    def text_at(self, row: int) -> str:
        """The value at a row as a text, "" if missing; for messages."""
        if not Vector(self.kind, self.data[row : row + 1], self.texts).present()[0]:
            return ""
        if self.is_text:
            return str(self.distinct()[self.data[row]])
        if self.kind is Kind.NUMBER:
            return number_text(float(self.data[row]))
        if self.kind is Kind.DATE:
            return str(np.datetime64(int(self.data[row]), "D"))
        if self.kind is Kind.DATETIME:
            return str(np.datetime64(int(self.data[row]), "s"))
        return "true" if self.data[row] == 1 else "false"

    @staticmethod
    def concat(parts: Sequence[Vector]) -> Vector:
        """One column of several of the same kind, one after the other (TEXT and DTC mix to TEXT)."""
        if len(parts) == 1:
            return parts[0]
        kinds = {p.kind for p in parts}
        kind = parts[0].kind if len(kinds) == 1 else Kind.TEXT
        if kinds <= {Kind.TEXT, Kind.DTC}:
            seen: dict[str, int] = {}
            datas = []
            for part in parts:
                texts = part.distinct()
                where = np.empty(len(texts) + 1, dtype=np.int32)
                where[-1] = -1
                for i, text in enumerate(texts):
                    where[i] = seen.setdefault(text, len(seen))
                datas.append(where[part.data])
            return Vector(kind, np.concatenate(datas), as_objects(seen))
        if len(kinds) != 1:
            raise TypeError(f"columns of kinds {sorted(kinds)} do not join")
        return Vector(kind, np.concatenate([p.data for p in parts]))

    def ranks(self) -> NDArray[np.float64]:
        """Sort keys: texts by code points, numbers and dates by size; missing last (+inf)."""
        if self.is_text:
            texts = self.distinct()
            order = np.empty(len(texts) + 1)
            order[-1] = np.inf
            order[np.argsort(texts.astype(str), kind="stable") if len(texts) else []] = np.arange(len(texts))
            return order[self.data]
        return np.where(self.present(), self.data.astype(np.float64), np.inf)


def as_objects(values: Iterable[str]) -> NDArray[np.object_]:
    """An object array of str (numpy would make fixed-width text of a list)."""
    items = list(values)
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array


def replace_data(vector: Vector, like: Vector) -> Vector:
    """`vector` with the texts of `like`, for empty columns."""
    return Vector(vector.kind, vector.data, like.texts if vector.is_text else None)


def number_text(value: float) -> str:
    """A number as text without an exponent and without trailing zeros."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return np.format_float_positional(value, trim="-")
