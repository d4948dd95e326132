"""ADTTE and the DLT set of LstCAR019 against a second programming (oracle_adtte.py), record by record.

The command line makes the raw files and the datasets; both sides are read from the written transport files. Where
the tool names an ADaM dataset as the source, the second programming, which has none, names its SDTM domain.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyreadstat
import pytest

from . import oracle_adtte
from .conftest import Files

SOURCES = {"ADRS": "RS", "ADAE": "AE", "ADPC": "PC"}
COMPARED = ["USUBJID", "PARAMCD", "STARTDT", "ADT", "AVAL", "CNSR", "EVNTDESC", "CNSDTDSC", "SRCDOM"]
PARAMETERS = {
    "OS", "OSW24", "PFS", "PFSW24", "EFS", "EFSW24", "DOR", "DORW24", "DORCR", "TTDLT", "CRSTM", "CRSDUR", "PERS",
    "PFSALL", "OSTX",
}  # fmt: skip
# Infused subjects by seed, crf.md 2.1, and their DLTs where none is planted.
INFUSED = {"68": 28, "4": 25, "5": 6}
DLTS = {
    "68": {"S005", "S013", "S018", "S023"},
    "4": {"S011", "S017", "S018", "S021", "S029"},
    "5": {"S002", "S007"},
}


class Sides(NamedTuple):
    """A build's ADaM folder, the SDTM frames it was made from, and what was simulated."""

    adam: Path
    sdtm: dict[str, pd.DataFrame]
    seed: str
    flaws: str

    def dataset(self, name: str) -> pd.DataFrame:
        return pyreadstat.read_xport(str(self.adam / f"{name}.xpt"))[0]


CASES = [(seed, flaws) for seed in INFUSED for flaws in ("none", "all")]


@pytest.fixture(scope="module", params=CASES, ids=lambda p: f"seed-{p[0]}-flaws-{p[1]}")
def sides(request: pytest.FixtureRequest, files: Files) -> Sides:
    seed, flaws = request.param
    out = files(int(seed), flaws).out
    return Sides(out / "adam", oracle_adtte.read(out / "sdtm"), seed, flaws)


def comparable(found: pd.DataFrame) -> pd.DataFrame:
    """The compared variables as texts, in the order of the keys; a missing value is ""."""
    texts = {v: ["" if pd.isna(x) else f"{x:g}" if isinstance(x, float) else str(x) for x in found[v]]
             for v in COMPARED}  # fmt: skip
    return pd.DataFrame(texts).sort_values(["USUBJID", "PARAMCD"], ignore_index=True)


def test_records_agree(sides: Sides) -> None:
    tool = sides.dataset("adtte")
    tool["SRCDOM"] = tool["SRCDOM"].replace(SOURCES)
    second = oracle_adtte.adtte(sides.sdtm)
    for name in ("AVAL", "CNSR"):
        second[name] = second[name].astype(float)
    ours, theirs = ({r[:2]: r for r in comparable(d).itertuples(index=False, name=None)} for d in (tool, second))
    differ = [f"tool {ours.get(k)}\n  second {theirs.get(k)}" for k in sorted({*ours, *theirs}) if
              ours.get(k) != theirs.get(k)]  # fmt: skip
    assert not differ, "\n".join(differ)
    assert len(ours) == len(tool)
    assert len(theirs) == len(second)


def test_parameters_and_subjects(sides: Sides) -> None:
    """Every parameter is there, and those of all infused subjects once for each of them."""
    counts = oracle_adtte.adtte(sides.sdtm)["PARAMCD"].value_counts()
    assert set(counts.index) == PARAMETERS
    of_all = PARAMETERS - {"DOR", "DORW24", "DORCR", "CRSDUR"}
    assert {p: int(counts[p]) for p in of_all} == dict.fromkeys(of_all, INFUSED[sides.seed])


def test_dlt_set_agrees(sides: Sides) -> None:
    names = ["USUBJID", "DLTFL", "DLTEVLFL", "DLTESEXP"]
    tool = sides.dataset("adsl")[names].sort_values("USUBJID")
    second = oracle_adtte.dlt_set(sides.sdtm)
    assert list(second.itertuples(index=False, name=None)) == list(tool.itertuples(index=False, name=None))
    if sides.flaws == "none":
        found = {str(u)[-4:] for u, dlt in zip(second["USUBJID"], second["DLTFL"], strict=True) if dlt == "Y"}
        assert found == DLTS[sides.seed]
