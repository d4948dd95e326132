"""What several rules ask of a text."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NAME = re.compile(r"[A-Z_][A-Z0-9_]{0,7}", re.ASCII)


def is_number(text: str) -> bool:
    """Whether a text is a plain number: digits, sign, decimal point, exponent."""
    return _NUMBER.fullmatch(text) is not None


def is_measured(text: str) -> bool:
    """Whether a text is a number, perhaps after a comparison: 5.2, <0.1, >=100."""
    return is_number(text.lstrip("<>=").lstrip())


def is_name(text: str) -> bool:
    """Whether a text is a variable's name as SDTM wants it: 1 to 8 of A-Z, 0-9, _, no leading digit."""
    return _NAME.fullmatch(text) is not None


def longest(column: Vector) -> int:
    """The bytes of the longest text that occurs in a column, 0 if none."""
    texts = column.distinct()
    used = np.zeros(len(texts) + 1, dtype=bool)
    used[column.data] = True
    return max((len(text.encode()) for text in texts[used[:-1]]), default=0)


def numbers_of(column: Vector) -> NDArray[np.float64]:
    """The numbers that a column's texts are, NaN for any other; a numeric column as it is."""
    if not column.is_text:
        return np.asarray(column.data, dtype=np.float64)
    numbers = np.array([float(text) if is_number(text) else np.nan for text in column.distinct()] + [np.nan])
    return np.asarray(numbers[column.data])
