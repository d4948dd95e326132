"""SAS datasets as raw sources: header rows, dates by their formats, special missing values, bad files."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from sdtm_builder.model import CELL_KINDS
from sdtm_builder.raw.sasfile import teller
from sdtm_builder.write.xpt import write_xpt
from sdtm_builder.xpt.layout import XptColumn

from .conftest import column, texts

DAY = 22377.0  # 2021-04-07
MOMENT = DAY * 86400 + 37800


def number(name, values, form="", label=""):
    return XptColumn(name, label, "Num", 8, form, numbers=np.array(values, dtype=float))


def text(name, values, label="", form=""):
    codes = np.array([-1 if v is None else i for i, v in enumerate(values)], dtype=np.int32)
    return XptColumn(name, label, "Char", 20, form, codes=codes, texts=[v or "" for v in values])


def xpt(raw, columns, name="t.xpt", encoding="utf-8"):
    faults = write_xpt(raw.folder / name, "T", "", columns, dt.datetime(2021, 4, 7), encoding=encoding)
    assert faults == []
    return name


def test_a_transport_file(raw):
    columns = [
        text("SUBJ", ["001", None, "003"], "Subject"),
        number("AGE", [34, np.nan, 0.1 + 0.2], "8.2", "Age"),
        number("DTN", [DAY, np.nan, -1], "DATE9.", "Day"),
        number("SEX", [1, 2, 1], "SEXF."),
    ]
    table = raw.read(xpt(raw, columns))
    assert texts(table, "SUBJ") == ["001", None, "003"]
    assert texts(table, "AGE") == ["34", None, "0.3"]
    assert texts(table, "DTN") == ["2021-04-07", None, "1959-12-31"]
    assert [CELL_KINDS[c] for c in table.cells["DTN"]] == ["date", "text", "date"]
    assert table.rows.number.tolist() == [1, 2, 3]
    headers = table.rows.parts[0].headers
    assert dict(headers["DTN"].texts) == {"name": "DTN", "label": "Day", "format": "DATE9."}
    assert headers["SEX"].texts["format"] == "SEXF."
    assert raw.issues == []


def test_declared_dates_need_no_format_and_bare_numbers_are_none(raw):
    file = xpt(raw, [number("D", [DAY], "E8601DA."), number("N", [DAY])])
    table = raw.read(file, columns=[column("D", type="date"), column("N", type="date", formats=["excel"])])
    assert table.values["D"].strings().tolist() == ["2021-04-07"]
    assert table.values["N"].strings().tolist() == [None]
    assert raw.issues == [("date-unreadable", "1 N")]


@pytest.mark.parametrize(
    ("form", "value", "told", "kind"),
    [
        ("DATE9.", DAY, "2021-04-07", "date"),
        ("DATE9", DAY + 0.9, "2021-04-07", "date"),
        ("YYMMDD10.", DAY, "2021-04-07", "date"),
        ("DDMMYYS8.", DAY, "2021-04-07", "date"),
        ("IS8601DA10.", DAY, "2021-04-07", "date"),
        ("MONYY7.", DAY, "2021-04", "text"),
        ("YEAR4.", DAY, "2021", "text"),
        ("DATETIME20.", MOMENT, "2021-04-07T10:30:00", "datetime"),
        ("DATETIME13.", MOMENT, "2021-04-07T10:30", "datetime"),
        ("DATETIME13.", MOMENT + 5, "2021-04-07T10:30:05", "datetime"),
        ("E8601DT19.", MOMENT, "2021-04-07T10:30:00", "datetime"),
        ("DTDATE9.", DAY * 86400 + 86399.9, "2021-04-07", "date"),
        ("DTMONYY7.", MOMENT, "2021-04", "text"),
        ("TIME5.", 37800, "10:30", "time"),
        ("TIME8.", 37800, "10:30:00", "time"),
        ("HHMM.", 37800, "10:30", "time"),
        ("TOD5.", 37801, "10:30:01", "time"),
        ("8.2", 2.5, "2.5", "text"),
        ("BEST12.", 1e20, "100000000000000000000", "text"),
        ("EURO10.2", DAY, "22377", "text"),
        ("", DAY, "22377", "text"),
        ("DATE9.", 1e9, "1000000000", "text"),
    ],
)
def test_formats(form, value, told, kind):
    assert teller(form)(value) == (told, CELL_KINDS.index(kind))


def test_special_missing_values_are_kept(raw):
    file = xpt(raw, [number("A", [1, np.nan, np.nan]), text("B", ["x", "y", "z"])])
    data = (raw.folder / file).read_bytes()
    at = data.index(b"z") - 8 - 20 - 8 + 28
    assert data[at : at + 8] == b"." + bytes(7)
    (raw.folder / file).write_bytes(data[:at] + b"C" + data[at + 1 :])
    assert texts(raw.read(file), "A") == ["1", None, ".C"]
    assert texts(raw.read(file, missing=[".C"]), "A") == ["1", None, None]


def test_text_in_another_encoding(raw):
    file = xpt(raw, [text("A", ["Fi\u00e8vre"])])
    data = (raw.folder / file).read_bytes().replace("è".encode(), b"\xe8 ")
    (raw.folder / file).write_bytes(data)
    assert raw.read(file) is None
    assert raw.rules == ["encoding-error"]
    assert texts(raw.read(file, encoding="latin-1"), "A") == ["Fi\u00e8 vre"]
    assert raw.read(file, encoding="klingon") is None
    assert raw.rules == ["encoding-unknown"]


def test_sas7bdat(raw, monkeypatch):
    """The arguments and results of the library, whose format nothing here writes."""
    names = ["TERM", "ADT", "AVAL"]
    meta = SimpleNamespace(
        column_names=names,
        column_names_to_labels={"TERM": "Term", "ADT": None, "AVAL": None},
        original_variable_types={"TERM": "$20", "ADT": "DATE9", "AVAL": "NULL"},
        readstat_variable_types={"TERM": "string", "ADT": "double", "AVAL": "double"},
        number_rows=2,
    )
    asked = {}

    def read(path, **options):
        import pandas as pd

        asked.update(options)
        return pd.DataFrame(
            {"TERM": ["a  ", ""], "ADT": [DAY, np.nan], "AVAL": pd.Series(["A", 1.5], dtype=object)}
        ), meta

    monkeypatch.setattr("pyreadstat.read_sas7bdat", read)
    head = bytes(12) + bytes.fromhex("C2EA8160B31411CFBD92080009C7318C181F1011")
    table = raw.read(raw.csv(head + bytes(100), "t.sas7bdat"))
    assert [texts(table, name) for name in names] == [["a", None], ["2021-04-07", None], [".A", "1.5"]]
    assert table.rows.parts[0].headers["TERM"].texts["label"] == "Term"
    assert table.rows.parts[0].headers["AVAL"].texts["format"] == ""
    assert (asked["disable_datetime_conversion"], asked["user_missing"], asked["encoding"]) == (True, True, None)
    names_there = {"latin-1": "ISO8859-1", "utf-8": "UTF-8", "euc_jp": "EUC-JP", "mac-roman": "MACINTOSH"}
    for declared, told in names_there.items():
        raw.read("t.sas7bdat", encoding=declared)
        assert asked["encoding"] == told
    meta.number_rows = 3
    assert raw.read("t.sas7bdat") is None
    assert raw.rules == ["file-damaged"]


def test_keys_that_a_dataset_lacks(raw):
    file = xpt(raw, [text("A", ["x"])])
    assert raw.read(file, sheet="S", skip_rows="2", header=("name", "unit")) is None
    assert raw.rules == ["key-unfit", "key-unfit", "key-unfit"]
    assert [texts(raw.read(file, header=("name", "label")), "A"), raw.rules] == [["x"], []]
    assert raw.headers(file).columns == ("A",)


SAS = bytes(12) + bytes.fromhex("C2EA8160B31411CFBD92080009C7318C181F1011")


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("t.xpt", lambda d: b"", "file-damaged"),
        ("t.xpt", lambda d: d[:700], "file-damaged"),
        ("t.xpt", lambda d: d[:640], "file-damaged"),
        ("t.xpt", lambda d: b"A,B\n1,2\n", "file-type"),
        ("t.xpt", lambda d: b"HEADER RECORD*******LIBV8   HEADER" + d[34:], "file-type"),
        ("t.sas7bdat", lambda d: d, "file-type"),
        ("t.sas7bdat", lambda d: b"", "file-damaged"),
        ("t.sas7bdat", lambda d: SAS + bytes(500), "file-damaged"),
    ],
)
def test_bad_files(raw, name, change, rule):
    data = (raw.folder / xpt(raw, [text("A", ["x"])], "good.xpt")).read_bytes()
    assert raw.read(raw.csv(change(data), name)) is None
    assert raw.rules == [rule]
    assert next(iter(raw.log)).locations[0].file == name
