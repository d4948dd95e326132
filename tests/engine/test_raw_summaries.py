"""Summaries over the rows of a raw source, by person."""

from __future__ import annotations

from pathlib import Path

from .support import built, rows
from .test_blocks import DOSE, LAB, SUBJ, SUBJECTS


def test_summary_over_a_raw_source_goes_by_person(tmp_path: Path) -> None:
    dm = """\
    dataset: DM
    records: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID, SEX: SEX}}}
    derive:
      NGIVEN: {count: raw.DOSE, where: GIVEN = 'Y'}
      MGALL: {sum: raw.DOSE.MG}
    variables: {NGIVEN: {label: Doses Given}, MGALL: {label: Total of All Doses}}
    keys: USUBJID
    """
    made, _ = built(tmp_path, SUBJECTS, {"sdtm/dm.yaml": dm}, {"subj.csv": SUBJ, "dose.csv": DOSE, "lab.csv": LAB})
    assert rows(made, "SUPPDM", "USUBJID", "QNAM", "QVAL") == [
        ("S1-01", "MGALL", "13.5"), ("S1-01", "NGIVEN", "2"), ("S1-02", "MGALL", "2"), ("S1-02", "NGIVEN", "1"),
    ]  # fmt: skip
