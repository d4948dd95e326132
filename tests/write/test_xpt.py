"""The XPT writer: literal bytes, faults, and agreement with pyreadstat."""
from __future__ import annotations

import dataclasses
import math
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdtm_builder.write import xpt
from sdtm_builder.write.xpt import XptColumn, check_xpt, write_xpt
from sdtm_builder.xpt.ibm import IBM_MAX, IBM_MIN
from sdtm_builder.xpt.layout import SasFormat, format_timestamp, parse_format, parse_timestamp
from sdtm_builder.xpt.reader import read_xpt

CREATED = datetime(2025, 3, 9, 4, 5, 6)
fixture_once = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


def char(name: str, values: list[str | None], length: int = 20, label: str = "", fmt: str = "") -> XptColumn:
    texts = sorted({value for value in values if value is not None})
    codes = np.array([-1 if value is None else texts.index(value) for value in values], dtype=np.int32)
    return XptColumn(name, label, "Char", length, fmt, codes=codes, texts=np.array(texts, dtype=object))


def num(name: str, values: list[float | None], label: str = "", fmt: str = "") -> XptColumn:
    numbers = np.array([math.nan if value is None else value for value in values], dtype=float)
    return XptColumn(name, label, "Num", 8, fmt, numbers=numbers)


def write(path: Path, *columns: XptColumn, name: str = "AE", label: str = "Adverse Events", **options: Any) -> bytes:
    assert write_xpt(path, name, label, columns, CREATED, **options) == []
    return path.read_bytes()


def rules(*columns: XptColumn, name: str = "AE", label: str = "Adverse Events", **options: Any) -> list[str]:
    return [fault.rule for fault in check_xpt(name, label, columns, **options)]


def test_every_byte_of_a_small_file(tmp_path: Path) -> None:
    raw = write(tmp_path / "ae.xpt", char("USUBJID", ["S-1", "S-22"], 5, "Unique Subject Identifier"),
                num("AESTDY", [1, None], "Study Day", "8.2"))
    records = [raw[start:start + 80] for start in range(0, len(raw), 80)]
    assert records[0] == b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 30 + b"  "
    assert records[1] == b"SAS     SAS     SASLIB  9.4     PYTHON  " + b" " * 24 + b"09MAR25:04:05:06"
    assert records[2] == b"09MAR25:04:05:06" + b" " * 64
    assert records[3] == b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!000000000000000001600000000140  "
    assert records[4] == b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!" + b"0" * 30 + b"  "
    assert records[5] == b"SAS     AE      SASDATA 9.4     PYTHON  " + b" " * 24 + b"09MAR25:04:05:06"
    assert records[6] == b"09MAR25:04:05:06" + b" " * 16 + b"Adverse Events".ljust(40) + b" " * 8
    assert records[7] == b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!0000000002" + b"0" * 20 + b"  "
    namestrs = b"".join(records[8:12])
    assert namestrs[:140] == (b"\0\2\0\0\0\5\0\1USUBJID Unique Subject Identifier" + b" " * 15 + b" " * 8 + b"\0" * 8
                              + b" " * 8 + b"\0" * 8 + b"\0" * 52)
    assert namestrs[140:280] == (b"\0\1\0\0\0\x08\0\2AESTDY  " + b"Study Day".ljust(40) + b" " * 8
                                 + b"\0\x08\0\2\0\0\0\0" + b" " * 8 + b"\0\0\0\0\0\0\0\5" + b"\0" * 52)
    assert namestrs[280:] == b" " * 40
    assert records[12] == b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + b"0" * 30 + b"  "
    assert records[13] == b"S-1  \x41\x10" + b"\0" * 6 + b"S-22 \x2e" + b"\0" * 7 + b" " * 54
    assert len(records) == 14


def test_same_input_same_bytes_and_chunks_do_not_show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = [char("A", ["x", None, "y", "z", "x"], 3), num("B", [1, 2, None, 4, 5])]
    first = write(tmp_path / "one.xpt", *columns)
    monkeypatch.setattr(xpt, "CHUNK_BYTES", 22)
    assert write(tmp_path / "two.xpt", *columns) == first


