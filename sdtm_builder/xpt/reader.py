"""Read a SAS version 5 transport file that holds one dataset; a file that is damaged or of another kind is an error."""
from __future__ import annotations

import mmap
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from sdtm_builder.xpt.ibm import convert_from_ibm
from sdtm_builder.xpt.layout import (
    DSCRPTR_HEADER,
    LIBRARY_HEADER,
    MEMBER_HEADER,
    NAMESTR,
    NAMESTR_HEADER,
    OBS_HEADER,
    RECORD,
    SasFormat,
    XptColumn,
    parse_timestamp,
)

__all__ = ["SpecialMissing", "XptDataset", "XptError", "read_xpt"]

CHUNK_BYTES = 32 << 20
"""Bytes of records read at a time."""


class XptError(ValueError):
    """A file that is no whole SAS version 5 transport file of one dataset; says where it stops being one."""

    def __init__(self, path: Path, offset: int, message: str) -> None:
        super().__init__(f"{path}: byte {offset}: {message}")
        self.path, self.offset, self.reason = path, offset, message


@dataclass(frozen=True)
class SpecialMissing:
    """A special missing value (`.A` to `.Z`, `._`), which is NaN among the numbers."""

    variable: str
    record: int
    letter: str


@dataclass(frozen=True, eq=False)
class XptDataset:
    """A dataset read from a transport file.

    created: the moment in the dataset's header, None where it holds none.  special_missing: see `SpecialMissing`.
    """

    name: str
    label: str
    created: datetime | None
    records: int
    columns: tuple[XptColumn, ...]
    special_missing: tuple[SpecialMissing, ...] = ()


@dataclass(frozen=True)
class _Head:
    name: str
    label: str
    created: datetime | None
    fields: npt.NDArray[Any]
    descriptor_size: int
    start: int


def read_xpt(path: Path, *, encoding: str = "utf-8") -> XptDataset:
    """Read a version 5 transport file.

    path: the file.  encoding: of its text, by Python's name (`utf-8` reads ASCII too; older files may be `cp1252`).
    Trailing blanks are padding and go; a blank text is missing; leading blanks stay.  Numbers of 2 to 7 bytes are
    completed with zeros, as TS-140 has it.
    Raises XptError, with the byte offset, where the file is cut short, damaged, of version 8, holds no or several
    datasets, or has bytes that are no text of `encoding`; OSError from the file system.
    """
    with open(path, "rb") as file:
        size = file.seek(0, 2)
        if size < RECORD:
            raise XptError(path, 0, f"{size} bytes are no SAS transport file: its first record has {RECORD}")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            head = _read_head(path, data, encoding)
            return _read_observations(path, data, head, encoding)


# ---------------------------------------------------------------- headers

