"""A build that is stopped, by a full disk, a signal or another build: the last good output stays, whole."""

from __future__ import annotations

import contextlib
import errno
import resource
import signal
import subprocess
import sys

import pytest

from sdtm_builder.write.manifest import verify_manifest
from sdtm_builder.write.publish import Publication

from .kit import Study, cli, command

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals and limits")


@pytest.mark.parametrize(("where", "number", "said"), [
    ("write_xpt", errno.ENOSPC, "the disk is full"),
    ("write_define", errno.EROFS, "the file system is read-only"),
    ("write_lineage", errno.EDQUOT, "the disk quota is used up"),
    ("write_html", errno.ENOSPC, "the disk is full"),
    ("write_manifest", errno.ENOSPC, "the disk is full"),
])  # fmt: skip
def test_disk_refuses(where: str, number: int, said: str, built: Study, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **options: object) -> None:
        raise OSError(number, "injected")

    before = built.state()
    monkeypatch.setattr(f"sdtm_builder.commands.output.{where}", refuse)
    status, lines = built.build()
    assert status == 2
    assert lines == [f"{built.out}: {said}; nothing was published, the last build is as it was"]
    assert built.state() == before


def test_target_cannot_be_made(study: Study) -> None:
    (study.root / "full").write_text("a file")
    status, lines = study.build(out=study.root / "full" / "S1")
    assert status == 2
    assert len(lines) == 1
    assert lines[0].startswith(f"{study.root / 'full' / 'S1'}: ")
    assert lines[0].endswith("nothing was published, the last build is as it was")


def test_a_folder_of_other_things_is_not_replaced(study: Study) -> None:
    (study.root / "mine").mkdir()
    (study.root / "mine" / "thesis.docx").write_text("years of work")
    status, lines = study.build(out=study.root / "mine")
    assert status == 2
    assert "holds no manifest of an earlier build, so it is not replaced" in lines[0]
    assert (study.root / "mine" / "thesis.docx").read_text() == "years of work"


def test_files_larger_than_the_system_allows(built: Study) -> None:
    before = built.state()
    arguments, options = command("build", "specs/S1", "-q", cwd=built.root)
    limit = (8_192, 8_192)
    made = subprocess.run(arguments, timeout=120, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit), **options)  # fmt: skip
    assert made.returncode == 2, made.stderr
    assert "Traceback" not in made.stdout + made.stderr
    assert built.state() == before


def stopped_at(line: str, number: signal.Signals, study: Study) -> subprocess.Popen[str]:
    """Start a build, wait for a line of its progress, send it a signal and wait for its end."""
    arguments, options = command("build", "specs/S1", cwd=study.root)
    process: subprocess.Popen[str] = subprocess.Popen(arguments, **options)
    assert process.stderr is not None
    for said in process.stderr:
        if said.strip() == line:
            break
    process.send_signal(number)
    process.wait(timeout=60)
    return process


@pytest.mark.parametrize(("line", "number"), [
    ("checking", signal.SIGINT),
    ("writing sdtm", signal.SIGINT),
    ("reading", signal.SIGTERM),
])  # fmt: skip
def test_interrupted(line: str, number: signal.Signals, built: Study) -> None:
    before = built.state()
    process = stopped_at(line, number, built)
    out, err = process.communicate()
    assert process.returncode == 130, err
    assert err.splitlines()[-1] == "Interrupted; nothing was published, the last good output is as it was."
    assert "Traceback" not in out + err
    assert built.state() == before


def test_killed(built: Study) -> None:
    before = built.state()
    process = stopped_at("writing sdtm", signal.SIGKILL, built)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    left = {name: sum256 for name, sum256 in built.state().items() if name.startswith("S1/")}
    assert left == before
    assert cli("build", "specs/S1", "-q", cwd=built.root).returncode == 0
    assert verify_manifest(built.out) == []
    assert sorted(p.name for p in built.out.parent.iterdir()) == ["S1", "S1-raw"]


def test_two_builds_of_one_target(built: Study) -> None:
    with contextlib.suppress(KeyboardInterrupt), Publication(built.out):
        before = built.state()
        status, lines = built.build()
        assert status == 2
        assert lines[0].startswith(f"{built.out}: process ")
        assert lines[0].endswith(" is building this target; wait for it to end, or end it")
        assert built.state() == before
        raise KeyboardInterrupt  # the first build ends without publishing
    assert built.build()[0] == 0
