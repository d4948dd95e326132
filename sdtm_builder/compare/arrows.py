"""Columns of Arrow as those of a comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from ..model import Vector
from .table import Column, TableError

EXACT = 2**53
"""Whole numbers up to this size are exact in a SAS number (and in float64)."""
DIGITS = 15
"""Decimal digits that a SAS number keeps whatever they are."""


def texts_of(values: Any) -> Vector:
    """A column of texts, chunked or whole; null and "" are missing."""
    import pyarrow as pa

    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if not pa.types.is_dictionary(whole.type):
        whole = whole.dictionary_encode()
    codes = whole.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32)
    return Vector.of_codes(codes, whole.dictionary.cast(pa.string()).to_pylist())


def column_of(path: Path, name: str, values: Any) -> Column:
    """A column of Parquet, by its type; TableError for lists, maps, structures and bytes."""
    import pyarrow as pa

    kind = values.type
    types = pa.types
    plain = kind.value_type if types.is_dictionary(kind) else kind
    if types.is_string(plain) or types.is_large_string(plain) or types.is_null(plain):
        if types.is_null(plain):
            return Column(name, "Char", Vector.of_texts([None] * len(values)), untyped=True)
        return Column(name, "Char", texts_of(values))
    if types.is_dictionary(kind):
        return column_of(path, name, values.cast(plain))
    if types.is_boolean(kind) or types.is_floating(kind):
        return _numeric(name, values.cast(pa.float64()))
    if types.is_integer(kind):
        return _whole(name, values)
    if types.is_decimal(kind):
        if kind.precision <= DIGITS:
            return _numeric(name, values.cast(pa.float64()))
        return Column(name, "Char", texts_of(values.cast(pa.string())))
    if types.is_date(kind):
        days = values.cast(pa.date32()).cast(pa.int32()).cast(pa.float64())
        return _numeric(name, days, 3653.0, "E8601DA.")
    if types.is_timestamp(kind) or types.is_time(kind):
        return _moment(name, values)
    raise TableError(path, f"variable {name} is of type {kind}, which no dataset has")


def _numeric(name: str, values: Any, add: float = 0.0, format: str | None = None) -> Column:
    numbers = np.array(values.to_numpy(), dtype=np.float64)
    return Column(name, "Num", Vector.of_numbers(numbers + add), format=format)


def _whole(name: str, values: Any) -> Column:
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = pc.min_max(values).as_py()
    if ends["min"] is not None and max(abs(ends["min"]), abs(ends["max"])) > EXACT:
        return Column(name, "Char", texts_of(values.cast(pa.string())))
    return _numeric(name, values.cast(pa.float64()))


def _moment(name: str, values: Any) -> Column:
    """Seconds since 1960, or of the day; a text where there are parts of a millisecond, or a time zone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    time = pa.types.is_time(kind)
    per = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}[kind.unit]
    zoned = not time and kind.tz is not None
    narrow = pa.int32() if time and kind.bit_width == 32 else pa.int64()
    numbers = values.cast(narrow).cast(pa.int64())
    fine = per > 1_000 and pc.any(pc.not_equal(_rest(numbers, per // 1_000), 0)).as_py()
    if zoned or fine:
        return Column(name, "Char", texts_of(values.cast(pa.string())))
    seconds = pc.divide(numbers.cast(pa.float64()), float(per))
    return _numeric(name, seconds, 0.0 if time else 3653.0 * 86_400, "E8601TM." if time else "E8601DT.")


def _rest(numbers: Any, by: int) -> Any:
    import pyarrow.compute as pc

    return pc.subtract(numbers, pc.multiply(pc.divide(numbers, by), by))
