"""The small study, new for each test or built once for tests that only read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from .kit import Study


@pytest.fixture
def study(tmp_path: Path) -> Study:
    """The study, not built."""
    return Study(tmp_path)


@pytest.fixture(scope="session")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Study:
    """The study with its build; not to be changed."""
    made = Study(tmp_path_factory.mktemp("built"))
    assert made.build()[0] == 0
    return made


@pytest.fixture
def built(built_once: Study, tmp_path: Path) -> Study:
    """The study with a good build, to be broken."""
    shutil.copytree(built_once.root, tmp_path / "study")
    return Study.at(tmp_path / "study")
