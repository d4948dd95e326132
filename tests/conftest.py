"""What costs much and several tests read is made once in a run of the tests, whichever of its processes asks first."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdtm_builder.write.lock import FileLock, LockHeldError

Once = Callable[[str, Callable[[Path], Any]], Any]
WAIT = 0.05  # seconds between two looks at a lock


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Once:
    """`once(name, make)`: what `make(folder)` returned, called one time in all processes of pytest-xdist together.

    The folder is new and stays until the end of the run. The result is handed on by pickle, so every process has its
    own; within a process it is one object, not to be changed. Where `make` raises, each caller sees it raise.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if hasattr(pytestconfig, "workerinput") else base) / "once"
    shared.mkdir(exist_ok=True)
    known: dict[str, Any] = {}

    def get(name: str, make: Callable[[Path], Any]) -> Any:
        if name not in known:
            known[name] = _shared(shared, name, make)
        return known[name]

    return get


def _shared(shared: Path, name: str, make: Callable[[Path], Any]) -> Any:
    """The result of that name: read if it is there, else made while no other process makes it."""
    done = shared / f"{name}.pickle"
    lock = FileLock(shared / f"{name}.lock")
    while not done.exists():
        try:
            lock.acquire()
        except LockHeldError:
            time.sleep(WAIT)
            continue
        try:
            if not done.exists():
                return _made(shared, name, make, done)
        finally:
            lock.release()
    return pickle.loads(done.read_bytes())


def _made(shared: Path, name: str, make: Callable[[Path], Any], done: Path) -> Any:
    result = make(Path(tempfile.mkdtemp(prefix=f"{name}-", dir=shared)))
    part = shared / f"{name}.part"
    part.write_bytes(pickle.dumps(result, pickle.HIGHEST_PROTOCOL))
    part.replace(done)
    return result
