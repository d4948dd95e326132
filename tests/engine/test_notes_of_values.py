"""What is said of odd but readable values: once, at the cell, under the rule of what was done to it."""

from __future__ import annotations

from pathlib import Path

from .support import built, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: NO, date: SCR, columns: {SCR: {type: date}}}
  AE:   {file: ae.csv, subject: NO, columns: {TIM: {type: time, formats: ["HH:mm", "H:m"]}}}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || FIRST"}
codelists:
  OUT: {synonyms: {1级好: RECOVERED/RESOLVED}}
"""
DM = """\
dataset: DM
records: {subjects: {from: raw.SUBJ, one_per: {by: row.USUBJID, order: SCR, keep: last}, set: {SUBJID: NO}}}
keys: USUBJID
"""
AE = """\
dataset: AE
records:
  events:
    from: raw.AE
    set: {AETERM: TERM, AETOXGR: {from: GR, map: {1级: "1"}}, AEOUT: OUT, AESTDTC: {date: DAY, time: TIM}}
keys: [USUBJID, AETERM]
"""
SUBJ = "NO,FIRST,SCR\n1,1,2024-01-01\n7,1,2024-02-01\n2,2,2024-01-05\n"


def raw(events: str) -> dict[str, str]:
    return {"subj.csv": SUBJ, "ae.csv": "NO,TERM,GR,OUT,DAY,TIM\n" + events}


def test_full_width_text_that_the_map_or_a_synonym_reads_is_noted(tmp_path: Path) -> None:
    """`１级` in full width is the map's 1级, `１级好` the synonym's; the ordinary forms are no such note."""
    events = "1,A,１级,１级好,2024-01-02,\n2,B,1级,1级好,2024-01-02,\n"
    made, log = built(tmp_path, STUDY, {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE}, raw(events))
    assert rows(made, "AE", "AETERM", "AETOXGR", "AEOUT") == [
        ("A", "1", "RECOVERED/RESOLVED"), ("B", "1", "RECOVERED/RESOLVED")
    ]  # fmt: skip
    assert told(log, "width-folded") == ["width-folded GR:2 １级", "width-folded OUT:2 １级好"]
    assert told(log, "ct-synonym") == ["ct-synonym OUT:3 1级好"]


def test_text_of_a_declared_time_is_reported_once(tmp_path: Path) -> None:
    """The source declares the column, so reading has said it; the rule doesn't say it again."""
    events = "1,A,,,2024-01-02,25:10\n1,B,,,2024-01-02,8:5\n1,C,,,2024-01-02,10:30\n1,D,,,2024-01-02,11:30\n"
    made, log = built(tmp_path, STUDY, {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE}, raw(events))
    assert rows(made, "AE", "AESTDTC") == [
        ("2024-01-02",), ("2024-01-02T08:05",), ("2024-01-02T10:30",), ("2024-01-02T11:30",)
    ]  # fmt: skip
    assert told(log, "time-invalid", "time-format") == ["time-format TIM:3 8:5", "time-invalid TIM:2 25:10"]


def test_text_of_an_undeclared_time_is_reported_by_the_rule(tmp_path: Path) -> None:
    """Nothing is declared, so only the rule reads the column as times."""
    study = STUDY.replace(', columns: {TIM: {type: time, formats: ["HH:mm", "H:m"]}}', "")
    _, log = built(tmp_path, study, {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE}, raw("1,A,,,2024-01-02,25:10\n"))
    assert told(log, "time-invalid") == ["time-invalid TIM:2 25:10"]


def test_person_with_a_later_number_is_noted_at_both_rows(tmp_path: Path) -> None:
    """Number 7 is the person of number 1: one USUBJID, one record, a note; number 2 is nobody else's."""
    made, log = built(tmp_path, STUDY, {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE}, raw("7,A,,,2024-03-01,\n"))
    assert rows(made, "DM", "USUBJID", "SUBJID") == [("S1-1", "7"), ("S1-2", "2")]
    assert rows(made, "AE", "USUBJID") == [("S1-1",)]
    assert told(log, "rescreened") == ["rescreened FIRST:2 FIRST:3 S1-1"]


def test_time_beside_an_unreadable_date_is_no_second_issue(tmp_path: Path) -> None:
    """The date is the fault; a time whose date is blank, or all unknown, is one by itself."""
    events = "1,A,,,2024-02-31,10:30\n1,B,,,,10:30\n1,C,,,UN-UN-UN,10:30\n"
    made, log = built(tmp_path, STUDY, {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE}, raw(events))
    assert rows(made, "AE", "AETERM", "AESTDTC") == [("A", ""), ("B", ""), ("C", "")]
    assert told(log, "date-invalid") == ["date-invalid DAY:2 2024-02-31"]
    assert told(log, "time-without-date") == ["time-without-date DAY:3 TIM:3", "time-without-date DAY:4 TIM:4"]


def test_qualifiers_stand_in_the_order_of_their_keys(tmp_path: Path) -> None:
    """IDVARVAL is a text: record 10 stands before record 2."""
    events = "".join(f"2,{chr(64 + i)},,,2024-01-{i:02},\n" for i in range(1, 11)) + "1,A,,,2024-01-02,\n"
    noted = AE.replace("AEOUT: OUT", "NOTED: TERM") + "variables: {NOTED: {label: A Note}}\n"
    made, _ = built(tmp_path, STUDY, {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": noted}, raw(events))
    numbers = ["1", "1", "10", "2", "3", "4", "5", "6", "7", "8", "9"]
    assert [r[0] for r in rows(made, "SUPPAE", "IDVARVAL")] == numbers
    assert rows(made, "SUPPAE", "USUBJID", "QVAL")[:3] == [("S1-1", "A"), ("S1-2", "A"), ("S1-2", "J")]
