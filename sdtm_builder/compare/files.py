"""Reads a dataset from a transport file, Dataset-JSON, Parquet, csv or sas7bdat; finds the datasets of a folder."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ..model import Vector
from ..model.column import Kind, as_objects
from ..values.encodings import iconv_name
from .arrows import column_of, texts_of
from .define import DefineKeysError, define_keys
from .table import Column, Table, TableError

SUFFIXES = {".xpt": "xpt", ".json": "json", ".parquet": "parquet", ".sas7bdat": "sas7bdat", ".csv": "csv",
            ".tsv": "csv"}  # fmt: skip
"""File suffix -> kind; of several files of one dataset in a folder, the first kind here is taken."""
WITHIN = ("", "sdtm", "adam")


@dataclass(frozen=True)
class Side:
    """One side of a comparison: its datasets' files and the keys that define.xml declares.

    build : folder of the build that they belong to, None if of none; notes : files that were passed over, and why
    """

    path: Path
    files: Mapping[str, Path]
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    build: Path | None = None
    notes: tuple[str, ...] = ()


def find_side(path: Path) -> Side:
    """What a file or folder has to compare: of a folder all datasets in it and in its `sdtm` and `adam`.

    Raises TableError where there is nothing.
    """
    if path.is_file():
        kind_of(path)
        keys, notes = _keys_beside(path.parent)
        return Side(path, {path.stem.upper(): path}, keys, build_of(path.parent), notes)
    if not path.is_dir():
        raise TableError(path, "there is no such file or folder")
    files: dict[str, Path] = {}
    declared: dict[str, tuple[str, ...]] = {}
    said: list[str] = []
    for folder in (path / name for name in WITHIN):
        if not folder.is_dir():
            continue
        keys, notes = _keys_beside(folder)
        declared |= keys
        said += notes
        for one in sorted(p for p in folder.iterdir() if p.is_file() and _is_data(p)):
            name, rank = one.stem.upper(), _rank(one)
            before = files.get(name)
            if before is not None:
                first, second = (one, before) if rank < _rank(before) else (before, one)
                said.append(f"{second}: passed over, {first.name} holds {name} too")
                files[name] = first
            else:
                files[name] = one
    if not files:
        raise TableError(path, f"no dataset in it; known are {', '.join(SUFFIXES)}")
    return Side(path, dict(sorted(files.items())), declared, build_of(path), tuple(said))


def build_of(folder: Path) -> Path | None:
    """The folder of the build that a folder is or belongs to, where its lineage lies; else None."""
    for one in (folder, folder.parent, folder.parent.parent):
        if (one / "lineage" / "graph.json").is_file():
            return one
    return None


def _is_data(path: Path) -> bool:
    kind = SUFFIXES.get(path.suffix.lower())
    if kind == "json":
        with path.open("rb") as file:
            return b"datasetJSON" in file.read(4096)
    return kind is not None and not path.name.startswith(".")


def _rank(path: Path) -> int:
    return list(SUFFIXES).index(path.suffix.lower())


def _keys_beside(folder: Path) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    path = folder / "define.xml"
    if not path.is_file():
        return {}, ()
    try:
        return define_keys(path), ()
    except DefineKeysError as fault:
        return {}, (f"{path}: its keys were not read: {fault}",)


def kind_of(path: Path) -> str:
    """The kind of a file by its suffix; TableError for an unknown one."""
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        raise TableError(path, f"suffix {path.suffix or 'none'}; known are {', '.join(SUFFIXES)}")
    return kind


def read_table(path: Path, encoding: str = "utf-8") -> Table:
    """Read a dataset.

    path : the file; its suffix tells its kind
    encoding : of the texts of a transport file, csv or sas7bdat, by Python's name

    A missing text and an empty one are the same. A csv has texts alone, without types. Whole numbers and decimals of
    Parquet too long for a SAS number stay texts, so that no digit is lost; dates and times become SAS days and seconds.
    Raises TableError where the file can't be read.
    """
    readers: dict[str, Callable[[Path, str], Table]] = {
        "xpt": _read_xpt, "json": _read_json, "parquet": _read_parquet, "csv": _read_csv, "sas7bdat": _read_sas,
    }  # fmt: skip
    try:
        return readers[kind_of(path)](path, encoding)
    except OSError as fault:
        raise TableError(path, fault.strerror or str(fault)) from fault


def _read_xpt(path: Path, encoding: str) -> Table:
    from ..xpt.reader import XptError, read_xpt

    try:
        data = read_xpt(path, encoding=encoding)
    except XptError as fault:
        raise TableError(path, f"byte {fault.offset}: {fault.reason}") from fault
    letters: dict[str, Any] = {}
    for one in data.special_missing:
        letters.setdefault(one.variable, np.zeros(data.records, np.uint8))[one.record] = ord(one.letter)
    columns: dict[str, Column] = {}
    for c in data.columns:
        values = Vector.of_numbers(np.asarray(c.numbers)) if c.type == "Num" else _coded(c.codes, c.texts)
        columns[c.name] = Column(c.name, c.type, values, c.label, c.length, c.format, letters.get(c.name))
    _refuse_repeats(path, [c.name for c in data.columns])
    return Table(data.name, columns, data.records, path, "xpt", data.label)


def _coded(codes: Any, texts: Any) -> Vector:
    if any(not text for text in texts):
        return Vector.of_codes(codes, list(texts))
    return Vector(Kind.TEXT, codes, as_objects(list(texts)))


def _read_json(path: Path, encoding: str) -> Table:
    from ..write.dataset_json_reader import DatasetJsonError, read_dataset_json

    try:
        data = read_dataset_json(path)
    except DatasetJsonError as fault:
        raise TableError(path, f"{fault.place}: {fault.reason}") from fault
    columns: dict[str, Column] = {}
    for c in data.columns:
        form = c.display_format or ""
        if c.numbers is not None:
            columns[c.name] = Column(c.name, "Num", Vector.of_numbers(c.numbers), c.label, None, form)
        else:
            columns[c.name] = Column(c.name, "Char", _coded(c.codes, c.texts), c.label, c.length, form)
    _refuse_repeats(path, [c.name for c in data.columns])
    keyed = sorted((c.key_sequence, c.name) for c in data.columns if c.key_sequence)
    keys = tuple(name for _, name in keyed)
    return Table(data.metadata.name, columns, data.records, path, "json", data.metadata.label, keys)


def _read_parquet(path: Path, encoding: str) -> Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        data = pq.ParquetFile(path).read()
    except pa.ArrowException as fault:
        raise TableError(path, f"no Parquet: {fault}") from fault
    _refuse_repeats(path, data.column_names)
    columns = {name: column_of(path, name, data.column(name)) for name in data.column_names}
    return Table(path.stem.upper(), columns, data.num_rows, path, "parquet")


def _read_csv(path: Path, encoding: str) -> Table:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    try:
        with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="") as file:
            names = next(csv.reader(file, delimiter=delimiter), [])
    except (UnicodeDecodeError, csv.Error) as fault:
        raise TableError(path, f"not readable as csv of encoding {encoding}: {fault}") from fault
    if not names:
        raise TableError(path, "it is empty")
    _refuse_repeats(path, names)
    try:
        data = arrow_csv.read_csv(
            path, arrow_csv.ReadOptions(encoding=encoding),
            arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string())),
        )  # fmt: skip
    except (pa.ArrowException, LookupError, UnicodeDecodeError) as fault:
        raise TableError(path, f"not readable as csv of encoding {encoding}: {fault}") from fault
    columns = {name: Column(name, "Char", texts_of(data.column(name)), untyped=True) for name in data.column_names}
    return Table(path.stem.upper(), columns, data.num_rows, path, "csv")


def _read_sas(path: Path, encoding: str) -> Table:
    import pyreadstat

    try:
        data, meta = pyreadstat.read_sas7bdat(
            str(path), encoding=iconv_name("" if encoding == "utf-8" else encoding), user_missing=True,
            disable_datetime_conversion=True, output_format="dict",
        )  # fmt: skip
    except (pyreadstat.ReadstatError, LookupError) as fault:
        raise TableError(path, f"not readable as sas7bdat: {fault}") from fault
    columns = {}
    for name in meta.column_names:
        about = (
            meta.column_names_to_labels.get(name) or "", meta.variable_storage_width.get(name),
            _format_of(meta.original_variable_types.get(name)),
        )  # fmt: skip
        if meta.readstat_variable_types.get(name) == "string":
            columns[name] = Column(name, "Char", _texts(data[name]), *about)
        else:
            numbers, special = _numbers(data[name])
            columns[name] = Column(name, "Num", Vector.of_numbers(numbers), *about, special)
    return Table((meta.table_name or path.stem).upper(), columns, int(meta.number_rows or 0), path, "sas7bdat",
                 meta.file_label or "")  # fmt: skip


def _texts(values: Any) -> Vector:
    import pyarrow as pa

    return texts_of(pa.chunked_array([pa.array(values, type=pa.string(), from_pandas=True)]))


def _format_of(said: str | None) -> str:
    """`DATE9` as transport files have it, `DATE9.`; none for `NULL`, `BEST`, `$`."""
    if not said or said in ("NULL", "$", "BEST"):
        return ""
    return said if "." in said else f"{said}."


def _numbers(values: Any) -> tuple[Any, Any]:
    """Numbers of a numeric variable and the letters of its special missing values."""
    array = np.asarray(values)
    if array.dtype != object:
        return array.astype(np.float64), None
    letters = np.array([ord(v[0]) if isinstance(v, str) and v else 0 for v in array], dtype=np.uint8)
    numbers = np.array([np.nan if v is None or isinstance(v, str) else float(v) for v in array])
    return numbers, letters if letters.any() else None


def _refuse_repeats(path: Path, names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise TableError(path, f"variable {', '.join(twice)} stands in it several times")
