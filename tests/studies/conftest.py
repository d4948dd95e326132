"""The reference study of seed 68, clean and with every flaw, built once for all tests of this folder."""

from __future__ import annotations

import pytest

from .lstcar import Study, study_of


@pytest.fixture(scope="session")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("clean"), 68, "none")


@pytest.fixture(scope="session")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("flawed"), 68, "all")
