"""ADRS of LstCAR019 at the limits of its rules: days, therapies and orders that a simulated subject rarely meets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest

from .small import days, mapped

INFUSED = date(2021, 3, 22)
Case = tuple[str, dict[int, str], int | None, Mapping[str, str]]


def day(number: int) -> str:
    """The date of a study day."""
    return (INFUSED + timedelta(days=number - 1 if number > 0 else number)).isoformat()


# What is assessed on which study day, the day of the next therapy, and what the parameters say.
CASES: list[Case] = [
    ("confirmed after 28 days", {29: "CR", 57: "CR"}, None, {"BOR": "CR 29", "CBOR": "CR 29"}),
    ("27 days are too few", {29: "CR", 56: "CR"}, None, {"BOR": "CR 29", "CBOR": "NE 29"}),
    ("unconfirmed with NR before", {20: "NR", 57: "CR"}, None, {"BOR": "CR 57", "CBOR": "NR 20"}),
    ("unconfirmed with NR after", {29: "CR", 57: "NR"}, None, {"BOR": "CR 29", "CBOR": "NR 57"}),
    ("CRi then CR", {29: "CRi", 57: "CR"}, None, {"BOR": "CR 57", "CBOR": "CR 57"}),
    ("CR then CRi", {29: "CR", 57: "CRi"}, None, {"BOR": "CR 29", "CBOR": "CR 29"}),
    ("CR twice broken", {29: "CR", 43: "NR", 57: "CR", 85: "CR"}, None, {"BOR": "CR 29", "CBOR": "CR 57"}),
    ("NE between", {29: "CR", 43: "NE", 57: "CR"}, None, {"BOR": "CR 29", "CBOR": "NE 29"}),
    ("missing between", {29: "CR", 43: "", 57: "CR"}, None, {"BOR": "CR 29", "CBOR": "CR 29"}),
    ("PR confirmed by PR", {29: "PR", 57: "PR"}, None, {"BOR": "PR 29", "CBOR": "PR 29", "RSP": "N"}),
    ("PR confirmed by CR", {29: "PR", 57: "CR"}, None, {"BOR": "CR 57", "CBOR": "PR 29", "RSP": "Y"}),
    ("PR unconfirmed", {29: "PR", 57: "NR"}, None, {"BOR": "PR 29", "CBOR": "NR 57"}),
    ("relapse ends it", {29: "NR", 40: "RELAPSED DISEASE", 57: "CR"}, None, {"BOR": "NR 29", "CBOR": "NR 29"}),
    ("relapse is no best response", {29: "RELAPSED DISEASE", 57: "NR"}, None, {"BOR": "PD 29", "CBOR": "PD 29"}),
    ("progression is better than NE", {20: "NE", 29: "PD"}, None, {"BOR": "PD 29", "CBOR": "PD 29"}),
    ("on the day of the relapse", {29: "CR", 57: "RELAPSED DISEASE"}, None, {"BOR": "CR 29", "CBOR": "NE 29"}),
    ("day 126 counts", {126: "CR"}, None, {"BOR": "CR 126", "RSPW12": "Y 126"}),
    ("day 127 does not", {127: "CR"}, None, {"BOR": "NE", "RSPW12": "N", "RSP": "N"}),
    ("day of the infusion does not", {1: "CR"}, None, {"BOR": "NE"}),
    ("the day after does", {2: "CR"}, None, {"BOR": "CR 2", "RSPW4": "N"}),
    ("relapse before the infusion is none", {-20: "RELAPSED DISEASE", 29: "CR"}, None, {"BOR": "CR 29"}),
    ("on the day of the therapy", {29: "NR", 57: "CR"}, 57, {"BOR": "CR 57", "RSPW8": "Y 57"}),
    ("after the therapy", {29: "NR", 57: "CR"}, 56, {"BOR": "NR 29", "RSPW8": "N", "RSPW4": "N 29"}),
    ("confirmation after the therapy", {29: "CR", 57: "CR"}, 56, {"BOR": "CR 29", "CBOR": "NE 29"}),
    ("all after the therapy", {29: "CR"}, 20, {"BOR": "NE", "CBOR": "NE", "RSPW4": "N", "RSP": "N"}),
    ("nothing assessed", {}, None, {"BOR": "NE", "CBOR": "NE", "RSPW4": "N", "RSP": "N", "MRDNEG": "N"}),
    ("windows end", {15: "CR", 70: "CR", 71: "NR"}, None, {"RSPW4": "Y 15", "RSPW8": "Y 70", "RSPW12": "N 71"}),
    ("windows begin", {14: "CR", 42: "NR", 43: "CR"}, None, {"RSPW4": "N 42", "RSPW8": "Y 43"}),
    ("before the first window", {14: "CR"}, None, {"RSPW4": "N", "BOR": "CR 14"}),
    ("the nearest", {22: "CR", 35: "NR"}, None, {"RSPW4": "N 35"}),
    ("as near: the later", {22: "CR", 36: "NR"}, None, {"RSPW4": "N 36"}),
    ("NE never wins", {29: "NE", 40: "CRi"}, None, {"RSPW4": "Y 40"}),
    ("NE wins over nothing", {29: "NE"}, None, {"RSPW4": "N 29", "BOR": "NE 29"}),
    ("the nearest before the therapy", {20: "CR", 29: "NR"}, 25, {"RSPW4": "Y 20"}),
]


def adsl(therapies: list[int | None]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "STUDYID": "LSTCAR019", "USUBJID": [f"S{i:03}" for i in range(len(therapies))], "SAFFL": "Y", "EFFFL": "Y",
            "TRTSDT": days(INFUSED.isoformat()),
            "NATDT": pd.array([None if t is None else days(day(t)) for t in therapies], dtype="Float64"),
        }
    )  # fmt: skip


def rs(rows: list[tuple[str, str, int, str]]) -> pd.DataFrame:
    """Records of (subject, test, study day, result)."""
    frame = pd.DataFrame(
        [(u, t, r or None, day(d)) for u, t, d, r in rows], columns=["USUBJID", "RSTESTCD", "RSSTRESC", "RSDTC"]
    )
    frame["RSSEQ"] = frame.groupby("USUBJID").cumcount() + 1.0
    return frame.assign(STUDYID="LSTCAR019", DOMAIN="RS", VISITNUM=1.0, VISIT="V")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """By subject and parameter: AVALC and study day of the record."""
    rows = [(f"S{i:03}", "OVRLRESP", d, r) for i, (_, listed, _, _) in enumerate(CASES) for d, r in listed.items()]
    given = {"RS": rs(rows), "ADSL": adsl([therapy for _, _, therapy, _ in CASES])}
    made, issues = mapped(tmp_path_factory.mktemp("adrs"), ["adrs"], given)
    assert issues == []
    found: dict[str, dict[str, str]] = {}
    for row in made["ADRS"].to_dict("records"):
        if row["PARAMCD"] not in ("OVR", "MRD"):
            found.setdefault(row["USUBJID"], {})[row["PARAMCD"]] = f"{row['AVALC']} {row['ADY']}".strip()
    return found


@pytest.mark.parametrize("number", range(len(CASES)), ids=[case[0] for case in CASES])
def test_case(number: int, built: dict[str, dict[str, str]]) -> None:
    found = built[f"S{number:03}"]
    want = CASES[number][3]
    undated = ("RSP", "MRDNEG")
    assert {k: found[k].split()[0] if k in undated else found[k] for k in want} == dict(want)


MARROW: list[tuple[str, dict[int, str], dict[int, str], int | None, str]] = [
    ("negative", {29: "CR"}, {-10: "POSITIVE", 29: "NEGATIVE"}, None, "Y 29"),
    ("negative later", {29: "CR"}, {29: "POSITIVE", 57: "NEGATIVE"}, None, "Y 57"),
    ("positive", {29: "CR"}, {29: "POSITIVE", 57: "POSITIVE"}, None, "N 29"),
    ("no responder", {29: "NR"}, {29: "NEGATIVE"}, None, "N 29"),
    ("negative on day 126", {29: "CR"}, {126: "NEGATIVE"}, None, "Y 126"),
    ("negative on day 127", {29: "CR"}, {127: "NEGATIVE"}, None, "N 29"),
    ("negative before the infusion", {29: "CR"}, {-10: "NEGATIVE"}, None, "N 29"),
    ("negative on the day of the therapy", {29: "CR"}, {57: "NEGATIVE"}, 57, "Y 57"),
    ("negative after the therapy", {29: "CR"}, {57: "NEGATIVE"}, 56, "N 29"),
    ("negative after the relapse", {29: "CR", 40: "RELAPSED DISEASE"}, {57: "NEGATIVE"}, None, "N 29"),
]


def test_residual_disease_of_responders(tmp_path: Path) -> None:
    rows = [(f"S{i:03}", "OVRLRESP", d, r) for i, case in enumerate(MARROW) for d, r in case[1].items()]
    rows += [(f"S{i:03}", "MRDIND", d, r) for i, case in enumerate(MARROW) for d, r in case[2].items()]
    made, issues = mapped(tmp_path, ["adrs"], {"RS": rs(rows), "ADSL": adsl([case[3] for case in MARROW])})
    assert issues == []
    found = made["ADRS"][made["ADRS"]["PARAMCD"] == "MRDNEG"].sort_values("USUBJID")
    assert [f"{a} {d}" for a, d in zip(found["AVALC"], found["ADY"], strict=True)] == [case[4] for case in MARROW]


def test_who_is_in(tmp_path: Path) -> None:
    """Not infused: no record. Infused, not evaluable: assessments alone."""
    people = adsl([None, None, None]).assign(SAFFL=["N", "Y", "Y"], EFFFL=["N", "N", "Y"])
    made, _ = mapped(
        tmp_path, ["adrs"], {"RS": rs([(f"S00{i}", "OVRLRESP", 29, "CR") for i in range(3)]), "ADSL": people}
    )
    found = made["ADRS"].groupby("USUBJID")["PARAMCD"].apply(list).to_dict()
    derived = ["BOR", "CBOR", "MRDNEG", "OVR", "RSP", "RSPW12", "RSPW4", "RSPW8"]
    assert found == {"S001": ["OVR"], "S002": derived}
