"""ADSL of LstCAR019 at the limits of its rules: dose bands, the window of 28 days, last contact, end of study."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from .small import mapped

INFUSED = date(2021, 3, 22)
NUMBERS = {"VISITNUM", "LBSTRESN", "VSSTRESN", "RSSTRESN", "PPSTRESN", "DOSEPL", "CELLTOT", "DOSEWT", "LINE", "AGE"}
# What ADSL reads, by dataset.
COLUMNS = {
    "DM": "SUBJID SITEID AGE AGEU SEX RACE COUNTRY ARM ARMCD ACTARM ACTARMCD ARMNRS DTHFL RFICDTC RFSTDTC RFXSTDTC "
    "RFENDTC DTHDTC",
    "EX": "EXTRT EXCAT EXSTDTC EXENDTC DOSEPL CELLTOT", "EC": "DOSEWT", "DS": "DSSEQ DSDECOD DSSCAT DSSTDTC",
    "LB": "LBSEQ LBTESTCD LBSTRESN LBSPCUFL LBDTC VISITNUM", "RS": "RSSEQ RSTESTCD RSSTRESC RSSTRESN RSDTC VISITNUM",
    "VS": "VSSEQ VSTESTCD VSSTRESN VSDTC VISITNUM", "PC": "PCTESTCD PCORRES PCDTC", "PP": "PPTESTCD PPSTRESN",
    "CM": "CMSEQ CMCAT CMTRT LINE CMSTDTC CMENDTC", "PR": "PRSEQ PRCAT PRSTDTC PRENDTC",
    "MH": "MHSEQ GENE MHSTDTC", "AE": "AESTDTC",
    "DD": "DDSEQ DDTESTCD DDSTRESC", "SS": "SSSTRESC SSDTC", "SV": "SVSTDTC SVENDTC", "FA": "FADTC",
    "ADRS": "PARAMCD AVALC ADT", "ADAE": "AEDLTFL",
}  # fmt: skip
Rows = dict[str, list[dict[str, Any]]]


def day(elapsed: int) -> str:
    """The date so many days after the infusion."""
    return (INFUSED + timedelta(days=elapsed)).isoformat()


def infused(dose: float = 1.0, arm: str = "DL1", plan: float = 1.0, **dm: str) -> Rows:
    """A person of an arm with 60 kg who got that dose."""
    start = f"{day(0)}T10:00"
    return {
        "DM": [{"ARMCD": arm, "AGE": 50.0, "RFSTDTC": start, "RFXSTDTC": day(-5), **dm}],
        "EX": [{"EXTRT": "LSTCAR019", "EXCAT": "CAR-T INFUSION", "EXSTDTC": start, "EXENDTC": f"{day(0)}T10:20",
                "DOSEPL": plan, "CELLTOT": dose * 60}],
        "EC": [{"DOSEWT": 60.0}], "SS": [{"SSSTRESC": "ALIVE", "SSDTC": day(100)}],
        "LB": [{"LBSEQ": 9.0, "LBTESTCD": "BLASTCE", "LBSTRESN": 50.0, "LBDTC": day(-14)}],
    }  # fmt: skip


def adsl(folder: Path, *persons: Mapping[str, list[dict[str, Any]]]) -> tuple[list[dict[str, str]], list[str]]:
    """The records of ADSL, one a person, and the issues as rule and message."""
    given = {}
    for name, listed in COLUMNS.items():
        rows = [
            {"STUDYID": "LSTCAR019", "USUBJID": f"P{number}", **row}
            for number, person in enumerate(persons, 1)
            for row in person.get(name, [])
        ]
        columns = ["STUDYID", "USUBJID", *listed.split()]
        numbers = {c for c in columns if c in NUMBERS or c.endswith("SEQ") or c == "ADT"}
        frame = pd.DataFrame(rows, columns=columns)
        given[name] = frame.astype({c: "float64" if c in numbers else "string" for c in columns})
    data, issues = mapped(folder, ["adsl"], given)
    return data["ADSL"].to_dict("records"), [f"{i.rule}: {i.message}" for i in issues]


@pytest.mark.parametrize(
    ("dose", "number", "evaluable"),
    [
        (0.79, "9", "N"), (0.7999, "9", "N"), (0.8, "1", "Y"), (1.0, "1", "Y"), (1.2, "1", "Y"), (1.2001, "9", "N"),
        (1.5999, "9", "N"), (1.6, "2", "N"), (2.4, "2", "N"), (2.4001, "9", "N"), (3.9999, "9", "N"), (4.0, "3", "N"),
        (6.0, "3", "N"), (6.0001, "9", "N"),
    ],
)  # fmt: skip
def test_bands_of_the_dose_hold_their_bounds(tmp_path: Path, dose: float, number: str, evaluable: str) -> None:
    (record,), issues = adsl(tmp_path, infused(dose))
    assert (record["TRT01AN"], record["DLTEVLFL"], record["SAFFL"], record["TRT01PN"]) == (number, evaluable, "Y", "1")
    assert issues == []


@pytest.mark.parametrize(("cells", "weight", "number"), [(144.96, 60.4, "2"), (64.16, 40.1, "2")])
def test_a_bound_of_the_band_is_the_decimal_number(tmp_path: Path, cells: float, weight: float, number: str) -> None:
    person = infused(1.0, "DL2", 2.0)
    person["EX"][0]["CELLTOT"], person["EC"][0]["DOSEWT"] = cells, weight
    (record,), _ = adsl(tmp_path, person)
    assert (record["TRT01AN"], record["DLTEVLFL"]) == (number, "Y")


def test_the_dose_is_rounded_and_its_deviation_is_not_of_the_rounded(tmp_path: Path) -> None:
    (record,), _ = adsl(tmp_path, infused(1.9549, "DL2", 2.0))
    assert (record["DOSE01A"], record["DOSEDEV"], record["DOSE01P"], record["DOSE01U"]) == (
        "1.95",
        "-2.3",
        "2",
        "10^6/kg",
    )


def test_the_expansion_has_one_planned_level(tmp_path: Path) -> None:
    waiting: Rows = {"DM": [{"ARMCD": "EXP", "AGE": 39.0}]}
    found, issues = adsl(
        tmp_path, infused(5.0, "EXP", 5.0), waiting, {"DM": [{"ARMNRS": "SCREEN FAILURE", "AGE": 60.0}]}
    )
    assert [(r["TRT01PN"], r["TRT01AN"], r["DLTEVLFL"], r["DLTESEXP"]) for r in found] == [
        ("3", "3", "N", "Y"), ("3", "", "N", "N"), ("", "", "N", "N"),
    ]  # fmt: skip
    assert [(r["AGEGR1"], r["AGEGR1N"]) for r in found] == [("40-59", "2"), ("<=39", "1"), (">=60", "3")]
    assert issues == []


def test_an_infusion_that_plans_another_level_than_its_arm_is_told(tmp_path: Path) -> None:
    _, issues = adsl(tmp_path, infused(1.0, "DL1", 2.0))
    assert names(issues) == ["planned-dose-differs"]


def names(issues: list[str]) -> list[str]:
    """The names of expectations that failed."""
    assert all(i.startswith("expect-failed: ") for i in issues)
    return [i.split(": ")[1] for i in issues]


def test_an_expansion_at_several_levels_has_each_form_s_own(tmp_path: Path) -> None:
    """Who is not infused then has no planned dose: nothing says which."""
    waiting: Rows = {"DM": [{"ARMCD": "EXP", "AGE": 39.0}]}
    found, issues = adsl(tmp_path, infused(5.0, "EXP", 5.0), infused(2.0, "EXP", 2.0), waiting)
    assert [(r["DOSE01P"], r["TRT01PN"], r["DLTESEXP"]) for r in found] == [
        ("5", "3", "Y"), ("2", "2", "Y"), ("", "", "N"),
    ]  # fmt: skip
    assert sorted(names(issues)) == ["expansion-level-differs", "planned-dose-missing"]


def test_a_plan_of_the_expansion_that_is_no_level_is_told(tmp_path: Path) -> None:
    found, issues = adsl(tmp_path, infused(5.0, "EXP", 50.0))
    assert (found[0]["DOSE01P"], found[0]["TRT01P"]) == ("50", "OTHER DOSE")
    assert names(issues) == ["planned-dose-differs"]


# Within the window of 28 days: what happened on which day after the infusion, and whether the person is evaluable.
WINDOW: list[tuple[str, Rows, str]] = [
    ("seen on day 29", {"SS": [{"SSSTRESC": "ALIVE", "SSDTC": day(28)}]}, "Y"),
    ("last seen on day 28", {"SS": [{"SSSTRESC": "ALIVE", "SSDTC": day(27)}]}, "N"),
    ("therapy on day 29", {"CM": [{"CMCAT": "SUBSEQUENT ANTICANCER THERAPY", "CMSTDTC": day(28)}]}, "N"),
    ("therapy on day 30", {"CM": [{"CMCAT": "SUBSEQUENT ANTICANCER THERAPY", "CMSTDTC": day(29)}]}, "Y"),
    ("dead on day 29", {"DM": [{**infused()["DM"][0], "DTHDTC": day(28), "DTHFL": "Y"}]}, "N"),
    ("dead on day 30", {"DM": [{**infused()["DM"][0], "DTHDTC": day(29), "DTHFL": "Y"}]}, "Y"),
    ("transplant on day 29", {"PR": [{"PRCAT": "SUBSEQUENT", "PRSTDTC": day(28)}]}, "N"),
    ("other medication", {"CM": [{"CMCAT": "SUPPORTIVE CARE", "CMSTDTC": day(3)}]}, "Y"),
    (
        "left on day 28",
        {"DS": [{"DSSCAT": "STUDY PARTICIPATION", "DSDECOD": "LOST TO FOLLOW-UP", "DSSTDTC": day(27)}]},
        "N",
    ),
    (
        "left on day 29",
        {"DS": [{"DSSCAT": "STUDY PARTICIPATION", "DSDECOD": "LOST TO FOLLOW-UP", "DSSTDTC": day(28)}]},
        "Y",
    ),
    ("a limiting toxicity and little dose", {"ADAE": [{"AEDLTFL": "Y"}], "EC": [{"DOSEWT": 120.0}]}, "Y"),
    ("an event that is none", {"ADAE": [{}], "EC": [{"DOSEWT": 120.0}]}, "N"),
]


@pytest.mark.parametrize(("what", "more", "evaluable"), WINDOW, ids=[w[0] for w in WINDOW])
def test_the_window_of_28_days(tmp_path: Path, what: str, more: Rows, evaluable: str) -> None:
    (record,), _ = adsl(tmp_path, {**infused(), **more})
    assert (record["DLTEVLFL"], record["DLTWEDT"]) == (evaluable, "2021-04-19")
    assert record["DLTFL"] == ("Y" if more.get("ADAE") == [{"AEDLTFL": "Y"}] else "N")


# The last contact: death, deaths that others report, the cut-off, partial dates.
CONTACT: list[tuple[str, Rows, str]] = [
    ("a contact", {"SS": [{"SSSTRESC": "ALIVE", "SSDTC": day(200)}]}, day(200)),
    ("a later laboratory sample", {"LB": [{"LBSEQ": 1.0, "LBDTC": f"{day(210)}T08:00"}]}, day(210)),
    ("a partial date", {"AE": [{"AESTDTC": "2022-05"}]}, day(100)),
    ("after the cut-off", {"SV": [{"SVSTDTC": "2022-11-01", "SVENDTC": "2022-11-01"}]}, day(100)),
    ("on the cut-off", {"SV": [{"SVSTDTC": "2022-10-31", "SVENDTC": "2022-11-02"}]}, "2022-10-31"),
    ("lost at a contact", {"SS": [{"SSSTRESC": "ALIVE", "SSDTC": day(50)}, {"SSSTRESC": "LOST TO FOLLOW-UP", "SSDTC": day(90)}]}, day(50)),  # noqa: E501
    ("after a reported death", {"SS": [{"SSSTRESC": "DEAD", "SSDTC": day(60)}], "RS": [{"RSSEQ": 1.0, "RSDTC": day(61)}], "FA": [{"FADTC": day(59)}]}, day(59)),  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize(("what", "more", "last"), CONTACT, ids=[c[0] for c in CONTACT])
def test_the_last_contact(tmp_path: Path, what: str, more: Rows, last: str) -> None:
    (record,), _ = adsl(tmp_path, {**infused(), **more})
    assert record["LSTALVDT"] == last


def test_of_the_dead_it_is_the_death(tmp_path: Path) -> None:
    found, issues = adsl(
        tmp_path,
        infused(DTHFL="Y", DTHDTC=day(28)),
        infused(DTHFL="Y", DTHDTC=day(29)),
        infused(DTHFL="Y", DTHDTC="2021-06"),
    )
    assert [(r["DTHDT"], r["LSTALVDT"], r["DTHGR1"]) for r in found] == [
        (day(28), day(28), "WITHIN 28 DAYS"), (day(29), day(29), "AFTER 28 DAYS"), ("", day(100), ""),
    ]  # fmt: skip
    assert issues == ['date-incomplete: "2021-06" is not a full date.']


@pytest.mark.parametrize(
    ("records", "wanted"),
    [
        ([], ("ONGOING", "", "", "N")),
        ([("COMPLETED", 365)], ("COMPLETED", day(365), "", "N")),
        ([("WITHDRAWAL BY SUBJECT", 90)], ("DISCONTINUED", day(90), "WITHDRAWAL BY SUBJECT", "N")),
        ([("SCREEN FAILURE", -10)], ("DISCONTINUED", day(-10), "SCREEN FAILURE", "N")),
        ([("SCREEN FAILURE", -40), ("ENTERED INTO TRIAL", -10)], ("ONGOING", "", "", "Y")),
        (
            [("SCREEN FAILURE", -40), ("ENTERED INTO TRIAL", -10), ("DEATH", 50)],
            ("DISCONTINUED", day(50), "DEATH", "Y"),
        ),
    ],
)
def test_the_end_of_the_study(tmp_path: Path, records: list[tuple[str, int]], wanted: tuple[str, ...]) -> None:
    rows = [
        {"DSSEQ": float(n), "DSDECOD": term, "DSSTDTC": day(when),
         "DSSCAT": None if term == "ENTERED INTO TRIAL" else "STUDY PARTICIPATION"}
        for n, (term, when) in enumerate(records, 1)
    ]  # fmt: skip
    (record,), _ = adsl(tmp_path, {**infused(), "DS": rows})
    assert tuple(record[n] for n in ("EOSSTT", "EOSDT", "DCSREAS", "ENRLFL")) == wanted


@pytest.mark.parametrize(
    ("more", "blasts", "evaluable"),
    [
        ({}, "", "N"),
        ({"LB": [(-3, "12"), (-1, "20"), (0, "30"), (1, "40")]}, "20", "Y"),
        ({"LB": [(5, "40")]}, "", "N"),
        ({"RS": [(-3, "POSITIVE")]}, "", "Y"),
        ({"RS": [(-3, "NEGATIVE")]}, "", "N"),
        ({"RS": [(-3, "POSITIVE"), (-1, "NEGATIVE")]}, "", "N"),
    ],
)
def test_baseline_and_who_counts_for_efficacy(
    tmp_path: Path, more: dict[str, list[tuple[int, str]]], blasts: str, evaluable: str
) -> None:
    marrow = [{"LBSEQ": float(n), "LBTESTCD": "BLASTCE", "LBSTRESN": float(v), "LBDTC": day(d)}
              for n, (d, v) in enumerate(more.get("LB", []))]  # fmt: skip
    mrd = [{"RSSEQ": float(n), "RSTESTCD": "MRDIND", "RSSTRESC": v, "RSDTC": day(d)}
           for n, (d, v) in enumerate(more.get("RS", []))]  # fmt: skip
    (record,), _ = adsl(tmp_path, {**infused(), "LB": marrow, "RS": mrd})
    assert (record["BLASTBL"], record["EFFFL"]) == (blasts, evaluable)


# The baseline on the day of the infusion: by time, without one by the visit (3 is the day before, 4 the infusion).
ON_THE_DAY: list[tuple[str, float, str]] = [
    (f"{day(0)}T09:59", 4.0, "71"), (f"{day(0)}T10:00", 3.0, "70"), (day(0), 3.0, "71"), (day(0), 4.0, "70"),
    (f"{day(0)}T11:00", 3.0, "70"), (day(1), 3.0, "70"),
]  # fmt: skip


@pytest.mark.parametrize(("at", "visit", "weight"), ON_THE_DAY)
def test_the_baseline_of_the_infusion_day(tmp_path: Path, at: str, visit: float, weight: str) -> None:
    listed = [
        {"VSSEQ": 1.0, "VSTESTCD": "WEIGHT", "VSSTRESN": 70.0, "VSDTC": day(-14), "VISITNUM": 1.0},
        {"VSSEQ": 2.0, "VSTESTCD": "WEIGHT", "VSSTRESN": 71.0, "VSDTC": at, "VISITNUM": visit},
    ]
    (record,), _ = adsl(tmp_path, {**infused(), "VS": listed})
    assert record["WTBL"] == weight


# A later therapy whose start is partial: start, end, death, and NTHDT with its flag. The infusion is on 22 March 2021.
THERAPY: list[tuple[str, str, str, str, str]] = [
    ("2021-08-13", "", "", "2021-08-13", ""),
    ("2021-08", "", "", "2021-08-01", "D"),
    ("2022", "", "", "2022-01-01", "M"),
    ("2021-03", "", "", "2021-03-22", "D"),
    ("2021", "", "", "2021-03-22", "M"),
    ("2021-03", "2021-03-20", "", "2021-03-20", "D"),
    ("2021", "", "2021-03-10", "2021-03-10", "M"),
]


@pytest.mark.parametrize(("start", "end", "death", "found", "flag"), THERAPY)
def test_a_partial_start_of_later_therapy(
    tmp_path: Path, start: str, end: str, death: str, found: str, flag: str
) -> None:
    therapy = [{"CMSEQ": 1.0, "CMCAT": "SUBSEQUENT ANTICANCER THERAPY", "CMSTDTC": start, "CMENDTC": end}]
    transplant = [{"PRSEQ": 1.0, "PRCAT": "SUBSEQUENT", "PRSTDTC": start, "PRENDTC": end}]
    one, other = (
        {**infused(DTHDTC=death, DTHFL="Y" if death else ""), **more} for more in ({"CM": therapy}, {"PR": transplant})
    )
    records, _ = adsl(tmp_path, one, other)
    assert [(r["NTHDT"], r["NTHDTF"], r["HSCTDT"], r["HSCTDTF"], r["NATDT"]) for r in records] == [
        (found, flag, "", "", found), ("", "", found, flag, found),
    ]  # fmt: skip


def test_of_a_partial_and_a_full_start_the_earlier_counts(tmp_path: Path) -> None:
    therapies = [
        {"CMSEQ": number, "CMCAT": "SUBSEQUENT ANTICANCER THERAPY", "CMSTDTC": start}
        for number, start in enumerate(("2021-08-13", "2021-08", "2021-09-01"), 1)
    ]
    (record,), _ = adsl(tmp_path, {**infused(), "CM": therapies})
    assert (record["NTHDT"], record["NTHDTF"]) == ("2021-08-01", "D")


def test_an_infused_person_outside_the_denominator_of_response_is_told(tmp_path: Path) -> None:
    (record,), issues = adsl(tmp_path, {**infused(), "LB": []})
    assert record["EFFFL"] == "N"
    assert issues == ["expect-failed: not-evaluable-for-response: SAFFL = 'N' OR EFFFL = 'Y' is false."]
