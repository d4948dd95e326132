"""Joins: which rows of the other table are orphans, in blocks and on finished records."""

from __future__ import annotations

from pathlib import Path

from .support import built, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  AE:   {file: ae.csv, subject: SUBJID}
  COD:  {file: cod.csv}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
"""
RAW = {
    "subj.csv": "SUBJID\n01\n",
    "ae.csv": "SUBJID,TERM,LIST\n01,fever,A\n01,cold,B\n",
    "cod.csv": "TERM,PT\nfever,Pyrexia\nfever,Pyrexia\ncold,Cold\ncold,Chill\nhives,Urticaria\n",
}


def test_a_row_that_fits_is_no_orphan_though_another_was_taken(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records:
      a:
        from: raw.AE
        join: {coding: {with: raw.COD, by: TERM, take: [PT], orphans: issue}}
        set: {AETERM: TERM, AEDECOD: PT}
    keys: [USUBJID, AETERM]
    """
    _, log = built(tmp_path, STUDY, {"sdtm/ae.yaml": ae}, RAW)
    assert told(log, "join-orphan", "join-duplicate") == ["join-duplicate TERM:3 :4 :5", "join-orphan TERM:6"]


def test_orphans_of_a_dataset_are_rows_that_fit_no_block(tmp_path: Path) -> None:
    ae = """\
    dataset: AE
    records:
      a: {from: raw.AE, where: "LIST = 'A'", set: {AETERM: TERM}}
      b: {from: raw.AE, where: "LIST = 'B'", set: {AETERM: TERM}}
    join: {coding: {with: raw.COD, by: {AETERM: TERM}, take: [PT], orphans: issue, pick: {order: PT, keep: first}}}
    derive: {AEDECOD: PT}
    keys: [USUBJID, AETERM]
    """
    _, log = built(tmp_path, STUDY, {"sdtm/ae.yaml": ae}, RAW)
    assert told(log, "join-orphan", "join-duplicate") == ["join-orphan TERM:6"]
