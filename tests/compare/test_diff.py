"""What changed between two builds, and why."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path

import pytest
from engine.lineage_kit import MAPPINGS, RAW, STUDY

from sdtm_builder.commands import compare, diff
from sdtm_builder.compare.builds import BuildDiff, diff_builds
from sdtm_builder.compare.causes import RAW as RAW_CELLS

from .builds_kit import built, changed

LINES = """\
Raw data
  raw.DOSE: 1 row came, 1 row went; rows matched by content, then by SUBJ DAY (found)
  raw.AE: 1 row came, 3 cells changed; rows matched by content, then by SUBJ NO (found)
    ae.csv, row 2, TERM: "Nausea" -> "Vomiting"
    ae.csv, row 4, START: "2024-01-03" -> "2024-01-04"
    ae.csv, row 4, SER: "no" -> "yes"
Specification
  mappings/S1/sdtm/ds.yaml changed
  mappings/S1/sdtm/vs.yaml changed
  rule DS.DSSTDTC (last): {max: [DAY]} -> {min: [DAY]} [mappings/S1/sdtm/ds.yaml:7]
  rule VS.VSPOS (test SYSBP): SITTING -> SUPINE [mappings/S1/sdtm/vs.yaml:11]
Subjects: 3 before, 3 now
AE changed: 4 records before, 5 now, 4 in both
  Causes: 5 by raw cells, 1 by other records
  Records that appeared (1)
    USUBJID=S1-01 AESTDTC=2024-01-05 AETERM=Pain (raw cells)
      ae.csv, row 8: the row came
  Values that changed (5)
    AESEQ (1 of 4)
      USUBJID=S1-01 AESTDTC=2024-01-10 AETERM=Headache: "2" -> "3" (other records)
    AETERM (1 of 4)
      USUBJID=S1-02 AESTDTC=2024-01-05 AETERM=Nausea: "Nausea" -> "Vomiting" (raw cells)
        ae.csv, row 2, TERM: "Nausea" -> "Vomiting"
    AESER (1 of 4)
      USUBJID=S1-01 AESTDTC=2024-01-03 AETERM=Fever: "N" -> "Y" (raw cells)
        ae.csv, row 4, SER: "no" -> "yes"
    AESTDTC (1 of 4)
      USUBJID=S1-01 AESTDTC=2024-01-03 AETERM=Fever: "2024-01-03" -> "2024-01-04" (raw cells)
        ae.csv, row 4, START: "2024-01-03" -> "2024-01-04"
    AESTDY (1 of 4)
      USUBJID=S1-01 AESTDTC=2024-01-03 AETERM=Fever: "2" -> "3" (raw cells)
        ae.csv, row 4, START: "2024-01-03" -> "2024-01-04"
SUPPAE changed: 1 record before, 1 now, 1 in both
  Causes: 1 by other records
  Values that changed (1)
    IDVARVAL (1 of 1)
      IDVARVAL=2: "2" -> "3" (other records)
CE changed: 2 records before, 2 now, 2 in both
  Causes: 2 by raw cells
  Values that changed (2)
    CESTDTC (1 of 2)
      USUBJID=S1-01 CESTDTC=2024-01-03: "2024-01-03" -> "2024-01-04" (raw cells)
        ae.csv, row 4, START: "2024-01-03" -> "2024-01-04"
    CESTDY (1 of 2)
      USUBJID=S1-01 CESTDTC=2024-01-03: "2" -> "3" (raw cells)
        ae.csv, row 4, START: "2024-01-03" -> "2024-01-04"
DM changed: 3 records before, 3 now, 3 in both
  Causes: 1 by raw cells
  Values that changed (1)
    RFXSTDTC (1 of 3)
      USUBJID=S1-01: "2024-01-02" -> "2024-01-01" (raw cells)
        dose.csv, row 4: the row came
        dose.csv, row 4: the row went
SUPPDM changed: 2 records before, 2 now, 2 in both
  Causes: 1 by raw cells and other records
  Values that changed (1)
    QVAL (1 of 2)
      USUBJID=S1-01: "2 15Y 2" -> "2 17Y 2" (raw cells and other records)
        dose.csv, row 4: the row came
        ae.csv, row 4, SER: "no" -> "yes"
        dose.csv, row 4: the row went
