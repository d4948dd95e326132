"""Cells of workbooks as Excel shows them, and what bad workbooks get."""

import datetime as dt
import io
import struct
import zipfile

import pytest

from sdtm_builder.model import CELL_KINDS
from sdtm_builder.raw.cellforms import Shown, cell_text, shown_by

from .conftest import DAY, texts


@pytest.mark.parametrize(
    ("value", "text", "kind"),
    [
        ("abc", "abc", "text"),
        (1, "1", "number"),
        (1.5, "1.5", "number"),
        (0.1 + 0.2, "0.3", "number"),
        (1.2e-7, "0.00000012", "number"),
        (123456789012, "123456789012", "number"),
        ((2.5, "0.00"), "2.50", "number"),
        ((2.345, "0.0"), "2.345", "number"),
        ((7, "000"), "007", "number"),
        ((-7, "000"), "-007", "number"),
        ((1234.5, "#,##0.00"), "1234.50", "number"),
        ((0.375, "0.0%"), "37.5%", "number"),
        (True, "TRUE", "boolean"),
        (DAY, "2021-04-07", "date"),
        ((DAY, 'yyyy"年"m"月"d"日"'), "2021-04-07", "date"),
        ((44293.4375, "yyyy-mm-dd"), "2021-04-07", "date"),
        (dt.datetime(2021, 4, 7, 10, 30, 15), "2021-04-07T10:30:15", "datetime"),
        ((dt.datetime(2021, 4, 7, 10, 30), "yyyy-mm-dd hh:mm"), "2021-04-07T10:30", "datetime"),
        ((dt.datetime(2021, 4, 7), "yyyy-mm-dd hh:mm"), "2021-04-07", "date"),
        ((dt.time(8, 5), "h:mm"), "08:05", "time"),
        ((dt.time(8, 5), "h:mm:ss"), "08:05:00", "time"),
        ((44293.4375, "h:mm"), "10:30", "time"),
        (("2021-04-07", "General"), "2021-04-07", "text"),
        ((44293, "General"), "44293", "number"),
        ("error:#N/A", None, "error"),
        ("error:#DIV/0!", None, "error"),
        ("=1+1", None, "formula"),
        ("text:=1+1", "=1+1", "text"),
    ],
)
def test_a_cell_is_what_excel_shows(raw, value, text, kind):
    table = raw.read(raw.book({"S": [["A", "B"], [value, "x"]]}))
    assert texts(table, "A") == [text]
    code = table.cells["A"][0] if "A" in table.cells else 0
    assert CELL_KINDS[code] == kind


def test_errors_and_formulas_are_located(raw):
    file = raw.book({"S": [["A", "B"], ["error:#N/A", 1], ["text:=1+1", "=B2*2"], ["#REF!", 2]]})
    table = raw.read(file)
    assert raw.issues == [
        ("excel-error", "S!2 A"),
        ("excel-error", "S!4 A"),
        ("formula-text", "S!3 A"),
        ("formula-unknown", "S!3 B"),
    ]
    assert texts(table, "A") == [None, "=1+1", None]
    assert table.verbatim["A"].strings().tolist() == ["#N/A", "=1+1", "#REF!"]


def test_equal_values_of_several_types_stay_apart(raw):
    table = raw.read(raw.book({"S": [["A"], [1], [True], ["1"], [1.0]]}))
    assert texts(table, "A") == ["1", "TRUE", "1", "1"]
    assert [CELL_KINDS[c] for c in table.cells["A"]] == ["number", "boolean", "text", "number"]


def test_epochs_and_row_numbers(raw):
    file = raw.book({"S": [["A"], [42831], [None], ["x"]]}, epoch1904=True)
    table = raw.read(file)
    assert table.facts["epochs"] == (1904,)
    assert table.rows.number.tolist() == [2, 4]
    assert (table.facts["read"], table.facts["blank"], table.facts["kept"]) == (3, 1, 2)
    assert table.facts["left_out"]["blank"].tolist() == [[0, 3]]


