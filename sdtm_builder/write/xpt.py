"""Write one dataset as a SAS version 5 transport file: every fault collected first, then whole columns to bytes."""
from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm_builder.xpt.ibm import IBM_MAX, IBM_MIN, convert_to_ibm, find_unrepresentable
from sdtm_builder.xpt.layout import (
    DSCRPTR_HEADER,
    ENCODINGS,
    LIBRARY_HEADER,
    MAX_CHAR,
    MAX_LABEL,
    MAX_VARIABLES,
    MEMBER_HEADER,
    NAMESTR,
    NAMESTR_HEADER,
    NAMESTR_SIZE,
    OBS_HEADER,
    RECORD,
    SAS_OS,
    SAS_VERSION,
    XptColumn,
    format_timestamp,
    is_xpt_name,
    parse_format,
)

__all__ = ["XptColumn", "XptFault", "check_xpt", "write_xpt"]

CHUNK_BYTES = 4 << 20
"""Bytes of records put together at a time: small enough for the processor's cache, large enough for numpy."""


@dataclass(frozen=True)
class XptFault:
    """One reason why a dataset cannot be written as it is.

    rule: a stable code, `XPT_...`.  variable: its name, None for a fault of the dataset.
    records: places of the records that have the value, from 0; empty where the fault lies in the metadata.
    value: the offending value.  message: what is wrong and what is allowed.
    """

    rule: str
    message: str
    variable: str | None = None
    records: tuple[int, ...] = ()
    value: str | float | None = None

    @property
    def record(self) -> int | None:
        """The first record that has the value."""
        return self.records[0] if self.records else None


def write_xpt(path: Path, name: str, label: str, columns: Sequence[XptColumn], created: datetime, *,
              encoding: str = "ascii") -> list[XptFault]:
    """Write one dataset; nothing is written where there is any fault, and nothing is ever cut.

    path: the file to make.  name, label: of the dataset (8 and 40 bytes).  columns: in their order, of equal length.
    created: the moment put into the headers, so that the same input gives the same bytes.
    encoding: `ascii` (submissions to FDA) or `utf-8`.
    A trailing blank is padding in SAS and is not kept; an empty or blank text is a missing value.
    Returns the faults.  Raises ValueError on columns that do not fit together, OSError from the file system (the
    half-written file is removed).  Source: TS-140; FDA Study Data Technical Conformance Guide 3.3.
    """
    columns = tuple(columns)
    faults, tables = _check(name, label, columns, encoding)
    if faults:
        return faults
    try:
        with open(path, "wb") as file:
            file.write(_build_headers(name, label, columns, created, encoding))
            written = 0
            for chunk in _build_chunks(columns, tables):
                file.write(chunk.data)
                written += chunk.nbytes
            file.write(b" " * (-written % RECORD))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(path)
        raise
    return []


def check_xpt(name: str, label: str, columns: Sequence[XptColumn], *, encoding: str = "ascii") -> list[XptFault]:
    """The faults that `write_xpt` would find, without writing."""
    return _check(name, label, tuple(columns), encoding)[0]


# ---------------------------------------------------------------- checks

def _check(name: str, label: str, columns: tuple[XptColumn, ...],
           encoding: str) -> tuple[list[XptFault], list[npt.NDArray[Any] | None]]:
    """All faults of a dataset, and for each Char column its distinct texts as padded bytes, a blank one last."""
    if encoding not in ENCODINGS:
        raise ValueError(f"encoding {encoding!r}: allowed are {', '.join(ENCODINGS)}")
    if len({column.records for column in columns}) > 1:
        raise ValueError("columns of different lengths")
    faults = list(_check_dataset(name, label, columns, encoding))
    tables: list[npt.NDArray[Any] | None] = []
    for column in columns:
        faults.extend(_check_metadata(column, encoding))
        if column.type == "Num":
            faults.extend(_check_numbers(column))
            tables.append(None)
        else:
            found, table = _encode_texts(column, encoding)
            faults.extend(found)
            tables.append(table)
    if not faults:
        faults.extend(_check_last_record(columns, tables))
    return faults, tables


def _check_dataset(name: str, label: str, columns: tuple[XptColumn, ...], encoding: str) -> Iterator[XptFault]:
    if not is_xpt_name(name):
        yield XptFault("XPT_DATASET_NAME", f"dataset name {name!r}: 1 to 8 of A-Z, 0-9, _, no leading digit",
                       value=name)
    problem = _find_label_problem(label, encoding)
    if problem:
        yield XptFault("XPT_DATASET_LABEL", f"label of dataset {name}: {problem}", value=label)
    if not 1 <= len(columns) <= MAX_VARIABLES:
        yield XptFault("XPT_VARIABLES", f"{len(columns)} variables: a transport file holds 1 to {MAX_VARIABLES}")
    seen: set[str] = set()
    for column in columns:
        if column.name in seen:
            yield XptFault("XPT_DUPLICATE_NAME", f"variable {column.name} stands twice", column.name)
        seen.add(column.name)


