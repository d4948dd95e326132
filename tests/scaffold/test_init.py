"""`init`: the study that it makes builds at once, and nothing is overwritten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
import yaml

from sdtm_builder.commands import build, check, init, scaffold
from sdtm_builder.scaffold.starter import StarterError, planned
from sdtm_builder.xpt.reader import read_xpt


def test_the_new_study_builds_by_the_command_line_with_status_0(tmp_path: Path) -> None:
    def command(*words: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "sdtm_builder", *words]
        return subprocess.run(line, cwd=tmp_path, capture_output=True, text=True)

    assert command("init", "abc-1").returncode == 0
    built = command("build", "specs/abc-1", "--fail-on", "warning")
    assert (built.returncode, "Found: 0 errors, 0 warnings" in built.stdout) == (0, True), built.stdout

    ae = {c.name: c for c in read_xpt(tmp_path / "outputs/abc-1/sdtm/ae.xpt").columns}
    wanted = ("USUBJID", "AEDECOD", "AESTDTC", "AEOUT")
    shown = [[ae[name].texts[i] if i >= 0 else "" for i in ae[name].codes] for name in wanted]
    assert list(zip(*shown, strict=True)) == [
        ("ABC-1-001", "Headache", "2024-01-12", "RECOVERED/RESOLVED"),
        ("ABC-1-001", "Pyrexia", "2024-03", "NOT RECOVERED/NOT RESOLVED"),
        ("ABC-1-002", "Nausea", "2024-01-20", "RECOVERED/RESOLVED"),
    ]
    supp = {c.name: c for c in read_xpt(tmp_path / "outputs/abc-1/sdtm/suppae.xpt").columns}
    assert [supp["QVAL"].texts[i] for i in supp["QVAL"].codes] == ["After a vaccination"]


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "mappings" / "S1" / "sdtm" / "ae.yaml"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    told: list[str] = []
    assert init.run("S1", project=tmp_path, complain=told.append) == 2
    there = tmp_path / "mappings" / "S1"
    assert told == [f"{there} is there already. Nothing is overwritten; give the study another name."]
    assert (mine.read_text(), (tmp_path / "specs").exists()) == ("mine", False)


@pytest.mark.parametrize("name", ["", "..", "a/b", "-x", "x" * 41, "été"])
def test_a_name_that_is_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(StarterError):
        planned(name, tmp_path)


def test_a_study_of_raw_files_is_checked_mapped_and_built(tmp_path: Path) -> None:
    """Every table is declared, in whatever script its sheet is named; `scaffold` goes on with the same study file."""
    raw = tmp_path / "cut 1"
    raw.mkdir()
    (raw / "dm.csv").write_text("SUBJID,SEX,RFICDAT\n01,F,2024-01-02\n02,M,2024-01-03\n", encoding="utf-8")
    (raw / "ae.csv").write_text("SUBJID,AETERM,AESTDAT\n01,x,13/02/2024\n01,y,14/02/2024\n", encoding="utf-8")
    (raw / "odd.csv").write_bytes("编号,值\n01,高\n".encode("gb18030"))
    book = openpyxl.Workbook()
    for title in ("生化_A", "生化_B"):
        sheet = book.create_sheet(title)
        for row in (("SUBJID", "ALT"), ("01", 5)):
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(raw / "lab.xlsx")
    told: list[str] = []
    assert init.run("N1", project=tmp_path, raw=raw, tell=told.append, complain=told.append) == 0
    study = tmp_path / "specs" / "N1" / "study.yaml"
    text = study.read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    assert (said["study"]["id"], said["subjects"]) == (
        "N1", {"register": "raw.DM", "usubjid": "study.id || '-' || SUBJID"},
    )  # fmt: skip
    assert [(name, one["file"], one.get("sheet")) for name, one in said["raw"].items()] == [
        ("AE", "ae.csv", None), ("DM", "dm.csv", None), ("LAB_A", "lab.xlsx", "生化_A"),
        ("LAB_B", "lab.xlsx", "生化_B"), ("ODD", "odd.csv", None),
    ]  # fmt: skip
    assert said["raw"]["AE"]["columns"] == {"AESTDAT": {"type": "date", "formats": ["dd/MM/yyyy"]}}
    assert "    # SETTLE encoding: the file is no utf-8, gb18030 or cp1252 perhaps" in text.splitlines()
    assert [line.partition(":")[0] for line in told if "odd.csv" in line] == ["encoding-error"]
    for domain in ("DM", "AE"):
        out = tmp_path / "mappings" / "N1" / "sdtm" / f"{domain.lower()}.yaml"
        options = {"out": out, "study_out": study, "complain": told.append, "tell": told.append}
        assert scaffold.run([raw], domain=domain, ct="2025-03-28", **options) == 0
    text = study.read_text(encoding="utf-8").replace("file: odd.csv", "file: odd.csv\n    encoding: gb18030")
    study.write_text(text, encoding="utf-8")
    assert check.run(study.parent, raw=raw, tell=told.append) == 0, told
    assert build.run(study.parent, raw=raw, fail_on="never", tell=told.append, quiet=True) == 0
    ae = {c.name: c for c in read_xpt(tmp_path / "outputs/N1/sdtm/ae.xpt").columns}
    assert [ae["AESTDTC"].texts[i] for i in ae["AESTDTC"].codes] == ["2024-02-13", "2024-02-14"]
    assert init.run("N1", project=tmp_path, raw=raw, tell=told.append, complain=told.append) == 2
    assert study.read_text(encoding="utf-8") == text


def test_raw_files_that_are_none(tmp_path: Path) -> None:
    told: list[str] = []
    assert init.run("N1", project=tmp_path, raw=tmp_path / "gone", complain=told.append) == 2
    (tmp_path / "raw").mkdir()
    assert init.run("N1", project=tmp_path, raw=tmp_path / "raw", complain=told.append) == 2
    assert told == [f"{tmp_path / 'gone'} is no folder.", f"{tmp_path / 'raw'} has no table that can be read."]
    assert not (tmp_path / "specs").exists()
