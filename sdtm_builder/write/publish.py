"""Publish a build as a whole: made in a folder beside the target, swapped in by renames, the last one kept till then.

The target is `PARENT/NAME`; everything else lies beside it, so that every rename stays on one file system:

    .NAME.lock             held while a build of this target runs; freed by the system when its process dies
    .NAME.building-PID     the build in the making
    .NAME.previous         the last good build, during the swap
    .NAME.discarded-PID    what is being removed

A swap is: (1) NAME to .NAME.previous, (2) .NAME.building-PID to NAME, (3) .NAME.previous to .NAME.discarded-PID,
(4) remove that.  Whoever holds the lock next finds one of these states and mends it:

    previous there, NAME absent     died between 1 and 2: the last good build is put back under its name
    previous and NAME there         died between 2 and 3: the swap was done, so previous is discarded
    building or discarded there     left by a dead process, since the lock is ours: removed
"""
from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from sdtm_builder.write.lock import FileLock, LockHeldError
from sdtm_builder.write.manifest import (
    MANIFEST_NAME,
    Manifest,
    ManifestError,
    is_manifest,
    list_files,
    read_manifest,
    verify_manifest,
)

__all__ = ["Publication", "PublishError", "TargetBusy", "recover_target"]

_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


class PublishError(Exception):
    """A build cannot be published; the message says why and what to do.  The last good build is untouched."""


class TargetBusy(PublishError):
    """Another process builds the same target; pid is its number, 0 where it is not known."""

    def __init__(self, target: Path, pid: int) -> None:
        who = f"process {pid}" if pid else "another process"
        super().__init__(f"{target}: {who} is building this target; wait for it to end, or end it")
        self.target, self.pid = target, pid


class Publication:
    """`with Publication(target) as p:` write into `p.folder`; leaving the block without an exception publishes it.

    target: the folder to make or to replace whole.
    base: `empty`, or `copy` to start from copies of the last build's files, so that a run of some datasets replaces
    only those; the last build must be as its manifest has it.  Copies, not links: a writer may open a file in place.

    The build must hold a `manifest.json`.  A target is replaced only if it is absent, empty, or a build of this tool.
    On any exception, KeyboardInterrupt too, the last good build stays and the unfinished one is removed; an OSError of
    writing (disk full, read-only) becomes a PublishError.

    folder: where to write.  last: the manifest of the last build, None where there is none.
    unlisted: files in the target that no build put there and that the swap removes; the caller says so to its user.
    leftover: what could not be removed after the swap; the next build of this target removes it.
    """

    def __init__(self, target: Path, *, base: Literal["empty", "copy"] = "empty") -> None:
        if base not in ("empty", "copy"):
            raise ValueError(f"base {base!r}: allowed are empty, copy")
        self.target = Path(target).resolve()
        _refuse_precious(self.target)
        self.base = base
        self.last: Manifest | None = None
        self.unlisted: tuple[str, ...] = ()
        self.leftover: Path | None = None
        self.folder = _beside(self.target, f"building-{os.getpid()}")
        self._lock = FileLock(_beside(self.target, "lock"))

    def __enter__(self) -> Self:
        try:
            self.target.parent.mkdir(parents=True, exist_ok=True)
            _acquire(self._lock, self.target)
            try:
                self._prepare()
            except BaseException:
                _remove_quietly(self.folder)
                self._lock.release()
                raise
        except OSError as error:
            raise PublishError(_explain(self.target, error)) from error
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 traceback: TracebackType | None) -> None:
        try:
            if error is None:
                self._publish()
            elif isinstance(error, OSError) and self._is_about_writing(error):
                raise PublishError(_explain(self.target, error)) from error
        finally:
            _remove_quietly(self.folder)
            self._lock.release()

    def _prepare(self) -> None:
        _recover(self.target)
        _refuse_foreign(self.target)
        if (self.target / MANIFEST_NAME).exists():
            self._read_last()
        if self.base == "copy" and self.last is not None:
            problems = verify_manifest(self.target)
            if problems:
                shown = "; ".join(problem.message for problem in problems[:5])
                raise PublishError(f"{self.target}: the last build is not as its manifest has it ({len(problems)} "
                                   f"files: {shown}); build all datasets anew instead of some")
            shutil.copytree(self.target, self.folder, ignore=_ignore_manifest(self.target))
        else:
            self.folder.mkdir()

    def _read_last(self) -> None:
        try:
            self.last = read_manifest(self.target)
        except ManifestError as error:
            if self.base == "copy":
                raise PublishError(f"{error}; build all datasets anew instead of some") from error
            return
        listed = {entry.path for entry in self.last.outputs} | {MANIFEST_NAME}
        self.unlisted = tuple(name for name in list_files(self.target) if name not in listed)

    def _is_about_writing(self, error: OSError) -> bool:
        if error.errno in _DISK:
            return True
        return isinstance(error.filename, (str, os.PathLike)) and Path(error.filename).is_relative_to(self.folder)

    def _publish(self) -> None:
        if not (self.folder / MANIFEST_NAME).is_file():
            raise PublishError(f"{self.target}: the build has no {MANIFEST_NAME}; it was not published")
        try:
            _flush(self.folder)
            self._swap()
        except OSError as error:
            raise PublishError(_explain(self.target, error)) from error
        self._discard_previous()

    def _swap(self) -> None:
        previous = _beside(self.target, "previous")
        moved = False
        try:
            if self.target.exists():
                os.rename(self.target, previous)
                moved = True
            os.rename(self.folder, self.target)
        except BaseException as error:
            if moved and not self.target.exists():
                self._put_back(previous, error)
            raise

    def _put_back(self, previous: Path, cause: BaseException) -> None:
        try:
            os.rename(previous, self.target)
        except OSError as error:
            raise PublishError(f"{self.target}: the swap failed ({cause}), and so did putting the last build back "
                               f"({error}); it lies at {previous}, and the next build puts it back") from cause

    def _discard_previous(self) -> None:
        """The swap is done: what cannot be removed now is no failure, it is named and left to the next build."""
        previous = _beside(self.target, "previous")
        try:
            _flush_folder(self.target.parent)
            _discard(self.target, previous)
        except OSError as error:
            self.leftover = Path(error.filename) if isinstance(error.filename, str) else previous