def test_pyreadstat_reads_what_is_written(tmp_path: Path) -> None:
    path = tmp_path / "adae.xpt"
    write(path, char("USUBJID", ["S-1", None, "S-3"], 7, "Unique Subject Identifier", "$CHAR7."),
          num("ADT", [0.0, -1.5, None], "Analysis Date", "E8601DA."),
          num("AVAL", [IBM_MIN, IBM_MAX, 0.1], "Value", "8.2"), num("TRTSDT", [23000, None, 1], "Date", "DATE9."))
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    assert frame["USUBJID"].tolist() == ["S-1", "", "S-3"]
    assert frame["ADT"].tolist()[:2] == [0.0, -1.5]
    assert math.isnan(frame["ADT"][2])
    assert frame["AVAL"].tolist() == [IBM_MIN, IBM_MAX, 0.1]
    assert (meta.table_name, meta.file_label, meta.creation_time) == ("AE", "Adverse Events", CREATED)
    assert meta.column_names_to_labels == {"USUBJID": "Unique Subject Identifier", "ADT": "Analysis Date",
                                           "AVAL": "Value", "TRTSDT": "Date"}
    assert meta.original_variable_types == {"USUBJID": "$CHAR7", "ADT": "E8601DA", "AVAL": "8.2", "TRTSDT": "DATE9"}
    assert meta.variable_storage_width == {"USUBJID": 7, "ADT": 8, "AVAL": 8, "TRTSDT": 8}


def test_observation_bytes_equal_those_of_pyreadstat(tmp_path: Path) -> None:
    import pandas as pd

    frame = pd.DataFrame({"A": ["abc", "", "é"], "B": [1.5, math.nan, -1e70], "C": ["z", "y", "x" * 10]})
    pyreadstat.write_xport(frame, str(tmp_path / "oracle.xpt"), file_format_version=5, table_name="AE")
    lengths = [column.length for column in read_xpt(tmp_path / "oracle.xpt").columns]
    write(tmp_path / "ours.xpt", char("A", ["abc", None, "é"], lengths[0]), num("B", [1.5, None, -1e70]),
          char("C", ["z", "y", "x" * 10], lengths[2]), encoding="utf-8")
    marker = b"HEADER RECORD*******OBS "
    ours, theirs = ((tmp_path / f"{who}.xpt").read_bytes() for who in ("ours", "oracle"))
    assert ours[ours.index(marker):] == theirs[theirs.index(marker):]


def test_no_records_keep_types_and_lengths(tmp_path: Path) -> None:
    path = tmp_path / "ae.xpt"
    raw = write(path, char("A", [], 12, "Text"), num("B", [], "Number", "DATE9."))
    assert raw.endswith(b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + b"0" * 30 + b"  ")
    data = read_xpt(path)
    assert data.records == 0
    assert [(c.name, c.type, c.length, c.format, c.values()) for c in data.columns] == [
        ("A", "Char", 12, "", []), ("B", "Num", 8, "DATE9.", [])]
    frame, meta = pyreadstat.read_xport(str(path), disable_datetime_conversion=True)
    assert frame.shape == (0, 2)
    assert meta.readstat_variable_types == {"A": "string", "B": "double"}


values = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).map(
    lambda text: text.strip(" ") or None)


@fixture_once
@given(rows=st.lists(st.tuples(st.none() | values, st.none() | st.floats(IBM_MIN, IBM_MAX), st.none() | values),
                     max_size=30), data=st.data())
def test_read_back_is_equal_and_pyreadstat_agrees(tmp_path: Path, rows: list[tuple[Any, ...]],
                                                  data: st.DataObject) -> None:
    rows = [*rows, ("end", 0.0, None)]
    columns = [char("A", [row[0] for row in rows], 120), num("B", [row[1] for row in rows]),
               char("C", [row[2] for row in rows], data.draw(st.sampled_from([120, 121, 200])))]
    path = tmp_path / "p.xpt"
    write(path, *columns, encoding="utf-8")
    back = read_xpt(path)
    assert [column.values() for column in back.columns] == [column.values() for column in columns]
    frame, _ = pyreadstat.read_xport(str(path), encoding="utf-8")
    assert frame["A"].tolist() == [row[0] or "" for row in rows]
    assert [None if math.isnan(v) else v for v in frame["B"]] == [row[1] for row in rows]


