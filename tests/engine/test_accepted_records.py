"""Accepted issues that validation found at records of a dataset: `where` over its variables, any number of them."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.issues import Location, fault

from .support import FOUR, ONE_SOURCE, built, events

fault("found-by-test", "error", "A finding that the test puts into the log")
ACCEPTED = """\
accepted:
  - {rule: found-by-test, dataset: AE, where: "AETERM = 'rash'", count: any, reason: Known}
"""


def test_findings_at_records(tmp_path: Path) -> None:
    """The records are known by subject and sequence number, as validation names them."""
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N\n01,rash\n02,cough\n02,rash\n"}
    made, log = built(tmp_path, ONE_SOURCE + ACCEPTED, events(""), raw)
    for key in ("USUBJID=01 AESEQ=1", "USUBJID=02 AESEQ=1", "USUBJID=02 AESEQ=2"):
        log.add("found-by-test", "Wrong.", Location(dataset="AE", key=key, variable="AETERM"))
    log.add("found-by-test", "Elsewhere.", Location(dataset="CM", key="USUBJID=01 AESEQ=1"))
    made.accept()
    found = [(i.severity, i.locations[0].dataset, i.locations[0].key) for i in log if i.rule == "found-by-test"]
    assert found == [
        ("note", "AE", "USUBJID=01 AESEQ=1"), ("error", "AE", "USUBJID=02 AESEQ=1"),
        ("note", "AE", "USUBJID=02 AESEQ=2"), ("error", "CM", "USUBJID=01 AESEQ=1"),
    ]  # fmt: skip
    assert [i.rule for i in log if i.rule == "accepted-count"] == []


ADAM = """\
accepted:
  - {rule: found-by-test, dataset: ADCE, where: "AVAL IS NULL", count: any, reason: Known}
"""
ADCE = """\
dataset: ADCE
records:
  e: {from: AE, set: {PARAMCD: {value: P}, PARAM: {value: A Parameter}, ADT: {to_date: AESTDTC}, AVAL: AESPID}}
keys: [STUDYID, USUBJID, ADT, AVAL]
"""


def test_findings_at_records_of_analysis(tmp_path: Path) -> None:
    """The records of ADaM are known by those of the dataset's keys that have a value."""
    raw = {"subj.csv": FOUR, "a.csv": "SUBJID,N,D,V\n01,rash,2021-03-10,\n02,cough,2021-03-11,5\n02,rash,,\n"}
    mappings = events("AESPID: V\nAESTDTC: {date: D, formats: [yyyy-MM-dd]}", more="without: [EPOCH]\n") | {
        "adam/adce.yaml": ADCE
    }
    made, log = built(tmp_path, ONE_SOURCE + ADAM, mappings, raw)
    keys = ("USUBJID=01 ADT=2021-03-10", "USUBJID=02 ADT=2021-03-11 AVAL=5", "USUBJID=02")
    for key in keys:
        log.add("found-by-test", "Wrong.", Location(dataset="ADCE", key=key, variable="AVAL"))
    made.accept()
    found = [(i.severity, i.locations[0].key) for i in log if i.rule == "found-by-test"]
    assert found == [("note", keys[0]), ("error", keys[1]), ("note", keys[2])]