def test_sheets_by_name_pattern_and_all(raw):
    file = raw.book({"LAB_A": [["X"], ["1"]], "LAB_B": [["X"], ["2"]], "NOTE": [["X"], ["3"]]})
    assert texts(raw.read(file), "X") == ["1"]
    assert texts(raw.read(file, sheet="LAB_B"), "X") == ["2"]
    table = raw.read(file, sheet="LAB_*", stamp={"LAB": "sheet", "BATCH": "file"})
    assert texts(table, "X") == ["1", "2"]
    assert texts(table, "LAB") == ["LAB_A", "LAB_B"]
    assert texts(table, "BATCH") == ["t.xlsx", "t.xlsx"]
    assert texts(raw.read(file, sheet="*"), "X") == ["1", "2", "3"]
    assert raw.read(file, sheet="LAB_C") is None
    assert raw.rules == ["sheet-missing"]
    assert "LAB_A" in next(iter(raw.log)).hint


def test_a_sheet_is_read_once_for_many_sources(raw, monkeypatch):
    from sdtm_builder.issues import IssueLog
    from sdtm_builder.raw import read, workbook

    calls = []
    whole = workbook.Workbook._grid
    monkeypatch.setattr(workbook.Workbook, "_grid", lambda self, s, log: calls.append(s) or whole(self, s, log))
    file = raw.book({"S": [["A"], ["1"]]})
    specs = {name: raw.spec(file, name=name) for name in ("X", "Y")}
    seen = []
    tables = read.read_sources(specs, raw.folder, (), (), IssueLog(), progress=lambda *told: seen.append(told))
    assert list(tables) == ["X", "Y"]
    assert calls == ["S"]
    assert seen == [("X", 0, 2), ("Y", 1, 2), ("", 2, 2)]
    assert list(read.read_sources(specs, raw.folder, (), (), IssueLog(), only={"Y"})) == ["Y"]


def test_empty_sheet_and_sheet_without_rows(raw):
    assert raw.read(raw.book({"S": []})) is None
    assert raw.issues == [("table-empty", "S!")]
    assert len(raw.read(raw.book({"S": [["A", "B"]]}))) == 0
    assert raw.issues == [("table-empty", "S!")]


def ole(stream):
    return bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 504 + stream.encode("utf-16-le") + b"\0" * 400


def rezip(data, change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def with_entity(name, data):
    head = b'<?xml version="1.0"?><!-- <a> --><!DOCTYPE x [<!ENTITY lol "lol">]>'
    return head + data.split(b"?>", 1)[-1] if name.endswith("sheet1.xml") else data


def utf16_entity(name, data):
    text = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY lol "lol">]><x/>'
    return text.encode("utf-16") if name.endswith("sheet1.xml") else data


def bomb(name, data):
    return b"<x>" + b" " * (64 << 20) if name.endswith("sheet1.xml") else data


def lying(data):
    """A part whose directory entry claims fewer bytes than it unpacks to."""
    data = rezip(data, lambda name, old: old)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    return data.replace(struct.pack("<L", info.file_size), struct.pack("<L", 5))


def many(data):
    out = io.BytesIO(data)
    with zipfile.ZipFile(out, "a") as archive:
        for i in range(10_001):
            archive.writestr(f"xl/p{i}", "")
    return out.getvalue()


def broken(name, data):
    return data[: len(data) // 2] if name == "xl/workbook.xml" else data


def bad_sheet(name, data):
    return data[: len(data) // 2] if name.endswith("sheet1.xml") else data


def vast(name, data):
    return data.replace(b'r="B2"', b'r="XFD1048576"') if name.endswith("sheet1.xml") else data


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda d: d[:2000], "file-damaged"),
        (lambda d: d[:500] + b"\0" * 40 + d[540:], "file-damaged"),
        (lambda d: b"", "file-damaged"),
        (lambda d: ole("EncryptedPackage"), "file-protected"),
        (lambda d: ole("Workbook"), "file-type"),
        (lambda d: b"A,B\n1,2\n", "file-type"),
        (lambda d: b"<html><table></table></html>", "file-type"),
        (lambda d: rezip(d, with_entity), "file-unsafe"),
        (lambda d: rezip(d, utf16_entity), "file-unsafe"),
        (lambda d: rezip(d, bomb), "file-unsafe"),
        (lying, "file-unsafe"),
        (many, "file-unsafe"),
        (lambda d: rezip(d, broken), "file-damaged"),
        (lambda d: rezip(d, bad_sheet), "file-damaged"),
        (lambda d: rezip(d, vast), "sheet-unsafe"),
    ],
)
def test_bad_workbooks_are_refused_and_others_read(raw, make, rule):
    from sdtm_builder.issues import IssueLog
    from sdtm_builder.raw.read import read_sources

    good = raw.book({"S": [["A", "B"], ["1", "2"]]}, "good.xlsx")
    (raw.folder / "bad.xlsx").write_bytes(make((raw.folder / good).read_bytes()))
    log = IssueLog()
    specs = {"BAD": raw.spec("bad.xlsx", name="BAD"), "GOOD": raw.spec(good, name="GOOD")}
    tables = read_sources(specs, raw.folder, (), (), log)
    assert list(tables) == ["GOOD"]
    assert [issue.rule for issue in log] == [rule]
    assert next(iter(log)).locations[0].file == "bad.xlsx"


