"""Expectations: false is an issue, unknown none; the study says how much each weighs."""

from __future__ import annotations

from pathlib import Path

from .support import built

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: NO}
  AE:
    {file: ae.csv, subject: NO, columns: {DAY: {type: date}},
     expect: {named: "TERM IS NOT NULL", late: "DAY >= '2024-01-03'"}}
subjects: {register: raw.SUBJ, usubjid: NO}
"""
AE = """\
dataset: AE
records: {events: {from: raw.AE, set: {AETERM: TERM, AESTDTC: {date: DAY}, AEENDTC: {date: END}}}}
expect: {order: AESTDTC <= AEENDTC, short: AETERM <> 'Long'}
keys: [USUBJID, AETERM]
"""
RAW = {
    "subj.csv": "NO\n1\n",
    "ae.csv": "NO,TERM,DAY,END\n1,A,2024-01-02,2024-01-01\n1,B,2024-01-04,2024-01\n1,Long,2024-01-05,\n",
}


def failed(folder: Path, severity: str = "") -> list[tuple[str, str, int]]:
    """Name, severity and row of each expectation that failed."""
    _, log = built(folder, STUDY + severity, {"sdtm/ae.yaml": AE}, RAW)
    found = [i for i in log if i.rule == "expect-failed"]
    return sorted((i.message.partition(":")[0], str(i.severity), i.locations[0].row) for i in found)


def test_false_is_an_error_and_unknown_none(tmp_path: Path) -> None:
    """Row 3 ends in January 2024, which can't be told from the 4th; row 4 has no end."""
    assert failed(tmp_path) == [("late", "error", 2), ("order", "error", 2), ("short", "error", 4)]


def test_study_weighs_an_expectation_by_its_name(tmp_path: Path) -> None:
    """Of raw rows and of records alike; the others stay errors."""
    found = failed(tmp_path, "severity: {late: note, order: warning}\n")
    assert found == [("late", "note", 2), ("order", "warning", 2), ("short", "error", 4)]


def test_name_of_an_expectation_goes_before_its_rule(tmp_path: Path) -> None:
    """`expect-failed` says it for all, `order` for itself."""
    found = failed(tmp_path, "severity: {expect-failed: warning, order: error}\n")
    assert found == [("late", "warning", 2), ("order", "error", 2), ("short", "warning", 4)]
