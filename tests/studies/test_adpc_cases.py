"""ADPC and ADPP of LstCAR019 at the limits of their rules, from a few records."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from .small import days, mapped, seconds

STARTED = "2021-03-22T11:24"
LLOQ, ULOQ = 50.0, 1e7
ELAPSED = {-1: "-P1D", 0: "PT2H"}


class Result(NamedTuple):
    """A sample: due and taken (date and time), result, replicate, identifier."""

    due: int
    taken: str
    text: str
    repeat: int = 1
    name: str = ""


def at(day: float) -> str:
    """The time so many days after the infusion."""
    return (pd.Timestamp(STARTED) + pd.Timedelta(days=day)).isoformat()[:16]


def pc(results: list[Result]) -> pd.DataFrame:
    numbers = [float(r.text) if r.text[:1].isdigit() else None for r in results]
    return pd.DataFrame(
        {
            "STUDYID": "LSTCAR019", "DOMAIN": "PC", "USUBJID": "S1", "PCTESTCD": "CARTRANS",
            "PCSEQ": [float(i + 1) for i in range(len(results))], "PCSTRESC": [r.text for r in results],
            "PCSTRESN": pd.array(numbers, dtype="Float64"), "PCSTRESU": "DNA copies/ug", "PCLLOQ": LLOQ, "PCULOQ": ULOQ,
            "PCREFID": [r.name or f"Q{i}" for i, r in enumerate(results)],
            "PCREPNUM": [float(r.repeat) for r in results],
            "PCTPTNUM": [float(r.due) for r in results], "PCELTM": [ELAPSED.get(r.due, f"P{r.due}D") for r in results],
            "PCDTC": [r.taken for r in results], "VISITNUM": 1.0, "VISIT": "V",
        }
    )  # fmt: skip


def cp(rows: list[tuple[str, int, float, str, float | None]]) -> pd.DataFrame:
    """Records of (test, planned study day, days after the infusion, text, number)."""
    return pd.DataFrame(
        {
            "STUDYID": "LSTCAR019", "DOMAIN": "CP", "USUBJID": "S1", "CPTESTCD": [r[0] for r in rows],
            "CPSEQ": [float(i + 1) for i in range(len(rows))], "CPSTRESC": [r[3] for r in rows],
            "CPSTRESN": pd.array([r[4] for r in rows], dtype="Float64"), "CPSTRESU": "%", "CPLLOQ": 0.1,
            "CPREFID": [f"F{i}" for i in range(len(rows))], "CPSPEC": "BLOOD", "CPDTC": [at(r[2]) for r in rows],
            "VISITDY": [float(r[1]) for r in rows], "VISITNUM": 1.0, "VISIT": "V",
        }
    )  # fmt: skip


PERSON = pd.DataFrame(
    {
        "STUDYID": ["LSTCAR019"],
        "USUBJID": ["S1"],
        "SAFFL": ["Y"],
        "TRTSDT": [days(STARTED[:10])],
        "TRTSDTM": [seconds(STARTED)],
    }
)
FLOW: list[tuple[str, int, float, str, float | None]] = [
    ("TLSTLY", -1, -1.1, "<0.1", None), ("TLSTLY", 1, 0.1, "<0.1", None), ("TLSTLY", 8, 6.9, "12.5", 12.5),
    ("TLSTLY", 11, 9.87654, "40", 40.0), ("TLSTLY", 15, 14.0, "40", 40.0), ("TLSTLY", 22, 21.0, "104.2", None),
]  # fmt: skip


def qpcr(folder: Path, results: list[Result]) -> dict[int, tuple[str, str, str, str, str]]:
    """PCSEQ -> AVAL, DTYPE, ANL01FL, NCAFL, ARELTM of 4 decimals."""
    made, issues = mapped(folder, ["adpc"], {"PC": pc(results), "CP": cp(FLOW), "ADSL": PERSON})
    assert issues == []
    found = made["ADPC"][made["ADPC"]["PARAMCD"] == "QPCR"]
    return {
        int(r["SRCSEQ"]): (r["AVAL"], r["DTYPE"], r["ANL01FL"], r["NCAFL"], f"{float(r['ARELTM']):.4f}")
        for r in found.to_dict("records")
    }


def test_where_a_result_below_the_limit_stands(tmp_path: Path) -> None:
    results = [
        Result(-1, at(-1.1), "NOT DETECTED"), Result(0, at(0.1), "BLQ"), Result(1, at(0.9), "49"),
        Result(3, at(3), "50"), Result(5, at(5), "BLQ"), Result(7, at(7), "49.9"), Result(10, at(10), "20000000"),
        Result(14, at(14), "100"), Result(21, at(21), "BLQ"), Result(28, at(28), "NOT DETECTED"),
    ]  # fmt: skip
    assert qpcr(tmp_path, results) == {
        1: ("0", "BLQZERO", "Y", "Y", "-1.1000"),
        2: ("0", "BLQZERO", "Y", "Y", "0.1000"),
        3: ("0", "BLQZERO", "Y", "Y", "0.9000"),
        4: ("50", "", "Y", "Y", "3.0000"),
        5: ("25", "HALFLLOQ", "Y", "", "5.0000"),
        6: ("25", "HALFLLOQ", "Y", "", "7.0000"),
        7: ("10000000", "ULOQ", "Y", "Y", "10.0000"),
        8: ("100", "", "Y", "Y", "14.0000"),
        9: ("0", "BLQZERO", "Y", "Y", "21.0000"),
        10: ("0", "BLQZERO", "Y", "", "28.0000"),
    }


def test_quantifiable_before_the_infusion_is_no_quantifiable_result_of_the_curve(tmp_path: Path) -> None:
    results = [Result(-1, at(-1), "60"), Result(0, at(0.1), "BLQ"), Result(1, at(1), "70"), Result(3, at(3), "BLQ")]
    found = qpcr(tmp_path, results)
    assert found[1][:4] == ("60", "", "Y", "")
    assert found[2][:4] == ("0", "BLQZERO", "Y", "Y")
    assert found[4][:4] == ("0", "BLQZERO", "Y", "Y")


def test_the_upper_limit_itself_is_no_result_above_it(tmp_path: Path) -> None:
    assert qpcr(tmp_path, [Result(7, at(7), "10000000")])[1][:2] == ("10000000", "")


def test_a_replicate_that_is_superseded_is_no_quantifiable_result_of_the_curve(tmp_path: Path) -> None:
    results = [Result(1, at(1), "100", 1, "A"), Result(1, at(1), "BLQ", 2, "A"), Result(3, at(3), "BLQ"),
               Result(5, at(5), "70"), Result(7, at(7), "BLQ", 1, "B"), Result(10, at(10), "80", 1, "C"),
               Result(10, at(10), "BLQ", 2, "C")]  # fmt: skip
    found = qpcr(tmp_path, results)
    assert [found[k][1] for k in (2, 3, 5, 7)] == ["BLQZERO"] * 4
    assert [k for k, v in found.items() if v[3] == "Y"] == [2, 3, 4, 5]


def test_never_quantifiable(tmp_path: Path) -> None:
    found = qpcr(
        tmp_path, [Result(-1, at(-1), "NOT DETECTED"), Result(1, at(1), "BLQ"), Result(3, at(3), "NOT DETECTED")]
    )
    assert [r[:4] for r in found.values()] == [("0", "BLQZERO", "Y", "Y")] * 3


def test_replicates_samples_and_times_that_are_missing(tmp_path: Path) -> None:
    """The last replicate of a sample, the sample closest to its time; a sample without a time was taken when due."""
    results = [
        Result(1, at(1), "100", 1, "A"), Result(1, at(1), "BLQ", 2, "A"),            # superseded by BLQ
        Result(3, at(2.5), "300", 1, "B"), Result(3, at(3.25), "310", 1, "C"),       # C is closer
        Result(5, "2021-03-27", "500"), Result(0, "2021-03-22", "200"),              # no time
    ]  # fmt: skip
    found = qpcr(tmp_path, results)
    assert {k: (v[2], v[3]) for k, v in found.items()} == {
        1: ("", ""), 2: ("Y", ""), 3: ("", ""), 4: ("Y", "Y"), 5: ("Y", "Y"), 6: ("Y", "Y")
    }  # fmt: skip
    assert found[2][:2] == ("25", "HALFLLOQ")
    assert (found[5][4], found[6][4]) == ("5.0000", "0.0833")


def test_flow_cytometry(tmp_path: Path) -> None:
    made, issues = mapped(tmp_path, ["adpc"], {"PC": pc([Result(1, at(1), "100")]), "CP": cp(FLOW), "ADSL": PERSON})
    assert issues == []
    found = made["ADPC"][made["ADPC"]["PARAMCD"] == "FLOWPCT"]
    names = ["ATPTN", "ATPT", "AVAL", "LOGAVAL", "DTYPE", "BLQFL", "ANL01FL", "NCAFL"]
    rows = [tuple(r[n] for n in names) for r in found.to_dict("records")]
    assert rows == [
        ("-1", "BEFORE INFUSION", "0", "", "BLQZERO", "Y", "Y", ""),
        ("0", "2 HOURS AFTER INFUSION", "0", "", "BLQZERO", "Y", "Y", ""),
        ("7", "7 DAYS AFTER INFUSION", "12.5", rows[2][3], "", "", "Y", ""),
        ("10", "10 DAYS AFTER INFUSION", "40", rows[3][3], "", "", "Y", ""),
        ("14", "14 DAYS AFTER INFUSION", "40", rows[4][3], "", "", "Y", ""),
        ("21", "21 DAYS AFTER INFUSION", "", "", "", "", "", ""),  # 104.2 % cannot be
    ]
    assert float(rows[2][3]) == pytest.approx(1.0969100130080565, rel=1e-12)


def pp(values: dict[str, tuple[float | None, str]]) -> pd.DataFrame:
    """Parameters with number and unit, or none and the reason."""
    return pd.DataFrame(
        {
            "STUDYID": "LSTCAR019", "DOMAIN": "PP", "USUBJID": "S1", "PPTESTCD": list(values),
            "PPSEQ": [float(i + 1) for i in range(len(values))],
            "PPSTRESN": pd.array([v for v, _ in values.values()], dtype="Float64"),
            "PPSTRESU": [u if v is not None else None for v, u in values.values()],
            "PPREASND": [u if v is None else None for v, u in values.values()],
        }
    )  # fmt: skip


def test_parameters(tmp_path: Path) -> None:
    values = {
        "AUCINT": (2114060.0, "h*DNA copies/ug"), "CLST": (56.0, "DNA copies/ug"), "CMAX": (16083.0, "DNA copies/ug"),
        "TLST": (48.93, "day"), "TMAX": (None, "SOME REASON"),
    }  # fmt: skip
    samples = pc([Result(7, at(7), "16083"), Result(56, at(48.93), "56")])
    made, issues = mapped(tmp_path, ["adpc", "adpp"], {"PC": samples, "CP": cp(FLOW), "PP": pp(values), "ADSL": PERSON})
    assert issues == []
    names = ["PARAMCD", "AVAL", "AVALU", "AREASND", "PERSCFL", "SRCDOM", "SRCVAR", "SRCSEQ"]
    rows = [tuple(r[n] for n in names) for r in made["ADPP"].to_dict("records")]
    assert (rows[0][0], float(rows[0][1])) == ("AUC0_28", 2114060 / 24)
    assert rows[0][2:] == ("day*DNA copies/ug", "", "", "PP", "PPSTRESN", "1")
    assert rows[1:] == [
        ("CLST", "56", "DNA copies/ug", "", "", "PP", "PPSTRESN", "2"),
        ("CMAX", "16083", "DNA copies/ug", "", "", "PP", "PPSTRESN", "3"),
        ("FLOWMAX", "40", "%", "", "", "ADPC", "AVAL", "4"),
        ("FLTMAX", "9.88", "day", "", "", "ADPC", "ARELTM", "4"),
        ("PERSDUR", "48.93", "day", "", "Y", "PP", "PPSTRESN", "4"),
        ("TLST", "48.93", "day", "", "", "PP", "PPSTRESN", "4"),
        ("TMAX", "", "", "SOME REASON", "", "PP", "PPSTRESN", "5"),
    ]


def test_nothing_quantifiable(tmp_path: Path) -> None:
    none = (None, "NO QUANTIFIABLE RESULT")
    values = {
        "AUCINT": (0.0, "h*DNA copies/ug"),
        "CLST": none,
        "CMAX": (0.0, "DNA copies/ug"),
        "TLST": none,
        "TMAX": none,
    }
    flow = cp([("TLSTLY", 8, 6.9, "<0.1", None), ("TLSTLY", 11, 9.9, "<0.1", None)])
    given = {"PC": pc([Result(7, at(7), "BLQ")]), "CP": flow, "PP": pp(values), "ADSL": PERSON}
    made, issues = mapped(tmp_path, ["adpc", "adpp"], given)
    assert issues == []
    found = made["ADPP"].set_index("PARAMCD")
    assert dict(found["AVAL"]) == {
        "AUC0_28": "0", "CLST": "", "CMAX": "0", "FLOWMAX": "0", "FLTMAX": "", "PERSDUR": "", "TLST": "", "TMAX": ""
    }  # fmt: skip
    assert set(found.loc[["CLST", "FLTMAX", "PERSDUR", "TLST", "TMAX"], "AREASND"]) == {"NO QUANTIFIABLE RESULT"}
    assert set(found["PERSCFL"]) == {""}
