"""Write one dataset as CDISC Dataset-JSON 1.1: faults collected first, then rows streamed, one a line."""
from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["VERSION", "DatasetJsonColumn", "DatasetJsonFault", "DatasetJsonMetadata", "check_dataset_json",
           "format_sas_moment", "write_dataset_json"]

VERSION = "1.1.0"
CHUNK_ROWS = 20_000

# dataType: the targetDataType values that the specification pairs it with (None: the attribute is left out).
COMBINATIONS: dict[str, tuple[str | None, ...]] = {
    "string": (None,), "integer": (None,), "decimal": ("decimal",), "float": (None,), "double": (None,),
    "boolean": (None,), "datetime": (None, "integer"), "date": (None, "integer"), "time": (None, "integer"),
    "URI": (None,),
}
_NUMERIC = frozenset({"integer", "float", "double", "boolean"})
_MOMENTS = frozenset({"datetime", "date", "time"})
_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?", re.ASCII)


@dataclass(frozen=True)
class DatasetJsonMetadata:
    """The top-level attributes, named as the specification names them (in Python's spelling).

    created: datasetJSONCreationDateTime.  item_group_oid: ItemGroupDef/@OID of define.xml.
    name, label: of the dataset.
    db_last_modified: on or before `created`.  source_system: its name and version, both or neither.
    meta_data_ref: the metadata file, as `define.xml`.  An optional attribute that is None is left out.
    """

    created: datetime
    item_group_oid: str
    name: str
    label: str
    file_oid: str | None = None
    db_last_modified: datetime | None = None
    originator: str | None = None
    source_system: tuple[str, str] | None = None
    study_oid: str | None = None
    meta_data_version_oid: str | None = None
    meta_data_ref: str | None = None


@dataclass(frozen=True, eq=False)
class DatasetJsonColumn:
    """One variable, whole.

    data_type: string, integer, decimal, float, double, boolean, datetime, date, time or URI.
    target_data_type: `integer` for a numeric date, datetime or time (the SAS number is written as ISO 8601 text),
    `decimal` with decimal (numbers, or texts that keep their digits, written as text), else None.
    length: characters of a text value, at least 1; key_sequence: place among the keys, from 1.
    numbers: float64, NaN = missing; dates in days, datetimes in seconds since 1960-01-01, times in seconds.
    codes, texts: for text; -1 = missing.  A missing value is null, an empty text is "".
    """

    item_oid: str
    name: str
    label: str
    data_type: str
    target_data_type: str | None = None
    length: int | None = None
    display_format: str | None = None
    key_sequence: int | None = None
    numbers: npt.NDArray[np.float64] | None = None
    codes: npt.NDArray[np.int32] | None = None
    texts: npt.NDArray[Any] | Sequence[str] | None = None

    @property
    def records(self) -> int:
        """The number of records."""
        values = self.codes if self.numbers is None else self.numbers
        if values is None or (self.numbers is None) != (self.texts is not None):
            raise ValueError(f"variable {self.name}: either numbers, or codes and texts")
        return len(values)

    def values(self) -> list[Any]:
        """The values one by one, None where missing; for small data and tests."""
        if self.numbers is not None:
            return [None if value != value else value for value in self.numbers.tolist()]
        assert self.codes is not None
        assert self.texts is not None
        return [None if code < 0 else self.texts[code] for code in self.codes.tolist()]


@dataclass(frozen=True)
class DatasetJsonFault:
    """One reason why a dataset cannot be written: rule, message, variable, records that have the value, the value."""

    rule: str
    message: str
    variable: str | None = None
    records: tuple[int, ...] = ()
    value: str | float | None = None


def write_dataset_json(path: Path, metadata: DatasetJsonMetadata,
                       columns: Sequence[DatasetJsonColumn]) -> list[DatasetJsonFault]:
    """Write one dataset in UTF-8, attributes in the order of the specification; nothing is written on a fault.

    path: the file to make.  metadata: see there.  columns: in their order, of equal length.
    Returns the faults.  Raises ValueError on columns that do not fit together, OSError from the file system (the
    half-written file is removed).  Source: CDISC Dataset-JSON Specification 1.1.
    """
    faults = check_dataset_json(metadata, columns)
    if faults:
        return faults
    count = columns[0].records if columns else 0
    try:
        with open(path, "w", encoding="utf-8", newline="\n") as file:
            head = _build_head(metadata, columns, count)
            file.write("{\n" + ",\n".join(f"{_dump(name)}: {text}" for name, text in head) + ',\n"rows": [')
            for place, lines in enumerate(_build_rows(columns, count)):
                file.write((",\n" if place else "\n") + lines)
            file.write("\n]\n}\n")
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return []


# ---------------------------------------------------------------- checks