@pytest.mark.parametrize("width", [1, 7, 8, 39, 40, 79, 80, 81, 200])
@pytest.mark.parametrize("count", [1, 2, 9, 10, 11, 80])
def test_padding_never_adds_or_drops_a_record(tmp_path: Path, width: int, count: int) -> None:
    values: list[str | None] = [None] * (count - 1) + ["x"]
    raw = write(tmp_path / "a.xpt", char("A", values, width))
    assert len(raw) % 80 == 0
    assert [column.values() for column in read_xpt(tmp_path / "a.xpt").columns] == [values]


@pytest.mark.parametrize(("name", "ok"), [("A", True), ("_A1", True), ("ABCDEFGH", True), ("ABCDEFGHI", False),
                                          ("", False), ("1A", False), ("a", False), ("A-B", False), ("É", False),
                                          ("A\n", False)])
def test_names(name: str, ok: bool) -> None:
    assert rules(char(name, ["x"])) == ([] if ok else ["XPT_NAME"])
    assert rules(char("A", ["x"]), name=name) == ([] if ok else ["XPT_DATASET_NAME"])


def test_metadata_faults() -> None:
    assert rules(char("A", ["x"], label="l" * 40)) == []
    assert rules(char("A", ["x"], label="l" * 41)) == ["XPT_LABEL"]
    assert rules(char("A", ["x"], label="é")) == ["XPT_LABEL"]
    assert rules(char("A", ["x"], label="é" * 20), encoding="utf-8") == []
    assert rules(char("A", ["x"], label="é" * 21), encoding="utf-8") == ["XPT_LABEL"]
    assert rules(char("A", ["x"]), label="d" * 41) == ["XPT_DATASET_LABEL"]
    assert rules(char("A", [None, "x"], length=0)) == ["XPT_LENGTH", "XPT_TOO_LONG"]
    assert rules(char("A", ["x"], length=201)) == ["XPT_LENGTH"]
    assert rules(char("A", ["x" * 201], length=201)) == ["XPT_LENGTH", "XPT_TOO_LONG"]
    assert rules(dataclasses.replace(num("A", [1.0]), length=4)) == ["XPT_LENGTH"]
    assert rules(char("A", ["x"]), num("A", [1.0])) == ["XPT_DUPLICATE_NAME"]
    assert rules() == ["XPT_VARIABLES"]
    assert rules(num("A", [1.0], fmt="$CHAR8.")) == ["XPT_FORMAT"]
    assert rules(char("A", ["x"], fmt="DATE9.")) == ["XPT_FORMAT"]
    assert rules(num("A", [1.0], fmt="DATE9")) == ["XPT_FORMAT"]


@pytest.mark.parametrize(("value", "encoding", "rule"), [
    ("x" * 20, "ascii", None), ("x" * 21, "ascii", "XPT_TOO_LONG"), ("x" * 201, "ascii", "XPT_TOO_LONG"),
    ("é" * 10, "utf-8", None), ("é" * 11, "utf-8", "XPT_TOO_LONG"), ("é", "ascii", "XPT_ASCII"),
    (" x", "ascii", "XPT_LEADING_BLANK"), ("x\ty", "ascii", "XPT_CONTROL"), ("x\0", "ascii", "XPT_CONTROL"),
    ("x\x85", "utf-8", "XPT_CONTROL"), ("\ud800", "utf-8", "XPT_SURROGATE"), ("x" + " " * 300, "ascii", None),
])
def test_value_faults(value: str, encoding: str, rule: str | None) -> None:
    faults = check_xpt("AE", "", [char("A", ["ok", value, None, value, "end"])], encoding=encoding)
    assert [(f.rule, f.variable, f.record, f.records, f.value) for f in faults] == (
        [(rule, "A", 1, (1, 3), value)] if rule else [])


def test_a_bad_text_that_no_record_uses_is_no_fault(tmp_path: Path) -> None:
    column = XptColumn("A", "", "Char", 3, codes=np.array([0], np.int32), texts=["abc", "far too long"])
    write(tmp_path / "ae.xpt", column)
    assert read_xpt(tmp_path / "ae.xpt").columns[0].values() == ["abc"]


