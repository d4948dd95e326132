"""ADTTE of LstCAR019 over given analysis datasets: courses written by hand in days, and those of simulated studies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog
from sdtm_builder.registry import load_all

from .lstcar import frames
from .small import MAPPINGS, STUDY, days

START = date(2024, 1, 1)
MAPPING = (MAPPINGS / "adtte.yaml").read_text(encoding="utf-8")
NEEDED = {
    "ADSL": ("USUBJID", "SAFFL", "PKFL", "TRTSDT", "DTHDT", "DTHFL", "DCSREAS", "LSTALVDT", "HSCTDT", "NTHDT", "NATDT",
             "WK24DT", "DLTWEDT"),
    "ADRS": ("USUBJID", "PARAMCD", "ADT", "AVAL", "ASEQ"),
    "ADAE": ("USUBJID", "AESEQ", "AECAT", "AEPISN", "EPFL", "EPSDT", "EPEDT", "AEOUT", "ASTDT", "AEDLTFL"),
    "ADPC": ("USUBJID", "PARAMCD", "ADT", "ARELTM", "ANL01FL", "BLQFL", "ASEQ"),
}  # fmt: skip
NUMBERS = ("AVAL", "ASEQ", "AESEQ", "AEPISN", "ARELTM")
Found = dict[tuple[str, str], tuple[str, str, str]]
Dated = dict[tuple[str, str], tuple[str, str]]


@dataclass(frozen=True)
class Course:
    """One infused subject, in days after the infusion.

    rs : (day, level of OVR); crs : (start, end or None, fatal) of the first episode; dlt : its day
    qpcr : (day, quantifiable); undated : numbers of the samples, from 1, whose date is missing
    """

    name: str
    death: int | None = None
    dead: bool = False
    reason: str = ""
    last: int | None = 300
    hsct: int | None = None
    nth: int | None = None
    rs: Sequence[tuple[int, int]] = ()
    crs: tuple[int, int | None, bool] | None = None
    dlt: int | None = None
    qpcr: Sequence[tuple[int, bool]] = field(default=())
    undated: Sequence[int] = ()


def day(number: int | None) -> str:
    """A day after the infusion as a date."""
    return "" if number is None else str(START + timedelta(days=number))


def given_of(courses: Iterable[Course]) -> dict[str, pd.DataFrame]:
    """Analysis datasets of courses, as texts."""
    rows: dict[str, list[dict[str, Any]]] = {name: [] for name in NEEDED}
    for one in courses:
        later = min((d for d in (one.hsct, one.nth) if d is not None), default=None)
        rows["ADSL"].append({
            "USUBJID": one.name, "SAFFL": "Y", "PKFL": "Y" if one.qpcr else "N", "TRTSDT": day(0),
            "DTHDT": day(one.death), "DTHFL": "Y" if one.death is not None or one.dead else "", "DCSREAS": one.reason,
            "LSTALVDT": day(one.death if one.death is not None else one.last), "HSCTDT": day(one.hsct),
            "NTHDT": day(one.nth), "NATDT": day(later), "WK24DT": day(168), "DLTWEDT": day(28),
        })  # fmt: skip
        for number, (at, level) in enumerate(one.rs, 1):
            rows["ADRS"].append({"USUBJID": one.name, "PARAMCD": "OVR", "ADT": day(at), "AVAL": level, "ASEQ": number})
        events: list[dict[str, Any]] = []
        if one.crs is not None:
            start, end, fatal = one.crs
            events.append({"AECAT": "CRS", "AEPISN": 1, "EPFL": "Y", "EPSDT": day(start), "EPEDT": day(end),
                           "AEOUT": "FATAL" if fatal else "", "ASTDT": day(start), "AEDLTFL": ""})  # fmt: skip
        if one.dlt is not None:
            events.append({"AECAT": "", "EPFL": "", "EPSDT": "", "EPEDT": "", "AEOUT": "", "ASTDT": day(one.dlt),
                           "AEDLTFL": "Y"})  # fmt: skip
        rows["ADAE"] += [{"USUBJID": one.name, "AESEQ": n, **event} for n, event in enumerate(events, 1)]
        for number, (at, seen) in enumerate(one.qpcr, 1):
            dated = day(None if number in one.undated else at)
            rows["ADPC"].append({"USUBJID": one.name, "PARAMCD": "QPCR", "ADT": dated, "ARELTM": at,
                                 "ANL01FL": "Y", "BLQFL": "" if seen else "Y", "ASEQ": number})  # fmt: skip
    return {name: pd.DataFrame(rows[name], columns=list(NEEDED[name])) for name in NEEDED}


def given_study(data: Mapping[str, pd.DataFrame], prefix: str) -> dict[str, pd.DataFrame]:
    """The analysis datasets of a built study, their subjects under another name."""
    found = {name: data[name][list(columns)].copy() for name, columns in NEEDED.items()}
    for frame in found.values():
        frame["USUBJID"] = prefix + frame["USUBJID"]
    return found


@dataclass(frozen=True)
class Bench:
    """Given datasets in a folder, on which the mapping of ADTTE, or a change of it, is run."""

    folder: Path

    def lay(self, parts: Sequence[Mapping[str, pd.DataFrame]]) -> None:
        """Write the given datasets, dates and numbers as ADaM has them."""
        (self.folder / "data").mkdir(parents=True)
        for name in NEEDED:
            frame = pd.concat([p[name] for p in parts], ignore_index=True)
            for column in frame.columns:
                if column.endswith("DT"):
                    frame[column] = pd.Series([days(v) for v in frame[column]], dtype="Float64")
                elif column in NUMBERS:
                    frame[column] = pd.to_numeric(frame[column].replace("", np.nan), errors="raise").astype("Float64")
                else:
                    frame[column] = frame[column].fillna("").astype("string")
            frame.to_parquet(self.folder / "data" / f"{name.lower()}.parquet")

    def run(self, name: str, mapping: str = MAPPING) -> Found:
        """(subject, PARAMCD) -> CNSR, AVAL and EVNTDESC; AVAL "" for a record without date."""
        specs, adam = self.folder / name / "specs" / "S1", self.folder / name / "mappings" / "S1" / "adam"
        specs.mkdir(parents=True)
        adam.mkdir(parents=True)
        said = f"given:\n  adam: {{folder: ../../../data, datasets: [{', '.join(NEEDED)}], standard: adam}}\n"
        core = "defaults:\n  adam:\n    core: [TRTSDT]\n"
        (specs / "study.yaml").write_text(STUDY + said + core, encoding="utf-8")
        (adam / "adtte.yaml").write_text(mapping, encoding="utf-8")
        load_all()
        log = IssueLog()
        prepared = prepare(specs, None, log)
        assert prepared is not None
        assert not prepared.unusable, "\n".join(map(str, log))
        return answers(frames(make(prepared))["ADTTE"])


def answers(adtte: pd.DataFrame) -> Found:
    """(subject, PARAMCD) -> CNSR, AVAL and EVNTDESC."""
    names = ("USUBJID", "PARAMCD", "CNSR", "AVAL", "EVNTDESC")
    return {(row[0], row[1]): row[2:] for row in zip(*(adtte[n] for n in names), strict=True)}


def dated(found: Found) -> Dated:
    """CNSR and AVAL of the records that have a date."""
    return {key: value[:2] for key, value in found.items() if value[1]}


def wanted_of(truth: Mapping[str, Any]) -> Dated:
    """What the answer key has: CNSR and AVAL of each record, cut and uncut."""
    found: Dated = {}
    for subject, said in truth["endpoints"].items():
        for name, record in said.items():
            for when, code in (("FULL", name), ("W24", f"{name}W24")):
                if record[when] is not None:
                    found[subject, code] = (str(record[when]["cnsr"]), str(record[when]["aval"]))
    return found
