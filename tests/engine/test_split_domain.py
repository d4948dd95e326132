"""Split domains: --SEQ runs on over the datasets of a domain, by their names."""

from __future__ import annotations

from pathlib import Path

from .support import built, rows

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  FORM: {file: form.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
codelists: {QSCAT: {add: {FORM: ""}}}
"""
PART = """\
dataset: {name}
domain: QS
records:
  a:
    from: raw.FORM
    where: "PART = '{part}'"
    set: {{QSTESTCD: CODE, QSTEST: CODE, QSCAT: {{value: FORM}}, QSORRES: R}}
keys: [USUBJID, QSTESTCD]
"""
FORM = "SUBJID,PART,CODE,R\n01,A,A1,5\n01,A,A2,6\n02,B,B1,7\n01,B,B1,8\n01,B,B2,9\n03,B,B1,1\n"


def test_sequence_numbers_run_on(tmp_path: Path) -> None:
    mappings = {f"sdtm/qs{p}.yaml": PART.format(name=f"QS{p.upper()}", part=p.upper()) for p in "ab"}
    made, _ = built(tmp_path, STUDY, mappings, {"subj.csv": "SUBJID\n01\n02\n03\n", "form.csv": FORM})
    assert rows(made, "QSA", "USUBJID", "QSTESTCD", "QSSEQ") == [("S1-01", "A1", "1"), ("S1-01", "A2", "2")]
    assert rows(made, "QSB", "USUBJID", "QSTESTCD", "QSSEQ") == [
        ("S1-01", "B1", "3"), ("S1-01", "B2", "4"), ("S1-02", "B1", "1"), ("S1-03", "B1", "1"),
    ]  # fmt: skip
