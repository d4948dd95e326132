"""Header rows, ranges, names of columns."""

import pytest

from .conftest import column, texts


def test_two_header_rows(raw):
    table = raw.read(raw.book({"S": [["ALT", "AST"], ["U/L", None], ["1", "2"]]}), header=("name", "unit"))
    assert table.rows.number.tolist() == [3]
    header = table.rows.parts[0].headers
    assert (header["ALT"].texts, header["ALT"].position) == ({"name": "ALT", "unit": "U/L"}, "A")
    assert header["AST"].texts["unit"] == ""
    table = raw.read(raw.csv("谷丙,谷草\nALT,AST\n1,2\n"), header=("label", "name"))
    assert table.columns == ("ALT", "AST")
    assert table.rows.parts[0].headers["ALT"].texts == {"label": "谷丙", "name": "ALT"}
    assert table.rows.number.tolist() == [3]


@pytest.mark.parametrize("skip", [2, "SUBJ"])
def test_a_title_above(raw, skip):
    sheets = {"S": [["Coagulation"], [None], ["SUBJ", "PT"], ["S001", "11"]]}
    table = raw.read(raw.book(sheets, merge=["A1:B1"]), skip_rows=skip)
    assert table.columns == ("SUBJ", "PT")
    assert table.rows.number.tolist() == [4]
    assert raw.issues == ([] if skip == 2 else [("header-alias", "S!1")])


def test_skip_rows_in_a_csv(raw):
    table = raw.read(raw.csv('"Title, with\nlines"\nSUBJ,PT\nS001,11\n'), skip_rows="SUBJ")
    assert table.rows.number.tolist() == [3]
    assert texts(table, "PT") == ["11"]


def test_no_such_header(raw):
    assert raw.read(raw.csv("A,B\n1,2\n"), skip_rows="SUBJ") is None
    assert raw.rules == ["header-missing"]
    assert raw.read(raw.csv("A,B\n1,2\n"), skip_rows=5) is None
    assert raw.rules == ["header-missing"]


def test_range(raw):
    file = raw.book({"S": [["x"] * 4, ["x"] * 4, ["x", "A", "B", "x"], ["x", "1", "2", "x"], ["x", "3", "4", "x"]]})
    table = raw.read(file, range="B3:C")
    assert table.columns == ("A", "B")
    assert texts(table, "B") == ["2", "4"]
    assert table.rows.number.tolist() == [4, 5]
    assert table.rows.parts[0].headers["A"].position == "B"
    assert texts(raw.read(file, range="B3:C4"), "B") == ["2"]
    table = raw.read(raw.csv("x,x,x\nx,A,B\nx,1,2\nx,3,4\n"), range="B2:C3")
    assert texts(table, "B") == ["2"]
    assert table.rows.number.tolist() == [3]
    assert raw.read(file, range="K3:B") is None
    assert raw.rules == ["range-unreadable"]


def test_duplicate_blank_and_merged_headers(raw):
    table = raw.read(raw.book({"S": [["A", "B", "A ", None, None], ["1", "2", "3", "4", None]]}))
    assert table.columns == ("B",)
    assert raw.issues == [("header-duplicate", "S!1 A", "S!1 A"), ("header-blank", "S!2")]
    table = raw.read(raw.book({"S": [["A", "B", None], ["1", "2", "3"]]}, merge=["B1:C1"]))
    assert table.columns == ("A",)
    assert raw.issues == [("header-merged", "S!1 B", "S!1 B")]
    sheets = {"S": [["A", "mg/dL", None], ["A2", "B", "C"], ["1", "2", "3"]]}
    table = raw.read(raw.book(sheets, merge=["B1:C1"]), header=("unit", "name"))
    assert [table.rows.parts[0].headers[c].texts["unit"] for c in ("B", "C")] == ["mg/dL", "mg/dL"]
    assert raw.issues == []
    raw.read(raw.csv("A,,B\n1,2,3\n"))
    assert raw.issues == [("header-blank", "2")]


def test_a_name_merged_downwards_counts_in_both_rows(raw):
    sheets = {"S": [["SUBJ", "ALT"], [None, "U/L"], ["S001", "1"]]}
    table = raw.read(raw.book(sheets, merge=["A1:A2"]), header=("label", "name"))
    assert table.columns == ("SUBJ", "U/L")


def test_rename_prefix_and_folding(raw):
    file = raw.csv("IT.AESER,IT.AETERM,剂量（mg）\nY,COUGH,5\n")
    table = raw.read(file, strip_prefix="IT.", rename={"SER": "AESER"}, columns=[column("剂量(mg)", type="number")])
    assert table.columns == ("SER", "AETERM", "剂量(mg)")
    assert table.values["剂量(mg)"].data.tolist() == [5.0]
    assert table.rows.parts[0].headers["SER"].texts["name"] == "IT.AESER"
    assert raw.rules == []


def test_a_renamed_column_is_located_by_its_own_header(raw):
    raw.read(raw.book({"S": [["SDTH"], [" Y"]]}), rename={"AESDTH": "SDTH"})
    assert raw.issues == [("whitespace", "S!2 SDTH")]


def test_aliases(raw):
    fib = [column("纤维蛋白原", aliases=("Fib", "FIB"))]
    assert raw.read(raw.csv("Fib\n2.1\n"), columns=fib).columns == ("纤维蛋白原",)
    assert raw.issues == [("header-alias", "1 Fib")]
    assert raw.read(raw.csv("A,Fib,纤维蛋白原\n1,2.1,2.2\n"), columns=fib).columns == ("A",)
    assert "header-duplicate" in raw.rules


def test_declared_columns_that_are_not_there(raw):
    raw.read(raw.csv("SUBJID,AETERM\nS001,COUGH\n"), key=["SUBJID", "AENO"], columns=[column("AETERM_EN")],
             subject="SUBJ", integers={"X": 0})  # fmt: skip
    assert raw.rules == ["column-missing"] * 4
    assert [i.value for i in raw.log] == ["AETERM_EN", "AENO", "SUBJ", "X"]
    assert [i.locations[0].line for i in raw.log] == [9, 7, 7, 5]
    assert next(iter(raw.log)).hint == "Near: AETERM."


def test_headers_alone(raw):
    info = raw.headers(raw.book({"S": [["A", "B"], ["bad\n", "x"]]}), stamp={"LAB": "sheet"}, sheet="*")
    assert info.columns == ("A", "B", "LAB")
    assert info.parts[0].sheet == "S"
    assert raw.issues == []
    info = raw.headers(raw.csv("A,B\n1\n"), key=["C"])
    assert info.columns == ("A", "B")
    assert raw.rules == ["column-missing"]
    assert raw.headers("none.csv") is None
    assert raw.rules == ["file-missing"]
    raw.headers(raw.csv("A\n1\n"), columns=[column("A", type="date", formats=["dd/MM/yyyy", "MM/dd/yyyy"])])
    assert raw.rules == ["format-order"]
    raw.headers(raw.csv("A\n1\n"), stamp={"X": "shet"})
    assert raw.rules == ["stamp-unknown"]
