"""LstCAR019 simulated and built: datasets as texts, issues and answer key, for the tests of this folder."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sdtm_builder.commands.pipeline import Made, make, prepare
from sdtm_builder.issues import Issue, IssueLog
from sdtm_builder.model import Kind, Vector
from sdtm_builder.registry import load_all
from sdtm_builder.simulate import simulate

SPECS = Path(__file__).resolve().parents[2] / "specs" / "lstcar019"


@dataclass
class Study:
    """A simulated study as built: raw folder, datasets as frames of texts, issues, answer key."""

    raw: Path
    data: dict[str, pd.DataFrame]
    issues: list[Issue]
    truth: dict[str, Any]

    @property
    def flaws(self) -> list[dict[str, Any]]:
        """The planted flaws."""
        return list(self.truth["flaws"])

    def of(self, dataset: str, **values: str) -> pd.DataFrame:
        """Records of a dataset with these values."""
        found = self.data[dataset]
        for name, value in values.items():
            found = found[found[name] == value]
        return found

    def one(self, dataset: str, variable: str, **values: str) -> str:
        """A variable of the one record with these values."""
        found = list(self.of(dataset, **values)[variable])
        assert len(found) == 1, (dataset, values, found)
        return str(found[0])

    def qualifier(self, dataset: str, qnam: str, **values: str) -> str:
        """A supplemental qualifier of the one record with these values, "" if it has none."""
        record = self.of(dataset, **values)
        assert len(record) == 1, (dataset, values, len(record))
        found = self.of(f"SUPP{dataset}", QNAM=qnam, USUBJID=record["USUBJID"].iloc[0])
        if dataset != "DM":
            found = found[found["IDVARVAL"] == record[f"{dataset}SEQ"].iloc[0]]
        return str(found["QVAL"].iloc[0]) if len(found) else ""

    def value(self, dataset: str, variable: str, **values: str) -> str:
        """A variable of the one record with these values, wherever it is written."""
        parent = variable in self.data[dataset]
        return self.one(dataset, variable, **values) if parent else self.qualifier(dataset, variable, **values)


def frames(made: Made) -> dict[str, pd.DataFrame]:
    """Finished datasets, every value as its text."""
    return {b.name: pd.DataFrame({v.name: texts(v.values) for v in b.variables}) for b in made.built}


def texts(values: Vector) -> np.ndarray:
    """Values as texts, "" where missing; each distinct one is written once."""
    data = np.where(values.present(), values.data, np.nan) if values.kind is Kind.NUMBER else values.data
    _, first, place = np.unique(data, return_index=True, return_inverse=True)
    return np.array([values.text_at(int(i)) for i in first], dtype=object)[place]


def build(
    raw: Path, specs: Path = SPECS, only: set[str] | None = None
) -> tuple[dict[str, pd.DataFrame], list[Issue]]:
    """The datasets of a raw folder, all or some of them, and what was found on the way."""
    load_all()
    log = IssueLog()
    prepared = prepare(specs, raw, log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    return frames(make(prepared, only=only)), list(log)


def study_of(folder: Path, seed: int, flaws: str | Sequence[str], only: set[str] | None = None) -> Study:
    """Simulate and build all datasets, or some."""
    simulate(seed, flaws, out=folder)
    data, issues = build(folder, only=only)
    return Study(folder, data, issues, json.loads((folder / "truth.json").read_text(encoding="utf-8")))


def sheet(study: Study, name: str) -> pd.DataFrame:
    """A raw sheet, without the package: names in row 1, labels in row 2."""
    return _sheet(study.raw, name).copy()


@cache
def _sheet(raw: Path, name: str) -> pd.DataFrame:
    return pd.read_excel(raw / "edc.xlsx", sheet_name=name, dtype=str, skiprows=[1], engine="openpyxl").fillna("")


def person(k: int) -> str:
    """USUBJID of person k."""
    return f"LSTCAR019-01-S{k:03}"


def name_of(issue: Issue) -> str:
    """The rule; of an expectation its name, which is that of the fault it finds."""
    return issue.message.partition(":")[0] if issue.rule == "expect-failed" else issue.rule


def explains(entry: Mapping[str, Any], issue: Issue) -> bool:
    """Whether a planted flaw is what an issue found: the same rule, and one of its cells (or its row as a whole)."""
    cells = {(p.file, p.sheet, p.row, p.column) for p in issue.locations if p.file}
    places = [(c["file"], c["sheet"] or "", c["row"]) for c in entry["cells"]]
    wanted = {(*p, c["column"]) for p, c in zip(places, entry["cells"], strict=True)} | {(*p, "") for p in places}
    return name_of(issue) == entry["rule"] and bool(cells & wanted)
