"""Text files: encodings, quotes, odd rows, row numbers."""

import codecs

import numpy as np
import pytest

from sdtm_builder.raw import csvfile

from .conftest import texts


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
        ("big5", "big5"),
    ],
)
def test_encodings(raw, encoding, declared):
    table = raw.read(raw.csv("受試者,值\nS001,無\n", encoding=encoding), encoding=declared)
    assert table.columns == ("受試者", "值")
    assert texts(table, "值") == ["無"]
    assert raw.issues == []


def test_shift_jis_and_latin1(raw):
    assert texts(raw.read(raw.csv("A\n体温\n", encoding="shift_jis"), encoding="shift_jis"), "A") == ["体温"]
    assert texts(raw.read(raw.csv("A\nµg/m²\n", encoding="latin-1"), encoding="latin-1"), "A") == ["µg/m²"]


def test_a_byte_that_does_not_decode_is_located_and_its_cell_missing(raw):
    table = raw.read(raw.csv(b"A,B\nok,1\nb\xe4d,2\n"))
    assert raw.issues == [("encoding-error", "3 A")]
    assert texts(table, "A") == ["ok", None]
    assert texts(table, "B") == ["1", "2"]
    table = raw.read(raw.csv("A,B\n体,1\n".encode("gb18030") + b"x\xff,2\n"), encoding="gb18030")
    assert raw.issues == [("encoding-error", "3 A")]
    assert texts(table, "A") == ["体", None]


def test_wrong_declarations(raw):
    assert raw.read(raw.csv("A\n1\n"), encoding="klingon") is None
    assert raw.rules == ["encoding-unknown"]
    assert raw.read(raw.csv(codecs.BOM_UTF16_LE + "A\n1\n".encode("utf-16-le"))) is None
    assert raw.rules == ["encoding-error"]
    assert raw.read(raw.csv("A\n1\n"), delimiter="||") is None
    assert raw.rules == ["encoding-unknown"]
    raw.read(raw.csv("体\n1\n", encoding="gb18030"))
    assert raw.rules == ["encoding-error"]


def test_quotes_line_breaks_blank_lines_and_row_numbers(raw):
    table = raw.read(raw.csv('A,B,C\n1,"a\nb",x\n\n2,"say ""hi""",y\n3,"",z\n'))
    assert table.verbatim["B"].strings().tolist() == ["a b", 'say "hi"', None]
    assert table.rows.number.tolist() == [2, 4, 5]
    assert raw.issues == [("control-character", "2 B")]
    assert table.facts["blank"] == 1


def test_ragged_rows_are_left_out_located_and_counted(raw):
    table = raw.read(raw.csv("A,B,C\n1,2,3\n1,2\n4,5,6,7\n7,8,9\n"))
    assert raw.issues == [("row-ragged", "3"), ("row-ragged", "4")]
    assert texts(table, "A") == ["1", "7"]
    assert table.rows.number.tolist() == [2, 5]
    assert (table.facts["read"], table.facts["ragged"], table.facts["kept"]) == (4, 2, 2)


def test_open_quotes_do_not_swallow_rows_in_silence(raw):
    table = raw.read(raw.csv('A,B\n1,x\n2,"open\n3,y\n'))
    assert raw.issues == [("quote-open", "3")]
    assert texts(table, "A") == ["1"]
    raw.read(raw.csv('A,B,C\n1,"x,y\n2,x,y\n3,x",y\n'))
    assert raw.issues == [("control-character", "2 B"), ("quote-suspect", "2 B")] or raw.issues == [
        ("quote-suspect", "2 B"),
        ("control-character", "2 B"),
    ]
    for text, kept in (('5" pipe\n', '5" pipe'), ('5" pipe', '5" pipe'), ('5"', '5"'), ('"5"" pipe"', '5" pipe')):
        assert texts(raw.read(raw.csv(f"A\n{text}")), "A") == [kept]
        assert raw.issues == []
    raw.read(raw.csv('A\nx\n"5"" pipe'))
    assert raw.issues == [("quote-open", "3")]


