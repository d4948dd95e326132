"""Text files: decoded as declared, parsed by pyarrow into dictionaries, odd rows and bytes located."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, fault
from ..model import Kind, Part, SourceSpec, Vector
from .files import Content
from .layout import HEADER_SEARCH, Layout, Region, find_header, layout
from .part import RawPart

fault("encoding-unknown", "error", "An `encoding` or `delimiter` that there isn't")
fault(
    "encoding-error",
    "error",
    "Bytes that are no characters of the declared encoding: the cell is missing",
    "Declare the file's `encoding`, for instance gb18030, or export it again.",
)
fault(
    "row-ragged",
    "error",
    "A row with more or fewer fields than the header: it is left out",
    "Look for a delimiter or quote inside a text.",
)

fault(
    "quote-open",
    "error",
    "A quote that is not closed: all that follows it is one text, which is left out",
    "Close the quote, or double it.",
)
fault(
    "quote-suspect",
    "warning",
    "A text with a line that looks like a row of its own: perhaps quotes are missing around it",
)

REPLACEMENT = "\ufffd"
"""Stands for bytes that don't decode; a cell with it is missing, with an issue."""
_PREVIEW = 1 << 20
_BLOCK = 64 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";"}


@dataclass(frozen=True, slots=True)
class Text:
    """A file's text as UTF-8 bytes without a mark at the start; `checked` if it is known to be valid."""

    data: bytes
    checked: bool


def decode(content: Content, source: SourceSpec, log: IssueLog) -> Text | None:
    """A file's bytes as UTF-8. Bytes that are no characters become U+FFFD, which `clean_columns` reports by cell."""
    at = Location(file=content.shown)
    try:
        codec = codecs.lookup(source.encoding or "utf-8").name
    except LookupError:
        told = f"there is no encoding {source.encoding!r}."
        log.add("encoding-unknown", told, source.mark.place, at, value=source.encoding)
        return None
    mark = next((name for bom, name in _BOMS if content.data.startswith(bom)), "")
    if mark == "utf-16" and not codec.startswith("utf-16"):
        told = f"{content.shown} is UTF-16 by its first bytes, and {source.encoding or 'utf-8'} is declared."
        log.add("encoding-error", told, at, source.mark.place, hint="Declare encoding: utf-16.")
        return None
    if codec in ("utf-8", "utf-8-sig", "ascii") and (codec != "ascii" or content.data.isascii()):
        return Text(content.data[3:] if mark == "utf-8" else content.data, False)
    try:
        text = content.data.decode(codec)
    except UnicodeError:
        text = content.data.decode(codec, errors="replace")
    return Text(text.removeprefix("\ufeff").encode("utf-8", errors="replace"), True)


def delimiter_of(source: SourceSpec, shown: str, log: IssueLog) -> str | None:
    """The sign between fields: the declared one, or a tab in a .tsv that declares none."""
    if source.delimiter == "," and shown.lower().endswith(".tsv"):
        return "\t"
    sign = _DELIMITERS.get(source.delimiter, source.delimiter)
    if len(sign) != 1 or not sign.isascii() or sign in '"\r\n':
        told = f"a delimiter is one ASCII character, not {source.delimiter!r}."
        log.add("encoding-unknown", told, source.mark.place, value=source.delimiter)
        return None
    return sign


def part_of_csv(
    content: Content, source: SourceSpec, region: Region, log: IssueLog, headers_only: bool = False
) -> RawPart | None:
    """The table of a text file. A row's number is the one that a spreadsheet shows: records, not lines."""
    at = Location(file=content.shown)
    sign = delimiter_of(source, content.shown, log)
    text = decode(content, source, log) if sign else None
    if text is None or sign is None:
        return None
    top = _preview(text.data, sign)[region.top :]
    rows = [row[region.left : region.right] for row in top]
    if not any(cell.strip() for row in rows for cell in row):
        log.add("table-empty", f"{content.shown} is empty.", at, source.mark.place)
        return None
    first = find_header(rows, source, region, at, log)
    if first is None:
        return None
    begin = first - region.top
    fields = len(top[begin + (source.header.index("name") if "name" in source.header else 0)])
    width = len(range(fields)[region.left : region.right])
    header = [row + [""] * (width - len(row)) for row in rows[begin : begin + len(source.header)]]
    _log_damaged_header(header, first, at, log)
    made = layout(header, first, source, region, at, log)
    part = Part(content.shown, "", content.sha256, {column.name: column.header for column in made.columns})
    if headers_only:
        return RawPart(part, {}, {}, np.empty(0, np.int32))
    start = _end_of_records(text.data, made.data)
    return _body(Text(text.data[start:] if start else text.data, text.checked), sign, fields, made, part, region, log)


def _preview(data: bytes, sign: str) -> list[list[str]]:
    """The first records, as many as a header may stand in."""
    cut = len(data) > _PREVIEW
    head = data[:_PREVIEW].decode("utf-8", errors="replace")
    rows: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(head, newline=""), delimiter=sign):
            rows.append(row)
            if len(rows) > HEADER_SEARCH + 10:
                return rows
    except csv.Error:  # a field beyond csv's limit: what was read before it is all there is to see
        return rows
    return rows[:-1] if cut else rows


def _log_damaged_header(header: Sequence[Sequence[str]], first: int, at: Location, log: IssueLog) -> None:
    for i, row in enumerate(header):
        for text in row:
            if REPLACEMENT in text:
                where = Location(file=at.file, row=first + i + 1, column=text)
                log.add("encoding-error", f"the header {text!r} has bytes that are no characters.", where, value=text)


