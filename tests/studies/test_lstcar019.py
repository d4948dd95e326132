"""LstCAR019, as simulated: literal facts of seed 68, second implementations, and the properties of the whole build."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from .conftest import Files
from .lstcar import Study, build, person, sheet

# Validation of the clean study: the clinical model's own, argued in docs/study/sdtm.md.
EXPLAINED = {
    "ae-after-last-disposition": 46, "death-not-in-ae": 13, "death-not-in-ds": 9, "interventional-parameter-missing": 1,
}  # fmt: skip


# Facts of the clean study, written by hand


def test_arms_and_reasons(clean: Study) -> None:
    """32 persons: 28 infused (3, 7, 6, 12), one lymphodepleted only, three screen failures."""
    dm = clean.data["DM"]
    assert len(dm) == 32
    assert Counter(dm["ARMCD"]) == {"DL1": 3, "DL2": 8, "DL3": 6, "EXP": 12, "": 3}
    assert list(dm["ACTARMCD"]) == list(dm["ARMCD"])
    assert Counter(dm["ARMNRS"]) == {"": 29, "SCREEN FAILURE": 3}
    assert list(clean.of("DM", ARMNRS="SCREEN FAILURE")["USUBJID"]) == [person(3), person(15), person(22)]
    infused = dm[dm["RFSTDTC"] != ""]
    assert Counter(infused["ARMCD"]) == {"DL1": 3, "DL2": 7, "DL3": 6, "EXP": 12}
    assert clean.one("DM", "ARM", USUBJID=person(13)) == "DOSE LEVEL 3: 5 X 10^6 CELLS/KG"
    assert clean.one("DM", "ACTARM", USUBJID=person(32)) == "EXPANSION AT THE RECOMMENDED DOSE"


@pytest.mark.parametrize(
    ("k", "start", "first", "last"),
    [
        (1, "2021-03-22T11:24", "2021-03-17T09:00", "2021-03-22T11:44"),
        (6, "", "2021-05-25T09:00", "2021-05-28T09:30"),  # lymphodepleted, not infused
        (8, "2021-06-14T11:41", "2021-06-09T09:00", "2021-06-14T12:01"),  # infused as S108
        (10, "2021-07-26T10:05", "2021-07-21T09:00", "2021-07-26T10:55"),  # two bags
        (15, "", "", ""),
    ],
)
def test_reference_dates(clean: Study, k: int, start: str, first: str, last: str) -> None:
    names = ["RFSTDTC", "RFXSTDTC", "RFXENDTC"]
    assert list(clean.of("DM", USUBJID=person(k))[names].iloc[0]) == [start, first, last]


def test_end_of_participation_is_missing_exactly_where_a_reason_stands(clean: Study) -> None:
    dm = clean.data["DM"]
    assert list(dm["RFENDTC"] == "") == list(dm["ARMNRS"] != "")
    assert clean.one("DM", "RFENDTC", USUBJID=person(6)) == "2021-05-31"  # end of study: not infused
    assert clean.one("DM", "RFENDTC", USUBJID=person(8)) == "2021-08-28"  # not the failure of the first screening
    assert clean.one("DM", "RFPENDTC", USUBJID=person(4)) == "2021-08-06"  # the death after the end of study


def test_person_screened_twice(clean: Study) -> None:
    """One USUBJID by the first number; DM has the second screening, DC the first."""
    dm = clean.of("DM", USUBJID=person(8))
    assert list(dm["SUBJID"]) == ["S108"]
    assert list(dm["RFICDTC"]) == ["2021-04-30T08:04"]  # the first consent of all
    assert clean.data["DC"][["USUBJID", "SUBJID", "ARMNRS"]].to_numpy().tolist() == [
        [person(8), "S008", "SCREEN FAILURE"]
    ]
    assert list(clean.of("DS", USUBJID=person(8), DSDECOD="SCREEN FAILURE")["DSSTDTC"]) == ["2021-05-10"]
    assert list(clean.of("DS", USUBJID=person(8), DSDECOD="DEATH")["DSSTDTC"]) == ["2021-08-28"]


def test_exposure(clean: Study) -> None:
    """A record a dose of lymphodepletion, one an infusion: the dose is that of all bags a kilogram."""
    ex = clean.data["EX"]
    assert Counter(ex["EXTRT"]) == {"FLUDARABINE": 103, "CYCLOPHOSPHAMIDE": 87, "LSTCAR019": 28}
    infusion = clean.of("EX", EXTRT="LSTCAR019")
    doses = dict(zip(infusion["USUBJID"], infusion["EXDOSE"], strict=True))
    assert doses[person(1)] == "0.97"  # 63.7 / 65.4
    assert doses[person(7)] == "1.1"  # 53.8 / 48.9
    assert clean.one("EX", "EXADJ", USUBJID=person(7), EXTRT="LSTCAR019") == "VIABILITY OF ONE BAG BELOW SPECIFICATION"
    assert clean.qualifier("EX", "CELLTOT", USUBJID=person(10), EXTRT="LSTCAR019") == "161.4"  # two bags of 80.7
    assert clean.qualifier("EX", "CELLPL", USUBJID=person(10), EXTRT="LSTCAR019") == "160.6"
    assert clean.qualifier("EX", "DOSEPL", USUBJID=person(10), EXTRT="LSTCAR019") == "2"
    assert clean.qualifier("EX", "VIAB", USUBJID=person(10), EXTRT="LSTCAR019") == "82"
    assert clean.qualifier("EX", "LDTOT", USUBJID=person(1), EXTRT="FLUDARABINE", EXSPID="LD-1") == "51.9"
    assert set(infusion["EXDOSU"]) == {"10^6/kg"}
    assert len(clean.data["EC"]) == 37


def test_milestones_and_endings(clean: Study) -> None:
    ds = clean.data["DS"]
    assert Counter(ds["DSDECOD"]) == {
        "INFORMED CONSENT OBTAINED": 42, "ELIGIBILITY CRITERIA MET": 29, "ENTERED INTO TRIAL": 29, "COMPLETED": 32,
        "DEATH": 7, "SCREEN FAILURE": 4, "DISEASE RELAPSE": 4, "PHYSICIAN DECISION": 3, "LOST TO FOLLOW-UP": 2,
        "WITHDRAWAL BY SUBJECT": 1, "NEVER DOSED": 1,
    }  # fmt: skip
    assert Counter(clean.of("DS", DSDECOD="COMPLETED")["DSSCAT"]) == {"STUDY TREATMENT": 28, "STUDY PARTICIPATION": 4}
    assert clean.one("DS", "DSTERM", USUBJID=person(6), DSCAT="DISPOSITION EVENT") == "NOT INFUSED"
    assert clean.one("DS", "DSSTDTC", USUBJID=person(1), DSSCAT="STUDY TREATMENT") == "2021-03-22"
    assert clean.one("DS", "DSSTDY", USUBJID=person(1), DSSCAT="STUDY TREATMENT") == "1"
    assert clean.qualifier("DS", "ICFVER", USUBJID=person(3), DSDECOD="INFORMED CONSENT OBTAINED") == "V1.0"


def test_events(clean: Study) -> None:
    first = clean.of("AE", USUBJID=person(1), AESPID="1").iloc[0]
    names = ["AETERM", "AEDECOD", "AETOXGR", "AEREL", "AEACN", "AEOUT", "AESTDTC", "AESTDY", "AEENDTC", "AEENDY"]
    assert list(first[names]) == [
        "Lymphocyte count decreased", "Lymphocyte count decreased", "4", "NOT RELATED", "NOT APPLICABLE",
        "RECOVERED/RESOLVED", "2021-03-21T08:58", "-1", "2021-04-05T09:58", "15",
    ]  # fmt: skip
    assert clean.qualifier("AE", "AERELLD", USUBJID=person(1), AESPID="1") == "DEFINITELY"
    assert Counter(clean.of("SUPPAE", QNAM="AEDLT")["QVAL"])["Y"] == 4  # persons 5, 13, 18, 23
    assert set(clean.of("SUPPAE", QNAM="AEDLT", QVAL="Y")["USUBJID"]) == {person(k) for k in (5, 13, 18, 23)}
    assert set(clean.of("AE", USUBJID=person(6))["AESTDY"]) == {""}  # no infusion, no study day


# An oracle that shares no code with the build


def test_reference_dates_of_everyone_by_plain_pandas(clean: Study) -> None:
    """RFSTDTC from INF, RFXSTDTC from LD, RFICDTC from ICF, by USUBJID of the first screening number."""
    first = dict(zip(sheet(clean, "SUBJ")["SUBJID"], sheet(clean, "SUBJ")["PERSID"], strict=True))

    def earliest(name: str, day: str, clock: str) -> dict[str, str]:
        found = sheet(clean, name)
        when = found[day].str.replace("/", "-") + "T" + found[clock]
        who = "LSTCAR019-01-" + found["SUBJID"].map(first)
        return {str(k): str(v) for k, v in when.groupby(who).min().items()}

    dm = clean.data["DM"].set_index("USUBJID")
    for variable, oracle in {
        "RFSTDTC": earliest("INF", "INFDAT", "INFSTTIM"),
        "RFXSTDTC": earliest("LD", "LDDAT", "LDSTTIM"),
        "RFICDTC": earliest("ICF", "ICFDAT", "ICFTIM"),
    }.items():
        assert {k: v for k, v in dm[variable].items() if v} == oracle, variable


def test_doses_of_everyone_by_plain_pandas(clean: Study) -> None:
    from decimal import ROUND_HALF_UP, Decimal

    bags = sheet(clean, "INF")
    oracle = {}
    for number, rows in bags.groupby("SUBJID"):
        total = sum(Decimal(c) for c in rows["CELLGV"])
        dose = (total / Decimal(rows["WEIGHT"].iloc[0])).quantize(Decimal("0.01"), ROUND_HALF_UP)
        oracle[str(number).replace("S108", "S008")] = float(dose)
    found = clean.of("EX", EXTRT="LSTCAR019")
    assert {u[-4:]: float(d) for u, d in zip(found["USUBJID"], found["EXDOSE"], strict=True)} == oracle


# What flaws leave


def test_death_from_the_end_of_study_where_its_record_is_of_no_use(clean: Study, flawed: Study) -> None:
    """F39: the record is gone, DS has the date. F05: the date is impossible, DS ends by relapse: dead, undated."""
    gone, unreadable = (
        next(f["subject"] for f in flawed.flaws if f["rule"] == r) for r in ("death-missing", "date-invalid")
    )
    assert (gone, unreadable) == (person(2), person(4))
    assert [clean.one("DM", "DTHDTC", USUBJID=u) for u in (gone, unreadable)] == ["2022-03-03", "2021-08-06"]
    assert [flawed.one("DM", "DTHDTC", USUBJID=u) for u in (gone, unreadable)] == ["2022-03-03", ""]
    assert [flawed.one("DM", "DTHFL", USUBJID=u) for u in (gone, unreadable)] == ["Y", "Y"]


def test_dose_that_follows_from_the_total(flawed: Study) -> None:
    """F32: 51.9 mg over 1.73 m2 is 30 mg/m2."""
    found = flawed.of("EX", USUBJID=person(1), EXSPID="LD-3")
    assert found[["EXTRT", "EXDOSE", "EXDOSU"]].to_numpy().tolist() == [["FLUDARABINE", "30", "mg/m2"]]


# Properties of the whole


HEADERS = {"edc.xlsx": 2, "lab_hema.xlsx": 2, "lab_chem.xlsx": 2, "lab_ranges.xlsx": 1}
ENCODINGS = {"cytokine.csv": "utf-8-sig", "carT_qpcr.csv": "gb18030", "carT_flow.csv": "utf-8"}


def shuffle_rows(source: Path, target: Path) -> None:
    """The same files with the rows of every sheet in another order."""
    from openpyxl import Workbook, load_workbook

    mixer = random.Random(1)
    for name, headers in HEADERS.items():
        mixed = Workbook()
        mixed.remove(mixed.active)
        for one in load_workbook(source / name, read_only=True):
            rows = list(one.iter_rows(values_only=True))
            data = rows[headers:]
            mixer.shuffle(data)
            other = mixed.create_sheet(one.title)
            for row in (*rows[:headers], *data):
                other.append(row)
        mixed.save(target / name)
    for name, encoding in ENCODINGS.items():
        header, *rows = list(csv.reader((source / name).read_text(encoding=encoding).splitlines()))
        mixer.shuffle(rows)
        with (target / name).open("w", encoding=encoding, newline="") as file:
            csv.writer(file).writerows([header, *rows])


def test_order_of_raw_rows_decides_nothing(clean: Study, tmp_path: Path) -> None:
    shuffle_rows(clean.raw, tmp_path)
    data, _ = build(tmp_path)
    assert set(data) == set(clean.data)
    for dataset, frame in clean.data.items():
        pd.testing.assert_frame_equal(data[dataset], frame)


def test_clean_build_is_published_and_validated(files: Files) -> None:
    """No error; the warnings are the clinical model's, by number."""
    issues = json.loads((files(68, "none").out / "issues.json").read_text(encoding="utf-8"))["issues"]
    found = [i for i in issues if i["severity"] != "note"]
    assert {i["severity"] for i in found} == {"warning"}
    assert Counter(i["rule"] for i in found) == EXPLAINED
