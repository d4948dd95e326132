"""Workbooks of plain tables: openpyxl makes the book and its styles, the rows are poured in as XML text.

Rows are poured because openpyxl takes 9 microseconds of CPU a cell and this takes about one, and because text written
as an inline string can't be anything but text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from sdtm_builder.report.texts import shortened, visible
from sdtm_builder.report.zipped import StableZip

MAX_ROWS = 1_048_576
"""Rows of an Excel sheet, its header among them."""
MAX_TEXT = 32_767
"""UTF-16 units of text in an Excel cell."""
EPOCH = datetime(1980, 1, 1)

Value = str | int | None
Headings = Sequence[tuple[str, int]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CHUNK = 2_000
_END = b"</sheetData>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: title, headings with their width in characters, and rows of texts, whole numbers and blanks."""

    title: str
    headings: Headings
    rows: Sequence[Sequence[Value]]


def write_sheets(path: Path, sheets: Sequence[Sheet], title: str, creator: str) -> None:
    """Write a workbook; equal arguments give equal bytes.

    Headers are frozen, filters on, texts wrapped. A text is stored as text, with Excel's quote prefix where it begins
    like a formula; what XML forbids is shown by its picture or code; a text too long for a cell is cut with a remark.
    ValueError for a sheet of more rows than Excel has.
    """
    book = Workbook(write_only=True)
    book.properties.creator, book.properties.title = creator, visible(title)
    book.properties.created = book.properties.modified = EPOCH
    poured: dict[str, Callable[[], Iterator[bytes]]] = {}
    for number, sheet in enumerate(sheets, 1):
        if len(sheet.rows) >= MAX_ROWS:
            raise ValueError(f"sheet {sheet.title} has {len(sheet.rows) + 1:,} rows, Excel {MAX_ROWS:,}")
        styles = _empty(book, sheet)
        poured[f"xl/worksheets/sheet{number}.xml"] = lambda rows=sheet.rows, styles=styles: _poured(rows, styles)  # type: ignore[misc]
    with _Pouring(path, poured) as archive:
        ExcelWriter(book, archive).write_data()
        if set(poured) - set(archive.namelist()):
            raise RuntimeError("openpyxl names its sheets otherwise than xl/worksheets/sheetN.xml")


@dataclass(frozen=True, slots=True)
class _Styles:
    """Numbers of the styles of plain text, of text that begins like a formula, and of numbers."""

    plain: int
    quoted: int
    number: int


def _empty(book: Workbook, sheet: Sheet) -> _Styles:
    made = book.create_sheet(sheet.title)
    made.freeze_panes = "A2"
    for number, (_, width) in enumerate(sheet.headings, 1):
        made.column_dimensions[get_column_letter(number)].width = width
    made.page_setup.orientation, made.page_setup.paperSize, made.page_setup.fitToHeight = "landscape", 9, 0
    made.sheet_properties.pageSetUpPr.fitToPage = True
    made.print_title_rows = "1:1"
    made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.headings))}{len(sheet.rows) + 1}"
    header = [WriteOnlyCell(made, name) for name, _ in sheet.headings]
    for cell in header:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E4E8EB")
        cell.alignment = Alignment(vertical="top", wrap_text=True)
    made.append(header)
    plain, quoted, number = (WriteOnlyCell(made) for _ in range(3))
    plain.alignment = quoted.alignment = Alignment(vertical="top", wrap_text=True)
    quoted._style.quotePrefix = 1
    number.alignment, number.number_format = Alignment(vertical="top"), "#,##0"
    return _Styles(plain.style_id, quoted.style_id, number.style_id)


def _poured(rows: Sequence[Sequence[Value]], styles: _Styles) -> Iterator[bytes]:
    letters = [get_column_letter(number) for number in range(1, 1 + max(map(len, rows), default=0))]
    for start in range(0, len(rows), _CHUNK):
        lines = (_row(row, at + 2, letters, styles) for at, row in enumerate(rows[start : start + _CHUNK], start))
        yield "".join(lines).encode("utf-8")


def _row(row: Iterable[Value], number: int, letters: Sequence[str], styles: _Styles) -> str:
    cells = []
    for letter, value in zip(letters, row, strict=False):
        if isinstance(value, int):
            cells.append(f'<c r="{letter}{number}" s="{styles.number}"><v>{value}</v></c>')
        elif value:
            style = styles.quoted if value.startswith(_FORMULA) else styles.plain
            cells.append(f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is>{_text(value)}</is></c>')
    return f'<row r="{number}">{"".join(cells)}</row>'


def _text(value: str) -> str:
    text = value if value.isascii() and value.isprintable() else visible(value)
    if "_x" in text:
        text = _ESCAPE.sub("_x005F_", text)
    if 2 * len(text) > MAX_TEXT and len(text.encode("utf-16-le")) > 2 * MAX_TEXT:
        text = _ESCAPE.sub("_x005F_", shortened(visible(value), MAX_TEXT // 8))
    return f'<t xml:space="preserve">{escape(text)}</t>'


class _Pouring(StableZip):
    """The zip of a workbook whose sheets get their rows, after the header, while they are put in."""

    def __init__(self, path: Path, poured: dict[str, Callable[[], Iterator[bytes]]]) -> None:
        super().__init__(path)
        self._poured = poured

    def write(self, filename: Any, arcname: Any = None, *args: Any, **more: Any) -> None:
        """Add a member; a sheet's rows stand between its header and the end of its data."""
        if arcname not in self._poured:
            super().write(filename, arcname)
            return
        head, tail = Path(filename).read_bytes().split(_END)
        with self.member(arcname) as target:
            target.write(head)
            for chunk in self._poured[arcname]():
                target.write(chunk)
            target.write(_END + tail)
