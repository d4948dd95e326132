"""ADEX of LstCAR019 at the limits of its rules, from a few doses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog
from sdtm_builder.registry import load_all

from .lstcar import SPECS, frames

MAPPING = SPECS.parents[1] / "mappings" / "lstcar019" / "adam" / "adex.yaml"
STUDY = """
study: {id: LSTCAR019, title: A few doses}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
constants: {drug: LSTCAR019}
raw:
  DM: {file: dm.csv, subject: SUBJID, columns: {PLAN: {type: number}, WEIGHT: {type: number}}}
  EX: {file: ex.csv, subject: SUBJID}
  EC: {file: ec.csv, subject: SUBJID}
subjects: {register: raw.DM, usubjid: SUBJID}
defaults: {adam: {core: [TRTSDT]}}
"""
DM = """
dataset: DM
records: {s: {from: raw.DM, copy: [SUBJID], set: {RFSTDTC: {expr: RFSTDTC}}}}
without: [EPOCH]
keys: USUBJID
"""
EX = """
dataset: EX
records:
  e: {from: raw.EX, copy: [EXTRT, EXCAT, EXDOSE], set: {EXSTDTC: {expr: EXSTDTC}, EXENDTC: {expr: EXENDTC}}}
without: [EPOCH]
keys: [USUBJID, EXTRT, EXSTDTC]
"""
EC = """
dataset: EC
records: {e: {from: raw.EC, copy: [ECTRT, ECDOSE], set: {ECSTDTC: {expr: ECSTDTC}, ECENDTC: {expr: ECSTDTC}}}}
without: [EPOCH]
keys: [USUBJID, ECSTDTC]
"""
ADSL = """
dataset: ADSL
records: {s: {from: DM, copy: [RFSTDTC], join: {d: {with: raw.DM, by: SUBJID, take: [PLAN, WEIGHT]}},
              set: {DOSE01P: PLAN, weight: WEIGHT}}}
derive:
  cells: {sum: EC.ECDOSE}
  given: {expr: cells / weight}
  ld_start: {min: EX.EXSTDTC, where: "EXCAT = 'LYMPHODEPLETION'"}
  LDSDT: {to_date: ld_start}
  TRTSDT: {to_date: RFSTDTC}
  SAFFL: {yes_if: TRTSDT IS NOT NULL}
variables: {LDSDT: {label: First Dose}}
keys: USUBJID
"""
LD = "LYMPHODEPLETION"
FLU, CY, CAR = "FLUDARABINE", "CYCLOPHOSPHAMIDE", "LSTCAR019"
Doses = list[tuple[str, ...]]


def totals(folder: Path, doses: Doses, bags: Doses, plan: str = "2", weight: str = "60") -> dict[str, str]:
    """AVAL of the parameters of one subject: doses (drug, date, dose), bags (date, cells)."""
    ex = [("S1", t, LD if t != CAR else "CAR-T INFUSION", amount, day, day) for t, day, amount in doses]
    ec = [("S1", CAR, amount, day) for day, amount in bags]
    start = bags[0][0] if bags else ""
    tables = {
        "dm": pd.DataFrame([("S1", start, plan, weight)], columns=["SUBJID", "RFSTDTC", "PLAN", "WEIGHT"]),
        "ex": pd.DataFrame(ex, columns=["SUBJID", "EXTRT", "EXCAT", "EXDOSE", "EXSTDTC", "EXENDTC"]),
        "ec": pd.DataFrame(ec, columns=["SUBJID", "ECTRT", "ECDOSE", "ECSTDTC"]),
    }
    files = {f"raw/{name}.csv": table.to_csv(index=False) for name, table in tables.items()}
    files |= {"specs/S1/study.yaml": STUDY, "mappings/S1/adam/adex.yaml": MAPPING.read_text(encoding="utf-8")}
    files |= {f"mappings/S1/sdtm/{name}.yaml": text for name, text in (("dm", DM), ("ex", EX), ("ec", EC))}
    files["mappings/S1/adam/adsl.yaml"] = ADSL
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    load_all()
    log = IssueLog()
    prepared = prepare(folder / "specs" / "S1", folder / "raw", log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    made = frames(make(prepared))["ADEX"]
    made = made[made["AVISIT"] == "OVERALL"]
    source = made["SRCDOM"] + "." + made["SRCVAR"] + "." + made["SRCSEQ"]
    assert len(made) == made["PARAMCD"].nunique()
    return {c: f"{v} {s}".strip() for c, v, s in zip(made["PARAMCD"], made["AVAL"], source, strict=True)}


def test_totals_and_their_sources(tmp_path: Path) -> None:
    doses = [(FLU, "2021-03-17", "30"), (FLU, "2021-03-18", "25.5"), (CY, "2021-03-17", "500"),
             (CAR, "2021-03-22T10:00", "1.1")]  # fmt: skip
    found = totals(tmp_path, doses, [("2021-03-22T10:00", "40.05"), ("2021-03-22T10:30", "26")])
    assert found == {
        "NDOSELD": "3 EX.EXTRT.", "CUMFLU": "55.5 EX.EXDOSE.", "CUMCY": "500 EX.EXDOSE.", "DOSECAR": "1.1 EX.EXDOSE.4",
        "CELLS": "66.05 EC.ECDOSE.", "REDOSE": "55 ADSL.DOSE01A.", "TIMELD": "5 ADSL.TRTSDT.",
    }  # fmt: skip


def test_one_bag_is_the_source_of_the_cells(tmp_path: Path) -> None:
    found = totals(tmp_path, [(CAR, "2021-03-22T10:00", "2")], [("2021-03-22T10:00", "120.6")])
    assert found == {
        "DOSECAR": "2 EX.EXDOSE.1", "CELLS": "120.6 EC.ECDOSE.1", "REDOSE": "100.5 ADSL.DOSE01A.",
    }  # fmt: skip


def test_a_total_without_one_of_its_doses_is_missing(tmp_path: Path) -> None:
    """The number of doses is known; so is the total of the other drug."""
    doses = [(FLU, "2021-03-17", "30"), (FLU, "2021-03-18", ""), (CY, "2021-03-17", "500")]
    found = totals(tmp_path, doses, [("2021-03-22T10:00", "60"), ("2021-03-22T10:30", "")])
    assert {code: found[code] for code in ("NDOSELD", "CUMFLU", "CUMCY", "CELLS")} == {
        "NDOSELD": "3 EX.EXTRT.", "CUMFLU": "EX.EXDOSE.", "CUMCY": "500 EX.EXDOSE.", "CELLS": "EC.ECDOSE.",
    }  # fmt: skip


def test_lymphodepletion_alone(tmp_path: Path) -> None:
    assert totals(tmp_path, [(FLU, "2021-03-17", "30")], []) == {"NDOSELD": "1 EX.EXTRT.", "CUMFLU": "30 EX.EXDOSE."}
