"""The workbook: read back by openpyxl and calamine, no formulas, reproducible bytes, limits of Excel."""

from __future__ import annotations

import re
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from sdtm_builder.issues import Issue, Location, Severity
from sdtm_builder.model.summary import BuildSummary
from sdtm_builder.report.sheets import Sheet, write_sheets
from sdtm_builder.report.workbook import write_issues_xlsx

from . import report_kit as kit

SHEETS = ["Overview", "Findings by rule", "Issues", "Rows", "Columns", "Steps"]


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("report") / "issues.xlsx"
    write_issues_xlsx(made, kit.build(), kit.issues())
    return made


@pytest.fixture(scope="module")
def book(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path)


def values(book: openpyxl.Workbook, sheet: str) -> list[tuple[object, ...]]:
    return list(book[sheet].iter_rows(values_only=True))


def test_sheets_are_frozen_and_filtered(book: openpyxl.Workbook) -> None:
    assert book.sheetnames == SHEETS
    for sheet in book:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet["A1"].font.b
        assert sheet["B2"].alignment.wrap_text
    assert book["Issues"].column_dimensions["D"].width == 60


def test_content(book: openpyxl.Workbook) -> None:
    rules = values(book, "Findings by rule")
    assert rules[0] == (
        "Severity",
        "Rule",
        "What it means",
        "What to do",
        "Issues",
        "Caused by others",
        "Causes others",
    )
    assert rules[2][1:2] + rules[2][3:] == ("date-unreadable", "Correct it at the site, or say `unknown`.", 1, 0, 1)
    issues = values(book, "Issues")
    assert issues[1] == (
        1, "error", "ct-miss", "ongoing is no term of Outcome of Event (C66768), which is closed.", "ongoing",
        "Add a synonym, a `map`, or correct the data.", None, None, "AE", "AEOUT", "USUBJID=LSTCAR019-000 AESEQ=5",
        "edc.xlsx", "AE", 8, "AEOUT", "mappings/LSTCAR019/sdtm/ae.yaml", 24, 9,
    )  # fmt: skip
    assert len(issues) == 1 + 30 + 1 + 2 + 1 + 12 + 2
    assert [row[7] for row in issues if row[2] == "text-not-ascii"] == list(range(1, 13))
    assert values(book, "Rows")[3:] [:5] == [
        ("raw.DM", None, None, "duplicate", 2, None),
        ("raw.AE", "edc.xlsx, AE", "AE, DM", "rows read", 214, "adds up; 1 row without a place"),
        ("raw.AE", None, None, "used", 205, None),
        ("raw.AE", None, None, "filtered: No adverse event reported", 6, None),
        ("raw.AE", None, None, "in error", 2, None),
    ]  # fmt: skip
    assert values(book, "Rows")[10][5] == "does not add up: 1 row unexplained"
    assert values(book, "Columns")[7] == ("raw.AE", "严重程度备注", 3, "unlisted", None, None)
    assert values(book, "Steps")[5:9] == [
        ("AE", "events", "raw.AE", "rows in", None, None, 214, None),
        ("AE", "events", None, "where", 214, 6, 208, "No adverse event reported"),
        ("AE", "events", None, "in error", 208, 2, 206, "AETERM is missing"),
        ("AE", "events", None, "records", None, None, 206, "adds up"),
    ]


def test_no_formula(path: Path, book: openpyxl.Workbook) -> None:
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        assert len(names) == 6
        for name in names:
            assert not re.search(rb"<f[ />]", archive.read(name))
    by_text = {cell.value: cell for cell in cells if cell.data_type == "s"}
    for text in ("=1+1", "@SUM(A1)", "+cause", '=HYPERLINK("http://x") in a message', "=cmd|' /C calc'!A0"):
        assert by_text[text].quotePrefix
    assert not by_text["ct-miss"].quotePrefix


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_each_start_of_a_formula_is_text(tmp_path: Path, start: str) -> None:
    write_sheets(tmp_path / "x.xlsx", [Sheet("S", [("A", 5)], [[f"{start}1+1"]])], "t", "c")
    cell = openpyxl.load_workbook(tmp_path / "x.xlsx")["S"]["A2"]
    assert (cell.data_type, cell.quotePrefix) == ("s", True)
    assert cell.value == f"{start}1+1".replace("\r", "␍")


