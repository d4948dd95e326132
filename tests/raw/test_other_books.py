"""xls, xlsb and ods: the same cells as xlsx, errors told, bad files refused."""

import pytest

from sdtm_builder.model import CELL_KINDS

from .books import compound, ods, record, said, xls, xlsb, zipped
from .conftest import texts

CELLS = {
    (0, 0): "SUBJ", (0, 1): "VAL", (0, 2): "DAY", (0, 3): "MOMENT",
    (1, 0): "受试者1", (1, 1): (2.5, "0.00"), (1, 2): (44293.0, "yyyy-mm-dd"), (1, 3): (44293.4375, "yyyy-mm-dd hh:mm"),
    (2, 0): "007", (2, 1): "error:42", (2, 2): (44294.0, "yyyy-mm-dd"), (2, 3): (44294.0, "yyyy-mm-dd hh:mm"),
}  # fmt: skip


@pytest.mark.parametrize(("ending", "make"), [("xls", xls), ("xlsb", xlsb)])
def test_binary_workbooks(raw, ending, make):
    file = raw.csv(make(CELLS), f"t.{ending}")
    table = raw.read(file, sheet="S")
    assert texts(table, "SUBJ") == ["受试者1", "007"]
    assert texts(table, "VAL") == ["2.50", None]
    assert table.verbatim["VAL"].strings().tolist() == ["2.50", "#N/A"]
    assert texts(table, "DAY") == ["2021-04-07", "2021-04-08"]
    assert texts(table, "MOMENT") == ["2021-04-07T10:30", "2021-04-08T00:00"]
    assert [CELL_KINDS[c] for c in table.cells["VAL"]] == ["number", "error"]
    assert raw.issues == [("excel-error", "S!3 VAL")]
    assert table.rows.number.tolist() == [2, 3]
    assert table.facts["epochs"] == (1900,)


@pytest.mark.parametrize(("ending", "make"), [("xls", xls), ("xlsb", xlsb)])
def test_dates_of_1904(raw, ending, make):
    table = raw.read(raw.csv(make({(0, 0): "DAY", (1, 0): (42831.0, "yyyy-mm-dd")}, epoch1904=True), f"t.{ending}"))
    assert table.facts["epochs"] == (1904,)
    assert texts(table, "DAY") == ["2021-04-07"]


def test_ods(raw):
    formula = 'table:formula="of:=1"'
    rows = [
        said("SUBJ") + said("VAL") + said("DAY") + said("T") + said("P"),
        said("007") + said("2.5", "float", shown="2.50") + said("2021-04-07", "date", shown="7 Apr") + said("a")
        + said("0.375", "percentage", shown="37.5%"),
        said("x") + said("#N/A", more=f'{formula} calcext:value-type="error"') + said("2021-04-07T10:30:00", "date")
        + f"<table:table-cell {formula}/>" + said("1234", "float", shown="1,234"),
    ]  # fmt: skip
    table = raw.read(raw.csv(ods(rows), "t.ods"))
    assert texts(table, "SUBJ") == ["007", "x"]
    assert texts(table, "VAL") == ["2.50", None]
    assert texts(table, "DAY") == ["2021-04-07", "2021-04-07T10:30"]
    assert texts(table, "P") == ["37.5%", "1234"]
    assert raw.issues == [("excel-error", "S!3 VAL"), ("formula-unknown", "S!3 T")]


def test_repeated_cells_of_ods_keep_their_places(raw):
    rows = [
        said("A") + said("B"),
        f'<table:table-row table:number-rows-repeated="2">{said("1", "float", shown="1.0")}</table:table-row>',
        '<table:table-cell table:number-columns-repeated="1"/>' + said("2", "float", shown="2.00"),
    ]
    table = raw.read(raw.csv(ods(rows), "t.ods"))
    assert texts(table, "A") == ["1.0", "1.0", None]
    assert texts(table, "B") == [None, None, "2.00"]


def test_a_vast_ods_is_refused(raw):
    row = f'<table:table-row table:number-rows-repeated="1048576">{said("x", more=MANY)}</table:table-row>'
    assert raw.read(raw.csv(ods([said("A"), row]), "t.ods")) is None
    assert raw.issues == [("sheet-unsafe", "S!")]


MANY = 'table:number-columns-repeated="1000"'
ENTITY = '<!DOCTYPE x [<!ENTITY lol "lol">]>'


@pytest.mark.parametrize(
    ("name", "data", "rule"),
    [
        ("t.xls", b"", "file-damaged"),
        ("t.xls", xls(CELLS)[:1500], "file-damaged"),
        ("t.xls", xls(CELLS)[:2000], "file-damaged"),
        ("t.xls", b"<html><table/></html>", "file-type"),
        ("t.xls", xlsb(CELLS), "file-type"),
        ("t.xls", compound(record(0x809, bytes(16))), "file-damaged"),
        ("t.xls", compound(b"", "Other"), "file-damaged"),
        ("t.xls", compound(record(0x809, b"\x00\x06" + bytes(14)) + record(0x2F, bytes(54))), "file-protected"),
        ("t.xlsx", xlsb(CELLS), "file-type"),
        ("t.xlsb", ods([said("A")]), "file-type"),
        ("t.xlsb", xlsb(CELLS)[:400], "file-damaged"),
        ("t.ods", zipped({"a.csv": "x"}), "file-type"),
        ("t.ods", ods([said("A")])[:300], "file-damaged"),
        ("t.ods", ods([said("A")], ENTITY), "file-unsafe"),
        ("t.csv", xls(CELLS), "file-type"),
    ],
)
def test_bad_files_are_refused(raw, name, data, rule):
    assert raw.read(raw.csv(data, name)) is None
    assert raw.rules == [rule]
    assert next(iter(raw.log)).locations[0].file == name
