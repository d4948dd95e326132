"""A proposed part put into a study file: what is there stays, what it lacks is added, a rerun changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sdtm_builder.commands import scaffold
from sdtm_builder.scaffold.merge import MergeError, merged

THERE = """\
# my study
study: {id: S1}
subjects: {register: raw.DM}

raw:
    DM:
        file: dm.csv   # mine
        unused:
        - {columns: X, why: "a: b"}
        columns:
            AGE: {type: number}
    VS: {file: vs.csv}
visits:
  A: {number: 1}
"""
PROPOSED = """\
# Proposed with the mapping
raw:
  AE:
    file: ae.csv
    # by name
    subject: SUBJID
    columns:
      # dd/MM/yyyy reads 2
      AESTDAT: {type: date}
  DM:
    file: other.csv
    columns:
      AGE: {type: number}
      # yyyy-MM-dd reads 3
      BRTHDAT: {type: date}
      # SETTLE date_texts of the study file: unknown: [UN]
  VS:
    file: vs.csv
# SETTLE subjects: {register: raw.DM, usubjid: x}
codelists:
  NY:
    synonyms:
      "No": "N"  # synonym of CT
"""
MERGED = """\
# my study
study: {id: S1}
subjects: {register: raw.DM}

raw:
    DM:
        file: dm.csv   # mine
        unused:
        - {columns: X, why: "a: b"}
        columns:
            AGE: {type: number}
            # yyyy-MM-dd reads 3
            BRTHDAT: {type: date}
            # SETTLE date_texts of the study file: unknown: [UN]
        # SETTLE proposed: file: other.csv
    VS: {file: vs.csv}
    AE:
      file: ae.csv
      # by name
      subject: SUBJID
      columns:
        # dd/MM/yyyy reads 2
        AESTDAT: {type: date}
    # SETTLE proposed: VS: file: vs.csv
visits:
  A: {number: 1}
codelists:
  NY:
    synonyms:
      "No": "N"  # synonym of CT
"""


def test_what_is_there_stays_and_what_it_lacks_is_added() -> None:
    assert merged(THERE, PROPOSED) == MERGED
    assert merged(MERGED, PROPOSED) == MERGED


@pytest.mark.parametrize("text", ["- a\n", "a: [\n", "{study: {id: A}, raw: {DM: {file: dm.csv}}}\n"])
def test_a_file_into_which_nothing_can_be_put(text: str) -> None:
    with pytest.raises(MergeError):
        merged(text, PROPOSED)


def test_the_parts_of_several_domains_are_one_study_file(tmp_path: Path) -> None:
    (tmp_path / "dm.csv").write_text("SUBJID,SEX,BRTHDAT\n01,F,1990-01-01\n02,M,1973-02-03\n", encoding="utf-8")
    (tmp_path / "ae.csv").write_text("SUBJID,AETERM,AESTDAT\n01,x,2024-02-13\n01,y,2024-02-14\n", encoding="utf-8")
    part, lines = tmp_path / "study.yaml", list[str]()
    raw = [tmp_path / "dm.csv", tmp_path / "ae.csv"]
    for domain in ("DM", "AE", "DM"):
        assert scaffold.run(raw, domain=domain, study_out=part, ct="2025-03-28", tell=lines.append) == 0
    told = [line for line in lines if str(part) in line]
    assert told == [f"Written: {part}", f"Added to: {part}", f"As it was: {part}"]
    said = yaml.safe_load(part.read_text(encoding="utf-8"))
    assert {name: (one["file"], list(one["columns"])) for name, one in said["raw"].items()} == {
        "DM": ("dm.csv", ["BRTHDAT"]), "AE": ("ae.csv", ["AESTDAT"]),
    }  # fmt: skip
    part.write_text("study: [\n", encoding="utf-8")
    assert scaffold.run(raw, domain="AE", study_out=part, tell=lines.append, complain=lines.append) == 2
    assert part.read_text(encoding="utf-8") == "study: [\n"