def _check_metadata(column: XptColumn, encoding: str) -> Iterator[XptFault]:
    name = column.name
    if not is_xpt_name(name):
        yield XptFault("XPT_NAME", f"variable name {name!r}: 1 to 8 of A-Z, 0-9, _, no leading digit", name, value=name)
    problem = _find_label_problem(column.label, encoding)
    if problem:
        yield XptFault("XPT_LABEL", f"label of {name}: {problem}", name, value=column.label)
    if column.type == "Char" and not 1 <= column.length <= MAX_CHAR:
        yield XptFault("XPT_LENGTH", f"length {column.length} of {name}: a character variable has 1 to {MAX_CHAR} "
                       "bytes", name, value=column.length)
    if column.type == "Num" and column.length != 8:
        yield XptFault("XPT_LENGTH", f"length {column.length} of {name}: a numeric variable has 8 bytes", name,
                       value=column.length)
    parsed = parse_format(column.format)
    if parsed is None:
        yield XptFault("XPT_FORMAT", f"format {column.format!r} of {name} is no SAS format of version 5: "
                       "a name of at most 8 characters, a width, a full stop, decimals, as DATE9. or 8.2", name,
                       value=column.format)
    elif column.format and (parsed.name.startswith("$")) != (column.type == "Char"):
        yield XptFault("XPT_FORMAT", f"format {column.format} of {name}: formats of character variables, and only "
                       "those, begin with $", name, value=column.format)


def _find_label_problem(label: str, encoding: str) -> str | None:
    problem = _find_text_problem(label, encoding)
    if problem:
        return f"{problem[1]}: {label!r}"
    size = len(label.rstrip(" ").encode(encoding))
    return f"{size} bytes, at most {MAX_LABEL}: {label!r}" if size > MAX_LABEL else None


def _check_numbers(column: XptColumn) -> Iterator[XptFault]:
    assert column.numbers is not None
    bad = find_unrepresentable(column.numbers)
    values = column.numbers[bad]
    for value in np.unique(values).tolist():
        records = tuple(bad[values == value].tolist())
        yield XptFault("XPT_NUMBER", f"{column.name} = {value!r}: a SAS transport file holds 0 and magnitudes from "
                       f"{IBM_MIN:.4g} to {IBM_MAX:.4g}", column.name, records, value)


def _encode_texts(column: XptColumn, encoding: str) -> tuple[list[XptFault], npt.NDArray[Any] | None]:
    """Encode each distinct text once.  Returns faults, or the padded bytes with a blank row last (code -1)."""
    codes, texts = column.codes, column.texts
    if codes is None or texts is None:
        raise ValueError(f"variable {column.name}: a Char column needs codes and texts")
    codes = np.asarray(codes)
    texts = texts.tolist() if isinstance(texts, np.ndarray) else list(texts)
    if codes.size and (codes.min() < -1 or codes.max() >= len(texts)):
        raise ValueError(f"variable {column.name}: a code points outside its {len(texts)} texts")
    used = np.zeros(len(texts) + 1, dtype=bool)
    used[codes] = True
    encoded: list[bytes] = []
    faulty: dict[int, tuple[str, str]] = {}
    for code, text in enumerate(texts):
        text = text.rstrip(" ") if used[code] else ""
        problem = _find_value_problem(text, column.length, encoding)
        if problem:
            faulty[code] = problem
        encoded.append(b"" if problem else text.encode(encoding))
    if faulty:
        return _locate(column.name, codes, texts, faulty), None
    if not 1 <= column.length <= MAX_CHAR:
        return [], None
    table = np.array([*encoded, b""], dtype=f"S{column.length}").view(np.uint8)
    table[table == 0] = 0x20   # no text holds a NUL, so every zero is numpy's padding
    return [], table.view(f"V{column.length}")


def _find_value_problem(text: str, length: int, encoding: str) -> tuple[str, str] | None:
    if text.isascii() and text.isprintable() and len(text) <= min(length, MAX_CHAR) and not text.startswith(" "):
        return None
    if text.startswith(" "):
        return "XPT_LEADING_BLANK", "a leading blank; character variables are left-justified"
    problem = _find_text_problem(text, encoding)
    if problem:
        return problem
    size = len(text.encode(encoding))
    if size > MAX_CHAR:
        return "XPT_TOO_LONG", f"{size} bytes, a transport file holds {MAX_CHAR}"
    return ("XPT_TOO_LONG", f"{size} bytes, the length is {length}") if size > length else None


def _find_text_problem(text: str, encoding: str) -> tuple[str, str] | None:
    control = [char for char in text if char < " " or "\x7f" <= char < "\xa0"]
    if control:
        return "XPT_CONTROL", f"the control character U+{ord(control[0]):04X}"
    if encoding == "ascii" and not text.isascii():
        foreign = sorted({char for char in text if not char.isascii()})
        shown = ", ".join(f"{char} (U+{ord(char):04X})" for char in foreign[:5])
        return "XPT_ASCII", f"characters outside ASCII: {shown}"
    if any("\ud800" <= char <= "\udfff" for char in text):
        return "XPT_SURROGATE", "half of a surrogate pair, no character of its own"
    return None