def _read_head(path: Path, data: mmap.mmap, encoding: str) -> _Head:
    first = data[:RECORD]
    if first.startswith(b"HEADER RECORD*******LIBV8"):
        raise XptError(path, 0, "a SAS transport file of version 8; version 5 is wanted")
    if not first.startswith(LIBRARY_HEADER):
        raise XptError(path, 0, "no SAS transport file: the library header record is absent")
    if len(data) % RECORD:
        raise XptError(path, len(data), f"the file ends within a record of {RECORD} bytes: it is cut short or was "
                       "changed in transfer")
    member = _expect(path, data, 3 * RECORD, MEMBER_HEADER, "member header")
    try:
        descriptor_size = int(member[74:78])
    except ValueError:
        raise XptError(path, 3 * RECORD + 74, f"size of variable descriptors {member[74:78]!r}") from None
    if descriptor_size not in (136, 140):
        raise XptError(path, 3 * RECORD + 74, f"variable descriptors of {descriptor_size} bytes: 140, or 136 from "
                       "VAX, is known")
    _expect(path, data, 4 * RECORD, DSCRPTR_HEADER, "descriptor header")
    described = data[5 * RECORD:7 * RECORD]
    namestr = _expect(path, data, 7 * RECORD, NAMESTR_HEADER, "variable descriptors' header")
    try:
        count = int(namestr[54:58])
    except ValueError:
        raise XptError(path, 7 * RECORD + 54, f"number of variables {namestr[54:58]!r}") from None
    start = 8 * RECORD
    obs = start + -(-count * descriptor_size // RECORD) * RECORD
    _expect(path, data, obs, OBS_HEADER, "observations' header")
    fields = _read_namestrs(path, data[start:start + count * descriptor_size], descriptor_size, start)
    text = _Text(path, encoding)
    return _Head(text.decode(described[8:16], 5 * RECORD + 8), text.decode(described[RECORD + 32:RECORD + 72],
                 6 * RECORD + 32), parse_timestamp(described[64:80]), fields, descriptor_size, obs + RECORD)


def _expect(path: Path, data: mmap.mmap, offset: int, header: bytes, what: str) -> bytes:
    record = data[offset:offset + RECORD]
    if len(record) < RECORD:
        raise XptError(path, len(data), f"the file ends before its {what} at byte {offset}")
    if not record.startswith(header):
        raise XptError(path, offset, f"the {what} is absent")
    return record


def _read_namestrs(path: Path, raw: bytes, size: int, start: int) -> npt.NDArray[Any]:
    fields = np.zeros(len(raw) // size, dtype=NAMESTR)
    for place in range(len(fields)):
        fields[place] = np.frombuffer(raw[place * size:(place + 1) * size].ljust(NAMESTR.itemsize, b"\0"), NAMESTR)[0]
    position = 0
    for place, field in enumerate(fields):
        kind, length = int(field["ntype"]), int(field["nlng"])
        where = start + place * size
        if kind not in (1, 2):
            raise XptError(path, where, f"variable {place + 1} has type {kind}: 1 (numeric) or 2 (character) is known")
        if length < 1 or (kind == 1 and not 2 <= length <= 8):
            raise XptError(path, where + 4, f"variable {place + 1} has length {length}")
        if int(field["npos"]) != position:
            raise XptError(path, where + 84, f"variable {place + 1} stands at {int(field['npos'])} in the record, "
                           f"its forerunners end at {position}")
        position += length
    return fields


# ---------------------------------------------------------------- observations

def _read_observations(path: Path, data: mmap.mmap, head: _Head, encoding: str) -> XptDataset:
    lengths = [int(length) for length in head.fields["nlng"]]
    width = sum(lengths)
    _refuse_second_member(path, data, head.start)
    count = _count_records(data, head.start, width)
    readers: list[_NumberReader | _TextReader] = []
    position = 0
    for place, field in enumerate(head.fields):
        reader = _NumberReader if field["ntype"] == 1 else _TextReader
        readers.append(reader(_Text(path, encoding), field, 8 * RECORD + place * head.descriptor_size, position, count))
        position += lengths[place]
    step = max(1, CHUNK_BYTES // max(width, 1))
    for begin in range(0, count, step):
        rows = min(step, count - begin)
        start = head.start + begin * width
        block = np.frombuffer(data[start:start + rows * width], dtype=np.uint8).reshape(rows, width)
        for reader_ in readers:
            reader_.take(block, begin, start, width)
    columns = tuple(reader_.finish() for reader_ in readers)
    special = tuple(found for reader_ in readers if isinstance(reader_, _NumberReader) for found in reader_.special)
    return XptDataset(head.name, head.label, head.created, count, columns, special)


def _refuse_second_member(path: Path, data: mmap.mmap, start: int) -> None:
    found = data.find(MEMBER_HEADER, start)
    while found >= 0:
        if found % RECORD == 0:
            raise XptError(path, found, "a second dataset begins here; one dataset a file is wanted")
        found = data.find(MEMBER_HEADER, found + 1)


def _count_records(data: mmap.mmap, start: int, width: int) -> int:
    """Whole records, without those that lie within the padding of the last 80 bytes and are blank."""
    total = len(data) - start
    if width == 0 or total == 0:
        return 0
    count = total // width
    least = max(0, (total - RECORD) // width + 1)
    while count > least and not data[start + (count - 1) * width:start + count * width].strip(b" "):
        count -= 1
    return count


class _Text:
    """Bytes to text in the file's encoding, with the offset where they are none."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path, self.encoding = path, encoding

    def decode(self, raw: bytes, offset: int) -> str:
        try:
            return raw.rstrip(b" ").decode(self.encoding)
        except UnicodeDecodeError as error:
            raise XptError(self.path, offset + error.start,
                           f"byte {error.object[error.start]:#04x} is no text of encoding {self.encoding}") from error


class _Field:
    """What both kinds of column need to know of their variable."""

    def __init__(self, text: _Text, field: Any, offset: int, position: int, count: int) -> None:
        self.text = text
        self.name = text.decode(bytes(field["nname"]), offset + 8)
        self.label = text.decode(bytes(field["nlabel"]), offset + 16)
        self.length, self.position, self.count = int(field["nlng"]), position, count
        name = text.decode(bytes(field["nform"]), offset + 56).strip("\0")
        self.format = str(SasFormat(name, int(field["nfl"]), int(field["nfd"])))

    def slice(self, block: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
        return block[:, self.position:self.position + self.length]


class _NumberReader(_Field):
    def __init__(self, text: _Text, field: Any, offset: int, position: int, count: int) -> None:
        super().__init__(text, field, offset, position, count)
        self.numbers = np.empty(count, dtype=np.float64)
        self.special: list[SpecialMissing] = []

    def take(self, block: npt.NDArray[np.uint8], begin: int, start: int, width: int) -> None:
        if self.length == 8:
            words = np.ascontiguousarray(self.slice(block)).view(">u8").ravel()
        else:
            full = np.zeros((len(block), 8), dtype=np.uint8)
            full[:, :self.length] = self.slice(block)
            words = full.view(">u8").ravel()
        numbers, special = convert_from_ibm(words)
        self.numbers[begin:begin + len(block)] = numbers
        for place in special.tolist():
            letter = chr(int(words[place]) >> 56)
            self.special.append(SpecialMissing(self.name, begin + place, letter))

    def finish(self) -> XptColumn:
        return XptColumn(self.name, self.label, "Num", self.length, self.format, numbers=self.numbers)


class _TextReader(_Field):
    def __init__(self, text: _Text, field: Any, offset: int, position: int, count: int) -> None:
        super().__init__(text, field, offset, position, count)
        self.codes = np.empty(count, dtype=np.int32)
        self.texts: dict[str, int] = {}
        self.raws: dict[bytes, int] = {}

    def take(self, block: npt.NDArray[np.uint8], begin: int, start: int, width: int) -> None:
        import pyarrow as pa

        flat = np.ascontiguousarray(self.slice(block))
        array = pa.Array.from_buffers(pa.binary(self.length), len(block), [None, pa.py_buffer(flat)])
        encoded = array.dictionary_encode()
        places = np.asarray(encoded.indices)
        raws = encoded.dictionary.to_pylist()
        for place, raw in enumerate(raws):
            if raw not in self.raws:
                self.raws[raw] = self._add(raw, places, place, start, width)
        codes = np.fromiter(map(self.raws.__getitem__, raws), dtype=np.int32, count=len(raws))
        self.codes[begin:begin + len(block)] = codes[places]

    def _add(self, raw: bytes, places: npt.NDArray[Any], place: int, start: int, width: int) -> int:
        """The code of a value not met before: -1 for a blank one, a place in the texts for every other."""
        if not raw.strip(b" "):
            return -1
        record = int(np.argmax(places == place)) if not raw.isascii() else 0
        text = self.text.decode(raw, start + record * width + self.position)
        return self.texts.setdefault(text, len(self.texts))

    def finish(self) -> XptColumn:
        texts = np.empty(len(self.texts), dtype=object)
        texts[:] = list(self.texts)
        return XptColumn(self.name, self.label, "Char", self.length, self.format, codes=self.codes, texts=texts)
