"""Publication: the swap, every way it can fail, killed processes, and two builds of one target."""
from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdtm_builder.write import publish
from sdtm_builder.write.lock import FileLock
from sdtm_builder.write.manifest import build_manifest, read_manifest, verify_manifest, write_manifest
from sdtm_builder.write.publish import Publication, PublishError, TargetBusy, recover_target

ROOT = Path(__file__).resolve().parents[2]


def fill(folder: Path, **files: str) -> None:
    for name, content in files.items():
        (folder / name).write_text(content)
    manifest = build_manifest(folder, study="S", as_of="2025-01-01", profile="draft", tool_version="1", packages={},
                              ct_packages=[], specs={}, inputs={})
    write_manifest(folder, manifest)


def build(target: Path, then: Callable[[], None] = lambda: None, **files: str) -> None:
    with Publication(target) as publication:
        fill(publication.folder, **files)
        then()


def throw(error: BaseException) -> None:
    raise error


def content(target: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(target.iterdir()) if path.name != "manifest.json"}


def around(target: Path) -> list[str]:
    return sorted(path.name for path in target.parent.iterdir())


@pytest.fixture
def target(tmp_path: Path) -> Path:
    target = tmp_path / "STUDY"
    build(target, dm="old")
    return target


def is_last_good(target: Path) -> bool:
    return content(target) == {"dm": "old"} and verify_manifest(target) == [] and around(target) == ["STUDY"]


def test_first_build_makes_folders_above(tmp_path: Path) -> None:
    build(tmp_path / "outputs/STUDY", dm="1")
    assert content(tmp_path / "outputs/STUDY") == {"dm": "1"}
    assert around(tmp_path / "outputs/STUDY") == ["STUDY"]


def test_a_build_replaces_the_last_whole(target: Path) -> None:
    with Publication(target) as publication:
        assert publication.last == read_manifest(target)
        assert publication.folder.name == f".STUDY.building-{os.getpid()}"
        fill(publication.folder, ae="new")
        assert content(target) == {"dm": "old"}
    assert content(target) == {"ae": "new"}
    assert around(target) == ["STUDY"]
    assert (publication.leftover, publication.unlisted) == (None, ())


def test_copy_replaces_some_files_and_never_the_old_ones_in_place(target: Path) -> None:
    with Publication(target, base="copy") as publication:
        assert content(publication.folder) == {"dm": "old"}
        assert not (publication.folder / "manifest.json").exists()
        with open(publication.folder / "dm", "r+") as file:
            file.write("NEW")
        assert content(target) == {"dm": "old"}
        fill(publication.folder, ae="x")
    assert content(target) == {"ae": "x", "dm": "NEW"}


def test_copy_without_a_last_build_begins_empty(tmp_path: Path) -> None:
    with Publication(tmp_path / "S", base="copy") as publication:
        assert publication.last is None
        fill(publication.folder, dm="1")
    assert content(tmp_path / "S") == {"dm": "1"}


def test_copy_refuses_a_last_build_that_was_changed(target: Path) -> None:
    (target / "dm").write_text("hand")
    with pytest.raises(PublishError, match=r"dm: .*build all datasets anew"), Publication(target, base="copy"):
        pass
    assert content(target) == {"dm": "hand"}
    assert around(target) == ["STUDY"]


def test_files_that_no_build_made_are_named(target: Path) -> None:
    (target / "notes.txt").write_text("mine")
    with Publication(target) as publication:
        assert publication.unlisted == ("notes.txt",)
        fill(publication.folder, dm="new")


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), SystemExit(3),
                                   FileNotFoundError(2, "gone", "/raw/x")])
def test_an_exception_leaves_the_last_good_build(target: Path, error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        build(target, then=lambda: throw(error), dm="half")
    assert caught.value is error
    assert is_last_good(target)


@pytest.mark.parametrize(("number", "message"), [(errno.ENOSPC, "the disk is full"), (errno.EDQUOT, "quota"),
                                                 (errno.EROFS, "read-only")])
def test_writing_that_fails_is_explained(target: Path, number: int, message: str) -> None:
    with pytest.raises(PublishError, match=message), Publication(target):
        raise OSError(number, os.strerror(number))
    assert is_last_good(target)


def test_no_permission_inside_the_build_is_explained(target: Path) -> None:
    with pytest.raises(PublishError, match="no permission to write"), Publication(target) as publication:
        raise PermissionError(errno.EACCES, "Permission denied", str(publication.folder / "dm.xpt"))
    assert is_last_good(target)


def test_a_target_that_cannot_be_written_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: Any, **options: Any) -> None:
        raise OSError(errno.EROFS, "Read-only file system", "x")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(PublishError, match="read-only"), Publication(tmp_path / "S"):
        pass