def test_cells_without_references_keep_their_errors(raw):
    file = raw.book({"S": [["A", "B"], ["error:#N/A", 1]]})
    data = (raw.folder / file).read_bytes()
    import re

    def strip(name, old):
        return re.sub(rb'<c r="[A-Z]+[0-9]+"', b"<c", old) if name.endswith("sheet1.xml") else old

    (raw.folder / file).write_bytes(rezip(data, strip))
    table = raw.read(file)
    assert raw.issues == [("excel-error", "S!2 A")]
    assert texts(table, "B") == ["1"]


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        (0, None, Shown()),
        (164, "General", Shown()),
        (164, "@", Shown()),
        (14, None, Shown(day=True)),
        (22, None, Shown(day=True, clock=True)),
        (21, None, Shown(clock=True, seconds=True)),
        (164, "[$-804]yyyy/m/d;@", Shown(day=True)),
        (164, "[h]:mm", Shown(clock=True)),
        (164, "上午/下午h:mm", Shown(clock=True)),
        (164, "mmm-yy", Shown(day=True)),
        (164, '0.0"d"', Shown(decimals=1)),
        (164, "0.00E+00", Shown()),
        (164, "# ?/?", Shown()),
        (31, None, Shown(day=True)),
    ],
)
def test_shown_by(number, code, shown):
    assert shown_by(number, code) == shown


def test_clock_beyond_a_day_stays_what_is_shown():
    assert cell_text(dt.timedelta(hours=30, minutes=5), None) == ("30:05", CELL_KINDS.index("time"))


def test_a_number_has_the_15_digits_that_excel_keeps():
    assert cell_text(0.1 + 0.2, None) == ("0.3", CELL_KINDS.index("number"))
    assert cell_text(1e20, None)[0] == "100000000000000000000"


@pytest.mark.parametrize(("rows", "told"), [(4, []), (5, ["sheet-full"]), (6, [])])
def test_a_table_that_ends_where_a_sheet_ends_may_be_cut_off(raw, monkeypatch, rows, told):
    """Five rows stand for the 1,048,576 of a sheet."""
    monkeypatch.setattr("sdtm_builder.raw.read.LAST_ROW", 5)
    file = raw.book({"AE": [["A"], *([f"v{i}"] for i in range(2, rows + 1))]})
    assert len(raw.read(file, sheet="AE")) == rows - 1
    assert raw.rules == told
    assert [i.locations[0].row for i in raw.log] == [5] * len(told)


def test_a_column_of_midnights_is_one_of_dates(raw):
    """Exports give dates the format of date-times; one true time shows that the column has times."""
    form = "yyyy-mm-dd hh:mm:ss"
    day, night, noon = dt.datetime(2024, 5, 1), dt.datetime(2024, 5, 2), dt.datetime(2024, 5, 2, 12, 30)
    rows = [["A", "B"], [(day, form), (day, form)], [(night, form), (noon, form)], [None, (night, form)]]
    table = raw.read(raw.book({"AE": rows}), sheet="AE")
    assert texts(table, "A") == ["2024-05-01", "2024-05-02", None]
    assert texts(table, "B") == ["2024-05-01T00:00:00", "2024-05-02T12:30:00", "2024-05-02T00:00:00"]
    assert raw.issues == [("midnight-dates", "AE!2 A")]
