"""The XPT reader: files that pyreadstat wrote, foreign variants, and damaged files."""
from __future__ import annotations

import math
from datetime import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from sdtm_builder.write.xpt import XptColumn, write_xpt
from sdtm_builder.xpt import reader as xpt_reader
from sdtm_builder.xpt.reader import SpecialMissing, XptError, read_xpt


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "dm.xpt"
    codes = np.array([0, 1, -1, 0], dtype=np.int32)
    columns = [XptColumn("USUBJID", "Subject", "Char", 6, codes=codes, texts=["S-1", "S-2"]),
               XptColumn("AGE", "Age", "Num", 8, "3.", numbers=np.array([61.0, math.nan, 0.0, 33.5]))]
    assert write_xpt(path, "DM", "Demographics", columns, datetime(1999, 12, 31, 23, 59, 58)) == []
    return path


def patch(path: Path, offset: int, raw: bytes) -> Path:
    data = bytearray(path.read_bytes())
    data[offset:offset + len(raw)] = raw
    path.write_bytes(data)
    return path


def test_all_that_is_written_is_read(sample: Path) -> None:
    data = read_xpt(sample)
    assert (data.name, data.label, data.created, data.records) == (
        "DM", "Demographics", datetime(1999, 12, 31, 23, 59, 58), 4)
    assert [(c.name, c.label, c.type, c.length, c.format, c.values()) for c in data.columns] == [
        ("USUBJID", "Subject", "Char", 6, "", ["S-1", "S-2", None, "S-1"]),
        ("AGE", "Age", "Num", 8, "3.", [61.0, None, 0.0, 33.5])]
    assert data.special_missing == ()


def test_chunks_do_not_show(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xpt_reader, "CHUNK_BYTES", 20)
    assert [column.values() for column in read_xpt(sample).columns] == [
        ["S-1", "S-2", None, "S-1"], [61.0, None, 0.0, 33.5]]


def test_files_of_pyreadstat(tmp_path: Path) -> None:
    path = tmp_path / "lb.xpt"
    frame = pd.DataFrame({"USUBJID": ["S-1", "S-22", "Zürich"], "LBSTRESN": [0.1, math.nan, -1e70], "LBSEQ": [1, 2, 3]})
    pyreadstat.write_xport(frame, str(path), file_label="Labs", table_name="LB", file_format_version=5,
                           column_labels=["Subject", "Result", "Seq"], variable_format={"LBSTRESN": "8.2"})
    data = read_xpt(path)
    assert (data.name, data.label, data.records) == ("LB", "Labs", 3)
    assert [(c.name, c.label, c.type, c.values()) for c in data.columns] == [
        ("USUBJID", "Subject", "Char", ["S-1", "S-22", "Zürich"]), ("LBSTRESN", "Result", "Num", [0.1, None, -1e70]),
        ("LBSEQ", "Seq", "Num", [1.0, 2.0, 3.0])]
    assert data.columns[1].format == "8.2"


def test_special_missing_values_are_reported(sample: Path) -> None:
    first = len(sample.read_bytes()) - 80
    data = read_xpt(patch(sample, first + 6, b"\x42" + b"\0" * 7))
    assert data.columns[1].values() == [None, None, 0.0, 33.5]
    assert data.special_missing == (SpecialMissing("AGE", 0, "B"),)


def test_short_numbers_are_completed_with_zeros(sample: Path) -> None:
    raw = sample.read_bytes()
    head = bytearray(raw[:-80])
    head[640 + 140 + 4:640 + 140 + 6] = b"\0\3"
    sample.write_bytes(bytes(head) + (b"S-1   \x41\x18\x00" + b"S-2   \xc2\x64\x00" + b"S-3   \x2e\0\0").ljust(80))
    assert read_xpt(sample).columns[1].values() == [1.5, -100.0, None]


@pytest.mark.parametrize(("offset", "raw", "at", "message"), [
    (0, b"PK\3\4", 0, "no SAS transport file"),
    (0, b"HEADER RECORD*******LIBV8   ", 0, "version 8"),
    (240, b"X", 240, "member header is absent"),
    (240 + 74, b"9999", 240 + 74, "descriptors of 9999 bytes"),
    (320, b"X", 320, "descriptor header is absent"),
    (560, b"X", 560, "variable descriptors' header is absent"),
    (560 + 54, b"abcd", 614, "number of variables"),
    (560 + 54, b"0009", 1920, "the file ends before its observations' header|observations' header is absent"),
    (640, b"\0\7", 640, "type 7"),
    (640 + 4, b"\0\0", 644, "length 0"),
    (640 + 140 + 84, b"\0\0\0\7", 640 + 140 + 84, "stands at 7"),
    (640 + 8, b"\xff", 648, "0xff is no text"),
    (1040, b"S-\xfe", 1042, "0xfe is no text"),
    (1040 + 14, b"S-\xfe", 1040 + 16, "0xfe is no text"),
])
def test_damage_is_located(sample: Path, offset: int, raw: bytes, at: int, message: str) -> None:
    with pytest.raises(XptError, match=message) as caught:
        read_xpt(patch(sample, offset, raw))
    assert caught.value.offset == at or "ends before" in caught.value.reason


@pytest.mark.parametrize("size", [0, 1, 79, 80, 81, 240, 400, 639, 640, 720, 960, 1041, 1119])
def test_a_file_cut_short_is_an_error(sample: Path, size: int) -> None:
    sample.write_bytes(sample.read_bytes()[:size])
    with pytest.raises(XptError):
        read_xpt(sample)


def test_a_second_dataset_is_an_error(sample: Path) -> None:
    raw = sample.read_bytes()
    sample.write_bytes(raw + raw[240:])
    with pytest.raises(XptError, match="second dataset") as caught:
        read_xpt(sample)
    assert caught.value.offset == len(raw)


def test_an_older_encoding_is_declared(sample: Path) -> None:
    patch(sample, 1040, b"M\xfcller")
    with pytest.raises(XptError):
        read_xpt(sample)
    assert read_xpt(sample, encoding="cp1252").columns[0].values()[0] == "Müller"


def test_blank_records_that_are_no_padding_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.xpt"
    column = XptColumn("A", "", "Char", 40, codes=np.array([0], dtype=np.int32), texts=["x"])
    assert write_xpt(path, "AE", "", [column], datetime(2025, 1, 1)) == []
    assert read_xpt(path).records == 1
    path.write_bytes(path.read_bytes() + b" " * 80)
    assert read_xpt(path).columns[0].values() == ["x", None, None]


def test_leading_blanks_stay(sample: Path) -> None:
    assert read_xpt(patch(sample, 1040, b" S-1  ")).columns[0].values()[0] == " S-1"
