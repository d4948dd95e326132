"""Places, statuses, progress, schema, verify, show: what they say and return."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from sdtm_builder.commands import schema, show, verify
from sdtm_builder.commands.places import raw_folder, write_whole, written_folders
from sdtm_builder.commands.progress import progress
from sdtm_builder.commands.status import check_lines, status
from sdtm_builder.issues import Issue, IssueLog, Location, Severity
from sdtm_builder.write.manifest import build_manifest, write_manifest


def issue(severity: str, line: int = 1, caused_by: str = "") -> Issue:
    return Issue("r", Severity(severity), f"m{line}.", (Location(yaml="a.yaml", line=line, char=2),), "", "", caused_by)


def log_of(*issues: Issue) -> IssueLog:
    log = IssueLog()
    log.extend(issues)
    return log


@pytest.mark.parametrize(("found", "fail_on", "wanted"), [
    ("error", "error", 1), ("warning", "error", 0), ("note", "error", 0),
    ("error", "warning", 1), ("warning", "warning", 1), ("note", "warning", 0),
    ("note", "note", 1), ("error", "never", 0),
])  # fmt: skip
def test_status(found: str, fail_on: str, wanted: int) -> None:
    assert status(log_of(issue(found)), fail_on) == wanted
    assert status(log_of(), fail_on) == 0


def test_check_lines_errors_first_then_by_place() -> None:
    log = log_of(issue("note", 1), issue("error", 9), issue("warning", 3), issue("error", 2))
    assert check_lines(log) == [
        "a.yaml:2:2 r: m2.", "a.yaml:9:2 r: m9.", "warning: a.yaml:3:2 r: m3.", "note: a.yaml:1:2 r: m1.",
    ]  # fmt: skip


def test_check_lines_count_what_follows_from_another() -> None:
    causes = ["raw.AE", "", "raw.AE", "raw.B"]
    log = log_of(*(issue("error", line, cause) for line, cause in enumerate(causes, 1)))
    assert check_lines(log) == [
        "a.yaml:2:2 r: m2.", "raw.AE was not read: 2 more faults follow from it.",
        "raw.B was not read: 1 more fault follows from it.",
    ]  # fmt: skip


def test_raw_folder(tmp_path: Path) -> None:
    study = tmp_path / "specs" / "S1"
    assert raw_folder(study, None) is None
    (tmp_path / "outputs" / "S1-raw").mkdir(parents=True)
    assert raw_folder(study, None) == tmp_path / "outputs" / "S1-raw"
    assert raw_folder(study, tmp_path) == tmp_path


def test_written_folders(tmp_path: Path) -> None:
    assert written_folders(tmp_path / "none") == []
    assert written_folders(tmp_path) == []
    for name in ("sdtm", "adam", "report"):
        (tmp_path / name).mkdir()
    (tmp_path / "sdtm" / "AE.XPT").write_bytes(b"")
    (tmp_path / "report" / "x.xpt").write_bytes(b"")
    assert written_folders(tmp_path) == [tmp_path / "sdtm"]
    (tmp_path / "adam" / "define.xml").write_bytes(b"")
    assert written_folders(tmp_path) == [tmp_path / "sdtm", tmp_path / "adam"]
    assert written_folders(tmp_path / "adam") == [tmp_path / "adam"]


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "new" / "f.json"
    write_whole(path, lambda p: p.write_text("one") and None)
    assert path.read_text() == "one"

    def fail(p: Path) -> None:
        p.write_text("half")
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write_whole(path, fail)
    assert path.read_text() == "one"
    assert [p.name for p in path.parent.iterdir()] == ["f.json"]


def test_progress_elsewhere_is_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    out = io.StringIO()
    with progress(stream=out) as steps:
        steps.say("reading")
        steps.say("building AE")
        steps.tell("2 records")
    assert out.getvalue() == "reading\nbuilding AE\n"
    with progress(quiet=True, stream=out) as steps:
        steps.say("nothing")
    assert "nothing" not in out.getvalue()
    assert capsys.readouterr().out == "2 records\n"


def test_progress_on_a_terminal_is_a_bar_that_is_gone_before_a_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = Terminal()
    monkeypatch.setattr(sys, "stdout", out)
    with progress(stream=out) as steps:
        steps.say("building AE")
        steps.tell("2 records")
    before, _, after = out.getvalue().partition("2 records\n")
    assert "building AE" in before
    assert before.rstrip("\r").endswith("\x1b[2K"), "the line is erased first"
    assert after == ""


def test_schema_writes_both_and_says_how_to_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines: list[str] = []
    assert schema.run(tmp_path / "s", tell=lines.append) == 0
    assert lines[:2] == [str(tmp_path / "s" / "study.json"), str(tmp_path / "s" / "dataset.json")]
    lines.clear()
    monkeypatch.chdir(tmp_path)
    assert schema.run(tell=lines.append) == 0
    assert lines[2:] == [
        "First line of specs/STUDY/*.yaml, for editors: # yaml-language-server: $schema=../../docs/schema/study.json",
        "First line of mappings/STUDY/sdtm/*.yaml, for editors: # yaml-language-server: "
        "$schema=../../../docs/schema/dataset.json",
    ]
    dataset = json.loads((tmp_path / "s" / "dataset.json").read_text(encoding="utf-8"))
    study = json.loads((tmp_path / "s" / "study.json").read_text(encoding="utf-8"))
    assert dataset["required"] == ["dataset"]
    assert "AE" in dataset["properties"]["dataset"]["anyOf"][0]["enum"]
    assert "raw" in study["properties"]
    again = schema.schema_texts()
    assert again["study.json"] == (tmp_path / "s" / "study.json").read_text(encoding="utf-8")


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for name in ("out/dm.xpt", "specs/S/a.yaml", "raw/e.xlsx"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    specs, inputs = {"specs/S/a.yaml": tmp_path / "specs/S/a.yaml"}, {"e.xlsx": tmp_path / "raw/e.xlsx"}
    manifest = build_manifest(
        tmp_path / "out", study="S", as_of="2025-01-01", profile="final", tool_version="1", packages={},
        ct_packages=[], specs=specs, inputs=inputs,
    )  # fmt: skip
    write_manifest(tmp_path / "out", manifest)
    return tmp_path


def test_verify(build: Path) -> None:
    lines: list[str] = []
    out = build / "out"
    assert verify.run(out, project=build, raw=build / "raw", tell=lines.append) == 0
    assert lines == [f"{out}: 3 files as built: S, as of 2025-01-01, profile final."]
    (build / "raw" / "e.xlsx").write_text("another")
    (out / "more.txt").write_text("")
    lines.clear()
    assert verify.run(out, tell=lines.append) == 1
    assert lines[0] == "outputs: more.txt: not in the manifest"
    assert lines[-1] == f"{out}: 1 of 1 files differ from the build of S, as of 2025-01-01, profile final."
    lines.clear()
    assert verify.run(out, raw=build / "raw", tell=lines.append) == 1
    assert lines[0] == "inputs: e.xlsx: 7 bytes, the manifest has 10"


def test_verify_without_a_manifest(tmp_path: Path) -> None:
    lines: list[str] = []
    assert verify.run(tmp_path, tell=lines.append) == 2
    assert lines == [f"{tmp_path / 'manifest.json'}: absent; this folder is no build of sdtm_builder"]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "specs/S1/study.yaml": "extends: base\nstudy: {id: S1}\nstandards: {ct: {sdtm: 2025-03-28}}\n",
        "library/base/specs/study.yaml": "missing: [N/A]\n",
        "library/base/sdtm/ae.yaml": "dataset: AE\nrecords:\n  e: {from: raw.AE, set: {AETERM: TERM, AESER: SER}}\n",
        "mappings/S1/sdtm/ae.yaml": "records:\n  e: {set: {AETERM: REPORTED}}\n",
        "mappings/S1/sdtm/dm.yaml": "dataset: DM\nnonsense: 1\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def shown(path: Path) -> tuple[int, str, list[str]]:
    lines: list[str] = []
    faults: list[str] = []
    return show.run(path, tell=lines.append, complain=faults.append), "\n".join(lines), faults


def test_show_a_mapping_with_what_it_inherits(project: Path) -> None:
    code, text, _ = shown(project / "mappings/S1/sdtm/ae.yaml")
    lines = {line.split("#")[0].strip(): line.split("#")[1].strip() for line in text.splitlines()}
    assert lines["AETERM: REPORTED"] == "mappings/S1/sdtm/ae.yaml:2 over library/base/sdtm/ae.yaml:3"
    assert lines["AESER: SER"] == "library/base/sdtm/ae.yaml:3"
    assert code in (0, 2)  # the library's source is not declared in this study: that may be told


def test_show_the_study(project: Path) -> None:
    code, text, faults = shown(project / "specs/S1")
    assert (code, faults) == (0, [])
    assert "# library/base/specs/study.yaml:1" in text
    assert shown(project / "specs/S1/study.yaml") == (code, text, faults)


def test_show_tells_the_faults_of_the_file(project: Path) -> None:
    code, text, faults = shown(project / "mappings/S1/sdtm/dm.yaml")
    assert code == 2
    assert any(f.startswith("mappings/S1/sdtm/dm.yaml:2:1 unknown-key: `nonsense`") for f in faults)
    assert "dataset: DM" in text


@pytest.mark.parametrize("name", ["library/base/sdtm/ae.yaml", "nothing.yaml", "specs"])
def test_show_wants_a_file_of_a_study(name: str, project: Path) -> None:
    code, text, faults = shown(project / name)
    assert (code, text) == (2, "")
    assert faults == [
        f"{project / name}: this is no file of a study; name mappings/STUDY/sdtm/DATASET.yaml or specs/STUDY."
    ]
