"""SV: one record a visit number, planned visits missed, visits seen only in data, and what is told of them."""

from __future__ import annotations

from pathlib import Path

from .support import built, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  VISIT:
    file: visit.csv
    subject: SUBJID
    visit: VIS
    date: D
    columns: {D: {type: date}, E: {type: date}, DONE: {codelist: NY}}
  VS: {file: vs.csv, subject: SUBJID, visit: VIS, date: D}
subjects: {register: raw.SUBJ, usubjid: "coalesce(PERSON, SUBJID)"}
visits:
  EARLIER: {number: 0.1, earlier: SCREENING}
  SCREENING: {number: 1, day: -7, raw: SCR}
  DAY 1: {number: 2, day: 1, raw: D1}
  WEEK 1: {number: 3, day: 8, raw: W1, window: [7, 9]}
  WEEK 2: {number: 4, day: 15, raw: W2, window: [13, 17]}
unscheduled: {raw: UNS, number: after_previous, step: 0.01, name: "UNSCHEDULED {number}"}
"""
SV = """\
dataset: SV
records:
  visits:
    make: subject_visits
    from: raw.VISIT
    end: E
    occurred: DONE
    reason: WHY
    mode: MODE
    also: [VS]
keys: [USUBJID, VISITNUM]
"""
VS = """\
dataset: VS
records: {a: {from: raw.VS, set: {VSTESTCD: {value: PULSE}, VSORRES: P, VSDTC: {date: D}}}}
keys: [USUBJID, VSTESTCD, VSDTC]
"""
SUBJ = "SUBJID,PERSON\n01,\n02,\n03,\n04,03\n"
VISIT = """\
SUBJID,VIS,D,E,DONE,WHY,MODE
01,SCR,2024-01-01,2024-01-02,Y,,IN PERSON
01,D1,2024-01-10,2024-01-10,Y,,IN PERSON
01,W1,,,N,HOLIDAY,
01,UNS,2024-01-12,2024-01-12,Y,,TELEPHONE CALL
01,W2,2024-01-29,2024-01-29,Y,,
02,SCR,2024-02-02,2024-02-02,Y,,IN PERSON
02,SCR,2024-02-01,2024-02-03,Y,,IN PERSON
02,D1,2024-02-10,2024-02-10,Y,,IN PERSON
02,W1,2024-02-25,2024-02-25,Y,,IN PERSON
02,W2,2024-02-24,2024-02-24,Y,,IN PERSON
03,SCR,2024-03-01,2024-03-01,Y,,
04,SCR,2024-03-11,2024-03-11,Y,,
04,D1,2024-03-15,2024-03-15,N,ILL,
04,ODD,2024-03-16,2024-03-16,Y,,
"""
DATA = """\
SUBJID,VIS,D,P
01,SCR,2024-01-01,60
01,W1,2024-01-17,61
01,UNS,2024-01-20,62
01,UNS,2024-01-20,63
04,W1,2024-03-23,64
"""
NAMES = ("USUBJID", "VISITNUM", "VISIT", "VISITDY", "SVPRESP", "SVOCCUR", "SVREASOC", "SVCNTMOD", "SVSTDTC", "SVENDTC")


def test_records(tmp_path: Path) -> None:
    files = {"sdtm/sv.yaml": SV, "sdtm/vs.yaml": VS}
    raw = {"subj.csv": SUBJ, "visit.csv": VISIT, "vs.csv": DATA}
    made, log = built(tmp_path, STUDY, files, raw)
    person, phone = "IN PERSON", "TELEPHONE CALL"
    assert rows(made, "SV", *NAMES) == [
        ("01", "1", "SCREENING", "-7", "Y", "Y", "", person, "2024-01-01", "2024-01-02"),
        ("01", "2", "DAY 1", "1", "Y", "Y", "", person, "2024-01-10", "2024-01-10"),
        ("01", "2.01", "UNSCHEDULED 2.01", "", "", "", "", phone, "2024-01-12", "2024-01-12"),
        ("01", "3", "WEEK 1", "8", "Y", "N", "HOLIDAY", "", "", ""),
        ("01", "3.01", "UNSCHEDULED 3.01", "", "", "", "", "", "2024-01-20", "2024-01-20"),  # from VS
        ("01", "4", "WEEK 2", "15", "Y", "Y", "", "", "2024-01-29", "2024-01-29"),
        ("02", "1", "SCREENING", "-7", "Y", "Y", "", person, "2024-02-01", "2024-02-03"),
        ("02", "2", "DAY 1", "1", "Y", "Y", "", person, "2024-02-10", "2024-02-10"),
        ("02", "3", "WEEK 1", "8", "Y", "Y", "", person, "2024-02-25", "2024-02-25"),
        ("02", "4", "WEEK 2", "15", "Y", "Y", "", person, "2024-02-24", "2024-02-24"),
        ("03", "0.1", "EARLIER", "", "", "", "", "", "2024-03-01", "2024-03-01"),
        ("03", "1", "SCREENING", "-7", "Y", "Y", "", "", "2024-03-11", "2024-03-11"),
        ("03", "2", "DAY 1", "1", "Y", "N", "ILL", "", "2024-03-15", "2024-03-15"),
        ("03", "3", "WEEK 1", "8", "Y", "Y", "", "", "2024-03-23", "2024-03-23"),  # from VS
    ]
    names = ("visit-repeat", "visit-order", "visit-window", "visit-unplanned-not-done", "visit-not-done-with-data",
             "visit-without-form", "key-missing", "date-open")  # fmt: skip
    assert told(log, *names) == [
        "key-missing :15",
        "visit-not-done-with-data :4",
        "visit-not-done-with-data D:14",
        "visit-order D:10",
        "visit-order D:11",
        "visit-repeat D:7",
        "visit-repeat D:8",
        "visit-window D:10",
        "visit-window D:6",
        "visit-without-form :6 :4",
    ]


def test_dates_must_be_declared(tmp_path: Path) -> None:
    study = STUDY.replace("D: {type: date}, ", "")
    raw = {"subj.csv": SUBJ, "visit.csv": VISIT, "vs.csv": DATA}
    made, log = built(tmp_path, study, {"sdtm/sv.yaml": SV, "sdtm/vs.yaml": VS}, raw)
    assert [i.message for i in log if i.rule == "visit-dates"] == ["D of raw.VISIT is no date."]
    assert {r[0] for r in rows(made, "SV", "SVSTDTC")} == {"", "2024-01-20", "2024-03-23"}


def test_the_order_of_rows_says_nothing(tmp_path: Path) -> None:
    files = {"sdtm/sv.yaml": SV, "sdtm/vs.yaml": VS}
    lines = VISIT.splitlines()
    turned = "\n".join([lines[0], *lines[:0:-1]]) + "\n"
    first, _ = built(tmp_path / "a", STUDY, files, {"subj.csv": SUBJ, "visit.csv": VISIT, "vs.csv": DATA})
    again, _ = built(tmp_path / "b", STUDY, files, {"subj.csv": SUBJ, "visit.csv": turned, "vs.csv": DATA})
    assert rows(again, "SV", *NAMES) == rows(first, "SV", *NAMES)
