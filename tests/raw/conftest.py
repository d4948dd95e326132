"""A place for raw files, and sources over them."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pytest

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import DateTexts, Mark, Scalar, SourceColumn, SourceSpec
from sdtm_builder.raw.read import read_headers, read_sources

SCALARS = (
    "supersedes",
    "file",
    "sheet",
    "skip_rows",
    "range",
    "footer",
    "subject",
    "subject_pattern",
    "subject_form",
    "date",
    "where",
)
LISTS = ("key", "duplicates_ignore")


def scalar(text, line=7):
    return Scalar(str(text), Mark("study.yaml", line, 3))


def column(name, **keys):
    for key in ("formats",):
        if key in keys:
            keys[key] = tuple(scalar(f) for f in keys[key])
    if "codelist" in keys:
        keys["codelist"] = scalar(keys["codelist"])
    return SourceColumn(name, mark=Mark("study.yaml", 9, 5), **keys)


class Raw:
    """Files in a folder; `read` gives one table and leaves the issues in `log`."""

    def __init__(self, folder):
        self.folder = folder
        self.log = IssueLog()

    def csv(self, text, name="t.csv", encoding="utf-8"):
        (self.folder / name).write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return name

    def book(self, sheets, name="t.xlsx", epoch1904=False, merge=()):
        book = openpyxl.Workbook()
        book.remove(book.active)
        if epoch1904:
            book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for i, row in enumerate(rows, 1):
                for j, value in enumerate(row, 1):
                    self._put(sheet.cell(i, j), value)
            for span in merge:
                sheet.merge_cells(span)
        book.save(self.folder / name)
        return name

    @staticmethod
    def _put(cell, value):
        if isinstance(value, tuple):  # (value, number format)
            cell.value, cell.number_format = value
        elif isinstance(value, str) and value.startswith("text:"):
            cell.value = value[5:]
            cell.data_type = "s"
        elif isinstance(value, str) and value.startswith("error:"):
            cell.value = value[6:]
            cell.data_type = "e"
        else:
            cell.value = value

    def spec(self, file, name="T", **keys):
        keys["file"] = file
        for key in SCALARS:
            if key in keys:
                keys[key] = scalar(keys[key])
        for key in LISTS:
            if key in keys:
                keys[key] = tuple(scalar(item) for item in keys[key])
        if "columns" in keys:
            keys["columns"] = {c.name: c for c in keys["columns"]}
        if "formats" in keys:
            keys["date_texts"] = DateTexts(tuple(scalar(f) for f in keys.pop("formats")), ("UN", "UNK"))
        return SourceSpec(name, mark=Mark("study.yaml", 5, 3), **keys)

    def read(self, file, missing=(), codelist_of=None, evaluate=None, roots=(), **keys):
        self.log = IssueLog()
        spec = self.spec(file, **keys)
        tables = read_sources(
            {"T": spec}, self.folder, roots, missing, self.log, codelist_of=codelist_of, evaluate=evaluate
        )
        return tables.get("T")

    def headers(self, file, **keys):
        self.log = IssueLog()
        return read_headers({"T": self.spec(file, **keys)}, self.folder, (), self.log).get("T")

    @property
    def issues(self):
        """(rule, "sheet!row column" of each raw place) in the order logged."""
        return [(i.rule, *(place(p) for p in i.locations if p.file)) for i in self.log]

    @property
    def rules(self):
        return [issue.rule for issue in self.log]


def place(location):
    sheet = f"{location.sheet}!" if location.sheet else ""
    return f"{sheet}{location.row or ''} {location.column}".strip()


def texts(table, name):
    return table.texts[name].strings().tolist()


@pytest.fixture
def raw(tmp_path):
    return Raw(tmp_path)


DAY = dt.date(2021, 4, 7)
