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
