"""Mistakes of a first day, and what the tool says of them."""

from __future__ import annotations

from pathlib import Path

from .support import built, checked
from .test_blocks import SUBJ, SUBJECTS

STUDY = (
    SUBJECTS.split("  LAB:")[0]
    + """  EV: {file: ev.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
"""
)
EV = """\
SUBJID,DAY,TERM,SER
01,13-02-2024,x,y
01,05-25-2024,x,Y
01,01-30-2024,x,Y
02,03-14-2024,x,N
02,03-04-2024,x,N
"""
AE = """\
dataset: AE
records:
  events: {from: raw.EV, set: {AETERM: TERM, AESER: SER, AESTDTC: {date: DAY, formats: [FORMAT]}}}
keys: [USUBJID, AESTDTC]
"""


def test_day_and_month_the_other_way_round_is_said_once(tmp_path: Path) -> None:
    ev = EV.replace("13-02", "02-13")
    made, log = built(
        tmp_path, STUDY, {"sdtm/ae.yaml": AE.replace("FORMAT", "dd-MM-yyyy")}, {"subj.csv": SUBJ, "ev.csv": ev}
    )
    assert [i.message for i in log if i.rule == "date-order"] == [
        "4 texts have no such day as dd-MM-yyyy; MM-dd-yyyy reads all."
    ]
    assert len([b for b in made.built if b.name == "AE"]) == 1


def test_letter_case_is_said_and_never_folded(tmp_path: Path) -> None:
    _, log = built(
        tmp_path, STUDY, {"sdtm/ae.yaml": AE.replace("FORMAT", "MM-dd-yyyy")}, {"subj.csv": SUBJ, "ev.csv": EV}
    )
    assert [i.message for i in log if i.rule == "ct-miss"] == [
        '"y" is no term of NY (AESER); Y differs in letter case alone.'
    ]


def test_a_bare_constant_is_told_how_it_is_written(tmp_path: Path) -> None:
    text = AE.replace("AESER: SER", "AESER: Y").replace("FORMAT", "MM-dd-yyyy")
    _, log = checked(tmp_path, STUDY, {"sdtm/ae.yaml": text}, {"subj.csv": SUBJ, "ev.csv": EV})
    assert [str(i).partition(" ")[2] for i in log if i.rule == "unknown-column"] == [
        "unknown-column: raw.EV has no column Y, but it is a term of NY. A constant is written {value: Y}."
    ]


def test_a_dataset_is_not_made_of_itself(tmp_path: Path) -> None:
    text = AE.replace("from: raw.EV", "from: AE").replace("FORMAT", "MM-dd-yyyy")
    _, log = checked(tmp_path, STUDY, {"sdtm/ae.yaml": text}, {"subj.csv": SUBJ, "ev.csv": EV})
    assert [i.message for i in log if i.rule in ("unknown-table", "cycle")] == ["AE can't be made of itself."]


def test_first_of_a_text_is_no_date(tmp_path: Path) -> None:
    text = AE.replace("{date: DAY, formats: [FORMAT]}", "{first: raw.EV.DAY, order: DAY}")
    _, log = checked(tmp_path, STUDY, {"sdtm/ae.yaml": text}, {"subj.csv": SUBJ, "ev.csv": EV})
    found = [i for i in log if i.rule == "date-needs-date"]
    assert [(i.message, i.hint) for i in found] == [
        ("AESTDTC is a date, DAY is a text.", "Declare it at its source: columns: {DAY: {type: date}}.")
    ]
