"""Raw files that are absent, changed, damaged, protected or hostile: located, refused, the last build untouched."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from .kit import AE_ROWS, SUBJ_ROWS, Study, write_workbook

OLE = bytes.fromhex("D0CF11E0A1B11AE1")
AT_FILE = "specs/S1/study.yaml:6:11"


def repack(path: Path, change: Callable[[str, bytes], bytes], **more: bytes) -> None:
    """Write a workbook's parts anew, changed, with more of them."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in {**parts, **more}.items():
            new.writestr(name, change(name, data))


def renamed_file(study: Study) -> None:
    (study.raw / "edc.xlsx").rename(study.raw / "EDC.xlsx")


def missing_file(study: Study) -> None:
    (study.raw / "edc.xlsx").unlink()


def renamed_sheet(study: Study) -> None:
    write_workbook(study.raw / "edc.xlsx", {"SUBJ": SUBJ_ROWS, "AES": AE_ROWS})


def renamed_column(study: Study) -> None:
    study.sheets(ae=[(*AE_ROWS[0][:5], "STARTDT", "END"), *AE_ROWS[1:]])


def empty_sheet(study: Study) -> None:
    study.sheets(ae=[])


def truncated(study: Study) -> None:
    path = study.raw / "edc.xlsx"
    path.write_bytes(path.read_bytes()[:3000])


def protected(study: Study) -> None:
    (study.raw / "edc.xlsx").write_bytes(OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600))


def merged_header(study: Study) -> None:
    from openpyxl import load_workbook

    book = load_workbook(study.raw / "edc.xlsx")
    book["AE"].merge_cells("B1:C1")
    book.save(study.raw / "edc.xlsx")


def entities(study: Study) -> None:
    doctype = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]>'

    def change(name: str, data: bytes) -> bytes:
        return doctype + data.partition(b"?>")[2] if name == "xl/worksheets/sheet1.xml" else data

    repack(study.raw / "edc.xlsx", change)


def zip_bomb(study: Study) -> None:
    repack(study.raw / "edc.xlsx", lambda name, data: data, **{"xl/media/x.xml": bytes(64 << 20)})


def other_folder(study: Study) -> None:
    study.file("secret.csv", "SUBJID,TERM\n")
    study.change("specs/S1/study.yaml", "file: edc.xlsx\n    sheet: AE", "file: ../../secret.csv")


def absolute_path(study: Study) -> None:
    study.change("specs/S1/study.yaml", "file: edc.xlsx\n    sheet: AE", "file: /etc/passwd")


def link_outside(study: Study) -> None:
    study.file("secret.csv", "SUBJID,TERM\n")
    (study.raw / "ae.csv").symlink_to(study.root / "secret.csv")
    study.change("specs/S1/study.yaml", "file: edc.xlsx\n    sheet: AE", "file: ae.csv")


REFUSED: list[tuple[Callable[[Study], None], str]] = [
    (missing_file, f"{AT_FILE} file-missing: no file edc.xlsx in {{raw}}. Look at `file` in the study file, and at "
                   "--raw."),
    (renamed_file, f"{AT_FILE} file-missing: no file edc.xlsx in {{raw}}. Near: EDC.xlsx."),
    (renamed_sheet, "specs/S1/study.yaml:12:12 sheet-missing: edc.xlsx has no sheet AE. It has: AES."),
    (renamed_column, "mappings/S1/sdtm/ae.yaml:21:24 unknown-column: raw.AE has no column START. Near: STARTDT, SER."),
    (empty_sheet, "table-empty: sheet AE of edc.xlsx is empty. (edc.xlsx, sheet AE)"),
    (truncated, "file-damaged: edc.xlsx can't be unpacked: File is not a zip file. (edc.xlsx) Copy or export it "
                "again."),
    (protected, "file-protected: edc.xlsx is protected by a password. (edc.xlsx) Save it without a password."),
    (merged_header, "header-merged: columns B, C all have the name TERM. (edc.xlsx, sheet AE, row 1, column TERM) "
                    "Give each column its name."),
    (entities, "file-unsafe: edc.xlsx has a part xl/worksheets/sheet1.xml with a DOCTYPE or entities. (edc.xlsx)"),
    (zip_bomb, "file-unsafe: edc.xlsx would unpack to "),
    (other_folder, "specs/S1/study.yaml:11:11 path-outside: ../../secret.csv lies outside the raw folders. Give its "
                   "folder with --raw, or move the file."),
    (absolute_path, "specs/S1/study.yaml:11:11 path-outside: /etc/passwd lies outside the raw folders. Give its "
                    "folder with --raw, or move the file."),
    (link_outside, "path-outside: ae.csv lies outside the raw folders."),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), REFUSED, ids=lambda v: getattr(v, "__name__", ""))
