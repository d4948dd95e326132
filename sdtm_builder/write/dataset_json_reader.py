"""Read a CDISC Dataset-JSON 1.1 file back into columns; what breaks the specification is an error with its place."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from sdtm_builder.write.dataset_json import COMBINATIONS, DatasetJsonColumn, DatasetJsonMetadata

__all__ = ["DatasetJson", "DatasetJsonError", "read_dataset_json"]

_DECIMAL = re.compile(r"[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)(\.[0-9]+)?", re.ASCII)   # a comma may part thousands
_VERSION = re.compile(r"1\.1(\.(0|[1-9][0-9]*))?")
_REQUIRED = {"datasetJSONCreationDateTime": str, "datasetJSONVersion": str, "itemGroupOID": str, "records": int,
             "name": str, "label": str, "columns": list}
_OPTIONAL = {"fileOID": str, "dbLastModifiedDateTime": str, "originator": str, "sourceSystem": dict, "studyOID": str,
             "metaDataVersionOID": str, "metaDataRef": str, "rows": list}
_COLUMN_REQUIRED = {"itemOID": str, "name": str, "label": str, "dataType": str}
_COLUMN_OPTIONAL = {"targetDataType": str, "length": int, "displayFormat": str, "keySequence": int}
_JSON_NAMES = {str: "a string", int: "an integer", list: "an array", dict: "an object"}


class DatasetJsonError(ValueError):
    """A file that is no Dataset-JSON 1.1; says the file, the place in it and what is wrong."""

    def __init__(self, path: Path, place: str, message: str) -> None:
        super().__init__(f"{path}: {place}: {message}")
        self.path, self.place, self.reason = path, place, message


@dataclass(frozen=True, eq=False)
class DatasetJson:
    """A dataset read from Dataset-JSON."""

    metadata: DatasetJsonMetadata
    records: int
    columns: tuple[DatasetJsonColumn, ...]


def read_dataset_json(path: Path) -> DatasetJson:
    """Read a whole file.

    Numbers come back as float64, also those of targetDataType `integer` (SAS days or seconds) and `decimal`; everything
    else as distinct texts and codes.  null is missing, "" stays an empty text.
    Raises DatasetJsonError on anything that is no Dataset-JSON 1.1, OSError from the file system.
    """
    content = _load(path)
    if not isinstance(content, dict):
        raise DatasetJsonError(path, "the file", "an object is wanted")
    _check_object(path, "the dataset", content, _REQUIRED, _OPTIONAL)
    if not _VERSION.fullmatch(content["datasetJSONVersion"]):
        raise DatasetJsonError(path, "datasetJSONVersion", f"{content['datasetJSONVersion']!r}, 1.1 is wanted")
    rows = content.get("rows", [])
    if content["records"] != len(rows):
        raise DatasetJsonError(path, "records", f"{content['records']} records are announced, {len(rows)} rows "
                               "are there")
    described = content["columns"]
    for place, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != len(described):
            raise DatasetJsonError(path, f"row {place + 1}", f"an array of {len(described)} values is wanted")
    cells = list(zip(*rows, strict=True)) if rows else [()] * len(described)
    columns = tuple(_read_column(path, place, column, values)
                    for place, (column, values) in enumerate(zip(described, cells, strict=True)))
    return DatasetJson(_read_metadata(path, content), len(rows), columns)


def _load(path: Path) -> Any:
    def refuse_constant(text: str) -> Any:
        raise DatasetJsonError(path, "the file", f"{text} is no JSON value")

    def refuse_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise DatasetJsonError(path, "the file", f"attribute {twice} stands twice in one object")
        return found

    try:
        with open(path, encoding="utf-8") as file:
            return json.load(file, parse_constant=refuse_constant, object_pairs_hook=refuse_duplicates)
    except json.JSONDecodeError as error:
        raise DatasetJsonError(path, f"line {error.lineno}, column {error.colno}", f"no JSON: {error.msg}") from error
    except UnicodeDecodeError as error:
        raise DatasetJsonError(path, f"byte {error.start}", "no UTF-8 text") from error


def _check_object(path: Path, where: str, content: dict[str, Any], required: Mapping[str, type],
                  optional: Mapping[str, type]) -> None:
    for name in required:
        if name not in content:
            raise DatasetJsonError(path, where, f"attribute {name} is absent")
    for name, value in content.items():
        kind = required.get(name) or optional.get(name)
        if kind is None:
            raise DatasetJsonError(path, where, f"attribute {name} is unknown in Dataset-JSON 1.1")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise DatasetJsonError(path, where, f"attribute {name}: {_JSON_NAMES[kind]} is wanted")


def _read_metadata(path: Path, content: dict[str, Any]) -> DatasetJsonMetadata:
    source = content.get("sourceSystem")
    if source is not None:
        _check_object(path, "sourceSystem", source, {"name": str, "version": str}, {})
    modified = content.get("dbLastModifiedDateTime")
    return DatasetJsonMetadata(
        created=_read_moment(path, "datasetJSONCreationDateTime", content["datasetJSONCreationDateTime"]),
        item_group_oid=content["itemGroupOID"], name=content["name"], label=content["label"],
        file_oid=content.get("fileOID"),
        db_last_modified=None if modified is None else _read_moment(path, "dbLastModifiedDateTime", modified),
        originator=content.get("originator"),
        source_system=None if source is None else (source["name"], source["version"]),
        study_oid=content.get("studyOID"), meta_data_version_oid=content.get("metaDataVersionOID"),
        meta_data_ref=content.get("metaDataRef"))


def _read_moment(path: Path, attribute: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise DatasetJsonError(path, attribute, f"{text!r} is no date and time") from None


def _read_column(path: Path, place: int, described: Any, values: tuple[Any, ...]) -> DatasetJsonColumn:
    where = f"column {place + 1}"
    if not isinstance(described, dict):
        raise DatasetJsonError(path, where, "an object is wanted")
    _check_object(path, where, described, _COLUMN_REQUIRED, _COLUMN_OPTIONAL)
    kind, target, name = described["dataType"], described.get("targetDataType"), described["name"]
    allowed = COMBINATIONS.get(kind, ())
    if target not in allowed and not (kind == "decimal" and target is None):
        raise DatasetJsonError(path, f"column {name}", f"dataType {kind!r} with targetDataType {target!r}")
    attributes = {"item_oid": described["itemOID"], "name": name, "label": described["label"], "data_type": kind,
                  "target_data_type": target, "length": described.get("length"),
                  "display_format": described.get("displayFormat"), "key_sequence": described.get("keySequence")}
    convert = _choose_converter(kind, target)
    if convert is None:
        return DatasetJsonColumn(**attributes, **_read_texts(path, name, values))
    numbers = np.empty(len(values), dtype=np.float64)
    for row, value in enumerate(values):
        try:
            numbers[row] = np.nan if value is None else convert(value)
        except (TypeError, ValueError, OverflowError):
            raise DatasetJsonError(path, f"row {row + 1}, column {name}",
                                   f"{value!r} is no {kind} of Dataset-JSON") from None
    return DatasetJsonColumn(**attributes, numbers=numbers)


def _read_texts(path: Path, name: str, values: tuple[Any, ...]) -> dict[str, Any]:
    known: dict[str, int] = {}
    codes = np.empty(len(values), dtype=np.int32)
    for row, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            raise DatasetJsonError(path, f"row {row + 1}, column {name}", f"{value!r} is no string")
        codes[row] = -1 if value is None else known.setdefault(value, len(known))
    texts = np.empty(len(known), dtype=object)
    texts[:] = list(known)
    return {"codes": codes, "texts": texts}


def _choose_converter(kind: str, target: str | None) -> Callable[[Any], float] | None:
    """How a JSON value of this type becomes a number; None where it stays text."""
    if target == "integer":
        return {"date": _convert_date, "datetime": _convert_datetime, "time": _convert_time}[kind]
    return {"integer": _convert_integer, "float": _convert_number, "double": _convert_number,
            "boolean": _convert_boolean, "decimal": _convert_decimal}.get(kind)


def _convert_number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError
    number = float(value)
    if number in (np.inf, -np.inf):
        raise OverflowError
    return number


def _convert_integer(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError
    if int(float(value)) != value:
        raise OverflowError
    return float(value)


def _convert_boolean(value: Any) -> float:
    if not isinstance(value, bool):
        raise TypeError
    return float(value)


def _convert_decimal(value: Any) -> float:
    if not isinstance(value, str) or not _DECIMAL.fullmatch(value):
        raise TypeError
    return float(value.replace(",", ""))


def _convert_date(value: Any) -> float:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
        raise TypeError
    return float((date.fromisoformat(value) - date(1960, 1, 1)).days)


def _convert_datetime(value: Any) -> float:
    if not isinstance(value, str) or not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?", value, re.ASCII):
        raise TypeError
    return float((datetime.fromisoformat(value) - datetime(1960, 1, 1)) // timedelta(seconds=1))


def _convert_time(value: Any) -> float:
    if not isinstance(value, str) or not re.fullmatch(r"\d\d:\d\d(:\d\d)?", value, re.ASCII):
        raise TypeError
    hours, minutes, seconds = (int(part) for part in f"{value}:00".split(":")[:3])
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError
    return float(hours * 3600 + minutes * 60 + seconds)