def check_dataset_json(metadata: DatasetJsonMetadata, columns: Sequence[DatasetJsonColumn]) -> list[DatasetJsonFault]:
    """The faults that `write_dataset_json` would find, without writing."""
    if len({column.records for column in columns}) > 1:
        raise ValueError("columns of different lengths")
    faults = list(_check_metadata(metadata, columns))
    for column in columns:
        found = list(_check_attributes(column))
        if not found:
            found.extend(_check_numbers(column) if column.numbers is not None else _check_texts(column))
        faults.extend(found)
    return faults


def _check_metadata(metadata: DatasetJsonMetadata, columns: Sequence[DatasetJsonColumn]) -> Iterator[DatasetJsonFault]:
    for attribute in ("item_group_oid", "name", "file_oid", "study_oid", "meta_data_version_oid"):
        if getattr(metadata, attribute) == "":
            yield DatasetJsonFault("DSJ_ATTRIBUTE", f"{attribute} is empty")
    if not columns:
        yield DatasetJsonFault("DSJ_COLUMNS", "a dataset without variables")
    names = [column.name for column in columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield DatasetJsonFault("DSJ_DUPLICATE_NAME", f"variable {name} stands twice", name)
    modified = metadata.db_last_modified
    if modified is not None:
        if (modified.tzinfo is None) != (metadata.created.tzinfo is None):
            yield DatasetJsonFault("DSJ_MODIFIED", "dbLastModifiedDateTime and datasetJSONCreationDateTime: one has a "
                                   "time zone, the other has none, so their order is unknown")
        elif modified > metadata.created:
            yield DatasetJsonFault("DSJ_MODIFIED", f"dbLastModifiedDateTime {modified.isoformat()} is after "
                                   f"datasetJSONCreationDateTime {metadata.created.isoformat()}")


def _check_attributes(column: DatasetJsonColumn) -> Iterator[DatasetJsonFault]:
    name, kind, target = column.name, column.data_type, column.target_data_type
    if not column.item_oid or not name:
        yield DatasetJsonFault("DSJ_ATTRIBUTE", f"itemOID {column.item_oid!r}, name {name!r}: neither may be empty",
                               name)
    if target not in COMBINATIONS.get(kind, ()):
        yield DatasetJsonFault("DSJ_TYPE", f"{name}: dataType {kind!r} with targetDataType {target!r} is no supported "
                               "combination", name)
    elif column.numbers is not None and target is None and kind not in _NUMERIC:
        yield DatasetJsonFault("DSJ_TYPE", f"{name}: numbers cannot be of dataType {kind}; a numeric date has "
                               "targetDataType integer", name)
    elif column.numbers is None and (kind in _NUMERIC or target == "integer"):
        yield DatasetJsonFault("DSJ_TYPE", f"{name}: texts cannot be of dataType {kind}"
                               + (f" with targetDataType {target}" if target else ""), name)
    for attribute, value in (("length", column.length), ("keySequence", column.key_sequence)):
        if value is not None and value < 1:
            yield DatasetJsonFault("DSJ_ATTRIBUTE", f"{name}: {attribute} {value} is below 1", name)


def _check_numbers(column: DatasetJsonColumn) -> Iterator[DatasetJsonFault]:
    numbers = column.numbers
    assert numbers is not None
    kind = column.data_type
    with np.errstate(invalid="ignore"):
        bad = np.isinf(numbers)
        if kind == "integer" or column.target_data_type == "integer":
            bad |= (np.floor(numbers) != numbers) & ~np.isnan(numbers)
        if kind == "boolean":
            bad |= (numbers != 0) & (numbers != 1) & ~np.isnan(numbers)
        if kind in _MOMENTS:
            low, high = _LIMITS[kind]
            bad |= (numbers < low) | (numbers > high)
    places = np.flatnonzero(bad)
    values = numbers[places]
    for value in np.unique(values).tolist():
        yield DatasetJsonFault("DSJ_NUMBER", f"{column.name} = {value!r} cannot be of dataType {kind}", column.name,
                               tuple(places[values == value].tolist()), value)


def _check_texts(column: DatasetJsonColumn) -> Iterator[DatasetJsonFault]:
    assert column.codes is not None
    assert column.texts is not None
    texts = list(column.texts)
    codes = np.asarray(column.codes)
    if codes.size and (codes.min() < -1 or codes.max() >= len(texts)):
        raise ValueError(f"variable {column.name}: a code points outside its {len(texts)} texts")
    used = np.zeros(len(texts) + 1, dtype=bool)
    used[codes] = True
    for code, text in enumerate(texts):
        if not used[code]:
            continue
        problem = None
        if column.length is not None and len(text) > column.length:
            problem = "DSJ_TOO_LONG", f"{len(text)} characters, the length is {column.length}"
        elif not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
            problem = "DSJ_SURROGATE", "half of a surrogate pair cannot be written in UTF-8"
        elif column.data_type == "decimal" and not _DECIMAL.fullmatch(text):
            problem = "DSJ_NUMBER", "is no decimal number with a full stop"
        if problem:
            yield DatasetJsonFault(problem[0], f"{column.name} = {text!r}: {problem[1]}", column.name,
                                   tuple(np.flatnonzero(codes == code).tolist()), text)


# ---------------------------------------------------------------- text

_EPOCH = datetime(1960, 1, 1)
_LIMITS = {"date": ((date.min - _EPOCH.date()).days, (date.max - _EPOCH.date()).days),
           "datetime": tuple((end - _EPOCH) // timedelta(seconds=1) for end in (datetime.min, datetime.max)),
           "time": (0, 86399)}


def format_sas_moment(kind: str, number: float) -> str:
    """A SAS date (days), datetime or time (seconds), whole, as ISO 8601 text; kind: `date`, `datetime` or `time`."""
    if kind == "date":
        return (_EPOCH + timedelta(days=int(number))).date().isoformat()
    moment = _EPOCH + timedelta(seconds=int(number))
    return (moment if kind == "datetime" else moment.time()).isoformat(timespec="seconds")


def _format_number(number: float) -> str:
    """The shortest JSON number that reads back as the same double."""
    text = repr(number)
    return text[:-2] if text.endswith(".0") else text


def _format_decimal(number: float) -> str:
    text = format(Decimal(repr(number)), "f")
    return f'"{text[:-2] if text.endswith(".0") else text}"'


def _choose_formatter(column: DatasetJsonColumn) -> Callable[[float], str]:
    kind = column.data_type
    if kind in _MOMENTS:
        return lambda number: f'"{format_sas_moment(kind, number)}"'
    if kind == "boolean":
        return lambda number: "true" if number else "false"
    return {"decimal": _format_decimal, "integer": lambda number: str(int(number))}.get(kind, _format_number)


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _format_moment(moment: datetime) -> str:
    text = moment.replace(microsecond=0).isoformat()
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _build_head(metadata: DatasetJsonMetadata, columns: Sequence[DatasetJsonColumn],
                count: int) -> list[tuple[str, str]]:
    source = metadata.source_system
    modified = metadata.db_last_modified
    attributes: list[tuple[str, Any]] = [
        ("datasetJSONCreationDateTime", _format_moment(metadata.created)),
        ("datasetJSONVersion", VERSION),
        ("fileOID", metadata.file_oid),
        ("dbLastModifiedDateTime", None if modified is None else _format_moment(modified)),
        ("originator", metadata.originator),
        ("sourceSystem", None if source is None else {"name": source[0], "version": source[1]}),
        ("studyOID", metadata.study_oid),
        ("metaDataVersionOID", metadata.meta_data_version_oid),
        ("metaDataRef", metadata.meta_data_ref),
        ("itemGroupOID", metadata.item_group_oid),
        ("records", count),
        ("name", metadata.name),
        ("label", metadata.label),
    ]
    described = ",\n".join(_dump(_describe(column)) for column in columns)
    written = [(name, _dump(value)) for name, value in attributes if value is not None]
    return [*written, ("columns", f"[\n{described}\n]")]


def _describe(column: DatasetJsonColumn) -> dict[str, Any]:
    attributes = {"itemOID": column.item_oid, "name": column.name, "label": column.label, "dataType": column.data_type,
                  "targetDataType": column.target_data_type, "length": column.length,
                  "displayFormat": column.display_format or None, "keySequence": column.key_sequence}
    return {name: value for name, value in attributes.items() if value is not None}


def _build_rows(columns: Sequence[DatasetJsonColumn], count: int) -> Iterator[str]:
    """The rows as lines of JSON, some thousands at a time; each distinct text is put into JSON once."""
    tables: list[npt.NDArray[Any] | None] = []
    for column in columns:
        table = None
        if column.texts is not None:
            table = np.empty(len(column.texts) + 1, dtype=object)
            table[:] = [*map(_dump, column.texts), "null"]
        tables.append(table)
    for start in range(0, count, CHUNK_ROWS):
        parts = [_format_chunk(column, table, start) for column, table in zip(columns, tables, strict=True)]
        yield ",\n".join(map("[{}]".format, map(",".join, zip(*parts, strict=True))))


def _format_chunk(column: DatasetJsonColumn, table: npt.NDArray[Any] | None, start: int) -> list[str]:
    stop = start + CHUNK_ROWS
    if table is not None:
        assert column.codes is not None
        texts: list[str] = table[column.codes[start:stop]].tolist()
        return texts
    assert column.numbers is not None
    chunk = column.numbers[start:stop] + 0.0   # minus zero becomes zero
    write = _choose_formatter(column)
    unique, places = np.unique(chunk, return_inverse=True)   # all NaN fall together, last
    shown = np.empty(len(unique), dtype=object)
    shown[:] = ["null" if value != value else write(value) for value in unique.tolist()]
    numbers: list[str] = shown[places].tolist()
    return numbers