DS changed: 2 records before, 2 now, 2 in both
  Causes: 2 by rules and other records
  Values that changed (2)
    DSSTDTC (1 of 2)
      USUBJID=S1-01 DSSTDTC=2024-02-05: "2024-02-05" -> "2024-02-01" (rules and other records)
        rule DS.DSSTDTC (last): {max: [DAY]} -> {min: [DAY]} [mappings/S1/sdtm/ds.yaml:7]
    DSSTDY (1 of 2)
      USUBJID=S1-01 DSSTDTC=2024-02-05: "35" -> "31" (rules and other records)
        rule DS.DSSTDTC (last): {max: [DAY]} -> {min: [DAY]} [mappings/S1/sdtm/ds.yaml:7]
EX changed: 4 records before, 4 now, 3 in both
  Causes: 2 by raw cells
  Records that appeared (1)
    USUBJID=S1-01 EXSTDTC=2024-01-01 (raw cells)
      dose.csv, row 4: the row came
  Records that went (1)
    USUBJID=S1-01 EXSTDTC=2024-01-02 (raw cells)
      dose.csv, row 4: the row went
SUPPEX unchanged: 2 records
VS changed: 5 records before, 5 now, 5 in both
  Causes: 3 by rules
  Values that changed (3)
    VSPOS (3 of 5)
      USUBJID=S1-01 VSTESTCD=SYSBP VSDTC=2024-01-02: "SITTING" -> "SUPINE" (rules)
        rule VS.VSPOS (test SYSBP): SITTING -> SUPINE [mappings/S1/sdtm/vs.yaml:11]
      and 2 more
Different: 8 datasets; 2 records appeared, 1 went, 15 values changed
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tmp_path_factory.mktemp("old"))


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> Path:
    raw = changed(
        "ae.csv", ("Nausea", "Vomiting"), ("01,1,Fever,2024-01-03,no", "01,1,Fever,2024-01-04,yes"),
        ("Total", "01,5,Pain,2024-01-05,no,yes,8\nTotal"),
    ) | changed("dose.csv", ("01,2024-01-02,10", "01,2024-01-01,12"))  # fmt: skip
    mappings = {
        "vs": MAPPINGS["vs"].replace("VSPOS: SITTING", "VSPOS: SUPINE"),
        "ds": MAPPINGS["ds"].replace("{max: DAY}", "{min: DAY}"),
    }
    return built(tmp_path_factory.mktemp("new"), raw, mappings)


def facts(found: BuildDiff, name: str) -> list[str]:
    """The changes of a dataset: VARIABLE before -> after, cause in bits."""
    one = next(d for d in found.datasets if d.result.name == name)
    return [
        f"{v.name} {c.a} -> {c.b} {int(one.causes[v.name][i])}"
        for v in one.result.variables
        for i, c in enumerate(one.result.cells(v))
    ]


def test_all_that_changed_as_text(old: Path, new: Path) -> None:
    lines: list[str] = []
    assert diff.run(old, new, few=5, tell=lines.append) == 1
    text = "\n".join(lines[2:]) + "\n"
    cut = text[text.index("      USUBJID=S1-01 VSTESTCD=SYSBP VSDTC=2024-01-09") : text.index("Different")]
    assert text.replace(cut, "      and 2 more\n") == LINES


def test_a_build_beside_itself(old: Path) -> None:
    lines: list[str] = []
    assert diff.run(old, old, tell=lines.append) == 0
    assert lines[2] == "Subjects: 3 before, 3 now"
    assert lines[-1] == "Equal: no record and no value changed"


def test_a_declared_key_makes_one_changed_row_of_a_row_that_went_and_one_that_came(tmp_path: Path) -> None:
    study = STUDY.replace("{file: dose.csv, subject: SUBJ", "{file: dose.csv, subject: SUBJ, key: [SUBJ, DAY]")
    one = built(tmp_path / "a", study=study)
    two = built(tmp_path / "b", changed("dose.csv", ("01,2024-01-02,10", "01,2024-01-02,12")), study=study)
    found = diff_builds(one, two)
    source = next(c for c in found.raw if c.source == "DOSE")
    assert source.by == "by SUBJ DAY (declared)"
    cells = [(c.column, c.before, c.after, str(c.new)) for c in source.cells()]
    assert cells == [("MG", "10", "12", "dose.csv, row 4")]
    assert facts(found, "EX") == ["EXDOSE 10 -> 12 1"]
    assert facts(found, "SUPPDM") == ["QVAL 2 15Y 2 -> 2 17Y 2 1"]