def test_a_build_without_a_manifest_is_not_published(target: Path) -> None:
    with pytest.raises(PublishError, match=r"has no manifest\.json"), Publication(target) as publication:
        (publication.folder / "dm").write_text("new")
    assert is_last_good(target)


@pytest.mark.parametrize("step", [1, 2])
@pytest.mark.parametrize("error", [OSError(errno.EBUSY, "Device or resource busy"), KeyboardInterrupt()])
def test_a_rename_that_fails_leaves_the_last_good_build(target: Path, monkeypatch: pytest.MonkeyPatch, step: int,
                                                        error: BaseException) -> None:
    rename, calls = os.rename, []

    def fail(old: Any, new: Any) -> None:
        calls.append(new)
        if len(calls) == step:
            raise error
        rename(old, new)

    expected = PublishError if isinstance(error, OSError) else KeyboardInterrupt
    with pytest.raises(expected):
        build(target, then=lambda: monkeypatch.setattr(os, "rename", fail), dm="new")
    monkeypatch.setattr(os, "rename", rename)
    assert len(calls) == (1 if step == 1 else 3)
    assert is_last_good(target)


def test_when_even_putting_back_fails_the_next_build_does_it(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rename, calls = os.rename, []

    def fail(old: Any, new: Any) -> None:
        calls.append(new)
        if len(calls) > 1:
            raise OSError(errno.EIO, "Input/output error")
        rename(old, new)

    with monkeypatch.context() as patch, pytest.raises(PublishError, match=r"it lies at .*previous"):
        build(target, then=lambda: patch.setattr(os, "rename", fail), dm="new")
    assert around(target) == [".STUDY.previous"]
    recover_target(target)
    assert is_last_good(target)


def test_what_cannot_be_removed_after_the_swap_is_no_failure(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(path: Any, ignore_errors: bool = False, **options: Any) -> None:
        if not ignore_errors:
            raise OSError(errno.EBUSY, "busy", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(publish.shutil, "rmtree", fail)
        with Publication(target) as publication:
            fill(publication.folder, dm="new")
    assert publication.leftover == target.parent / f".STUDY.discarded-{os.getpid()}"
    assert content(target) == {"dm": "new"}
    build(target, dm="newer")
    assert around(target) == ["STUDY"]


@pytest.mark.parametrize("state", ["between 1 and 2", "between 2 and 3", "while building", "while discarding"])
def test_every_state_of_a_dead_build_is_mended(target: Path, state: str) -> None:
    beside = target.parent
    if state == "between 1 and 2":
        target.rename(beside / ".STUDY.previous")
        (beside / ".STUDY.building-999999").mkdir()
    elif state == "between 2 and 3":
        (beside / ".STUDY.previous").mkdir()
        (beside / ".STUDY.previous/dm").write_text("older")
    else:
        role = "building" if state == "while building" else "discarded"
        (beside / f".STUDY.{role}-999999").mkdir()
        (beside / f".STUDY.{role}-999999/half").write_text("")
    (beside / ".STUDY.lock").write_text("999999\n")
    (beside / ".STUDY2.building-1").mkdir()
    (beside / ".STUDY.building-notes").mkdir()
    with Publication(target) as publication:
        assert content(target) == {"dm": "old"}
        fill(publication.folder, dm="new")
    assert content(target) == {"dm": "new"}
    assert around(target) == [".STUDY.building-notes", ".STUDY2.building-1", "STUDY"]


def test_refused_targets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "users/me"))
    (tmp_path / "users/me").mkdir(parents=True)
    for path in (Path("/"), *(tmp_path / name for name in ("", "users", "users/me", "users/me/x/.."))):
        with pytest.raises(PublishError, match="the home folder"):
            Publication(path)
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishError, match="a file stands"), Publication(tmp_path / "file"):
        pass
    (tmp_path / "page").mkdir()
    (tmp_path / "page/manifest.json").write_text('{"name": "some web page"}')
    with pytest.raises(PublishError, match="holds no manifest of an earlier build"), Publication(tmp_path / "page"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "page", "users"]
    (tmp_path / "empty").mkdir()
    build(tmp_path / "empty", dm="1")
    assert content(tmp_path / "empty") == {"dm": "1"}