def recover_target(target: Path) -> None:
    """Mend what a killed build of this target left behind, for commands that only read it.

    Raises TargetBusy while a build runs, PublishError where the file system refuses.
    """
    target = Path(target).resolve()
    if not target.parent.is_dir():
        return
    lock = FileLock(_beside(target, "lock"))
    try:
        _acquire(lock, target)
        try:
            _recover(target)
        finally:
            lock.release()
    except OSError as error:
        raise PublishError(_explain(target, error)) from error


# ---------------------------------------------------------------- steps

def _beside(target: Path, role: str) -> Path:
    return target.parent / f".{target.name}.{role}"


def _acquire(lock: FileLock, target: Path) -> None:
    try:
        lock.acquire()
    except LockHeldError as error:
        raise TargetBusy(target, error.pid) from None


def _recover(target: Path) -> None:
    """Bring the folders beside the target into a settled state; the lock is held."""
    previous = _beside(target, "previous")
    if previous.exists():
        if target.exists():
            _discard(target, previous)
        else:
            os.rename(previous, target)
    prefixes = tuple(_beside(target, role).name for role in ("building-", "discarded-"))
    for path in sorted(target.parent.iterdir()):
        if path.name.startswith(prefixes) and path.name.rpartition("-")[2].isdigit():
            shutil.rmtree(path)


def _discard(target: Path, previous: Path) -> None:
    """Remove a folder under a name that nobody restores from, so that half of it is never taken for a build."""
    if not previous.exists():
        return
    discarded = _beside(target, f"discarded-{os.getpid()}")
    os.rename(previous, discarded)
    shutil.rmtree(discarded)


def _refuse_precious(target: Path) -> None:
    home = Path.home().resolve()
    if target == Path(target.anchor) or home.is_relative_to(target):
        raise PublishError(f"{target}: a build replaces its target whole; the root, the home folder and what lies "
                           "above it are refused; name a folder of its own")


def _refuse_foreign(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise PublishError(f"{target}: a file stands in the target's place; move it away or name another target")
    if any(target.iterdir()) and not is_manifest(target / MANIFEST_NAME):
        raise PublishError(f"{target}: this folder is not empty and holds no manifest of an earlier build, so it is "
                           "not replaced; empty it or name another target")


def _ignore_manifest(root: Path) -> Callable[[str, list[str]], list[str]]:
    """The old manifest is not copied: a partial build without its own would pass for the old one."""
    return lambda folder, names: [MANIFEST_NAME] if Path(folder) == root and MANIFEST_NAME in names else []


def _flush(folder: Path) -> None:
    """Have the system write all files to the disk: a rename must never arrive before what it names."""
    for path, _, files in os.walk(folder):
        for name in files:
            descriptor = os.open(os.path.join(path, name), os.O_RDWR if sys.platform == "win32" else os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        _flush_folder(Path(path))


def _flush_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove_quietly(folder: Path) -> None:
    """Remove an unfinished build; what resists is left to the next build, whose lock makes it stale."""
    shutil.rmtree(folder, ignore_errors=True)


def _explain(target: Path, error: OSError) -> str:
    where = f" ({error.filename})" if error.filename else ""
    cause = {errno.ENOSPC: "the disk is full", errno.EDQUOT: "the disk quota is used up",
             errno.EROFS: "the file system is read-only", errno.EACCES: "no permission to write",
             errno.EPERM: "no permission to write"}.get(error.errno or 0, error.strerror or str(error))
    return f"{target}: {cause}{where}; nothing was published, the last build is as it was"