def test_odd_texts(tmp_path: Path) -> None:
    texts = [
        "\x00\x0b\ud800\uffff",
        " blanks ",
        "a\nb",
        "_x0041_ and _x",
        "<&>\"'",
        "x" * 40_000,
        "😀" * 20_000,
        "好" * 32_767,
        "",
    ]
    write_sheets(tmp_path / "x.xlsx", [Sheet("S", [("A", 5), ("B", 5)], [[text, 1] for text in texts])], "t", "c")
    read = CalamineWorkbook.from_path(tmp_path / "x.xlsx").get_sheet_by_name("S").to_python()
    shown = [row[0] for row in read[1:]]
    assert shown[0] == "␀␋\\ud800\\uffff"
    assert shown[1:5] == [" blanks ", "a\nb", "_x0041_ and _x", "<&>\"'"]
    assert shown[5] == "x" * 4095 + "… (the first 4,095 of 40,000 characters)"
    assert shown[6] == "😀" * 4095 + "… (the first 4,095 of 20,000 characters)"
    assert shown[7] == "好" * 32_767
    assert shown[8] == ""


def test_places_side_by_side(tmp_path: Path) -> None:
    yaml = Location(yaml="a.yaml", line=2)
    data = [Location(dataset="AE", key=f"AESEQ={n}", variable="X") for n in (1, 2, 3)]
    raw = [kit.cell(n, "X") for n in (4, 5, 6)]
    issues = [
        Issue("a", Severity.ERROR, "three of each", (yaml, *data, *raw)),
        Issue("b", Severity.ERROR, "three and two", (yaml, *data, *raw[:2])),
        Issue("c", Severity.ERROR, "none"),
    ]
    write_issues_xlsx(tmp_path / "x.xlsx", kit.build(), issues)
    rows = values(openpyxl.load_workbook(tmp_path / "x.xlsx"), "Issues")[1:]
    assert [(r[2], r[7], r[10], r[13], r[15]) for r in rows] == [
        ("a", 1, "AESEQ=1", 4, "a.yaml"),
        ("a", 2, "AESEQ=2", 5, "a.yaml"),
        ("a", 3, "AESEQ=3", 6, "a.yaml"),
        ("b", 1, None, None, "a.yaml"),
        ("b", 2, "AESEQ=1", None, None),
        ("b", 3, "AESEQ=2", None, None),
        ("b", 4, "AESEQ=3", None, None),
        ("b", 5, None, 4, None),
        ("b", 6, None, 5, None),
        ("c", None, None, None, None),
    ]


@pytest.mark.parametrize(
    ("max_rows", "last"),
    [
        (50, (36, "note", "ct-synonym", "no is mapped to N by a declared synonym.")),
        (49, (36, "note", "ct-synonym", "no is mapped to N by a declared synonym.")),
        (48, (None, None, None, "2 rows do not fit on this sheet, with 2 further issues: see issues.json.")),
        (3, (None, None, None, "47 rows do not fit on this sheet, with 35 further issues: see issues.json.")),
    ],
)
def test_remainder_is_stated(tmp_path: Path, max_rows: int, last: tuple[object, ...]) -> None:
    write_issues_xlsx(tmp_path / "x.xlsx", kit.build(), kit.issues(), max_rows=max_rows)
    rows = values(openpyxl.load_workbook(tmp_path / "x.xlsx"), "Issues")
    assert rows[-1][:4] == last
    assert len(rows) == min(max_rows, 49)


def test_a_sheet_too_long_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="1,048,577 rows, Excel 1,048,576"):
        write_sheets(tmp_path / "x.xlsx", [Sheet("S", [("A", 5)], [()] * 1_048_576)], "t", "c")


def test_same_bytes(tmp_path: Path, path: Path) -> None:
    write_issues_xlsx(tmp_path / "b.xlsx", kit.build(), list(reversed(kit.issues())))
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.testzip() is None
        assert b"1980-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_nothing_to_report(tmp_path: Path) -> None:
    write_issues_xlsx(tmp_path / "x.xlsx", BuildSummary("S", "", "", "2025-03-28", "final", (), (), ()), [])
    book = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.sheetnames == SHEETS
    assert [sheet.max_row for sheet in book] == [8, 1, 1, 1, 1, 1]


def test_many_issues_are_quick(tmp_path: Path) -> None:
    issues = [
        Issue(f"rule-{n % 40}", Severity.ERROR, f"message {n}", (kit.cell(n, "X"),), str(n)) for n in range(20_000)
    ]
    start = time.process_time()
    write_issues_xlsx(tmp_path / "x.xlsx", kit.build(), issues)
    assert time.process_time() - start < 4