def test_a_link_to_the_target_stays_a_link(tmp_path: Path, target: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere/link"
    link.symlink_to(target)
    build(link, dm="new")
    assert link.is_symlink()
    assert content(target) == {"dm": "new"}


# ---------------------------------------------------------------- other processes

CHILD = """
import os, sys
from pathlib import Path
from sdtm_builder.write.publish import Publication
target, stop = Path(sys.argv[1]), sys.argv[2]
real, calls = os.rename, []
def rename(old, new):
    if len(calls) == int(stop):
        print("ready", flush=True)
        sys.stdin.read()
    calls.append(new)
    real(old, new)
with Publication(target) as publication:
    (publication.folder / "dm").write_text("half")
    (publication.folder / "manifest.json").write_text('{"format": "sdtm_builder manifest 1"}')
    if stop == "inside":
        print("ready", flush=True)
        sys.stdin.read()
    else:
        os.rename = rename
"""


def start(target: Path, stop: str) -> subprocess.Popen[str]:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(target), stop], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, text=True, cwd=ROOT)
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def end(child: subprocess.Popen[str], kill: bool) -> int:
    if kill:
        child.send_signal(signal.SIGKILL)
    child.communicate()
    return child.returncode


@pytest.mark.parametrize(("stop", "names", "kept"), [
    ("inside", {".STUDY.building", ".STUDY.lock", "STUDY"}, "old"),
    ("0", {".STUDY.building", ".STUDY.lock", "STUDY"}, "old"),
    ("1", {".STUDY.building", ".STUDY.lock", ".STUDY.previous"}, "old"),
    ("2", {".STUDY.lock", ".STUDY.previous", "STUDY"}, "half"),
])
def test_a_killed_build_loses_nothing(target: Path, stop: str, names: set[str], kept: str) -> None:
    assert end(start(target, stop), kill=True) == -signal.SIGKILL
    assert {name.partition("-")[0] for name in around(target)} == names
    recover_target(target)
    assert content(target) == {"dm": kept}
    assert around(target) == ["STUDY"]
    build(target, dm="next")
    assert content(target) == {"dm": "next"}


def test_two_builds_of_one_target_exclude_each_other(target: Path) -> None:
    child = start(target, "inside")
    try:
        with pytest.raises(TargetBusy, match=f"process {child.pid} is building") as caught, Publication(target):
            pass
        assert caught.value.pid == child.pid
        with pytest.raises(TargetBusy):
            recover_target(target)
        assert content(target) == {"dm": "old"}
        build(target.parent / "OTHER", dm="1")
    finally:
        status = end(child, kill=False)
    assert status == 0
    assert content(target) == {"dm": "half"}
    assert around(target) == ["OTHER", "STUDY"]


def test_one_process_cannot_build_a_target_twice_at_once(target: Path) -> None:
    with Publication(target) as outer:
        with pytest.raises(TargetBusy) as caught, Publication(target):
            pass
        assert caught.value.pid == os.getpid()
        fill(outer.folder, dm="new")
    assert content(target) == {"dm": "new"}


def test_a_lock_removed_by_its_last_owner_is_taken_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "lock"
    real, opened = os.open, []

    def open_then_lose(*arguments: Any) -> int:
        descriptor = real(*arguments)
        if not opened:
            path.unlink()
        opened.append(descriptor)
        return descriptor

    monkeypatch.setattr(os, "open", open_then_lose)
    lock = FileLock(path)
    lock.acquire()
    assert len(opened) == 2
    assert path.read_text() == f"{os.getpid()}\n"
    lock.release()
    lock.release()
    assert not path.exists()
