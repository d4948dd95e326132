"""A new transfer against the last one: what is told, where, and with which exit status."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from sdtm_builder.commands import accept
from sdtm_builder.commands.transfers import transfer_by_files
from sdtm_builder.model import Vector
from sdtm_builder.transfer.accept import Acceptance, accept_transfer
from sdtm_builder.transfer.content import content_type, shape
from sdtm_builder.transfer.tables import paired, undated

OLD = {
    "ae.csv": "SUBJ,NO,TERM,START,SEV\n01,1,Fever,2024-01-02,1\n01,2,Cough,2024-01-03,2\n02,1,Rash,2024-01-05,1\n",
    "vs.csv": "SUBJ,DAY,PULSE\n01,2024-01-02,70\n02,2024-01-03,72\n",
}
STUDY = """
study: {id: S1, title: A study}
standards: {sdtmig: "3.4", ct: {sdtm: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd], unknown: [UNK]}
raw:
  AE:
    file: ae.csv
    subject: SUBJ
    key: [SUBJ, NO]
    columns: {START: {type: date}, SEV: {codelist: SEV}}
  VS: {file: vs.csv, subject: SUBJ, key: [SUBJ, DAY], columns: {PULSE: {type: number, limits: [30, 200]}}}
codelists:
  SEV: {terms: ["1", "2", "3"]}
