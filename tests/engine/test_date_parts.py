"""Dates from columns for their parts: nothing is made of a part that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import built, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  AE:   {file: ae.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
"""
AE = """\
dataset: AE
records:
  a: {from: raw.AE, set: {AETERM: TERM, AESTDTC: {date_parts: [Y, M, D, H, MI]}}}
keys: [USUBJID, AETERM]
"""


@pytest.mark.parametrize(
    ("parts", "iso", "issues"),
    [
        ("2024,2,3,7,5", "2024-02-03T07:05", []),
        ("2024,UNK,15,,", "2024---15", []),
        ("24,1,1,,", "", ["date-unreadable Y:2 24"]),
        ("2024,13,,,", "", ["date-unreadable M:2 13"]),
        ("2024,1,x,,", "", ["date-unreadable D:2 x"]),
        ("2024,1,1,24,", "", ["date-unreadable H:2 24"]),
        ("2024,1,1,1,60", "", ["date-unreadable MI:2 60"]),
        ("2023,2,29,,", "", ["date-invalid Y:2 M:2 D:2 H:2 MI:2"]),
        (",,,7,5", "", ["time-without-date Y:2 M:2 D:2 H:2 MI:2"]),
    ],
)
def test_parts(tmp_path: Path, parts: str, iso: str, issues: list[str]) -> None:
    raw = {"subj.csv": "SUBJID\n01\n", "ae.csv": f"SUBJID,TERM,Y,M,D,H,MI\n01,a,{parts}\n"}
    made, log = built(tmp_path, STUDY, {"sdtm/ae.yaml": AE}, raw)
    assert rows(made, "AE", "AESTDTC") == [(iso,)]
    assert told(log, "date-unreadable", "date-invalid", "time-without-date") == issues