def _locate(name: str, codes: npt.NDArray[Any], texts: list[str],
            faulty: dict[int, tuple[str, str]]) -> list[XptFault]:
    """Faults of distinct texts, with the records that have them, in the order of the first record."""
    wanted = np.zeros(len(texts) + 1, dtype=bool)
    wanted[list(faulty)] = True
    places = np.flatnonzero(wanted[codes])
    records: dict[int, list[int]] = {}
    for code, place in zip(codes[places].tolist(), places.tolist(), strict=True):
        records.setdefault(code, []).append(place)
    return [XptFault(faulty[code][0], f"{name}: {faulty[code][1]}", name, tuple(found), texts[code])
            for code, found in records.items()]


def _check_last_record(columns: tuple[XptColumn, ...], tables: list[npt.NDArray[Any] | None]) -> Iterator[XptFault]:
    """A last record of blanks looks as the padding after it: readers drop it or add more of its kind."""
    count = columns[0].records
    if not count:
        return
    blank = all(
        np.isnan(column.numbers[-1]) or convert_to_ibm(column.numbers[-1:]).tobytes() == b" " * 8
        if column.numbers is not None and table is None
        else table is not None and column.codes is not None and not bytes(table[column.codes[-1]]).strip(b" ")
        for column, table in zip(columns, tables, strict=True))
    if blank:
        yield XptFault("XPT_BLANK_RECORD", "the last record is missing in every variable: in a transport file it "
                       "cannot be told from padding", None, (count - 1,))


# ---------------------------------------------------------------- bytes

def _build_headers(name: str, label: str, columns: tuple[XptColumn, ...], created: datetime, encoding: str) -> bytes:
    stamp = format_timestamp(created)
    system = _pad(SAS_VERSION.encode(), 8) + _pad(SAS_OS.encode(), 8) + b" " * 24 + stamp
    namestrs = _build_namestrs(columns, encoding)
    parts = [
        LIBRARY_HEADER + b"0" * 30,
        b"SAS     SAS     SASLIB  " + system,
        stamp,
        MEMBER_HEADER + b"000000000000000001600000000" + str(NAMESTR_SIZE).encode(),
        DSCRPTR_HEADER + b"0" * 30,
        b"SAS     " + _pad(name.encode(), 8) + b"SASDATA " + system,
        _pad(stamp, 32) + _pad(label.rstrip(" ").encode(encoding), MAX_LABEL),
        NAMESTR_HEADER + f"000000{len(columns):04d}".encode() + b"0" * 20,
        namestrs,
        OBS_HEADER + b"0" * 30,
    ]
    return b"".join(_pad(part, -(-len(part) // RECORD) * RECORD) for part in parts)


def _build_namestrs(columns: tuple[XptColumn, ...], encoding: str) -> bytes:
    records = np.zeros(len(columns), dtype=NAMESTR)
    position = 0
    for place, column in enumerate(columns):
        shown = parse_format(column.format)
        assert shown is not None
        record = records[place]
        record["ntype"] = 1 if column.type == "Num" else 2
        record["nlng"], record["nvar0"], record["npos"] = column.length, place + 1, position
        record["nname"] = np.void(_pad(column.name.encode(), 8))
        record["nlabel"] = np.void(_pad(column.label.rstrip(" ").encode(encoding), MAX_LABEL))
        record["nform"] = np.void(_pad(shown.name.encode(), 8))
        record["nfl"], record["nfd"] = shown.width, shown.decimals
        record["niform"] = np.void(b" " * 8)
        position += column.length
    return records.tobytes()


def _pad(text: bytes, size: int) -> bytes:
    if len(text) > size:
        raise AssertionError(f"{text!r} is longer than {size} bytes")
    return text.ljust(size, b" ")


def _build_chunks(columns: tuple[XptColumn, ...], tables: list[npt.NDArray[Any] | None]) -> Iterator[npt.NDArray[Any]]:
    """The observations as record arrays, a few thousand records at a time; one buffer serves all chunks."""
    layout = np.dtype([(f"f{place}", ">u8" if table is None else table.dtype) for place, table in enumerate(tables)])
    count = columns[0].records
    size = max(1, CHUNK_BYTES // layout.itemsize)
    buffer = np.empty(min(size, count), dtype=layout)
    for start in range(0, count, size):
        chunk = buffer[:min(size, count - start)]
        stop = start + len(chunk)
        for field, column, table in zip(layout.names or (), columns, tables, strict=True):
            if table is None:
                assert column.numbers is not None
                chunk[field] = convert_to_ibm(column.numbers[start:stop])
            else:
                assert column.codes is not None
                chunk[field] = table[column.codes[start:stop]]
        yield chunk
