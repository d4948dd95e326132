"""`init`: the study that it makes builds at once, and nothing is overwritten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sdtm_builder.commands import init
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
