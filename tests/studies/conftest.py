"""The reference study by seed and flaws, each built once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from .lstcar import Study, study_of

Built = Callable[[int, str], Study]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The study of a seed, `none` or `all` of the flaws planted."""
    made: dict[tuple[int, str], Study] = {}

    def get(seed: int, flaws: str) -> Study:
        if (seed, flaws) not in made:
            made[seed, flaws] = study_of(tmp_path_factory.mktemp(f"seed-{seed}-{flaws}"), seed, flaws)
        return made[seed, flaws]

    return get


@pytest.fixture(scope="session")
def clean(built: Built) -> Study:
    return built(68, "none")


@pytest.fixture(scope="session")
def flawed(built: Built) -> Study:
    return built(68, "all")
