"""Packaged criteria of laboratory toxicity grades, as the tables that they are."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

from sdtm_builder.standards.errors import StandardsError

_NAMES = ("CTCAE-5.0",)


def criteria_names() -> tuple[str, ...]:
    """The criteria that are packaged."""
    return _NAMES


@lru_cache(maxsize=4)
def criteria_table(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of criteria by their name (`CTCAE-5.0`), the first one the names of the columns.

    Raises:
        StandardsError: no criteria of that name are packaged.
    """
    if name not in _NAMES:
        raise StandardsError(f"no criteria {name} are packaged; there are {', '.join(_NAMES)}")
    text = files(__package__).joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return tuple(tuple(row) for row in csv.reader(text.splitlines()))