def test_a_codelist_that_changed_is_a_setting_and_its_file_is_named(old: Path, tmp_path: Path) -> None:
    found = diff_builds(old, built(tmp_path, study=STUDY.replace('"no": N', '"no": U')))
    assert found.specs == ["specs/S1/study.yaml changed"]
    assert [c for c in facts(found, "AE") if c.startswith("AESER")] == ["AESER N -> U 8"] * 3


def test_a_rule_of_another_dataset_is_the_cause_downstream(old: Path, tmp_path: Path) -> None:
    mappings = {"dm": MAPPINGS["dm"].replace("RFSTDTC: {date: START}", "RFSTDTC: {value: 2024-01-01}")}
    found = diff_builds(old, built(tmp_path, mappings=mappings))
    assert [r[:4] for r in found.rules] == [("DM.RFSTDTC", "subjects", "{date: START}", "{value: 2024-01-01}")]
    assert "AESTDY 2 -> 3 2" in facts(found, "AE")
    one = next(d for d in found.datasets if d.result.name == "AE")
    assert one.behind["AESTDY"][0] == [
        "rule DM.RFSTDTC (subjects): {date: START} -> {value: 2024-01-01} [mappings/S1/sdtm/dm.yaml:10]"
    ]


def test_a_filter_that_changed_is_why_records_come(old: Path, tmp_path: Path) -> None:
    where = MAPPINGS["ae"].replace("CODED = 'yes'", "CODED IS NOT NULL")
    found = diff_builds(old, built(tmp_path, mappings={"ae": where}))
    one = next(d for d in found.datasets if d.result.name == "AE")
    assert one.came.tolist() == [2]
    assert one.behind_came[0][0].startswith("rule AE (events): ")
    assert "CODED = 'yes'" in one.behind_came[0][0]


def test_a_subject_and_a_dataset_that_came(old: Path, tmp_path: Path) -> None:
    mappings = {"cm": MAPPINGS["ex"].replace("dataset: EX", "dataset: CM").replace("EX", "CM").replace(
        ", CMDOSE: MG", "")}  # fmt: skip
    two = built(tmp_path, changed("subj.csv", ("03,F,\n", "04,F,2024-01-01\n")), mappings)
    found = diff_builds(old, two)
    assert (found.subjects, found.subjects_came, found.subjects_went) == ((3, 3), ["S1-04"], ["S1-03"])
    assert found.only_new == ["CM", "SUPPCM"]
    lines: list[str] = []
    assert diff.run(two, old, only=["DM"], quiet=False, tell=lines.append) == 1
    assert "  1 appeared: S1-03" in lines
    assert "Datasets only in the old build: CM, SUPPCM" in lines
    assert [line for line in lines if " changed: " in line and not line.startswith(" ")] == [
        "DM changed: 3 records before, 3 now, 2 in both"
    ]


def test_json_and_page(old: Path, new: Path, tmp_path: Path) -> None:
    diff.run(old, new, html=tmp_path / "d.html", json=tmp_path / "d.json", tell=lambda text: None)
    found = json.loads((tmp_path / "d.json").read_text())
    one = next(d for d in found["datasets"] if d["name"] == "AE")
    assert one["causes"] == {"raw cells": 5, "other records": 1}
    assert one["appeared"] == [{
        "key": "USUBJID=S1-01 AESTDTC=2024-01-05 AETERM=Pain", "cause": "raw cells",
        "behind": ["ae.csv, row 8: the row came"],
    }]  # fmt: skip
    assert found["raw"][1]["cells"][0] == {
        "column": "TERM", "before": "Nausea", "after": "Vomiting",
        "old": {"file": "ae.csv", "row": 2, "usubjid": "S1-02"},
        "new": {"file": "ae.csv", "row": 2, "usubjid": "S1-02"},
    }  # fmt: skip
    page = (tmp_path / "d.html").read_text()
    assert "ae.csv, row 4, START: &#34;2024-01-03&#34; -&gt; &#34;2024-01-04&#34;" in page
    assert "<script" not in page


