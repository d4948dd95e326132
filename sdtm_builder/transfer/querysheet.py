"""The sheet of queries, as workbook and as csv; and the last one read back, with the reviewer's columns."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import ParseError

from .. import __version__
from ..report.sheets import Headings, Sheet, Value, write_sheets
from ..report.texts import visible
from .queries import Query, QueryError, Status, counts

HEADINGS: Headings = [
    ("Query", 16), ("Status", 9), ("Study", 12), ("Subject", 20), ("Form", 16), ("Visit", 12), ("Record", 30),
    ("Field", 18), ("Value", 24), ("Text", 70), ("Rule", 20), ("Severity", 10), ("File", 22), ("Sheet", 14),
    ("Row", 8), ("Further cells", 30), ("First seen", 20), ("Last seen", 20), ("Answer", 40), ("Owner", 16),
]  # fmt: skip
NAMES = ("id", "status", "study", "subject", "form", "visit", "record", "field", "value", "text", "rule", "severity",
         "file", "sheet", "row", "others", "first_seen", "last_seen", "answer", "owner")  # fmt: skip
TITLE = "Queries"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_queries(path: Path, queries: Sequence[Query], ending: str = "") -> None:
    """Write a sheet; equal arguments give equal bytes.

    ending : `.xlsx` or `.csv`, "" for that of the path. No text is a formula: the workbook stores texts as texts, and
    in csv a text that begins like a formula has an apostrophe in front, which `read_queries` takes away.
    """
    more = list(dict.fromkeys(name for q in queries for name, _ in q.more))
    rows = [_row(q, more) for q in queries]
    if (ending or path.suffix.lower()) == ".csv":
        with path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            writer.writerow([*(name for name, _ in HEADINGS), *map(_plain, more)])
            writer.writerows([_plain(v) if isinstance(v, str) else v for v in row] for row in rows)
        return
    told: list[Sequence[Value]] = [(status.value, count) for status, count in counts(queries).items()]
    sheets = [Sheet(TITLE, [*HEADINGS, *((name, 24) for name in more)], rows),
              Sheet("Counts", [("Status", 12), ("Queries", 12)], told)]  # fmt: skip
    write_sheets(path, sheets, TITLE, f"sdtm_builder {__version__}")


def _row(query: Query, more: Sequence[str]) -> list[Value]:
    own = dict(query.more)
    return [*(_value(query, name) for name in NAMES), *(own.get(name, "") for name in more)]


def _value(query: Query, name: str) -> Value:
    value = getattr(query, name)
    return value if isinstance(value, int) else str(value)


def _plain(text: str) -> str:
    shown = visible(text)
    return f"'{shown}" if shown.startswith(FORMULA) or shown.startswith("'") else shown


def read_queries(path: Path) -> list[Query]:
    """The queries of a sheet that `write_queries` wrote and a reviewer filled in; further columns are kept.

    QueryError where it is no such sheet, an id repeats, or a status or row can't be read.
    """
    try:
        table = _read_csv(path) if path.suffix.lower() == ".csv" else _read_xlsx(path)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, csv.Error, ParseError) as broken:
        raise QueryError(f"{path} can't be read: {broken}") from broken
    if not table:
        raise QueryError(f"{path} is empty.")
    heads, wanted = table[0], [name for name, _ in HEADINGS]
    missing = [name for name in wanted if name not in heads]
    if missing:
        raise QueryError(f"{path} is no sheet of queries: no column {', '.join(missing)}.")
    more = [name for name in heads if name and name not in wanted]
    found, seen = [], set()
    for number, cells in enumerate(table[1:], 2):
        texts = dict(zip(heads, cells, strict=False))
        if not any(cells):
            continue
        query = _query(path, number, texts, more)
        if query.id in seen:
            raise QueryError(f"{path}, row {number}: query {query.id} stands there twice.")
        seen.add(query.id)
        found.append(query)
    return found


def _query(path: Path, number: int, texts: dict[str, str], more: Sequence[str]) -> Query:
    said = {name: texts.get(head, "") for name, (head, _) in zip(NAMES, HEADINGS, strict=True)}
    if not said["id"] or said["status"] not in list(Status):
        raise QueryError(f"{path}, row {number}: no query, or a status that is none of {', '.join(Status)}.")
    row = said["row"].removesuffix(".0")
    if row and not (row.isascii() and row.isdigit()):
        raise QueryError(f"{path}, row {number}: {said['row']!r} is no row number.")
    rest = tuple((name, texts.get(name, "")) for name in more)
    plain = {k: v for k, v in said.items() if k not in ("status", "row")}
    return Query(status=Status(said["status"]), row=int(row or 0), more=rest, **plain)


def _read_csv(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [[t[1:] if t.startswith("'") else t for t in row] for row in csv.reader(file, strict=True)]


def _read_xlsx(path: Path) -> list[list[str]]:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except InvalidFileException as wrong:
        raise ValueError(str(wrong)) from wrong
    try:
        sheet = book[TITLE]
        return [["" if v is None else str(v) for v in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()
