"""A lock file that excludes a second process; the operating system frees it when its owner dies."""
from __future__ import annotations

import os
import sys
from pathlib import Path

__all__ = ["FileLock", "LockHeldError"]

_LOCKED_BYTE = 1 << 30   # beyond the text, so that others may read who holds the lock (Windows locks ranges of bytes)


class LockHeldError(Exception):
    """Another process holds the lock; pid is its number, 0 where it is not known."""

    def __init__(self, pid: int) -> None:
        super().__init__(f"held by process {pid}" if pid else "held by another process")
        self.pid = pid


class FileLock:
    """An exclusive lock on a file, which holds its owner's process number and is removed on release."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock at once.  Raises LockHeldError where another holds it, OSError from the file system."""
        while True:
            descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                if not _try_lock(descriptor):
                    raise LockHeldError(_read_pid(descriptor))
                if _is_same_file(self.path, descriptor):
                    os.ftruncate(descriptor, 0)
                    os.write(descriptor, f"{os.getpid()}\n".encode())
                    self._descriptor = descriptor
                    return
            finally:
                if self._descriptor != descriptor:
                    os.close(descriptor)

    def release(self) -> None:
        """Give the lock back and remove its file; nothing happens where it is not held."""
        if self._descriptor is None:
            return
        descriptor, self._descriptor = self._descriptor, None
        try:
            if sys.platform != "win32":   # removed while still held, so that nobody locks a file on its way out
                self.path.unlink(missing_ok=True)
        finally:
            os.close(descriptor)


def _is_same_file(path: Path, descriptor: int) -> bool:
    """Whether the locked file is still the one of that name: its last owner may have removed it meanwhile."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _read_pid(descriptor: int) -> int:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, 20).strip()
    return int(text) if text.isdigit() else 0


def _try_lock(descriptor: int) -> bool:
    if sys.platform == "win32":
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