@pytest.mark.parametrize("number", [math.inf, -math.inf, 1e-80, 1e76])
def test_number_faults(number: float) -> None:
    faults = check_xpt("AE", "", [num("A", [1.0, number, None, number])])
    assert [(f.rule, f.variable, f.records, f.value) for f in faults] == [("XPT_NUMBER", "A", (1, 3), number)]


def test_last_record_of_blanks_is_a_fault() -> None:
    assert rules(char("A", ["x", None])) == ["XPT_BLANK_RECORD"]
    assert rules(char("A", ["x", None]), num("B", [1, None])) == ["XPT_BLANK_RECORD"]
    assert rules(char("A", [None, "x"])) == []
    assert rules(char("A", ["x", None]), num("B", [1, 0])) == []
    blank_bytes = float(int.from_bytes(b" " * 7, "big")) / 2**56 * 16.0 ** (0x20 - 64)
    assert rules(num("B", [1, blank_bytes])) == ["XPT_BLANK_RECORD"]


def test_faults_of_all_kinds_together_and_no_file(tmp_path: Path) -> None:
    path = tmp_path / "ae.xpt"
    faults = write_xpt(path, "bad name", "", [char("A", ["é", " b", "c"]), num("lower", [math.inf, 1, 2])], CREATED)
    assert [fault.rule for fault in faults] == ["XPT_DATASET_NAME", "XPT_ASCII", "XPT_LEADING_BLANK", "XPT_NAME",
                                                "XPT_NUMBER"]
    assert not path.exists()


def test_programmers_mistakes_raise() -> None:
    with pytest.raises(ValueError, match="different lengths"):
        check_xpt("AE", "", [num("A", [1]), num("B", [])])
    with pytest.raises(ValueError, match="outside its 1 texts"):
        check_xpt("AE", "", [XptColumn("A", "", "Char", 1, codes=np.array([1], np.int32), texts=["x"])])
    with pytest.raises(ValueError, match="encoding"):
        check_xpt("AE", "", [num("A", [1])], encoding="latin-1")


def test_disk_full_leaves_no_half_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any) -> Any:
        raise OSError(28, "No space left on device")
        yield

    monkeypatch.setattr(xpt, "_build_chunks", fail)
    with pytest.raises(OSError, match="No space left"):
        write_xpt(tmp_path / "ae.xpt", "AE", "", [num("A", [1])], CREATED)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("text", "parts"), [
    ("", ("", 0, 0)), ("DATE9.", ("DATE", 9, 0)), ("E8601DA.", ("E8601DA", 0, 0)), ("E8601DA10.", ("E8601DA", 10, 0)),
    ("8.2", ("", 8, 2)), ("8.", ("", 8, 0)), ("$20.", ("$", 20, 0)), ("$CHAR20.", ("$CHAR", 20, 0)),
    ("YYMMDD10.", ("YYMMDD", 10, 0)), ("BEST12.", ("BEST", 12, 0)), ("F8.3", ("F", 8, 3)),
    ("DATE9", None), (".", None), (".2", None), ("date9.", None), ("ABCDEFGHI.", None), ("8.8", None), ("$", None),
])
def test_formats(text: str, parts: tuple[str, int, int] | None) -> None:
    parsed = parse_format(text)
    assert parsed == (SasFormat(*parts) if parts else None)
    if parsed:
        assert str(parsed) == text


@pytest.mark.parametrize(("raw", "moment"), [
    (b"01JAN60:00:00:00", datetime(1960, 1, 1)), (b"31DEC59:23:59:59", datetime(2059, 12, 31, 23, 59, 59)),
    (b"29FEB24:12:00:01", datetime(2024, 2, 29, 12, 0, 1)), (b"30FEB24:12:00:01", None), (b"01XXX24:12:00:01", None),
    (b" " * 16, None),
])
def test_timestamps(raw: bytes, moment: datetime | None) -> None:
    assert parse_timestamp(raw) == moment
    if moment:
        assert format_timestamp(moment) == raw
