"""Long text of a variable that the IG continues in the dataset itself, and its lineage and metadata."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.lineage import trace

from .support import ONE_SOURCE, built, rows, told

WORDS = "marrow cells were counted twice "  # 32 bytes
LONG = (WORDS * 14).strip()  # 447 bytes: 199 + 195 + rest, broken at blanks
CO = """\
dataset: CO
records:
  remarks: {from: raw.A, set: {COVAL: X}}
keys: [USUBJID, COVAL]
"""
RAW = {"subj.csv": "SUBJID\n01\n02\n", "a.csv": f"SUBJID,X\n02,short\n01,{LONG}\n"}


def test_a_comment_goes_on_in_the_dataset_itself(tmp_path: Path) -> None:
    made, log = built(tmp_path, ONE_SOURCE, {"sdtm/co.yaml": CO}, RAW)
    assert [b.name for b in made.built] == ["CO"]
    co = next(b for b in made.built if b.name == "CO")
    assert [v.name for v in co.variables] == ["STUDYID", "DOMAIN", "USUBJID", "COSEQ", "COVAL", "COVAL1", "COVAL2"]
    first, second = rows(made, "CO", "COVAL", "COVAL1", "COVAL2")
    assert first == (
        "marrow cells were counted twice marrow cells were counted twice marrow cells were counted twice marrow "
        "cells were counted twice marrow cells were counted twice marrow cells were counted twice marrow",
        "cells were counted twice marrow cells were counted twice marrow cells were counted twice marrow cells were "
        "counted twice marrow cells were counted twice marrow cells were counted twice marrow cells",
        "were counted twice marrow cells were counted twice",
    )
    assert " ".join(first) == LONG
    assert [len(part) for part in first] == [198, 197, 50]
    assert second == ("short", "", "")
    assert told(log, "text-split") == ["text-split X:3"]
    labels = {v.name: v.label for v in co.variables}
    assert (labels["COVAL1"], labels["COVAL2"]) == ("Comment 1", "Comment 2")


def test_its_metadata_and_trace_are_those_of_the_first(tmp_path: Path) -> None:
    made, _ = built(tmp_path, ONE_SOURCE, {"sdtm/co.yaml": CO}, RAW)
    meta = next(d for d in study_meta(made.run, made.built, "sdtm").datasets if d.name == "CO")
    found = {v.name: v for v in meta.variables}
    assert found["COVAL1"].origin == found["COVAL"].origin
    assert (found["COVAL"].mandatory, found["COVAL1"].mandatory) == (True, False)
    assert (found["COVAL"].key, found["COVAL1"].key) == (3, 0)
    write_lineage(made.run, made.built, tmp_path / "lineage")
    node = trace(tmp_path, "CO", {"USUBJID": "01"}, "COVAL2")
    assert node.value == "were counted twice marrow cells were counted twice"
    assert [(c.file, c.row, c.name) for c in node.cells()] == [("a.csv", 3, "X")]
