"""`without`: a name that is no default is a fault, not silence."""

from __future__ import annotations

from pathlib import Path

from .support import checked

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  AE:   {file: ae.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
"""
RAW = {"subj.csv": "SUBJID\n01\n", "ae.csv": "SUBJID,TERM\n01,a\n"}


def test_without_takes_defaults_alone(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records: {a: {from: raw.AE, set: {AETERM: TERM}}}
    without: [EPOC, --STDY, ZZZ]
    keys: [USUBJID, AETERM]
    """
    _, log = checked(tmp_path, STUDY, {"sdtm/ae.yaml": ae}, RAW)
    assert [str(i) for i in log if i.rule == "unknown-column"] == [
        "mappings/S1/sdtm/ae.yaml:3:11 unknown-column: EPOC is no default of AE. Near: EPOCH.",
        "mappings/S1/sdtm/ae.yaml:3:25 unknown-column: ZZZ is no default of AE.",
    ]