def _end_of_records(data: bytes, count: int) -> int:
    """The offset after `count` records; a line break between quotes ends none."""
    at, quoted = 0, False
    while count and at < len(data):
        end = data.find(b"\n", at)
        end = len(data) if end < 0 else end + 1
        quoted ^= data.count(b'"', at, end) % 2 == 1
        at = end
        count -= not quoted
    return at


def _body(text: Text, sign: str, fields: int, made: Layout, part: Part, region: Region, log: IssueLog) -> RawPart:
    at = Location(file=part.file)
    ragged: list[tuple[int, int, str]] = []
    table = _parse(text, sign, fields, ragged)
    total = table.num_rows + len(ragged)
    number = np.delete(np.arange(total, dtype=np.int32), [row for row, _, _ in ragged]) + made.data + 1
    for row, actual, shown in ragged:
        told = f"{actual} fields where the header has {fields}."
        log.add("row-ragged", told, Location(file=part.file, row=row + made.data + 1), value=shown[:200])
    if _ends_in_quote(text.data, table):
        told = "a quote is not closed up to the end of the file."
        log.add("quote-open", told, Location(file=part.file, row=int(number[-1])))
        ragged.append((total - 1, fields, ""))
        table, number = table.slice(0, table.num_rows - 1), number[:-1]
    keep = slice(None)
    if region.bottom is not None:
        keep = slice(0, int(np.searchsorted(number, region.bottom, side="right")))
    columns = {}
    for column in made.columns:
        vector = _vector(table.column(region.left + column.index))
        columns[column.name] = Vector(Kind.TEXT, vector.data[keep], vector.texts)
        if b'"' in text.data:
            _log_swallowed_rows(columns[column.name], column.name, sign, fields, at, number[keep], log)
    for index in made.nameless:
        filled = np.flatnonzero(_vector(table.column(region.left + index)).data[keep] >= 0)
        if len(filled):
            where = Location(file=at.file, row=int(number[filled[0]]))
            log.add("header-blank", f"column {index + 1} has data and no name.", where)
    return RawPart(part, columns, {}, number[keep], ragged=len(ragged))


def _ends_in_quote(data: bytes, table: Any) -> bool:
    """Whether the last row has a text that a quote opens and that runs to the end of the file."""
    if not table.num_rows or data.count(b'"') % 2 == 0:
        return False
    last = [column[-1].as_py() for column in table.columns]
    return any(text is not None and data.endswith(b'"' + text.replace('"', '""').encode()) for text in last)


def _log_swallowed_rows(
    vector: Vector, name: str, sign: str, fields: int, at: Location, number: NDArray[np.int32], log: IssueLog
) -> None:
    if fields < 3:
        return
    for code, text in enumerate(vector.distinct()):
        if "\n" in text and any(line.count(sign) == fields - 1 for line in text.split("\n")[1:]):
            row = int(number[int(np.argmax(vector.data == code))])
            told = f"a text of {name} has a line that looks like a row."
            log.add("quote-suspect", told, Location(file=at.file, row=row, column=name), value=text[:200])


def _parse(text: Text, sign: str, fields: int, ragged: list[tuple[int, int, str]]) -> Any:
    """An arrow table of dictionary columns; `ragged` gets (index from 0, fields, text) of rows left out."""
    import pyarrow as pa

    names = [f"f{i}" for i in range(fields)]
    if not text.data:
        return pa.table({name: pa.array([], pa.string()).dictionary_encode() for name in names})
    data, block = text.data, _BLOCK
    while True:
        ragged.clear()
        try:
            return _read(data, sign, names, ragged, block)
        except pa.ArrowInvalid as error:
            if "UTF8" in str(error) and not text.checked:
                data, text = data.decode("utf-8", errors="replace").encode(), Text(data, True)
            elif "straddling" in str(error) and block < len(data):
                block = min(len(data) + 1, (1 << 31) - 1)
            else:
                raise


def _read(data: bytes, sign: str, names: list[str], ragged: list[tuple[int, int, str]], block: int) -> Any:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    def leave_out(row: Any) -> str:
        ragged.append((row.number - 1, row.actual_columns, row.text))
        return "skip"

    quoted = b'"' in data
    return arrow_csv.read_csv(
        pa.BufferReader(pa.py_buffer(data)),
        arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=block),
        arrow_csv.ParseOptions(
            delimiter=sign, newlines_in_values=quoted, ignore_empty_lines=False, invalid_row_handler=leave_out
        ),
        arrow_csv.ConvertOptions(
            column_types={name: pa.dictionary(pa.int32(), pa.string()) for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=True,
        ),
    )


def _vector(column: Any) -> Vector:
    """A chunked dictionary column as codes and distinct texts; the codes are arrow's own, null as -1."""
    if column.num_chunks == 0:
        return Vector.missing_of(Kind.TEXT, 0)
    if column.num_chunks > 1:
        column = column.unify_dictionaries()
        pieces = [_codes(chunk) for chunk in column.chunks]
        codes: NDArray[np.int32] = np.concatenate(pieces)
    else:
        codes = _codes(column.chunk(0))
    texts = np.empty(len(column.chunk(0).dictionary), dtype=object)
    texts[:] = column.chunk(0).dictionary.to_pylist()
    return Vector(Kind.TEXT, codes, texts)


def _codes(chunk: Any) -> NDArray[np.int32]:
    indices = chunk.indices
    return np.asarray((indices.fill_null(-1) if indices.null_count else indices).to_numpy(), dtype=np.int32)