def test_refused_before_data_is_read(spoil: Callable[[Study], None], message: str, built: Study) -> None:
    before = built.state()
    spoil(built)
    status, lines = built.check()
    first = lines[0]
    assert status == 2
    assert message.format(raw=built.raw) in first
    status, lines = built.build()
    assert status == 2
    assert lines[0] == first
    assert built.state() == before


def test_a_source_that_was_not_read_takes_one_line(study: Study) -> None:
    renamed_sheet(study)
    assert study.check()[1] == [
        "specs/S1/study.yaml:12:12 sheet-missing: edc.xlsx has no sheet AE. It has: AES.",
        "raw.AE was not read: 17 more faults follow from it.",
        f"{study.specs}: 1 error, it can't be built.",
    ]


def header_alone(study: Study) -> None:
    study.sheets(ae=AE_ROWS[:1])


def wrong_encoding(study: Study) -> None:
    study.change("specs/S1/study.yaml", "file: edc.xlsx\n    sheet: AE", "file: ae.csv")
    head = ",".join(AE_ROWS[0])
    text = f"{head}\n01,恶心,Nausea,10028813,No,2024-02-03,\n01,cough,Cough,10011224,No,2024-02-04,\n"
    (study.raw / "ae.csv").write_bytes(text.encode("gb18030"))


def number_for_date(study: Study) -> None:
    study.sheets(ae=[*AE_ROWS, ("02", "cough", "Cough", "10011224", "No", 45327.25, None)])


def two_rows(study: Study) -> None:
    study.sheets(subj=[*SUBJ_ROWS, ("02", "Male", "52", "2024-01-09", "2024-06-02")])


def unknown_term(study: Study) -> None:
    study.sheets(subj=[SUBJ_ROWS[0], ("01", "Femail", *SUBJ_ROWS[1][2:]), SUBJ_ROWS[2]])


FOUND: list[tuple[Callable[[Study], None], str]] = [
    (header_alone, "table-empty: raw.AE has no rows of data. (edc.xlsx, sheet AE)"),
    (wrong_encoding, "encoding-error: '����' has bytes that are no characters; the value is missing. (ae.csv, row 2, "
                     "column TERM) Declare the file's `encoding`, for instance gb18030, or export it again."),
    (number_for_date, 'date-unreadable: "45327.25" fits no format of [yyyy-MM-dd, dd-MMM-yyyy]. (edc.xlsx, sheet AE, '
                      "row 5, column START) Add its format to `formats`, or a token to `missing` or `unknown`."),
    (two_rows, "duplicate-conflict: raw.SUBJ: 2 rows of one key differ (SUBJID=02). (edc.xlsx, sheet SUBJ, row 3) "
               "Query which one is right."),
    (unknown_term, 'ct-miss: "Femail" is no term of SEX (SEX). (edc.xlsx, sheet SUBJ, row 2, column SEX) Add a '
                   "synonym, a `map`, or correct the data."),
]  # fmt: skip


@pytest.mark.parametrize(("spoil", "message"), FOUND, ids=lambda v: getattr(v, "__name__", ""))
def test_found_in_the_data_at_its_cell(spoil: Callable[[Study], None], message: str, study: Study) -> None:
    spoil(study)
    assert study.check()[0] == 0
    status, _ = study.build()
    assert status == 1
    assert message in study.issues()


def test_an_ongoing_study_may_have_empty_sheets(study: Study) -> None:
    header_alone(study)
    assert study.build()[0] == 1
    assert study.build(profile="draft")[0] == 0