subjects: {register: raw.AE, usubjid: "study.id || '-' || SUBJ"}
"""


def folder(path: Path, files: Mapping[str, str]) -> Path:
    path.mkdir(parents=True)
    for name, text in files.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def compared(root: Path, new: Mapping[str, str]) -> Acceptance:
    sides = [transfer_by_files(folder(root / n, f)) for n, f in (("old", OLD), ("new", {**OLD, **new}))]
    return accept_transfer(sides[0], sides[1])


def kinds(found: Acceptance) -> list[str]:
    return [f.kind for f in found.findings]


def by_study(root: Path, new: Mapping[str, str], **more: object) -> tuple[int, list[str]]:
    folder(root / "specs" / "S1", {"study.yaml": STUDY})
    (root / "mappings" / "S1" / "sdtm").mkdir(parents=True)
    said: list[str] = []
    status = accept.run(
        folder(root / "old", OLD), folder(root / "new", {**OLD, **new}), study=root / "specs" / "S1",
        tell=said.append, complain=said.append, **more,  # type: ignore[arg-type]
    )  # fmt: skip
    return status, said


def test_equal_transfers_have_nothing_to_look_at(tmp_path: Path) -> None:
    status, said = by_study(tmp_path, {})
    assert (status, said[-1]) == (0, "Nothing changed")


def test_a_changed_cell_stands_with_both_values_and_places(tmp_path: Path) -> None:
    found = compared(tmp_path, {"ae.csv": OLD["ae.csv"].replace("SEV\n", "SEV\n01,3,Ague,2024-01-09,1\n", 1)
                                .replace("Cough", "Dry cough")})  # fmt: skip
    (change,) = (c for c in found.forms if c.name == "AE")
    assert change.by == "by SUBJ NO (found)"
    (cell,) = change.cells()
    assert (cell.column, cell.before, cell.after) == ("TERM", "Cough", "Dry cough")
    assert (cell.old.row, cell.new.row, cell.subject, cell.key) == (3, 4, "01", "SUBJ=01 NO=2")
    assert kinds(found) == ["range-wider", "rows-new", "cells-changed"]
    assert not found.of_weight


def test_rows_and_subjects_that_go_are_told(tmp_path: Path) -> None:
    new = {
        "ae.csv": OLD["ae.csv"].replace("02,1,Rash,2024-01-05,1\n", ""),
        "vs.csv": "SUBJ,DAY,PULSE\n03,2024-01-03,72\n",
    }
    found = compared(tmp_path, new)
    told = {(f.kind, f.form, f.message) for f in found.findings}
    assert ("subject-gone", "", "Subject 02 has no row now.") in told
    assert ("subject-new", "", "Subject 03 came.") in told
    assert ("rows-gone", "AE", "1 row of the last transfer not there.") in told


def test_columns_and_files_that_come_and_go(tmp_path: Path) -> None:
    sides = [
        folder(tmp_path / "a", OLD),
        folder(tmp_path / "b", {"ae.csv": "SUBJ,NO,TERM,START,GRADE\n01,1,Fever,2024-01-02,1\n"}),
    ]
    found = accept_transfer(*map(transfer_by_files, sides))
    assert [f.message for f in found.findings if f.kind in ("file-gone", "form-gone", "column-gone", "column-new")] == [
        "vs.csv is not there.", "VS can't be read.", "Column SEV is not there.", "Column GRADE came.",
    ]  # fmt: skip


def test_numbers_that_become_text_and_dates_of_another_form(tmp_path: Path) -> None:
    found = compared(tmp_path, {"ae.csv": OLD["ae.csv"].replace("2024-01-05,1", "05/01/2024,mild")})
    told = {f.kind: (f.message, f.place.row, f.place.column) for f in found.findings}
    assert told["type-changed"] == ("SEV held numbers alone, 'mild' is none (1 cell).", 4, "SEV")
    assert told["date-form-new"] == ("Dates like '05/01/2024' (1 cell) were not there before.", 4, "START")


def test_with_a_study_keys_codelists_and_limits_are_held_to(tmp_path: Path) -> None:
    new = {
        "ae.csv": OLD["ae.csv"] + "02,1,Itch,2024-02-30,4\n02,,Itch,UNK-UNK-UNK,1\n",
        "vs.csv": OLD["vs.csv"].replace("72", "720").replace("70", "x7"),
    }
    status, said = by_study(tmp_path, new)
    assert status == 1
    for line in (
        "  2 rows have the repeated key SUBJ=02 NO=1.  [AE, ae.csv, row 4]",
        "  1 row without NO, 0 before.  [AE, ae.csv, row 6, column NO]",
        "  '2024-02-30' is no date.  [AE, ae.csv, row 5, column START]",
        "  '4' is no term or synonym of SEV.  [AE, ae.csv, row 5, column SEV]",
        "  '720' lies outside [30, 200].  [VS, vs.csv, row 3, column PULSE]",
        "  'x7' is no number.  [VS, vs.csv, row 2, column PULSE]",
    ):
        assert line in said
    assert not [line for line in said if "UNK" in line]


def test_what_was_wrong_before_is_not_told_again(tmp_path: Path) -> None:
    wrong = OLD["vs.csv"].replace("72", "720")
    folder(tmp_path / "specs" / "S1", {"study.yaml": STUDY})
    (tmp_path / "mappings" / "S1" / "sdtm").mkdir(parents=True)
    old, new = (folder(tmp_path / n, {**OLD, "vs.csv": wrong}) for n in ("old", "new"))
    assert accept.run(old, new, study=tmp_path / "specs" / "S1", tell=lambda text: None) == 0


@pytest.mark.parametrize(("fail_on", "status"), [("never", 0), ("error", 0), ("warning", 1), ("note", 1)])
def test_fail_on(tmp_path: Path, fail_on: str, status: int) -> None:
    new = {"vs.csv": OLD["vs.csv"].replace("72", "720")}
    assert by_study(tmp_path, new, fail_on=fail_on)[0] == status


def test_unusable(tmp_path: Path) -> None:
    old = folder(tmp_path / "old", OLD)
    said: list[str] = []
    assert accept.run(old, tmp_path / "none", tell=said.append, complain=said.append) == 2
    assert said == [f"{tmp_path / 'none'} is no file or folder."]
    bad = folder(tmp_path / "bad", {**OLD, "lab.xlsx": "no workbook"})
    assert accept.run(old, bad, tell=said.append, complain=said.append) == 2


def test_a_where_whose_column_went_leaves_the_rows_in(tmp_path: Path) -> None:
    text = STUDY.replace("file: vs.csv,", "file: vs.csv, where: \"ARM = 'A'\",")
    specs = folder(tmp_path / "specs" / "S1", {"study.yaml": text})
    (tmp_path / "mappings" / "S1" / "sdtm").mkdir(parents=True)
    old = folder(tmp_path / "old", {**OLD, "vs.csv": "SUBJ,DAY,PULSE,ARM\n01,2024-01-02,70,A\n"})
    new = folder(tmp_path / "new", {**OLD, "vs.csv": "SUBJ,DAY,PULSE\n01,2024-01-02,70\n"})
    said: list[str] = []
    assert accept.run(old, new, study=specs, tell=said.append) == 1
    assert "  Column ARM is not there.  [VS, vs.csv]" in said
    assert any(line.startswith("VS: 1 row before, 1 now; 0 came, 0 went") for line in said)


def test_sheets_and_headers_of_workbooks(tmp_path: Path) -> None:
    def book(name: str, sheets: Mapping[str, list[list[object]]]) -> Path:
        made = Workbook()
        made.remove(made.active)
        for title, rows in sheets.items():
            sheet = made.create_sheet(title)
            for row in rows:
                sheet.append(row)
        (tmp_path / name).mkdir()
        made.save(tmp_path / name / "lab.xlsx")
        return tmp_path / name

    rows: list[list[object]] = [["SUBJ", "RES"], ["01", 5], ["02", 6], ["03", 7]]
    old = book("old", {"A": rows, "B": rows})
    new = book("new", {"A": [rows[0], *([a, str(b)] for a, b in rows[1:])], "C": rows})
    found = accept_transfer(transfer_by_files(old), transfer_by_files(new))
    assert {"sheet-gone", "sheet-new", "form-gone", "form-new", "cells-as-text"} == set(kinds(found))


def test_page_and_workbook_hold_texts_and_are_the_same_twice(tmp_path: Path) -> None:
    new = {"ae.csv": OLD["ae.csv"].replace("Cough", "=1+1").replace("Rash", "<b>Rash</b>")}
    folder(tmp_path / "a", OLD)
    folder(tmp_path / "b", {**OLD, **new})
    pages = []
    for turn in ("1", "2"):
        page, book = tmp_path / f"{turn}.html", tmp_path / f"{turn}.xlsx"
        accept.run(tmp_path / "a", tmp_path / "b", html=page, xlsx=book, tell=lambda text: None)
        pages.append((page.read_bytes(), book.read_bytes()))
    assert pages[0] == pages[1]
    text = pages[0][0].decode()
    assert "&lt;b&gt;Rash&lt;/b&gt;" in text
    assert "<b>Rash" not in text
    assert "http" not in text.split("</style>")[1]
    cells = {c.value: c.data_type for row in load_workbook(tmp_path / "1.xlsx")["Changed cells"] for c in row}
    assert cells["=1+1"] == "s"


def test_small_parts() -> None:
    assert undated("lab_2025-06-30.csv") == undated("lab_20250731.csv") == "lab.csv"
    assert paired(["AE", "LAB_20250101"], ["AE", "LAB_20250601", "VS"]) == {"AE": "AE", "LAB_20250101": "LAB_20250601"}
    assert paired(["L_20250101", "L_20250201"], ["L_20250601"]) == {}
    columns = (["1", "2.5", None], ["2024-01-01", "01/02/2024"], [], ["1", "x"])
    assert [content_type(Vector.of_texts(t)) for t in columns] == ["number", "date", "empty", "text"]
    assert [shape(t) for t in ("2024-01-02", "2-Jan-2024", "02-JAN-2024")] == ["9999-9-9", "9-AAA-9999", "9-AAA-9999"]


def test_single_files_are_compared_whatever_their_names(tmp_path: Path) -> None:
    old = folder(tmp_path / "a", {"vs_20250331.csv": OLD["vs.csv"]})
    new = folder(tmp_path / "b", {"vs_20250630.csv": OLD["vs.csv"]})
    said: list[str] = []
    files = old / "vs_20250331.csv", new / "vs_20250630.csv"
    assert accept.run(*files, tell=said.append) == 0
    assert said[-1] == "Nothing of weight: 1 note"
    assert accept.run(old, new, fail_on="note", quiet=True, tell=said.append) == 1
    assert said[-1] == "To be looked at: 2 notes"


def test_a_limit_beside_a_codelist_and_new_subjects_are_no_new_values(tmp_path: Path) -> None:
    rows = "".join(f"{n:02},{d},{n + 60}\n" for n in range(1, 4) for d in ("2024-01-02", "2024-01-03", "2024-01-04"))
    text = STUDY.replace("limits: [30, 200]}", "limits: [30, 200], codelist: SEV}")
    specs = folder(tmp_path / "specs" / "S1", {"study.yaml": text})
    (tmp_path / "mappings" / "S1" / "sdtm").mkdir(parents=True)
    old = folder(tmp_path / "old", {**OLD, "vs.csv": f"SUBJ,DAY,PULSE\n{rows}"})
    new = folder(tmp_path / "new", {**OLD, "vs.csv": f"SUBJ,DAY,PULSE\n{rows}09,2024-01-02,61\n"})
    said: list[str] = []
    assert accept.run(old, new, study=specs, tell=said.append) == 0
    assert "  Subject 09 came." in said
    assert not [line for line in said if "value-new" in line]
