"""The command line as a user meets it: help, exit statuses, where texts go, what is imported."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from .kit import ROOT, Study, cli, command

HEAVY = ("pandas", "numpy", "pyarrow", "sqlglot", "lxml", "openpyxl", "python_calamine", "rich", "jinja2", "scipy")
COMMANDS = ("build", "check", "validate", "show", "schema", "simulate", "demo", "trace", "explain", "peek", "compare",
            "diff", "verify", "init", "profile", "scaffold", "accept", "queries",
            "ct list", "ct show", "ct search", "ct import", "ct diff")  # fmt: skip

ADSL = """\
dataset: ADSL
records:
  subjects: {from: DM, copy: [STUDYID, USUBJID, SUBJID, SITEID, AGE, AGEU, SEX]}
keys: USUBJID
"""
ANALYSES = """\
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
"""


def python(code: str, cwd: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a piece of Python in a process of its own, with the command line's environment."""
    arguments, options = command(cwd=cwd, env=env)
    return subprocess.run([arguments[0], "-c", code], timeout=120, check=False, **options)


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    code = (
        "import sys\nsys.argv = ['sdtm-builder', '--help']\n"
        "from sdtm_builder.cli import main\n"
        "try:\n    main()\nexcept SystemExit as end:\n    print('STATUS', end.code)\n"
        f"print('HEAVY', sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    made = python(code, tmp_path)
    assert made.stdout.splitlines()[-2:] == ["STATUS 0", "HEAVY []"], made.stderr
    assert "sdtm-builder check specs/STUDY" in made.stdout


@pytest.mark.parametrize("name", ["", *COMMANDS])
def test_every_command_has_help_with_true_examples(name: str) -> None:
    import typer.testing

    from sdtm_builder.cli import app

    said = typer.testing.CliRunner().invoke(app, [*name.split(), "--help"], env={"COLUMNS": "100"}).output
    assert said.startswith("Usage: ")
    examples = re.findall(r"^ +(?:A \w+ ?\w*:)? *sdtm-builder (.+)$", said, re.M)
    assert examples, "a help text has an example"
    for example in examples:
        words = shlex.split(example)
        assert any(example.startswith(known) for known in COMMANDS), example
        assert name == "" or example.startswith(name), "an example shows its own command"
        command_help = said if name else ""
        assert all(w in command_help for w in words if w.startswith("--")) or not name


def test_every_command_is_listed() -> None:
    import typer.main

    from sdtm_builder.cli import app

    group = typer.main.get_command(app)
    found = []
    for name, one in group.commands.items():  # type: ignore[attr-defined]
        found += [f"{name} {sub}" for sub in one.commands] if hasattr(one, "commands") else [name]
    assert sorted(found) == sorted(COMMANDS)


def test_version(tmp_path: Path) -> None:
    from sdtm_builder import __version__

    made = cli("--version", cwd=tmp_path)
    assert (made.returncode, made.stdout) == (0, f"sdtm-builder {__version__}\n")


@pytest.mark.parametrize(("words", "said"), [
    (["build"], "Missing argument"),
    (["build", "specs/S1", "--fail-on", "fatal"], "Invalid value for '--fail-on'"),
    (["build", "specs/S1", "--as-of", "yesterday"], "Invalid value for '--as-of'"),
    (["build", "specs/S1", "--jobs", "0"], "Invalid value for '--jobs'"),
    (["biuld", "specs/S1"], "No such command 'biuld'"),
    (["check", "specs/S1", "--rwa", "."], "No such option: --rwa"),
])  # fmt: skip
def test_arguments_that_cannot_be_used(words: list[str], said: str, tmp_path: Path) -> None:
    made = cli(*words, cwd=tmp_path)
    assert made.returncode == 2
    assert said in made.stderr
    assert "Traceback" not in made.stderr


def test_a_clean_build(study: Study) -> None:
    made = cli("build", "specs/S1", "--as-of", "2025-06-30", cwd=study.root)
    assert made.returncode == 0, made.stdout + made.stderr
    lines = made.stdout.splitlines()
    assert lines[0] == "S1, as of 2025-06-30T00:00:00, profile final: 4 datasets, 9 records"
    assert lines[-1] == f"All of it: {study.out / 'report' / 'index.html'}"
    progress = made.stderr.splitlines()
    assert progress[:3] == ["checking", "reading", "building AE"]
    assert "\x1b" not in made.stdout + made.stderr
    manifest = json.loads((study.out / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["as_of"], manifest["study"]) == ("2025-06-30T00:00:00", "S1")
    assert cli("verify", "outputs/S1", "--project", ".", "--raw", "outputs/S1-raw", cwd=study.root).returncode == 0
    assert cli("validate", "outputs/S1", cwd=study.root).returncode == 0


def test_two_builds_as_of_one_moment_are_identical(study: Study) -> None:
    """Also of analysis datasets, of analyses and of their metadata."""
    study.change("specs/S1/study.yaml", 'sdtmig: "3.4", define', 'sdtmig: "3.4", adamig: "1.3", define')
    study.change("specs/S1/study.yaml", "ct: {sdtm: 2025-03-28}", "ct: {sdtm: 2025-03-28, adam: 2025-03-28}")
    study.file("mappings/S1/adam/adsl.yaml", ADSL)
    study.file("specs/S1/analyses.yaml", ANALYSES)
    for name in ("a", "b"):
        words = ["build", "specs/S1", "-q", "--as-of", "2025-06-30T12:00:00", "--out", f"outputs/{name}"]
        words += ["--fail-on", "never"]
        made = cli(*words, cwd=study.root, env={"PYTHONHASHSEED": "1" if name == "a" else "2"})
        assert (made.returncode, made.stdout, made.stderr) == (0, "", "")
    one, two = study.root / "outputs" / "a", study.root / "outputs" / "b"
    names = sorted(p.relative_to(one).as_posix() for p in one.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(two).as_posix() for p in two.rglob("*") if p.is_file())
    assert [n for n in names if (one / n).read_bytes() != (two / n).read_bytes()] == []
    assert {"sdtm/dm.xpt", "adam/adsl.xpt", "report/analyses.json", "report/analyses.html"} < set(names)
    assert "arm:ResultDisplay" in (one / "adam" / "define.xml").read_text(encoding="utf-8")


def test_issues_decide_the_status(study: Study) -> None:
    study.change("specs/S1/study.yaml", "Female: F, ", "")
    assert cli("build", "specs/S1", "-q", cwd=study.root).returncode == 1
    assert study.build(fail_on="never")[0] == 0
    assert cli("validate", "outputs/S1", "--json", "found.json", "-q", cwd=study.root).returncode == 1
    found = json.loads((study.root / "found.json").read_text(encoding="utf-8"))
    assert "required-value-missing" in {rule["rule"] for rule in found["rules"]}


def test_notes_can_decide_the_status(built_once: Study, tmp_path: Path) -> None:
    status, _ = built_once.build(out=tmp_path / "notes", fail_on="note")
    assert status == 1


def test_a_fault_of_the_specification(study: Study) -> None:
    study.change("mappings/S1/sdtm/ae.yaml", "AETERM:   TERM", "AETERM:   TREM")
    for verb in ("check", "build"):
        made = cli(verb, "specs/S1", cwd=study.root)
        assert made.returncode == 2
        assert made.stdout.splitlines()[0] == (
            "mappings/S1/sdtm/ae.yaml:6:17 unknown-column: raw.AE has no column TREM. Near: TERM."
        )
    assert not study.out.exists()


def test_a_bug_goes_to_a_log(tmp_path: Path) -> None:
    code = (
        "import sys\nimport sdtm_builder.commands.verify as verify\n"
        "def run(*a, **k):\n    raise RuntimeError('inner detail')\n"
        "verify.run = run\nsys.argv = ['sdtm-builder', 'verify', 'x']\n"
        "from sdtm_builder.cli import main\nmain()"
    )
    made = python(code, tmp_path, SDTM_BUILDER_LOG=str(tmp_path / "logs"))
    assert made.returncode == 3
    assert "Traceback" not in made.stdout + made.stderr
    assert "inner detail" not in made.stderr
    first, second = made.stderr.splitlines()
    assert first == "This is a bug of sdtm-builder (RuntimeError); nothing was published."
    (log,) = (tmp_path / "logs").iterdir()
    assert second == f"What happened is in {log}; please send it with your report."
    text = log.read_text(encoding="utf-8")
    assert "['verify', 'x']" in text
    assert text.endswith("RuntimeError: inner detail\n")


def test_a_terminal_that_has_no_unicode(study: Study) -> None:
    study.change("specs/S1/study.yaml", "Male: M", "男: M")
    study.change("mappings/S1/sdtm/ae.yaml", "AETERM:   TERM", "AETERM:   病名")
    made = cli("check", "specs/S1", cwd=study.root, env={"PYTHONIOENCODING": "ascii"})
    assert made.returncode == 2
    assert "raw.AE has no column \\u75c5\\u540d." in made.stdout


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    arguments, options = command("ct", "show", "LBTESTCD", cwd=tmp_path)
    process = subprocess.Popen(arguments, **options)
    assert process.stdout is not None
    process.stdout.close()
    process.wait(timeout=60)
    assert process.stderr is not None
    assert process.returncode == 141
    assert process.stderr.read() == ""
    process.stderr.close()


def test_trace_of_a_build(built_once: Study) -> None:
    made = cli("trace", "outputs/S1", "AE", "USUBJID=S1-01", "AESEQ=2", "AESTDTC", cwd=built_once.root)
    assert made.returncode == 0, made.stderr
    assert made.stdout.splitlines()[0].startswith('AE.AESTDTC = "2024-02-10"')
    assert "edc.xlsx, sheet AE, row 3, column START" in made.stdout
    assert cli("trace", "outputs/S1", "AE", "USUBJID=S1-01", "AESTDTC", cwd=built_once.root).returncode == 2


def test_show_names_the_origin_of_lines(study: Study) -> None:
    made = cli("show", "mappings/S1/sdtm/ae.yaml", cwd=study.root)
    assert made.returncode == 0
    line = next(one for one in made.stdout.splitlines() if "AETERM" in one)
    assert line.split("#") == [line.split("#")[0], " mappings/S1/sdtm/ae.yaml:6"]


def test_the_module_runs_too(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "sdtm_builder", "--version"], cwd=ROOT, check=False,
                          capture_output=True, text=True)  # fmt: skip
    assert done.returncode == 0
