"""Analyses of a build: report/analyses.json as text, in the manifest and in define.xml; faults forbid the build."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from sdtm_builder.commands import build
from sdtm_builder.commands.analyses import document_text


def test_the_text_is_the_document_with_an_analysis_on_a_line() -> None:
    document = {
        "format": "x",
        "study": {"id": "S1"},
        "datasets": [],
        "analyses": [{"id": "a", "title": "µ"}, {"id": "b"}],
    }
    text = document_text(document)
    assert json.loads(text) == document
    assert text.splitlines() == [
        "{", ' "format": "x",', ' "study": {"id": "S1"},', ' "datasets": [],', ' "analyses": [',
        '  {"id": "a", "title": "µ"},', '  {"id": "b"}', " ]", "}",
    ]  # fmt: skip


def test_a_number_that_is_not_finite_has_no_place() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        document_text({"analyses": [{"value": float("nan")}]})


# a study from its raw file to its analyses


FILES = {
    "specs/S1/study.yaml": """\
study: {id: S1, title: A small study}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
date_texts: {formats: [yyyy-MM-dd]}
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "study.id || '-' || SUBJID"}
""",
    "specs/S1/analyses.yaml": """\
populations:
  everyone: {title: Everyone, dataset: ADSL}
analyses:
  old:
    title: Of age 50 or more
    method: rate
    dataset: ADSL
    population: everyone
    by: SEX
    rows: {Yes: AGE >= 50}
    reason: SPECIFIED IN SAP
    purpose: PRIMARY OUTCOME MEASURE
""",
    "mappings/S1/sdtm/dm.yaml": """\
dataset: DM
records:
  s: {from: raw.SUBJ, copy: [SUBJID, SEX], set: {AGE: {expr: num(AGE)}}}
keys: USUBJID
""",
    "mappings/S1/adam/adsl.yaml": """\
dataset: ADSL
records:
  s: {from: DM, copy: [SUBJID, AGE, SEX]}
keys: USUBJID
""",
    "specs/S1/subj.csv": "SUBJID,AGE,SEX\n01,40,M\n02,51,F\n03,62,F\n",
}


def small_study(folder: Path, **changes: tuple[str, str]) -> Path:
    """The study on disk, with (old, new) texts of files changed by the file's stem."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        old, new = changes.get(path.stem, ("", ""))
        assert old in text
        path.write_text(text.replace(old, new, 1) if old else text, encoding="utf-8")
    return folder / "specs" / "S1"


def built(study: Path) -> tuple[int, list[str]]:
    told: list[str] = []
    status = build.run(study, fail_on="never", as_of=datetime(2025, 6, 30, 12), quiet=True, tell=told.append)
    return status, told


def test_a_build_writes_its_analyses_and_their_metadata(tmp_path: Path) -> None:
    study = small_study(tmp_path)
    assert built(study) == (0, [])
    out = tmp_path / "outputs" / "S1"
    first = (out / "report" / "analyses.json").read_bytes()
    document = json.loads(first)
    assert [c["text"] for c in document["analyses"][0]["parts"][0]["rows"][0]["cells"]] == [
        "2/2 (100.0)", "0/1 (0.0)", "2/3 (66.7)",
    ]  # fmt: skip
    assert document["analyses"][0]["place"] == {"file": "specs/S1/analyses.yaml", "line": 4}
    assert document["datasets"][0]["file"] == "adam/adsl.xpt"
    assert document["datasets"][0]["key_values"]["2"] == ["S1-02"]
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert "report/analyses.json" in json.dumps(manifest)
    define = (out / "adam" / "define.xml").read_text(encoding="utf-8")
    assert '<arm:ResultDisplay OID="RD.old" Name="old">' in define
    assert "arm:" not in (out / "sdtm" / "define.xml").read_text(encoding="utf-8")
    issues = json.loads((out / "issues.json").read_text(encoding="utf-8"))
    assert not [i for i in issues["issues"] if i["rule"] in ("define-invalid", "define-oid", "define-rule")]
    assert built(study) == (0, [])
    assert (out / "report" / "analyses.json").read_bytes() == first


def test_a_fault_of_an_analysis_forbids_the_build(tmp_path: Path) -> None:
    study = small_study(tmp_path, analyses=("AGE >= 50", "AEG >= 50"))
    status, told = built(study)
    assert status == 2
    assert any("specs/S1/analyses.yaml:10:17 analysis-name: ADSL has no `AEG`. Near: AGE" in line for line in told), (
        told
    )


def test_a_key_of_the_wrong_kind_is_told_by_the_schema(tmp_path: Path) -> None:
    study = small_study(tmp_path, analyses=("    title: Of age 50 or more\n", ""))
    status, told = built(study)
    assert status == 2
    assert any("specs/S1/analyses.yaml:5:5 missing-key: an analysis needs `title`." in line for line in told), told
