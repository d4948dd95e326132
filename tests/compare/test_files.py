"""Each kind of file read; folders; files that can't be read."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sdtm_builder.compare.files import build_of, find_side, read_table
from sdtm_builder.compare.table import Table, TableError
from sdtm_builder.write.dataset_json import DatasetJsonColumn, DatasetJsonMetadata, write_dataset_json

from .kit import MADE, write_csv, write_xpt_file, xpt_column


def shown(table: Table, name: str) -> list[str]:
    return [table.columns[name].text_at(i) for i in range(table.records)]


def test_a_transport_file(tmp_path: Path) -> None:
    columns = [xpt_column("USUBJID", ["1", None, "2"], "Subject", 12), xpt_column("ADT", [22280, None, 0], "Date",
               format="DATE9.")]  # fmt: skip
    table = read_table(write_xpt_file(tmp_path / "adae.xpt", *columns, label="Events"))
    assert (table.name, table.label, table.records, table.kind) == ("ADAE", "Events", 3, "xpt")
    assert shown(table, "USUBJID") == ["1", "", "2"]
    assert shown(table, "ADT") == ["2020-12-31", "", "1960-01-01"]
    one = table.columns["USUBJID"]
    assert (one.type, one.label, one.length, one.format) == ("Char", "Subject", 12, "")


def test_special_missing_values_of_a_transport_file(tmp_path: Path) -> None:
    path = write_xpt_file(tmp_path / "x.xpt", xpt_column("N", [None, None, 1]))
    content = bytearray(path.read_bytes())
    at = content.index(b"\x2e" + b"\0" * 7, 8 * 80)
    content[at] = ord("B")
    path.write_bytes(content)
    assert shown(read_table(path), "N") == [".B", "", "1"]


def test_dataset_json(tmp_path: Path) -> None:
    codes = np.array([0, -1, 1], np.int32)
    texts = np.array(["a", ""], dtype=object)
    columns = [
        DatasetJsonColumn("IT.AE.T", "AETERM", "Term", "string", None, 10, None, 2, None, codes, texts),
        DatasetJsonColumn("IT.AE.N", "AESEQ", "Seq", "integer", None, None, None, 1, np.array([1.0, 2.0, np.nan])),
    ]
    path = tmp_path / "ae.json"
    assert not write_dataset_json(path, DatasetJsonMetadata(MADE, "IG.AE", "AE", "Events"), columns)
    table = read_table(path)
    assert (table.name, table.label, table.keys) == ("AE", "Events", ("AESEQ", "AETERM"))
    assert (shown(table, "AETERM"), shown(table, "AESEQ")) == (["a", "", ""], ["1", "2", ""])


def parquet(path: Path, **columns: Any) -> Table:
    pq.write_table(pa.table(columns), path)
    return read_table(path)


def test_parquet_by_type(tmp_path: Path) -> None:
    table = parquet(
        tmp_path / "x.parquet",
        TEXT=pa.array(["a", "", None]),
        CODE=pa.array(["x", "y", "x"]).dictionary_encode(),
        WHOLE=pa.array([1, None, 3]),
        LONG=pa.array([2**53 + 1, 2**53, None]),
        FLAG=pa.array([True, False, None]),
        SHORT=pa.array([Decimal("0.1"), None, Decimal("2.5")], pa.decimal128(10, 1)),
        DIGITS=pa.array([Decimal("0.12345678901234567"), None, None], pa.decimal128(20, 17)),
        DAY=pa.array([dt.date(2020, 12, 31), None, dt.date(1960, 1, 1)]),
        MOMENT=pa.array([dt.datetime(1960, 1, 2), None, dt.datetime(2020, 1, 1, 12, 30)], pa.timestamp("us")),
        FINE=pa.array([1, None, 2], pa.timestamp("ns")),
        TIME=pa.array([dt.time(1, 1, 1), None, dt.time(0, 0)], pa.time32("s")),
        NONE=pa.nulls(3),
    )
    assert {n: shown(table, n) for n in table.columns} == {
        "TEXT": ["a", "", ""], "CODE": ["x", "y", "x"], "WHOLE": ["1", "", "3"],
        "LONG": ["9007199254740993", "9007199254740992", ""], "FLAG": ["1", "0", ""], "SHORT": ["0.1", "", "2.5"],
        "DIGITS": ["0.12345678901234567", "", ""], "DAY": ["2020-12-31", "", "1960-01-01"],
        "MOMENT": ["1960-01-02T00:00:00", "", "2020-01-01T12:30:00"],
        "FINE": ["1970-01-01 00:00:00.000000001", "", "1970-01-01 00:00:00.000000002"],
        "TIME": ["01:01:01", "", "00:00:00"], "NONE": ["", "", ""],
    }  # fmt: skip
    texts = [n for n, c in table.columns.items() if c.type == "Char"]
    assert texts == ["TEXT", "CODE", "LONG", "DIGITS", "FINE", "NONE"]


def test_parquet_of_what_no_dataset_has(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"variable L is of type list"):
        parquet(tmp_path / "x.parquet", L=pa.array([[1]]))


def test_csv_with_byte_order_mark_quotes_and_breaks(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_bytes('\ufeffUSUBJID,TERM\n1,"a ""b"", c\nd"\n2,\n'.encode())
    table = read_table(path)
    assert (shown(table, "USUBJID"), shown(table, "TERM")) == (["1", "2"], ['a "b", c\nd', ""])
    assert table.columns["TERM"].untyped


def test_csv_of_another_encoding(tmp_path: Path) -> None:
    path = tmp_path / "ae.csv"
    path.write_bytes("TERM\nFièvre\n".encode("cp1252"))
    assert shown(read_table(path, "cp1252"), "TERM") == ["Fièvre"]
    with pytest.raises(TableError, match="not readable as csv of encoding utf-8"):
        read_table(path)


def test_tab_separated(tmp_path: Path) -> None:
    assert shown(read_table(write_csv(tmp_path / "x.tsv", "A\tB\n1\t2,3\n")), "B") == ["2,3"]


def test_what_the_sas_reader_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    meta = SimpleNamespace(
        column_names=["TERM", "ADT", "AVAL"], column_names_to_labels={"TERM": "Term", "ADT": None, "AVAL": None},
        variable_storage_width={"TERM": 20, "ADT": 8, "AVAL": 8},
        original_variable_types={"TERM": "$", "ADT": "DATE9", "AVAL": "8.2"},
        readstat_variable_types={"TERM": "string", "ADT": "double", "AVAL": "double"},
        number_rows=2, table_name="adae", file_label="Events",
    )  # fmt: skip

    def read(path: str, **options: Any) -> tuple[dict[str, Any], Any]:
        asked.update(options)
        values = {"TERM": np.array(["a", ""], dtype=object), "ADT": np.array([22280.0, np.nan]),
                  "AVAL": np.array(["A", 1.5], dtype=object)}  # fmt: skip
        return values, meta

    monkeypatch.setattr("pyreadstat.read_sas7bdat", read)
    path = tmp_path / "adae.sas7bdat"
    path.write_bytes(b"x")
    table = read_table(path)
    assert asked["disable_datetime_conversion"] is True
    assert (table.name, table.records, table.label) == ("ADAE", 2, "Events")
    assert [shown(table, n) for n in table.columns] == [["a", ""], ["2020-12-31", ""], [".A", "1.5"]]
    assert [c.format for c in table.columns.values()] == ["", "DATE9.", "8.2"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.xpt", b"HEADER", "byte 0"), ("x.json", b"{", "no JSON"), ("x.parquet", b"PAR1", "no Parquet"),
        ("x.sas7bdat", b"none", "not readable as sas7bdat"), ("x.csv", b"", "it is empty"),
        ("x.csv", b"A,A\n1,2\n", "variable A stands in it several times"),
        ("x.csv", b"A,B\n1\n", "not readable as csv"), ("x.txt", b"", "suffix .txt; known are .xpt, .json"),
    ],
)  # fmt: skip
def test_files_that_cannot_be_read(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(TableError) as raised:
        read_table(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_a_folder_of_several_kinds_takes_one_file_of_a_dataset(tmp_path: Path) -> None:
    write_xpt_file(tmp_path / "sdtm" / "ae.xpt", xpt_column("A", ["1"]))
    write_csv(tmp_path / "sdtm" / "AE.csv", "A\n1\n")
    write_csv(tmp_path / "adam" / "adsl.csv", "A\n1\n")
    write_csv(tmp_path / "issues.json", "{}")
    write_csv(tmp_path / "notes.txt", "")
    found = find_side(tmp_path)
    assert list(found.files) == ["ADSL", "AE"]
    assert found.files["AE"].name == "ae.xpt"
    assert found.notes == (f"{tmp_path / 'sdtm' / 'AE.csv'}: passed over, ae.xpt holds AE too",)


def test_a_folder_without_datasets_and_none_at_all(tmp_path: Path) -> None:
    with pytest.raises(TableError, match="no dataset in it"):
        find_side(tmp_path)
    with pytest.raises(TableError, match="no such file or folder"):
        find_side(tmp_path / "none")


def test_the_build_that_a_folder_belongs_to(tmp_path: Path) -> None:
    write_csv(tmp_path / "lineage" / "graph.json", "{}")
    (tmp_path / "sdtm").mkdir()
    assert build_of(tmp_path / "sdtm") == build_of(tmp_path) == tmp_path
    assert build_of(tmp_path / "sdtm" / "dataset-json") == tmp_path
    assert build_of(tmp_path / "sdtm" / "dataset-json" / "x") is None
