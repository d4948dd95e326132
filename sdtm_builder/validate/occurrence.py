"""The first-occurrence flags of occurrence data: within what each of them marks one record."""

from __future__ import annotations

from sdtm_builder.validate.table import Table

FLAGS = ("AOCCFL", "AOCCIFL", "AOCCPFL", "AOCCPIFL", "AOCCSFL", "AOCCSIFL")
POOL = ("TRTEMFL", "ANL01FL")
"""What tells the records among which a flag was chosen from others of the subject."""


def within(table: Table, flag: str) -> list[str]:
    """The variables of a group in which a flag marks one record; none where the dataset lacks the term or class."""
    names = ["USUBJID", *(["APERIOD"] if table.has("APERIOD") else [])]
    if flag in ("AOCCFL", "AOCCIFL"):
        return names
    level = table.named("--DECOD" if flag in ("AOCCPFL", "AOCCPIFL") else "--BODSYS")
    return [*names, level] if table.has(level) else []
