"""What the study says of codelists is checked whether a rule uses the list or not; a synonym never leads to no term."""

from __future__ import annotations

from pathlib import Path

from .support import built, checked, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "'S1-' || SUBJID"}
codelists:
"""
DM = """\
dataset: DM
records: {a: {from: raw.SUBJ, set: {SUBJID: SUBJID, SEX: SEX}}}
keys: USUBJID
"""
RAW = {"subj.csv": "SUBJID,SEX\n01,male\n02,undifferentiated\n"}


def test_faults_of_lists_that_no_rule_uses(tmp_path: Path) -> None:
    lists = """\
      AESEVV: {synonyms: {bad: SEVERE}}
      OUT: {terms: [FATAL, DEAD], synonyms: {died: FATALE}}
      NY: {add: {PERHAPS: ""}}
      MOOD: {terms: [GOOD, BAD], synonyms: {fine: GOOD, awful: WORSE}}
    """
    _, log = checked(tmp_path, STUDY + lists, {"sdtm/dm.yaml": DM}, RAW)
    assert sorted({str(i) for i in log if i.rule == "unknown-codelist"}) == [
        "specs/S1/study.yaml:10:11 unknown-codelist: NY is a closed codelist: nothing can be added.",
        "specs/S1/study.yaml:11:64 unknown-codelist: WORSE, for awful, is no term of MOOD. Say it in `add`.",
        "specs/S1/study.yaml:8:15 unknown-codelist: AESEVV is in no CT package, and has no terms. Near: AESEV.",
        "specs/S1/study.yaml:9:28 unknown-codelist: DEAD is no term of OUT. Say it in `add`.",
        "specs/S1/study.yaml:9:52 unknown-codelist: FATALE, for died, is no term of OUT. Say it in `add`.",
    ]


def test_a_synonym_of_a_term_outside_the_subset_is_a_miss(tmp_path: Path) -> None:
    lists = "  SEX: {terms: [M, F], synonyms: {male: M, undifferentiated: INTERSEX}}\n"
    made, log = built(tmp_path, STUDY + lists, {"sdtm/dm.yaml": DM}, RAW)
    assert rows(made, "DM", "SEX") == [("M",), ("",)]
    assert told(log, "ct-miss") == ["ct-miss SEX:3 undifferentiated"]
