"""A mapping of LstCAR019 alone, over a few records that a test writes down."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import pandas as pd

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import Issue, IssueLog, Severity
from sdtm_builder.registry import load_all

from .lstcar import SPECS, frames

MAPPINGS = SPECS.parents[1] / "mappings" / "lstcar019" / "adam"
STUDY = """
study: {id: LSTCAR019, title: A few records}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
constants: {drug: LSTCAR019, cutoff: 2022-10-31}
codelists: {DTYPE: {add: {BLQZERO: Below Limit of Quantitation as Zero}}}
"""
ZERO = datetime(1960, 1, 1)


def days(text: str | None) -> float | None:
    """A date as ADaM's number; None if there is none."""
    return None if not text else (date.fromisoformat(text) - ZERO.date()).days


def seconds(text: str) -> float:
    """A datetime as ADaM's number."""
    return (datetime.fromisoformat(text) - ZERO).total_seconds()


def mapped(
    folder: Path, mappings: Sequence[str], given: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], list[Issue]]:
    """Datasets that the study's mappings make of given records, as texts; and what is more than a note.

    given : dataset -> records; those whose name begins with AD are of ADaM, dates as numbers
    """
    specs, adam, data = folder / "specs" / "S1", folder / "mappings" / "S1" / "adam", folder / "data"
    for path in (specs, adam, data):
        path.mkdir(parents=True)
    listed: dict[str, list[str]] = {"sdtm": [], "adam": []}
    for name, frame in given.items():
        frame.to_parquet(data / f"{name.lower()}.parquet")
        listed["adam" if name.startswith("AD") else "sdtm"].append(name)
    said = [f"  {k}: {{folder: ../../data, datasets: [{', '.join(v)}], standard: {k}}}" for k, v in listed.items() if v]
    core = "defaults:\n  adam:\n    core: [TRTSDT]\n"
    (specs / "study.yaml").write_text(STUDY + "given:\n" + "\n".join(said) + "\n" + core, encoding="utf-8")
    for name in mappings:
        shutil.copy(MAPPINGS / f"{name}.yaml", adam)
    load_all()
    log = IssueLog()
    prepared = prepare(specs, None, log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    made = frames(make(prepared))
    return made, [issue for issue in log if issue.severity is not Severity.NOTE]
