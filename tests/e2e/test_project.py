"""The project's own promises: the demo, the check for skipped cases, the links of its documents."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .kit import ROOT, cli

JUNIT = '<testsuites><testsuite><testcase classname="{name}" name="test_a">{inner}</testcase></testsuite></testsuites>'


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    """A project with the study of the demo alone, after the demo."""
    project = tmp_path_factory.mktemp("demo")
    for name in ("specs", "mappings"):
        shutil.copytree(ROOT / name / "lstcar019", project / name / "lstcar019")
    return project, cli("demo", "--as-of", "2025-06-30", cwd=project)


def test_demo_says_what_came_out_what_was_found_and_where_to_look(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    project, made = demo
    assert made.returncode == 0, made.stdout + made.stderr
    lines = made.stdout.splitlines()
    assert lines[0].startswith("outputs/lstcar019-raw: ")
    assert any(line.startswith("LSTCAR019, as of 2025-06-30T00:00:00, profile final: ") for line in lines)
    assert {"AE", "DM", "DS", "EX", "ADSL", "ADTTE"} <= {line.split()[0] for line in lines if line.startswith("  ")}
    assert any(re.match(r"Found: \d+ errors", line) for line in lines), "the planted flaws are found"
    assert "All of it: outputs/lstcar019/report/index.html" in [line.replace(f"{project}/", "") for line in lines]
    assert any(line.startswith("outputs/lstcar019: ") and " files as built: " in line for line in lines)
    assert "Tables and figures: outputs/lstcar019/report/analyses.html" in lines
    assert "Datasets, define.xml: outputs/lstcar019/sdtm, outputs/lstcar019/adam" in lines
    for name in ("adam/adtte.xpt", "adam/define.xml", "report/analyses.html"):
        assert (project / "outputs" / "lstcar019" / name).is_file(), name
    for name in ("sdtm/dm.xpt", "sdtm/define.xml", "sdtm/define.html", "report/index.html", "run.log"):
        assert (project / "outputs" / "lstcar019" / name).is_file(), name


def test_the_demos_last_line_works(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    project, made = demo
    words = made.stdout.splitlines()[-1].partition("sdtm-builder ")[2].split()
    assert words[0] == "trace"
    traced = cli(*words, cwd=project)
    assert traced.returncode == 0, traced.stderr
    assert "edc.xlsx, sheet " in traced.stdout


def test_the_demo_wants_its_study(tmp_path: Path) -> None:
    made = cli("demo", cwd=tmp_path)
    assert made.returncode == 2
    assert made.stdout == "specs/lstcar019 is not there; run the demo in a clone of sdtm_builder, or name one with " \
                          "--project.\n"  # fmt: skip


def check_skips(report: Path, shared: Path) -> tuple[int, str]:
    done = subprocess.run([sys.executable, ROOT / "tools" / "check_skips.py", report, shared], check=False,
                          capture_output=True, text=True)  # fmt: skip
    return done.returncode, done.stdout


@pytest.mark.parametrize(("name", "inner", "status"), [
    ("tests.cases.test_cdiscpilot01", "", 0),
    ("tests.cases.test_cdiscpilot01", '<skipped message="no data"/>', 1),
    ("tests.cases", '<skipped message="no data"/>', 1),
    ("tests.raw.test_csv", '<skipped message="elsewhere"/>', 1),
    ("tests.raw.test_csv", "", 1),
])  # fmt: skip
def test_cases_may_not_be_skipped_where_they_are(name: str, inner: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(JUNIT.format(name=name, inner=inner))
    assert check_skips(tmp_path / "report.xml", tmp_path / "shared") == (0, "")
    (tmp_path / "shared" / "cases").mkdir(parents=True)
    assert check_skips(tmp_path / "report.xml", tmp_path / "shared")[0] == status
    assert check_skips(tmp_path / "none.xml", tmp_path / "shared")[0] == 1


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/errors.md", "docs/language.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []
