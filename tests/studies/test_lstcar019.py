"""LstCAR019, as simulated: DM, EC, EX, AE, DS of seed 68, literal facts, and every planted flaw found at its cell."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sdtm_builder.commands.build import run
from sdtm_builder.commands.pipeline import Made, make, prepare
from sdtm_builder.issues import Issue, IssueLog
from sdtm_builder.registry import load_all
from sdtm_builder.simulate import simulate

SPECS = Path(__file__).resolve().parents[2] / "specs" / "lstcar019"
SHEETS = ("SUBJ", "DM", "ICF", "LD", "INF", "AE", "MEDDRA", "DS", "DD")
WEIGHT = {"E": "error", "W": "warning", "N": "note"}

# What the study can't find, or holds in a dataset that is not built, and why.
NOT_FOUND = {("F09", "DM", "SEX")}  # the third spelling is M or F, which is the term itself and no synonym
NOT_HELD = {("DD", "DDDTC"), ("ADSL", "DLTFL")}

# Validation of the clean study: the clinical model's own, argued in docs/study/sdtm.md.
EXPLAINED = {"ae-after-last-disposition": 46, "death-not-in-ae": 13, "death-not-in-ds": 9}


@dataclass
class Study:
    """A simulated study as built: raw folder, datasets as frames of texts, issues, answer key."""

    raw: Path
    data: dict[str, pd.DataFrame]
    issues: list[Issue]
    flaws: list[dict[str, Any]]
    caused: list[dict[str, Any]]

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
        assert len(record) == 1
        found = self.of(f"SUPP{dataset}", QNAM=qnam, USUBJID=record["USUBJID"].iloc[0])
        if dataset != "DM":
            found = found[found["IDVARVAL"] == record[f"{dataset}SEQ"].iloc[0]]
        return str(found["QVAL"].iloc[0]) if len(found) else ""


def frames(made: Made) -> dict[str, pd.DataFrame]:
    """Finished datasets, every value as its text."""
    return {
        b.name: pd.DataFrame({v.name: [v.values.text_at(i) for i in range(b.n)] for v in b.variables})
        for b in made.built
    }


def build(raw: Path) -> tuple[dict[str, pd.DataFrame], list[Issue]]:
    """The datasets of a raw folder, and what was found on the way."""
    load_all()
    log = IssueLog()
    prepared = prepare(SPECS, raw, log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    return frames(make(prepared)), list(log)


def study_of(folder: Path, seed: int, flaws: str, forms: tuple[str, ...] | None = SHEETS) -> Study:
    """Simulate and build."""
    made = simulate(seed, flaws, out=folder, forms=forms)
    data, issues = build(folder)
    return Study(folder, data, issues, made.flaws, made.caused)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("clean"), 68, "none")


@pytest.fixture(scope="module")
def flawed(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return study_of(tmp_path_factory.mktemp("flawed"), 68, "all")


def sheet(study: Study, name: str) -> pd.DataFrame:
    """A raw sheet, without the package: names in row 1, labels in row 2."""
    return pd.read_excel(study.raw / "edc.xlsx", sheet_name=name, dtype=str, skiprows=[1], engine="openpyxl").fillna("")


def person(k: int) -> str:
    return f"LSTCAR019-01-S{k:03}"


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


# Findings


def test_clean_study_has_nothing_but_notes(clean: Study) -> None:
    assert Counter(i.rule for i in clean.issues if i.severity != "note") == {}
    assert {i.rule for i in clean.issues} == {"ct-synonym", "date-partial", "no-rule", "rescreened"}


def name_of(issue: Issue) -> str:
    """The rule; of an expectation its name, which is that of the fault it finds."""
    return issue.message.partition(":")[0] if issue.rule == "expect-failed" else issue.rule


def explains(entry: Mapping[str, Any], issue: Issue) -> bool:
    """Whether a planted flaw is what an issue found: the same rule, and one of its cells (or its row as a whole)."""
    cells = {(p.file, p.sheet, p.row, p.column) for p in issue.locations if p.file}
    places = [(c["file"], c["sheet"] or "", c["row"]) for c in entry["cells"]]
    wanted = {(*p, c["column"]) for p, c in zip(places, entry["cells"], strict=True)} | {(*p, "") for p in places}
    return name_of(issue) == entry["rule"] and bool(cells & wanted)


def check_flaws(study: Study) -> None:
    """Every flaw of the sheets is found with its severity, its value is as expected, and nothing else is found."""
    mine = [f for f in study.flaws if f["cells"][0]["sheet"] in SHEETS]
    assert mine
    for entry in mine:
        found = [i for i in study.issues if explains(entry, i)]
        key = (entry["id"], entry["cells"][0]["sheet"], entry["cells"][0]["column"])
        if found or key not in NOT_FOUND or entry["raw"] not in ("M", "F"):
            assert {str(i.severity) for i in found} == {WEIGHT[entry["severity"]]}, entry
        expect = entry["expect"]
        if expect and (expect["dataset"], expect["variable"]) not in NOT_HELD:
            want = "" if expect["value"] is None else str(expect["value"]).removesuffix(".0")
            keys = {k: str(v) for k, v in expect["key"].items()}
            assert study.one(expect["dataset"], expect["variable"], **keys) == want, entry
    known = [*study.flaws, *study.caused]
    more = [str(i) for i in study.issues if i.severity != "note" and not any(explains(e, i) for e in known)]
    assert more == []


@pytest.mark.parametrize("seed", [4, 5])
def test_flaws_of_other_seeds(seed: int, tmp_path: Path) -> None:
    check_flaws(study_of(tmp_path, seed, "all"))


def test_flaws(flawed: Study) -> None:
    check_flaws(flawed)
    assert len({f["id"] for f in flawed.flaws}) == 25


def test_flaws_change_no_other_record(clean: Study, flawed: Study) -> None:
    """AE has two rows more (F50); no record of the others comes or goes."""
    sizes = {n: (len(clean.data[n]), len(flawed.data[n])) for n in ("DM", "DC", "EC", "EX", "DS", "AE")}
    assert sizes == {"DM": (32, 32), "DC": (1, 1), "EC": (37, 37), "EX": (218, 218), "DS": (154, 154), "AE": (269, 271)}


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


def test_order_of_raw_rows_decides_nothing(clean: Study, tmp_path: Path) -> None:
    from openpyxl import Workbook, load_workbook

    mixed = Workbook()
    mixed.remove(mixed.active)
    for one in load_workbook(clean.raw / "edc.xlsx", read_only=True):
        name, label, *rows = one.iter_rows(values_only=True)
        random.Random(1).shuffle(rows)
        other = mixed.create_sheet(one.title)
        for row in (name, label, *rows):
            other.append(row)
    mixed.save(tmp_path / "edc.xlsx")
    data, _ = build(tmp_path)
    for dataset, frame in clean.data.items():
        pd.testing.assert_frame_equal(data[dataset], frame)


def test_clean_build_is_published_and_validated(clean: Study, tmp_path: Path) -> None:
    """No error; the warnings are the clinical model's, by number."""
    load_all()
    status = run(SPECS, raw=clean.raw, out=tmp_path / "out", as_of=datetime(2022, 11, 1), quiet=True)
    assert status == 0
    found = json.loads((tmp_path / "out" / "issues.json").read_text(encoding="utf-8"))["issues"]
    assert Counter(i["rule"] for i in found if i["severity"] != "note") == EXPLAINED
