"""The manifest: its bytes, reading it back, and what verification finds."""
from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sdtm_builder.write.manifest import (
    FileEntry,
    Manifest,
    ManifestError,
    build_manifest,
    hash_file,
    is_manifest,
    package_versions,
    read_manifest,
    verify_manifest,
    write_manifest,
)


@pytest.fixture
def build(tmp_path: Path) -> Path:
    for name, content in {"out/sdtm/dm.xpt": "dm", "out/sdtm/ae.xpt": "ae", "out/run.log": "",
                          "specs/study.yaml": "a: 1\n", "raw/edc.csv": "x\n"}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, newline="\n")
    write_manifest(tmp_path / "out", make(tmp_path))
    return tmp_path


def make(root: Path, **changes: Any) -> Manifest:
    arguments: dict[str, Any] = {
        "study": "S1", "as_of": "2025-03-28", "profile": "draft", "tool_version": "1.2.3",
        "packages": {"pandas": "3.0", "numpy": "2.4"}, "ct_packages": ["SDTM CT 2025-03-28"],
        "specs": {"study.yaml": root / "specs/study.yaml"}, "inputs": {"edc.csv": root / "raw/edc.csv"}}
    return build_manifest(root / "out", **{**arguments, **changes})


def found(root: Path, **folders: Path) -> list[tuple[str, str, str]]:
    return [(problem.group, problem.path, problem.kind) for problem in verify_manifest(root / "out", **folders)]


def test_its_bytes(build: Path) -> None:
    dm, ae, empty, yaml, csv = (hashlib.sha256(raw).hexdigest() for raw in (b"dm", b"ae", b"", b"a: 1\n", b"x\n"))
    text = (build / "out/manifest.json").read_text("utf-8")
    assert json.loads(text) == {
        "format": "sdtm_builder manifest 1", "study": "S1", "as_of": "2025-03-28", "profile": "draft",
        "tool": {"name": "sdtm_builder", "version": "1.2.3"}, "packages": {"numpy": "2.4", "pandas": "3.0"},
        "ct_packages": ["SDTM CT 2025-03-28"], "partial": {"is_partial": False, "datasets": []},
        "specs": {"study.yaml": {"sha256": yaml, "size": 5}}, "inputs": {"edc.csv": {"sha256": csv, "size": 2}},
        "outputs": {"run.log": {"sha256": empty, "size": 0}, "sdtm/ae.xpt": {"sha256": ae, "size": 2},
                    "sdtm/dm.xpt": {"sha256": dm, "size": 2}}}
    assert text.startswith('{\n  "as_of": "2025-03-28",\n  "ct_packages": [\n')
    assert text.endswith("}\n")
    assert empty == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_same_files_same_bytes(build: Path) -> None:
    first = (build / "out/manifest.json").read_bytes()
    write_manifest(build / "out", make(build, packages={"numpy": "2.4", "pandas": "3.0"}))
    assert (build / "out/manifest.json").read_bytes() == first


def test_read_back_and_verify_clean(build: Path) -> None:
    assert read_manifest(build / "out") == make(build)
    assert found(build, specs=build / "specs", inputs=build / "raw") == []


def test_what_verification_finds(build: Path) -> None:
    out = build / "out"
    (out / "sdtm/dm.xpt").write_text("DM")
    (out / "sdtm/ae.xpt").unlink()
    (out / "run.log").write_text("more")
    (out / "notes").mkdir()
    (out / "notes/mine.txt").write_text("")
    (build / "specs/study.yaml").write_text("a: 2\n")
    (build / "raw/edc.csv").unlink()
    assert found(build) == [("outputs", "notes/mine.txt", "unlisted"), ("outputs", "run.log", "changed"),
                            ("outputs", "sdtm/ae.xpt", "missing"), ("outputs", "sdtm/dm.xpt", "changed")]
    assert found(build, specs=build / "specs", inputs=build / "raw")[:2] == [
        ("inputs", "edc.csv", "missing"), ("outputs", "notes/mine.txt", "unlisted")]
    assert ("specs", "study.yaml", "changed") in found(build, specs=build / "specs")


def test_links_and_folders_in_a_files_place(build: Path) -> None:
    out = build / "out"
    (out / "sdtm/dm.xpt").rename(build / "dm.xpt")
    (out / "sdtm/dm.xpt").symlink_to(build / "dm.xpt")
    (out / "run.log").unlink()
    (out / "run.log").mkdir()
    (out / "linked").symlink_to(build / "raw")
    assert found(build) == [("outputs", "linked", "unlisted"), ("outputs", "run.log", "irregular"),
                            ("outputs", "sdtm/dm.xpt", "irregular")]


def test_partial_builds_add_up(build: Path) -> None:
    first = make(build, only=["DM"], previous=make(build))
    assert first.partial == ("DM",)
    second = make(build, only=["AE", "DM"], previous=dataclasses.replace(first, partial=("DM", "VS")))
    assert second.partial == ("AE", "DM", "VS")
    assert make(build, previous=second).partial == ()
    write_manifest(build / "out", second)
    assert json.loads((build / "out/manifest.json").read_text())["partial"] == {
        "is_partial": True, "datasets": ["AE", "DM", "VS"]}
    assert read_manifest(build / "out") == second


@pytest.mark.parametrize(("old", "new", "message"), [
    ('"sdtm/dm.xpt"', '"../dm.xpt"', "leaves its folder"), ('"sdtm/dm.xpt"', '"/dm.xpt"', "leaves its folder"),
    ('"study": "S1"', '"study": 1', "damaged"), ('"study"', '"studi"', "attribute 'study' is absent"),
    ("manifest 1", "manifest 2", "is wanted"), ("{", "", "no JSON"), ('"size": 2', '"size": "2"', "size"),
    ('"outputs": {', '"outputs": [], "x": {', "damaged"),
])
def test_damage_is_an_error(build: Path, old: str, new: str, message: str) -> None:
    path = build / "out/manifest.json"
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(ManifestError, match=message):
        verify_manifest(build / "out")


def test_absent_and_foreign(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="no build of sdtm_builder"):
        read_manifest(tmp_path)
    assert not is_manifest(tmp_path / "manifest.json")
    (tmp_path / "manifest.json").write_text('{"name": "some web page"}')
    assert not is_manifest(tmp_path / "manifest.json")
    with pytest.raises(ManifestError, match="format None"):
        read_manifest(tmp_path)


def test_programmers_mistakes_raise(build: Path) -> None:
    with pytest.raises(ValueError, match="profile 'test'"):
        make(build, profile="test")
    for name in ("../x", "/x", "", "a/../x", "a\\x", "./x"):
        with pytest.raises(ValueError, match="relative POSIX path"):
            hash_file(build / "raw/edc.csv", name)
    assert hash_file(build / "raw/edc.csv", "a/b.csv") == FileEntry(
        "a/b.csv", "73cb3858a687a8494ca3323053016282f3dad39d42cf62ca4e79dda2aac7d9ac", 2)


def test_package_versions() -> None:
    versions = package_versions(["numpy", "no-such-package-of-ours"])
    assert list(versions) == ["python", "numpy"]