def test_what_is_no_build(old: Path, tmp_path: Path) -> None:
    said: list[str] = []
    assert diff.run(old, tmp_path, complain=said.append) == 2
    assert said == [f"{tmp_path} has no lineage (no graph.json); build the study first."]
    said.clear()
    assert diff.run(old, old, only=["XX"], complain=said.append) == 2
    assert said == ["--only XX: neither build has this dataset."]
    copy = tmp_path / "copy"
    shutil.copytree(old, copy)
    shutil.copy(copy / "sdtm" / "dm.xpt", copy / "sdtm" / "ae.xpt")
    said.clear()
    assert diff.run(old, copy, complain=said.append) == 2
    assert said == [f"{copy / 'sdtm' / 'ae.xpt'}: 3 records, the lineage has 4: it was changed."]


@pytest.mark.parametrize("seed", range(4))
def test_every_change_has_a_cause_and_a_trace_finds_the_same_cells(old: Path, tmp_path: Path, seed: int) -> None:
    """Causes come from whole columns, what lies behind from a trace of each value: two ways that must agree."""
    found = diff_builds(old, built(tmp_path, _disturbed(random.Random(seed))))
    changes = 0
    for one in found.datasets:
        listed = [(one.causes[v], one.behind[v]) for v in one.causes]
        for bits, behind in (*listed, (one.came, one.behind_came), (one.went, one.behind_went)):
            for cause, lines in zip(bits.tolist(), behind, strict=True):
                changes += 1
                assert cause
                assert not cause & RAW_CELLS or lines
    assert changes > 5


def _disturbed(source: random.Random) -> dict[str, str]:
    """The raw files with some cells changed and some rows gone."""
    raw = {}
    for name, text in RAW.items():
        head, *body = [line.split(",") for line in text.splitlines()]
        if name != "subj.csv" and len(body) > 1 and source.random() < 0.3:
            body.pop(source.randrange(len(body) - 1))
        for row in body:
            for i in range(1, len(row)):
                if source.random() < 0.15:
                    row[i] = _other(source, head[i], row[i])
        raw[name] = "\n".join(",".join(row) for row in [head, *body]) + "\n"
    return raw


def _other(source: random.Random, column: str, text: str) -> str:
    if column in ("DAY", "START"):
        return f"2024-01-{source.randrange(1, 28):02d}"
    choices = {"SER": ["yes", "no"], "CODED": ["yes", "no"], "SEX": ["M", "F"], "WHY": ["COMPLETED", "DEATH"]}
    if column in choices:
        return source.choice(choices[column])
    return str(source.randrange(1, 200)) if column in ("SYS", "DIA", "MG", "NO") else f"{text}x"


def test_compare_tells_the_rule_and_the_raw_cell_behind_a_difference(old: Path, new: Path) -> None:
    lines: list[str] = []
    assert compare.run(old / "sdtm" / "ae.xpt", new, keys=["USUBJID,AESPID"], only=["AETERM"], tell=lines.append) == 1
    at = lines.index("    AETERM (1 of 4)")
    assert lines[at + 1 : at + 6] == [
        '      USUBJID=S1-02 AESPID=1: "Nausea" | "Vomiting"',
        "        A rule TERM  [mappings/S1/sdtm/ae.yaml:8], block events",
        '        A raw ae.csv, row 2, TERM = "Nausea"',
        "        B rule TERM  [mappings/S1/sdtm/ae.yaml:8], block events",
        '        B raw ae.csv, row 2, TERM = "Vomiting"',
    ]


def test_compare_says_that_a_file_is_not_that_of_the_lineage(old: Path, new: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(old, copy)
    shutil.copy(new / "sdtm" / "vs.xpt", copy / "sdtm" / "vs.xpt")
    shutil.copy(new / "sdtm" / "ae.xpt", copy / "sdtm" / "ae.xpt")
    lines: list[str] = []
    compare.run(copy, old, only=["VSPOS", "AESEQ"], few=1, tell=lines.append)
    assert '        A the lineage has "SITTING": the file was changed after the build' in lines
    assert "        A the lineage has another number of records: the file is not that of the build" in lines
