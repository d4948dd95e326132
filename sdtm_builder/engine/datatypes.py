"""Data types, lengths and digits of define.xml, from the values that are there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..model.column import number_text
from ..model.distinct import used_codes
from ..values.codes import Codes

SAS_EPOCH = {Kind.DATE: 3653, Kind.DATETIME: 3653 * 86_400}

_ZONE = r"(Z|[+-][0-9]{2}:[0-9]{2})?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
FORMS = (
    ("date", re.compile(_DAY)),
    ("datetime", re.compile(rf"{_DAY}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}(\.[0-9]+)?{_ZONE}")),
    ("partialDate", re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")),
    (
        "partialDatetime",
        re.compile(
            rf"[0-9]{{4}}(-[0-9]{{2}}(-[0-9]{{2}}(T[0-9]{{2}}(:[0-9]{{2}}(:[0-9]{{2}}(\.[0-9]+)?)?)?{_ZONE})?)?)?"
        ),
    ),
)
DURATION = re.compile(r"-?P(?=.)([0-9]+([.,][0-9]+)?[YMWD])*(T([0-9]+([.,][0-9]+)?[HMS])+)?")
NUMERIC = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")


class How(StrEnum):
    """As what values are measured: numbers, ISO 8601 dates or durations, plain text, or numbers if all texts are."""

    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    TEXT = "text"
    DETECT = "detect"


@dataclass(frozen=True)
class Measure:
    """Data type with its length (bytes of text, characters of a number with sign and point) and decimals."""

    data_type: str
    length: int | None = None
    digits: int | None = None


def measure(texts: Sequence[str], how: How) -> Measure:
    """The narrowest data type that holds all of these values, as Define-XML 2.1 names them."""
    if how is How.DETECT:
        how = How.NUMBER if texts and all(NUMERIC.fullmatch(t) for t in texts) else How.TEXT
    if how is How.NUMBER:
        width = max((len(t) for t in texts), default=8)
        decimals = max((len(t.partition(".")[2]) for t in texts), default=0)
        return Measure("float", width, decimals) if decimals else Measure("integer", width)
    if how is How.DATE:
        return Measure(date_type(texts))
    if how is How.DURATION and all(DURATION.fullmatch(t) for t in texts):
        return Measure("durationDatetime")
    return Measure("text", max((len(t.encode()) for t in texts), default=1))


def date_type(texts: Sequence[str]) -> str:
    """date, datetime (to the second), partialDate, partialDatetime (cut off at the right), else with parts missing.

    Source: Define-XML 2.1, data types of ISO 8601 dates; a column without values can hold any of the cut-off forms.
    """
    if not texts:
        return "partialDatetime"
    for name, form in FORMS:
        if all(form.fullmatch(t) for t in texts):
            return name
    return "intervalDatetime" if all("/" in t for t in texts) else "incompleteDatetime"


def fitted(found: Measure, said_type: str, said_digits: int | None) -> Measure:
    """What the specification says of type and decimals, where it can hold the values."""
    if said_type == "text" and found.data_type in ("integer", "float"):
        return Measure("text", found.length)
    if said_type == "float" and found.data_type == "integer":
        return Measure("float", found.length, said_digits or 0)
    if found.data_type == "float" and said_digits is not None and found.digits is not None:
        return Measure("float", found.length, max(said_digits, found.digits))
    return found


def value_texts(vector: Vector) -> tuple[Codes, list[str]]:
    """Each value as a code (-1 missing) into distinct texts, numbers and numeric dates as XPT has them."""
    if vector.is_text:
        return vector.data.astype(np.int64), [str(t) for t in vector.distinct()]
    present = vector.present()
    distinct, inverse = np.unique(vector.data[present], return_inverse=True)
    codes = np.full(len(vector), -1, dtype=np.int64)
    codes[present] = inverse
    shift = SAS_EPOCH.get(vector.kind, 0)
    return codes, [number_text(float(v) + shift) for v in distinct]


class Texts:
    """The distinct values of a column: of all its records, or of the records of each group."""

    def __init__(self, vector: Vector) -> None:
        self.codes, self.texts = value_texts(vector)

    def all(self) -> list[str]:
        """The values that occur."""
        used = used_codes(self.codes, len(self.texts))
        return [self.texts[i] for i in used]

    def by(self, groups: NDArray[np.int64]) -> dict[int, list[str]]:
        """Group -> the values that occur in it; groups below 0 and those without values are left out."""
        keep = (groups >= 0) & (self.codes >= 0)
        size = len(self.texts)
        pairs = np.unique(groups[keep] * size + self.codes[keep])
        found: dict[int, list[str]] = {}
        for pair in pairs:
            group, code = divmod(int(pair), size)
            found.setdefault(group, []).append(self.texts[code])
        return found
