"""ADaM of a build is validated: against the SDTM beside it or given, with the study's severities and reasons."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sdtm_builder.commands import build, validate

STUDY = """\
study: {id: S1}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
given:
  sdtm: {folder: FOLDER, datasets: [DM], standard: sdtm}
"""
ADSL = """\
dataset: ADSL
records: {subjects: {from: DM, copy: [AGE, SEX]}}
derive: {SAFFL: {value: Y}, SEX: {value: F}, TRT01P: {value: A}}
keys: USUBJID
"""
DM = {"STUDYID": ["S1", "S1"], "DOMAIN": ["DM", "DM"], "USUBJID": ["1", "2"], "AGE": [63.0, 41.0], "SEX": ["M", "F"]}


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """A study whose SDTM lies as transport files in data/tabulations."""
    pyreadstat = pytest.importorskip("pyreadstat")
    pd = pytest.importorskip("pandas")
    folder = tmp_path / "data" / "tabulations"
    folder.mkdir(parents=True)
    pyreadstat.write_xport(pd.DataFrame(DM), str(folder / "dm.xpt"), table_name="DM", file_format_version=5)
    write(tmp_path, "specs/S1/study.yaml", STUDY.replace("FOLDER", "tabulations"))
    write(tmp_path, "mappings/S1/adam/adsl.yaml", ADSL.replace("copy: [AGE, SEX]", "copy: [AGE]"))
    return tmp_path


def write(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text, encoding="utf-8")


def found(root: Path, rule: str) -> list[dict[str, Any]]:
    build.run(root / "specs" / "S1", out=root / "out", raw=root / "data", tell=lambda line: None, fail_on="never")
    issues = json.loads((root / "out" / "issues.json").read_text(encoding="utf-8"))
    issues = issues if isinstance(issues, list) else issues["issues"]
    return [issue for issue in issues if issue["rule"] == rule]


def test_a_build_compares_adam_with_the_given_sdtm(study: Path) -> None:
    (issue,) = found(study, "adsl-differs-from-dm")
    assert issue["severity"] == "error"
    assert issue["message"] == "SEX is 'F', DM has 'M'"
    assert [place["key"] for place in issue["locations"]] == ["USUBJID=1"]
    page = (study / "out" / "report" / "index.html").read_text(encoding="utf-8")
    assert "adsl-differs-from-dm" in page
    assert "adsl-differs-from-dm" in (study / "out" / "run.log").read_text(encoding="utf-8")


def test_the_study_says_how_much_a_finding_weighs(study: Path) -> None:
    text = STUDY.replace("FOLDER", "tabulations") + "severity: {adsl-differs-from-dm: note}\n"
    write(study, "specs/S1/study.yaml", text)
    assert [issue["severity"] for issue in found(study, "adsl-differs-from-dm")] == ["note"]


def test_a_finding_can_be_accepted(study: Path) -> None:
    accepted = "accepted:\n  - {rule: adsl-differs-from-dm, dataset: ADSL, count: 1, reason: Known}\n"
    write(study, "specs/S1/accepted.yaml", accepted)
    assert [issue["severity"] for issue in found(study, "adsl-differs-from-dm")] == ["note"]


def test_the_command_takes_the_sdtm_from_elsewhere(study: Path) -> None:
    found(study, "adsl-differs-from-dm")
    told: list[str] = []
    validate.run(study / "out", sdtm=study / "data" / "tabulations", tell=told.append, fail_on="never")
    assert any("adsl-differs-from-dm" in line for line in told)
    told.clear()
    validate.run(study / "out", tell=told.append, fail_on="never")
    assert told
    assert not any("adsl-differs-from-dm" in line for line in told)


def test_a_folder_without_sdtm_is_refused(study: Path) -> None:
    found(study, "adsl-differs-from-dm")
    told: list[str] = []
    assert validate.run(study / "out", sdtm=study / "nowhere", tell=told.append) == 2
    assert told == [f"{study / 'nowhere'}: there are no transport files in it; name a folder of SDTM datasets."]
