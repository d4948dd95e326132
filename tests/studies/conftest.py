"""The reference study by seed and flaws, each built once for all tests: in memory, and by the command line as files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from .lstcar import Study, study_of

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2022-11-01"  # the day after the cut-off


class Written(NamedTuple):
    """The folders of raw files and of the build; both for reading alone."""

    raw: Path
    out: Path


Built = Callable[[int, str], Study]
Files = Callable[[int, str], Written]
Once = Callable[[str, Callable[[Path], Any]], Any]


@pytest.fixture(scope="session")
def built(once: Once) -> Built:
    """The study of a seed, `none` or `all` of the flaws planted."""

    def get(seed: int, flaws: str) -> Study:
        found: Study = once(f"study-{seed}-{flaws}", partial(study_of, seed=seed, flaws=flaws))
        return found

    return get


@pytest.fixture(scope="session")
def files(once: Once) -> Files:
    """The raw files and the build of a seed, `none` or `all` of the flaws planted, as the command line makes them."""

    def get(seed: int, flaws: str) -> Written:
        found: Written = once(f"files-{seed}-{flaws}", partial(written, seed=seed, flaws=flaws))
        return found

    return get


def written(folder: Path, seed: int, flaws: str) -> Written:
    """Simulate and build by the command line."""
    raw, out = folder / "raw", folder / "out"
    run("simulate", "lstcar019", "--seed", str(seed), "--flaws", flaws, "--out", str(raw))
    run("build", "specs/lstcar019", "--raw", str(raw), "--out", str(out), "--as-of", AS_OF, "--quiet",
        "--fail-on", "never")  # fmt: skip
    return Written(raw, out)


def run(*arguments: str) -> None:
    """A command of the tool, which must succeed."""
    done = subprocess.run([sys.executable, "-m", "sdtm_builder", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def clean(built: Built) -> Study:
    """Seed 68 without flaws."""
    return built(68, "none")


@pytest.fixture(scope="session")
def flawed(built: Built) -> Study:
    """Seed 68 with all flaws."""
    return built(68, "all")