def test_tabs_and_other_delimiters(raw):
    assert texts(raw.read(raw.csv("A\tB\n1\t2\n", "t.tsv")), "B") == ["2"]
    assert texts(raw.read(raw.csv("A;B\n1;2,5\n"), delimiter=";"), "B") == ["2,5"]
    assert texts(raw.read(raw.csv("A\tB\n1\t2\n"), delimiter="\\t"), "B") == ["2"]


def test_texts_that_other_readers_take_for_null_stay(raw):
    table = raw.read(raw.csv("A,B\nNA,1\nnull,2\nNaN,3\n001,4\nTRUE,5\n"))
    assert texts(table, "A") == ["NA", "null", "NaN", "001", "TRUE"]


def test_blocks_join_and_long_texts_fit(raw, monkeypatch):
    monkeypatch.setattr(csvfile, "_BLOCK", 200)
    body = "".join(f"{i % 7},{'x' * (500 if i == 50 else 3)}{i % 5}\n" for i in range(100))
    table = raw.read(raw.csv("A,B\n" + body), duplicates="keep", duplicates_ignore=["A", "B"])
    assert texts(table, "A") == [str(i % 7) for i in range(100)]
    assert table.rows.number.tolist() == list(range(2, 102))
    assert len(table.texts["A"].distinct()) == 7


def test_files_that_are_no_text(raw):
    assert raw.read(raw.csv(b"PK\x03\x04....")) is None
    assert raw.rules == ["file-type"]
    assert raw.read(raw.csv(b"A,B\n1\x00,2\n")) is None
    assert raw.rules == ["file-type"]
    assert raw.read(raw.csv("A\n1\n", "t.doc")) is None
    assert raw.rules == ["file-type"]
    assert raw.read(raw.csv("")) is None
    assert raw.rules == ["table-empty"]
    assert len(raw.read(raw.csv("A,B\n"))) == 0
    assert raw.rules == ["table-empty"]


def test_files_missing_outside_and_patterns(raw, tmp_path):
    inner = tmp_path / "in"
    inner.mkdir()
    (tmp_path / "secret.csv").write_text("A\n1\n")
    raw.folder = inner
    raw.csv("A,B\n1,2\n", "lab_1.csv")
    raw.csv("A,C\n3,4\n", "lab_2.csv")
    assert raw.read("lap_1.csv") is None
    assert raw.rules == ["file-missing"]
    assert "lab_1.csv" in next(iter(raw.log)).hint
    for outside in ("../secret.csv", str(tmp_path / "secret.csv"), "../nothing.csv", "../*.csv", "C:\\x.csv"):
        assert raw.read(outside) is None
        assert raw.rules in (["path-outside"], ["file-missing"]), outside
    (inner / "link.csv").symlink_to(tmp_path / "secret.csv")
    assert raw.read("link.csv") is None
    assert raw.rules == ["path-outside"]
    assert texts(raw.read("../secret.csv", roots=[tmp_path]), "A") == ["1"]
    table = raw.read("lab_*.csv")
    assert table.columns == ("A", "B", "C")
    assert texts(table, "B") == ["2", None]
    assert [part.file for part in table.rows.parts] == ["lab_1.csv", "lab_2.csv"]
    assert raw.rules == ["column-missing-in-part"] * 2
    assert [(i.locations[0].file, i.value) for i in raw.log] == [("lab_1.csv", "C"), ("lab_2.csv", "B")]


def test_more_rows_than_a_sheet_holds_are_read_whole(raw):
    count = 1_048_576 + 3
    numbers = np.char.zfill(np.arange(count).astype("U7"), 7)
    data = b"SUBJ,V\n" + np.char.add(numbers, np.where(np.arange(count) % 2, ",odd\n", ",even\n")).astype("S").tobytes(
    ).replace(b"\x00", b"")  # fmt: skip
    table = raw.read(raw.csv(data))
    assert raw.issues == []
    assert len(table) == count
    assert table.rows.number.tolist() == list(range(2, count + 2))
    assert np.array_equal(table.texts["SUBJ"].strings(), numbers)
    assert int((table.texts["V"].strings() == "odd").sum()) == count // 2
    assert table.texts["V"].distinct().tolist() == ["even", "odd"]
