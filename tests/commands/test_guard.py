"""The error handler: each way a command can end, and its exit status."""

from __future__ import annotations

import errno
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sdtm_builder.commands import guard
from sdtm_builder.commands.guard import guarded, log_folder, write_log

NOW = datetime(2025, 6, 30, 12, 0, 5, tzinfo=UTC)


def throw(error: BaseException) -> Callable[[], int]:
    def action() -> int:
        raise error

    return action


@pytest.mark.parametrize("status", [0, 1, 2])
def test_a_commands_own_status(status: int) -> None:
    assert guarded(lambda: status) == status


@pytest.mark.parametrize(("error", "said"), [
    (OSError(errno.ENOSPC, "No space left on device", "/x/y"), "/x/y: No space left on device.\n"),
    (PermissionError(errno.EACCES, "Permission denied", "/x/y"), "/x/y: Permission denied.\n"),
    (FileNotFoundError(errno.ENOENT, "No such file or directory", "z"), "z: No such file or directory.\n"),
    (OSError(errno.EROFS, "Read-only file system"), "Read-only file system.\n"),
])  # fmt: skip
def test_the_file_system_refuses(error: OSError, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(throw(error)) == 2
    assert capsys.readouterr().err == said


@pytest.mark.parametrize("error", [
    RuntimeError("x"), KeyError("x"), OSError("no number"), MemoryError(), RecursionError(), UnicodeError("x"),
])  # fmt: skip
def test_a_bug(
    error: Exception, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SDTM_BUILDER_LOG", str(tmp_path / "logs"))
    assert guarded(throw(error), ["build", "x"]) == 3
    (log,) = (tmp_path / "logs").iterdir()
    said = capsys.readouterr().err
    assert said.splitlines()[0] == f"This is a bug of sdtm-builder ({type(error).__name__}); nothing was published."
    assert str(log) in said
    assert "Traceback" not in said
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_an_interrupt(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(throw(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "Interrupted; nothing was published, the last good output is as it was.\n"


def test_sigterm_is_an_interrupt() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def action() -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()
        return 0

    assert guarded(action) == 130
    assert signal.getsignal(signal.SIGTERM) == before


def test_the_log_is_written_where_it_can_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SDTM_BUILDER_LOG", str(tmp_path / "file"))
    monkeypatch.setattr(guard.tempfile, "gettempdir", lambda: str(tmp_path / "temp"))
    path = write_log("text", ["a"], NOW)
    assert path == tmp_path / "temp" / f"error-20250630T120005-{os.getpid()}.log"
    assert path.read_text(encoding="utf-8").endswith("2025-06-30T12:00:05+00:00 ['a']\n\ntext")
    monkeypatch.setattr(guard.tempfile, "gettempdir", lambda: str(tmp_path / "file"))
    assert write_log("text", ["a"], NOW) is None


def test_the_folder_of_logs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SDTM_BUILDER_LOG", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert log_folder() == tmp_path / "sdtm-builder"
    monkeypatch.setenv("XDG_STATE_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert log_folder() == tmp_path / "home" / ".local" / "state" / "sdtm-builder"
