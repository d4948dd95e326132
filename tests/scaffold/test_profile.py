"""`profile`: what is told of small tables, held to literals."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest

from sdtm_builder.commands import profile as command
from sdtm_builder.issues import IssueLog
from sdtm_builder.scaffold.dateforms import date_facts
from sdtm_builder.scaffold.page import page_text
from sdtm_builder.scaffold.profile import Profile, profile_table, profile_tables
from sdtm_builder.scaffold.tables import Asked, labels_of, read_tables
from sdtm_builder.scaffold.terms import CtIndex, newest
from sdtm_builder.scaffold.texts import profile_lines


@cache
def index() -> CtIndex:
    return CtIndex(newest("2025-03-28"))


def profiled(path: Path, **asked: object) -> Profile:
    log = IssueLog()
    return profile_tables(read_tables([path], Asked(**asked), log), list(log), index())  # type: ignore[arg-type]


AE = """SUBJID,AENO,TERM,SEX,START,END,DOSE,REL
01,1,head\u3000ache,Female,13/02/2024,01/02/2024,1.50,Related
01,2,fever ,Male,02/03/2024,03/04/2024,10,Related
02,1,fever,Male,UN/03/2024,,-,Not related
"""


def test_the_lines_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_text(AE, encoding="utf-8")
    assert profile_lines(profiled(tmp_path / "ae.csv")) == [
        "AE (ae.csv): 3 rows, 8 columns.",
        "  Unique on every row: START; DOSE; SUBJID + AENO; SUBJID + TERM; SUBJID + SEX; AENO + TERM and 4 more.",
        "  Likely subject: SUBJID (by name 'SUBJID'; 2 distinct in 3 rows).",
        "  No column looks like the visit.",
        "  SUBJID  integer   3 filled, 2 distinct",
        "            '01' (2), '02' (1)",
        "            from 1 to 2, median 1",
        "  AENO    integer   3 filled, 2 distinct",
        "            '1' (2), '2' (1)",
        "            from 1 to 2, median 1",
        "  TERM    text      3 filled, 2 distinct",
        "            'fever' (2), 'head\u3000ache' (1)",
        "            blanks at the ends in 1 cell; full-width characters in 1 cell; characters beyond ASCII in 1 cell",
        "  SEX     text      3 filled, 2 distinct",
        "            'Male' (2), 'Female' (1)",
        "            codelist? SEX (closed): 100% of 2 distinct values; 2 as synonyms or in other case",
        "            codelist? SEXPOP (closed): 100% of 2 distinct values; 2 as synonyms or in other case",
        "            codelist? SEXABRTH (extensible): 100% of 2 distinct values; 2 as synonyms or in other case",
        "            to paste under codelists: SEX: {synonyms: {Female: F, Male: M}}",
        "  START   date      3 filled, 3 distinct",
        "            '02/03/2024' (1), '13/02/2024' (1), 'UN/03/2024' (1)",
        "            dd/MM/yyyy reads 3; 0 unread",
        "            day first: 1 can be read in this order only, none in the other only; 2 fit both",
        "            unknown parts written UN",
        "  END     date      2 filled, 1 missing, 2 distinct",
        "            '01/02/2024' (1), '03/04/2024' (1)",
        "            dd/MM/yyyy reads 2; MM/dd/yyyy reads 2 (0 that none before it reads); 0 unread",
        "            AMBIGUOUS: 2 values fit day first and month first, and none tells which: dd/MM/yyyy or MM/dd/yyyy",
        "  DOSE    text      3 filled, 3 distinct",
        "            '-' (1), '1.50' (1), '10' (1)",
        "  REL     text      3 filled, 2 distinct",
        "            'Related' (2), 'Not related' (1)",
        "",
        "note whitespace: 1 when reading, as: blanks at the ends of 'fever ' taken away.",
    ]


@pytest.mark.parametrize(
    ("texts", "formats", "order"),
    [
        (["2024-01-02", "2024-02"], ["yyyy-MM-dd", "yyyy-MM"], ""),
        (["12/31/2024", "01/02/2024"], ["MM/dd/yyyy"], "month first"),
        (["31/12/2024", "12/31/2024", "01/02/2024"], ["dd/MM/yyyy", "MM/dd/yyyy"], "both"),
        (["05/05/2024"], ["dd/MM/yyyy"], ""),  # the same date either way
        (["5/6/2024", "05/06/2024"], ["d/M/yyyy", "M/d/yyyy"], "either"),
        (["21-Mar-2021", "2021/4/5", "2021年3月4日"], ["yyyy/M/d", "yyyy年M月d日", "dd-MMM-yyyy"], ""),
        (["20210311"], ["yyyyMMdd"], ""),
        (["2021-03-11 17:00"], ["yyyy-MM-dd HH:mm"], ""),
        (["30-Feb-2024", "soon"], [], ""),
    ],
)  # fmt: skip
def test_formats_of_dates(texts: list[str], formats: list[str], order: str) -> None:
    facts, read = date_facts(dict.fromkeys(texts, 1))
    assert (sorted(f.format for f in facts.formats), facts.order) == (sorted(formats), order)
    assert facts.read + facts.unread == len(texts)
    assert len(read) == facts.read


def test_an_order_that_no_value_tells_is_not_settled() -> None:
    facts, _ = date_facts({"01/02/2024": 5, "2024-01-02": 1})
    assert facts.doubtful
    assert facts.settled() == ("yyyy-MM-dd",)
    assert facts.rivals == ("dd/MM/yyyy", "MM/dd/yyyy")


def test_a_row_of_labels_is_found_and_said(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "VS"
    for row in (["SUBJID", "VSDAT", "SYSBP"], ["Subject", "Date", "Systolic"], ["01", "2024-01-02", 120],
                ["02", "2024-01-03", 130]):  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "edc.xlsx")
    table = profiled(tmp_path / "edc.xlsx").tables[0]
    assert (table.header, table.rows) == (("name", "label"), 2)
    assert table.notes == ("The row below the names is no data: read as a header row `label`.",)
    assert [(c.name, c.label, c.type, dict(c.cells)) for c in table.columns] == [
        ("SUBJID", "Subject", "integer", {}),
        ("VSDAT", "Date", "date", {}),
        ("SYSBP", "Systolic", "integer", {"number": 2}),
    ]  # fmt: skip
    as_said = profiled(tmp_path / "edc.xlsx", header=("name",)).tables[0]
    assert (as_said.rows, as_said.columns[2].type) == (3, "text")


def test_the_page_shows_data_as_text(tmp_path: Path) -> None:
    text = 'A,"<b>B"\n<script>alert(1)</script>,01/02/2024\n\u202ex,02/01/2024\n'
    (tmp_path / "x.csv").write_text(text, encoding="utf-8")
    page = page_text(profiled(tmp_path / "x.csv"))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "&lt;b&gt;B" in page
    assert "AMBIGUOUS: 2 values" in page
    assert "http" not in page.replace("http-equiv", "")


def test_the_command_writes_json_and_says_what_it_cannot_read(tmp_path: Path) -> None:
    (tmp_path / "ae.csv").write_text(AE, encoding="utf-8")
    (tmp_path / "old.xlsx").write_bytes(b"")
    told: list[str] = []
    out = tmp_path / "p.json"
    status = command.run([tmp_path / "ae.csv", tmp_path / "old.xlsx"], json=out, ct="2025-03-28", tell=told.append,
                         complain=told.append)  # fmt: skip
    assert status == 2
    assert any("old.xlsx is empty" in line for line in told)
    data = json.loads(out.read_text())
    (table,) = data["tables"]
    assert (data["ct"], table["rows"], table["keys"][:2]) == ("sdtm 2025-03-28", 3, [["START"], ["DOSE"]])
    sex = table["columns"][3]
    assert sex["values"] == [{"value": "Male", "rows": 2}, {"value": "Female", "rows": 1}]
    assert (sex["codelists"][0]["codelist"], sex["codelists"][0]["coverage"]) == ("SEX", 1.0)
    assert command.run([tmp_path / "ae.csv"], ct="1999-01-01", tell=told.append, complain=told.append) == 2


GROUP = """<ItemGroupData ItemGroupOID="{group}" ItemGroupRepeatKey="1">
<ItemData ItemOID="{group}.{item}" Value="{value}"/>
</ItemGroupData>"""
ODM = """<?xml version="1.0"?><ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" ODMVersion="1.3.2" FileType="Snapshot">
<Study OID="S"><MetaDataVersion OID="1" Name="v"><ItemDef OID="AE.TERM" Name="T"><Question>
<TranslatedText>What was it?</TranslatedText></Question></ItemDef></MetaDataVersion></Study>
<ClinicalData StudyOID="S" MetaDataVersionOID="1">{subjects}</ClinicalData></ODM>"""


def test_every_item_group_and_every_file_of_a_zip_file_is_a_table(tmp_path: Path) -> None:
    items = (("AE", "TERM", "fever"), ("VS", "T", "37"))
    subject = "".join(GROUP.format(group=group, item=item, value=value) for group, item, value in items)
    events = f'<StudyEventData StudyEventOID="V1"><FormData FormOID="F">{subject}</FormData></StudyEventData>'
    subjects = "".join(f'<SubjectData SubjectKey="{n}">{events}</SubjectData>' for n in ("01", "02"))
    (tmp_path / "odm.xml").write_text(ODM.format(subjects=subjects), encoding="utf-8")
    with ZipFile(tmp_path / "export.zip", "w") as archive:
        archive.writestr("edc/cm.csv", "SUBJID;CMTRT\n01;aspirin\n")
        archive.writestr("edc/read me.pdf", "x")
        archive.writestr("__MACOSX/cm.csv", "x")
    (tmp_path / "broken.zip").write_bytes(b"PK")
    log = IssueLog()
    tables = read_tables([tmp_path], Asked(), log)
    assert [(t.name, t.file, t.sheet, len(t.raw)) for t in tables] == [
        ("CM", "export.zip!/edc/cm.csv", "", 1), ("AE", "odm.xml", "AE", 2), ("VS", "odm.xml", "VS", 2),
    ]  # fmt: skip
    assert labels_of(tables[1])["AE.TERM"] == "What was it?"
    assert [(i.rule, i.locations[0].file) for i in log] == [
        ("file-damaged", "broken.zip"), ("file-type", "export.zip!/edc/read me.pdf"),
    ]  # fmt: skip
    profiles = [profile_table(table, index()) for table in tables]
    assert [p.role("subject") for p in profiles] == [("SUBJID",), ("SubjectKey",), ("SubjectKey",)]
