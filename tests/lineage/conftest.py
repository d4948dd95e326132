"""One build of the small study for all tests of traces."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.lineage_kit import outputs


@pytest.fixture(scope="session")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """outputs/S1 with its lineage."""
    return outputs(tmp_path_factory.mktemp("traced"))
