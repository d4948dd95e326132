"""Binary workbooks (xls, xlsb): the errors, number formats and date system that the reader of cells does not tell."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO

from .cellforms import GENERAL, Shown, shown_by

At = tuple[int, int]
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A",
          43: "#GETTING_DATA"}  # fmt: skip
"""Codes of BErr in [MS-XLS] and [MS-XLSB]; any other is #ERROR."""
_FREE = 0xFFFFFFFA
_ENDS = 0xFFFFFFFE


@dataclass(slots=True)
class Inside:
    """What a sheet holds beyond its values, by (row, column) from 0; `extent` as (rows, columns)."""

    errors: dict[At, str] = field(default_factory=dict)
    uncached: set[At] = field(default_factory=set)
    shown: dict[At, Shown] = field(default_factory=dict)
    extent: At = (0, 0)

    def note(self, at: At, shown: Shown | None = None) -> None:
        """Take a cell into the extent, with what its format shows."""
        self.extent = (max(self.extent[0], at[0] + 1), max(self.extent[1], at[1] + 1))
        if shown is not None:
            self.shown[at] = shown


class Protected(ValueError):
    """The workbook is enciphered, and only a password opens it."""


def telling(number: int, code: str | None) -> Shown | None:
    """What a number format shows, if more than a plain number."""
    shown = shown_by(number, code)
    return None if shown == GENERAL else shown


def inside_xls(data: bytes) -> tuple[dict[str, Inside], int]:
    """By sheet what an Excel 97-2003 workbook holds ([MS-XLS]), and its date system. ValueError if it is damaged.

    Protected, which is one, where the records are enciphered (FilePass).
    """
    try:
        return _inside_xls(_stream(data, ("Workbook", "Book")))
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"its records are cut off or damaged ({error})") from error


def _inside_xls(stream: bytes) -> tuple[dict[str, Inside], int]:
    epoch, codes, formats, starts = 1900, {}, [], []
    for kind, body in _records(stream, 0):
        if kind == 0x809 and body[:2] != b"\x00\x06":
            raise ValueError("it is older than Excel 97")
        if kind == 0x2F:
            raise Protected("it is protected by a password")
        if kind == 0x22:
            epoch = 1904 if body[:1] == b"\x01" else 1900
        elif kind == 0x41E:
            codes[struct.unpack_from("<H", body)[0]] = _text_16(body, 2)
        elif kind == 0xE0:
            formats.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == 0x85:
            name = _text_8(body, 6)
            starts.append((name, struct.unpack_from("<I", body)[0]))
    styles = {i: shown for i, n in enumerate(formats) if (shown := telling(n, codes.get(n))) is not None}
    return {name: _sheet_xls(stream, start, styles) for name, start in starts}, epoch


def _sheet_xls(stream: bytes, start: int, styles: Mapping[int, Shown]) -> Inside:
    inside = Inside()
    for kind, body in _records(stream, start):
        if kind in (0x203, 0x27E, 0x06, 0x205):
            row, column, style = struct.unpack_from("<HHH", body)
            at = (row, column)
            if kind == 0x205 and body[7]:
                inside.errors[at] = ERRORS.get(body[6], "#ERROR")
            elif kind == 0x06 and body[12:14] == b"\xff\xff":
                if body[6] == 2:
                    inside.errors[at] = ERRORS.get(body[8], "#ERROR")
            elif kind != 0x205:
                inside.note(at, styles.get(style))
            inside.note(at)
        elif kind == 0xBD:
            row, first = struct.unpack_from("<HH", body)
            for place in range((len(body) - 6) // 6):
                inside.note((row, first + place), styles.get(struct.unpack_from("<H", body, 4 + place * 6)[0]))
    return inside


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """The records of one substream, up to its end; one that runs past the stream is damage."""
    at = start
    while at < len(stream):
        kind, size = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + size]
        if len(body) < size:
            raise ValueError(f"a record at byte {at} runs past the end of the workbook")
        if kind == 0x0A:
            return
        yield kind, body
        at += 4 + size
    raise ValueError("the workbook ends within a sheet")


