"""Variables of a time-to-event dataset: CNSDTDSC only where a row of a table says it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .support import built, rows

STUDY = "raw: {SUBJ: {file: subj.csv, subject: SUBJID}}\nsubjects: {register: raw.SUBJ, usubjid: SUBJID}\n"
DM = """\
dataset: DM
records: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, RFSTDTC: {date: ST}, DTHDTC: {date: DT}}}}
keys: USUBJID
"""
ADSL = """\
dataset: ADSL
records: {s: {from: DM}}
derive: {TRTSDT: {to_date: DM.RFSTDTC}, DTHDT: {to_date: DM.DTHDTC}, LSTALVDT: {expr: TRTSDT + 9}}
keys: USUBJID
"""
ADTTE = """\
dataset: ADTTE
parameters:
  OS:
    PARAM: Overall Survival (days)
    subjects: {from: ADSL}
    start: TRTSDT
    decide:
      - {when: DTHDT IS NOT NULL, date: DTHDT, CNSR: 0, EVNTDESC: DEATH}
      - {when: DTHDT IS NULL, date: LSTALVDT, CNSR: 1, EVNTDESC: ALIVE}
    in: days
keys: [USUBJID, PARAMCD]
"""


@pytest.mark.parametrize(
    ("more", "want"),
    [("", None), (", CNSDTDSC: LAST SEEN", ["", "LAST SEEN"])],
)
def test_the_description_is_there_if_a_row_has_it(tmp_path: Path, more: str, want: list[str] | None) -> None:
    adtte = ADTTE.replace("EVNTDESC: ALIVE", f"EVNTDESC: ALIVE{more}")
    files = {"sdtm/dm.yaml": DM, "adam/adsl.yaml": ADSL, "adam/adtte.yaml": adtte}
    made, _ = built(tmp_path, STUDY, files, {"subj.csv": "SUBJID,ST,DT\n1,2021-01-01,2021-02-01\n2,2021-01-05,\n"})
    (found,) = [b for b in made.built if b.name == "ADTTE"]
    assert ("CNSDTDSC" in {v.name for v in found.variables}) == (want is not None)
    assert want is None or [text for (text,) in rows(made, "ADTTE", "CNSDTDSC")] == want
    assert rows(made, "ADTTE", "CNSR", "AVAL") == [("0", "32"), ("1", "10")]
