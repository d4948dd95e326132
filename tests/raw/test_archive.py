"""Exports as a zip file of csv: one file or many, traceable, and refused where they are not safe."""

import io
import struct
import zipfile

import pytest

from .books import zipped
from .conftest import texts

EXPORT = zipped(
    {
        "ae.csv": "Subject,Term\nSUBJ,AETERM\n001,发热\n",
        "lab/lab_1.csv": "SUBJ,V\n001,1\n",
        "lab/lab_2.csv": "SUBJ,V\n002,2\n003,3\n",
        "__MACOSX/._ae.csv": "x",
        "crf.pdf": "%PDF",
    }
)


def test_one_file_with_label_and_name_rows(raw):
    file = raw.csv(EXPORT, "export.zip")
    table = raw.read(f"{file}!/ae.csv", header=("label", "name"))
    assert texts(table, "AETERM") == ["发热"]
    part = table.rows.parts[0]
    assert (part.file, part.headers["SUBJ"].texts["label"]) == ("export.zip!/ae.csv", "Subject")
    assert table.rows.number.tolist() == [3]


def test_many_files_are_one_table(raw):
    table = raw.read(f"{raw.csv(EXPORT, 'export.zip')}!/lab/lab_*.csv", stamp={"BATCH": "file"})
    assert texts(table, "V") == ["1", "2", "3"]
    assert texts(table, "BATCH") == ["lab_1.csv", "lab_2.csv", "lab_2.csv"]
    assert [part.file for part in table.rows.parts] == ["export.zip!/lab/lab_1.csv", "export.zip!/lab/lab_2.csv"]
    assert table.rows.number.tolist() == [2, 2, 3]


def test_many_zip_files_and_other_encodings(raw):
    for name, text in (("a.zip", "受试者1"), ("b.zip", "受试者2")):
        raw.csv(zipped({"dm.csv": f"ID\n{text}\n".encode("gb18030")}), name)
    assert texts(raw.read("*.zip!/dm.csv", encoding="gb18030"), "ID") == ["受试者1", "受试者2"]


def lying(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        size = archive.getinfo("ae.csv").file_size
    return data.replace(struct.pack("<L", size), struct.pack("<L", 5))


@pytest.mark.parametrize(
    ("file", "data", "rule"),
    [
        ("e.zip!/dm.csv", EXPORT, "file-missing"),
        ("x.zip!/dm.csv", EXPORT, "file-missing"),
        ("../e.zip!/dm.csv", EXPORT, "path-outside"),
        ("e.zip!/crf.pdf", EXPORT, "file-type"),
        ("e.zip", EXPORT, "file-type"),
        ("e.zip!/ae.csv", EXPORT[:100], "file-damaged"),
        ("e.zip!/ae.csv", b"", "file-damaged"),
        ("e.zip!/ae.csv", lying(EXPORT), "file-unsafe"),
        ("e.zip!/ae.csv", zipped({"ae.csv": b"A\n" + b" " * (64 << 20)}), "file-unsafe"),
        ("e.zip!/ae.csv", zipped({"ae.csv": ""}), "table-empty"),
        ("e.zip!/ae.csv", zipped({"ae.csv": b"PK\3\4"}), "file-type"),
    ],
    ids=[str(n) for n in range(11)],
)
def test_bad_zip_files(raw, file, data, rule):
    raw.csv(data, "e.zip")
    assert raw.read(file) is None
    assert raw.rules == [rule]
