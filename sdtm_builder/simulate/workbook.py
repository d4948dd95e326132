"""Workbooks that are the same to the byte whenever they are written from the same sheets."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from .tables import Cell, Sheet

CREATOR = "LstCAR019 EDC"
WRITTEN = datetime(2022, 11, 1)
ENTRY_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


def write_workbook(path: Path, sheets: Iterable[Sheet]) -> None:
    """Write sheets to an xlsx file.

    A title if there is one, the column names, labels or units where the sheet has them, then data. Text is
    written as text, whatever it looks like (a leading `=` makes no formula); numbers and datetimes as what they are.

    Args:
        path: file to write.
        sheets: in the order of the file.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    book.properties.creator = CREATOR
    book.properties.created = WRITTEN
    for sheet in sheets:
        target = book.create_sheet(sheet.name)

        def cell(value: Cell, target: object = target) -> object:
            if not isinstance(value, str) or value[:1] not in ("=", "#"):
                return value
            written = WriteOnlyCell(target, value=value)
            written.data_type = "s"
            return written

        if sheet.title is not None:
            target.append([cell(sheet.title)])
            target.merged_cells.add(f"A1:{get_column_letter(len(sheet.columns))}1")
        target.append([cell(sheet.heading(name) or None) for name in sheet.names])
        if sheet.labelled:
            target.append([cell(label or None) for _, label in sheet.columns])
        numbers = sheet.row_numbers()
        for row in sheet.rows:
            if row.hidden:
                target.row_dimensions[numbers[id(row)]].hidden = True
            target.append([cell(row.cells.get(name)) for name in sheet.names])
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(without_clock(buffer.getvalue()))


def write_csv(path: Path, sheet: Sheet, encoding: str) -> None:
    """Write a sheet as comma-separated text with a header row; missing cells are empty.

    Args:
        path: file to write.
        sheet: its columns and rows.
        encoding: of the file, such as `utf-8-sig` or `gb18030`.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(sheet.names)
    writer.writerows(["" if row.cells.get(name) is None else row.cells[name] for name in sheet.names]
                     for row in sheet.rows)
    path.write_bytes(buffer.getvalue().encode(encoding))


def without_clock(content: bytes) -> bytes:
    """The zip file with its entries by name, all of one time, and a fixed date of modification."""
    result = io.BytesIO()
    stamp = WRITTEN.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(result, "w") as target:
        for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            data = source.read(name)
            if name == "docProps/core.xml":
                data = _MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", data)
            entry = zipfile.ZipInfo(name, ENTRY_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return result.getvalue()