def _text_8(body: bytes, at: int) -> str:
    count, wide = body[at], body[at + 1] & 1
    return body[at + 2 : at + 2 + count * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _text_16(body: bytes, at: int) -> str:
    count, wide = struct.unpack_from("<HB", body, at)
    return body[at + 3 : at + 3 + count * (1 + (wide & 1))].decode("utf-16-le" if wide & 1 else "latin-1")


def _stream(data: bytes, names: tuple[str, ...]) -> bytes:
    """A stream of a compound file ([MS-CFB]) by its name."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise ValueError(f"sectors of {size} bytes")
    first_directory, = struct.unpack_from("<I", data, 48)
    cutoff, first_mini, _, first_difat, difats = struct.unpack_from("<IIIII", data, 56)
    sectors = list(struct.unpack_from("<109I", data, 76))
    while difats and first_difat < _FREE:
        block = struct.unpack_from(f"<{size // 4}I", data, (first_difat + 1) * size)
        sectors += block[:-1]
        first_difat, difats = block[-1], difats - 1
    table = b"".join(data[(s + 1) * size : (s + 2) * size] for s in sectors if s < _FREE)
    fat = struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])
    directory = _chain(data, fat, first_directory, size, size)
    entries = [directory[i : i + 128] for i in range(0, len(directory) - 127, 128)]
    for entry in entries:
        name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
        if entry[66] != 2 or name not in names:
            continue
        start, length = struct.unpack_from("<II", entry, 116)
        if length >= cutoff:
            found = _chain(data, fat, start, size, size)
        else:
            mini = _chain(data, fat, struct.unpack_from("<I", entries[0], 116)[0], size, size)
            raw = _chain(data, fat, first_mini, size, size)
            found = _chain(mini, struct.unpack(f"<{len(raw) // 4}I", raw), start, 64, 0)
        if len(found) < length:
            raise ValueError("the workbook's stream is cut off")
        return found[:length]
    raise ValueError("the file holds no workbook")


def _chain(data: bytes, fat: tuple[int, ...], start: int, size: int, offset: int) -> bytes:
    pieces, seen = [], 0
    while start < _FREE:
        seen += 1
        if seen > len(fat) or start >= len(fat):
            raise ValueError("a chain of sectors does not end")
        pieces.append(data[offset + start * size : offset + (start + 1) * size])
        start = fat[start]
    if start != _ENDS:
        raise ValueError("a chain of sectors is broken")
    return b"".join(pieces)


def inside_xlsb(data: bytes) -> tuple[dict[str, Inside], int]:
    """By sheet what a binary workbook holds ([MS-XLSB]), and its date system. ValueError if it is damaged."""
    from lxml import etree

    archive = zipfile.ZipFile(BytesIO(data))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    tree = etree.fromstring(archive.read("xl/_rels/workbook.bin.rels"), parser)
    targets = {rel.get("Id"): rel.get("Target", "") for rel in tree}
    try:
        epoch, parts = 1900, {}
        for kind, body in _parts(archive.read("xl/workbook.bin")):
            if kind == 153:
                epoch = 1904 if body[0] & 1 else 1900
            elif kind == 156:
                relation, at = _wide(body, 8)
                target = targets.get(relation, "")
                parts[_wide(body, at)[0]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        names = set(archive.namelist())
        styles = _styles_xlsb(archive.read("xl/styles.bin")) if "xl/styles.bin" in names else {}
        sheets = {name: _sheet_xlsb(archive.read(part), styles) for name, part in parts.items() if part in names}
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError(f"its records are cut off or damaged ({error})") from error
    return sheets, epoch


def _sheet_xlsb(part: bytes, styles: Mapping[int, Shown]) -> Inside:
    inside, row = Inside(), 0
    for kind, body in _parts(part):
        if kind == 0:
            row = struct.unpack_from("<I", body)[0]
        elif 2 <= kind <= 11:
            column, style = struct.unpack_from("<II", body)
            number = kind in (2, 5, 9)
            inside.note((row, column), styles.get(style & 0xFFFFFF) if number else None)
            if kind in (3, 11):
                inside.errors[row, column] = ERRORS.get(body[8], "#ERROR")
    return inside


def _styles_xlsb(part: bytes) -> dict[int, Shown]:
    codes: dict[int, str] = {}
    styles: dict[int, Shown] = {}
    count, cells = 0, False
    for kind, body in _parts(part):
        if kind == 44:
            codes[struct.unpack_from("<H", body)[0]] = _wide(body, 2)[0]
        elif kind in (617, 618):
            cells = kind == 617
        elif kind == 47 and cells:
            number = struct.unpack_from("<H", body, 2)[0]
            shown = telling(number, codes.get(number))
            if shown is not None:
                styles[count] = shown
            count += 1
    return styles


def _parts(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80:
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        more = True
        while more:
            size |= (data[at] & 0x7F) << shift
            more, shift, at = bool(data[at] & 0x80), shift + 7, at + 1
        if at + size > len(data):
            raise ValueError("a record runs past the end of its part")
        yield kind, data[at : at + size]
        at += size


def _wide(body: bytes, at: int) -> tuple[str, int]:
    count = struct.unpack_from("<I", body, at)[0]
    end = at + 4 + count * 2
    return body[at + 4 : end].decode("utf-16-le"), end
