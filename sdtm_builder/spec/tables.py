"""Tables beside the specs: tests and synonyms, from csv or xlsx, as nodes whose line is the table's row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from ..issues import IssueLog
from ..model import ListNode, MapNode, Mark, Node, Scalar
from .extends import Files
from .faults import near_hint, report
from .shapes import CODE, UPPER
from .yaml_tree import MAX_BYTES, read_text

_TEST_COLUMNS = (
    "TESTCD", "unit", "digits", "factor", "limit_low", "limit_high", "possible_low", "possible_high",
    "codelist", "comment",
)  # fmt: skip
_PAIRS = {"limits": ("limit_low", "limit_high"), "possible": ("possible_low", "possible_high")}
_Row = tuple[int, list[str]]


def test_table(files: Files, file: Scalar, sheet: Scalar | None, log: IssueLog) -> MapNode:
    """TESTCD -> what a table says of the test, in the form that `tests` has in YAML."""
    name, rows = _table(files, file, sheet, log)
    mark = Mark(name, 1)
    if rows is None:
        return MapNode({}, {}, mark)
    header = next(rows, (1, []))[1]
    if "TESTCD" not in header:
        report(log, "table-header", mark, "the table has no column TESTCD.", "The first row holds the names.")
        return MapNode({}, {}, mark)
    for column in sorted(set(header)):
        if header.count(column) > 1 or not (column in _TEST_COLUMNS or UPPER.fits(column)):
            told = "stands twice" if header.count(column) > 1 else "is nothing that is said of a test"
            report(log, "table-header", mark, f"the column `{column}` {told}.", near_hint(column, _TEST_COLUMNS))
    items: dict[str, Node] = {}
    keys: dict[str, Mark] = {}
    for number, cells in rows:
        place = Mark(name, number)
        row = {c: v for c, v in zip(header, cells, strict=False) if v and (c in _TEST_COLUMNS or UPPER.fits(c))}
        code = row.pop("TESTCD", "")
        if not CODE.fits(code) or code in items:
            told = f"TESTCD {code} stands already in row {keys[code].line}." if code in items else ""
            report(log, "table-row", place, told or f"`{code}` is not {CODE.said}.", "")
            continue
        items[code], keys[code] = _test(row, place), place
    return MapNode(items, keys, mark)


def _test(row: dict[str, str], place: Mark) -> MapNode:
    items: dict[str, Node] = {}
    for key, (low, high) in _PAIRS.items():
        bounds = [Scalar(row.pop(column, ""), place, plain=False) for column in (low, high)]
        if any(b.text for b in bounds):
            items[key] = ListNode(tuple(bounds), place)
    items.update({column: Scalar(value, place, plain=False) for column, value in row.items()})
    return MapNode(items, dict.fromkeys(items, place), place)


def synonym_table(files: Files, file: Scalar, log: IssueLog) -> MapNode:
    """Raw text -> term of a table of two columns, the second one called `term`."""
    name, rows = _table(files, file, None, log)
    mark = Mark(name, 1)
    if rows is None:
        return MapNode({}, {}, mark)
    header = next(rows, (1, []))[1]
    items: dict[str, Node] = {}
    keys: dict[str, Mark] = {}
    if len(header) != 2 or header[1] != "term":
        hint = "Its first row is a header: a name for the raw texts, and `term`."
        report(log, "table-header", mark, "a table of synonyms has two columns, the second called `term`.", hint)
        return MapNode({}, {}, mark)
    for number, cells in rows:
        place = Mark(name, number)
        text, term = (*cells, "", "")[:2]
        if not text or not term:
            report(log, "table-row", place, "a raw text without a term, or the reverse.", "")
        elif text in items and str(items[text]) != term:
            message = f"`{text}` is {items[text]} in row {keys[text].line} and {term} here."
            report(log, "table-row", place, message, "Keep one.")
        elif text not in items:
            items[text], keys[text] = Scalar(term, place, plain=False), place
    return MapNode(items, keys, mark)


def with_tables(node: Node, wanted: Mapping[str, Sequence[str]], files: Files, log: IssueLog) -> Node:
    """The same tree with every table that a rule names by its file read.

    wanted : operation -> its arguments that take a table
    """
    if isinstance(node, ListNode):
        items = tuple(with_tables(item, wanted, files, log) for item in node.items)
        return node if all(a is b for a, b in zip(items, node.items, strict=True)) else ListNode(items, node.mark)
    if not isinstance(node, MapNode):
        return node
    named = {argument for operation in wanted if operation in node for argument in wanted[operation]}
    made: dict[str, Node] = {}
    for key, value in node.items.items():
        if key in named and isinstance(value, Scalar) and value.text.lower().endswith((".csv", ".xlsx")):
            made[key] = plain_table(files, value, log)
        else:
            made[key] = with_tables(value, wanted, files, log)
    same = all(made[key] is value for key, value in node.items.items())
    return node if same else MapNode(made, node.keys, node.mark)


def plain_table(files: Files, file: Scalar, log: IssueLog) -> MapNode:
    """A table beside the specs as one written in the YAML: a map with `table`, a list of rows, the names first."""
    name, rows = _table(files, file, None, log)
    lines = list(rows or ())
    width = max((len(cells) for _, cells in lines), default=0)
    if rows is not None and not lines:
        report(log, "table-header", Mark(name, 1), "the table has no header.", "The first row holds the names.")
    made = []
    for at, cells in lines:
        place = Mark(name, at)
        filled = [*cells, *[""] * (width - len(cells))]
        made.append(ListNode(tuple(Scalar(cell, place, plain=False) for cell in filled), place))
    mark = made[0].mark if made else Mark(name, 1)
    return MapNode({"table": ListNode(tuple(made), mark)}, {"table": mark}, mark)


def _table(files: Files, file: Scalar, sheet: Scalar | None, log: IssueLog) -> tuple[str, Iterator[_Row] | None]:
    """The name of a table and its rows that are not blank, each with its row number; None after a fault."""
    path = _path(files, file)
    if path is None:
        report(log, "spec-path-outside", file.mark, f"`{file.text}` is not a file beside the specs.", "")
        return file.text, None
    name = files.name(path)
    if not path.is_file():
        report(log, "table-unreadable", file.mark, f"there is no file {name}.", "")
        return name, None
    files.read.append(path)
    if path.suffix.lower() == ".csv":
        content = read_text(path, name, log)
        if content is None:
            return name, None
        try:
            rows = list(_csv_rows(content))
        except csv.Error as error:
            report(log, "table-unreadable", Mark(name), f"the file is no csv: {error}.", "")
            return name, None
        return name, iter(rows)
    if path.suffix.lower() == ".xlsx":
        found = _xlsx_rows(path, name, file, sheet, log)
        return name, None if found is None else iter(found)
    report(log, "table-unreadable", file.mark, f"{name} is neither csv nor xlsx.", "")
    return name, None


def _path(files: Files, file: Scalar) -> Path | None:
    """The file, beside the specs of the study or, if the library's YAML names it, of that library's folder."""
    written = PurePosixPath(file.text)
    if written.is_absolute() or ".." in written.parts or "\\" in file.text or ":" in file.text:
        return None
    stood = PurePosixPath(file.mark.file)
    folder = files.specs
    if stood.parts[:1] == ("library",):
        folder = files.library.joinpath(*stood.parts[1:-2], "specs")
    return folder / written


def _csv_rows(content: str) -> Iterator[_Row]:
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    for row in reader:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield reader.line_num, cells


def _xlsx_rows(path: Path, name: str, file: Scalar, sheet: Scalar | None, log: IssueLog) -> list[_Row] | None:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    if path.stat().st_size > MAX_BYTES:
        report(log, "table-unreadable", file.mark, f"{name} has more than {MAX_BYTES // 1_000_000} MB.", "")
        return None
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError) as error:
        report(log, "table-unreadable", file.mark, f"{name} is no workbook: {error}.", "")
        return None
    try:
        wanted = sheet.text if sheet is not None else book.sheetnames[0]
        if wanted not in book.sheetnames:
            place = sheet.mark if sheet is not None else file.mark
            message = f"{name} has no sheet `{wanted}`."
            report(log, "table-unreadable", place, message, near_hint(wanted, book.sheetnames))
            return None
        found = book[wanted].iter_rows(values_only=True)
        rows = [(n, [_cell(v) for v in row]) for n, row in enumerate(found, 1)]
    finally:
        book.close()
    width = max((i + 1 for _, row in rows for i, v in enumerate(row) if v), default=0)
    return [(n, row[:width]) for n, row in rows if any(row)]


def _cell(value: object) -> str:
    """A cell as its text: whole numbers without a decimal point."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
