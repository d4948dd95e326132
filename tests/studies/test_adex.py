"""ADEX of LstCAR019 against the key of the study and the raw forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from .lstcar import Study, person, sheet

SEEDS = (68, 4, 5)
OVERALL = ("CELLS", "CUMCY", "CUMFLU", "DOSECAR", "NDOSELD", "REDOSE", "TIMELD")


@pytest.fixture(scope="module", params=[(seed, flaws) for seed in SEEDS for flaws in ("none", "all")], ids=str)
def study(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Study:
    return built(*request.param)


def half_up(value: Decimal, digits: int) -> float:
    return float(value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP))


def values(study: Study, usubjid: str) -> dict[str, float]:
    rows = study.of("ADEX", USUBJID=usubjid, AVISIT="OVERALL")
    assert len(rows) == rows["PARAMCD"].nunique()
    return {code: float(value) for code, value in zip(rows["PARAMCD"], rows["AVAL"], strict=True)}


def test_totals_are_those_of_the_key_and_the_forms(study: Study) -> None:
    """Doses from the raw LD and INF sheets: 30 and 500 mg/m2 a dose, by model; days from the key."""
    doses, bags = sheet(study, "LD"), sheet(study, "INF")
    wrong = []
    for subject in study.truth["subjects"]:
        want: dict[str, float] = {}
        numbers = subject["subjid_all"]
        mine, infused = doses[doses["SUBJID"].isin(numbers)], bags[bags["SUBJID"].isin(numbers)]
        if subject["first_ld"]:
            flu, cy = (mine["DRUG"].str.strip() == drug for drug in ("氟达拉滨", "环磷酰胺"))
            want |= {"NDOSELD": len(mine), "CUMFLU": 30 * flu.sum(), "CUMCY": 500 * cy.sum()}
        if subject["infusion"]:
            cells = sum(Decimal(value) for value in infused["CELLGV"])
            weight = Decimal(infused["WEIGHT"].iloc[0])
            start, first = date.fromisoformat(subject["infusion"][:10]), date.fromisoformat(subject["first_ld"])
            want |= {
                "CELLS": float(cells), "DOSECAR": half_up(cells / weight, 2),
                "REDOSE": half_up(100 * cells / weight / Decimal(str(subject["dose_planned"])), 1),
                "TIMELD": (start - first).days,
            }  # fmt: skip
            assert want["DOSECAR"] == half_up(Decimal(str(subject["dose_given"])), 2)
        if values(study, subject["usubjid"]) != want:
            wrong.append((subject["usubjid"], values(study, subject["usubjid"]), want))
    assert wrong == []


def test_every_dose_of_sdtm_has_one_record(study: Study) -> None:
    codes = {"FLUDARABINE": "FLUDOSE", "CYCLOPHOSPHAMIDE": "CYDOSE", "LSTCAR019": "CARDOSE"}
    found = study.of("ADEX", PARCAT1="SINGLE DOSE", SRCDOM="EX", SRCVAR="EXDOSE")
    wanted = {
        (r.USUBJID, r.EXSEQ, codes[r.EXTRT], r.EXDOSE, r.EXSTDTC[:10], r.EXENDTC[:10])
        for r in study.data["EX"].itertuples(index=False)
    }
    names = ["USUBJID", "SRCSEQ", "PARAMCD", "AVAL", "ASTDT", "AENDT"]
    assert set(found[names].itertuples(index=False, name=None)) == wanted
    assert len(found) == len(wanted)


def test_sources_are_records_with_the_value(study: Study) -> None:
    """Where a value is that of one record, SRCDOM, SRCVAR and SRCSEQ name it."""
    rows = study.data["ADEX"]
    rows = rows[rows["SRCSEQ"] != ""]
    assert set(rows["PARAMCD"]) == {"FLUDOSE", "CYDOSE", "CARDOSE", "DOSECAR", "CELLS"}
    for row in rows.itertuples(index=False):
        source = {"USUBJID": row.USUBJID, f"{row.SRCDOM}SEQ": row.SRCSEQ}
        assert float(study.one(row.SRCDOM, row.SRCVAR, **source)) == float(row.AVAL)


def test_who_has_which_parameters(study: Study) -> None:
    rows = study.of("ADEX", AVISIT="OVERALL")
    assert set(rows["PARAMCD"]) == set(OVERALL)
    meta = study.truth["meta"]
    counts = dict(rows["PARAMCD"].value_counts())
    assert {counts[code] for code in ("CUMCY", "CUMFLU", "NDOSELD")} == {meta["n_lymphodepleted"]}
    assert {counts[code] for code in ("CELLS", "DOSECAR", "REDOSE", "TIMELD")} == {meta["n_infused"]}
    assert list(rows["ASEQ"]) != []
    assert not study.data["ADEX"].duplicated(["USUBJID", "ASEQ"]).any()


@pytest.mark.parametrize(
    ("k", "wanted"),
    [
        (1, {"NDOSELD": 6, "CUMFLU": 90, "CUMCY": 1500, "DOSECAR": 0.97, "TIMELD": 5}),
        (6, {"NDOSELD": 7, "CUMFLU": 120, "CUMCY": 1500}),  # lymphodepleted alone
        (7, {"REDOSE": 55.0}),  # 55 % of the planned dose
    ],
)
def test_subjects_read_by_hand(clean: Study, k: int, wanted: dict[str, float]) -> None:
    found = values(clean, person(k))
    assert {code: found[code] for code in wanted} == wanted


def test_a_dose_that_follows_from_its_total(flawed: Study) -> None:
    """F32: no dose by body surface was entered; the total of that day and the surface give it."""
    flaw = next(f for f in flawed.flaws if f["id"] == "F32")
    found = flawed.of("ADEX", USUBJID=flaw["expect"]["key"]["USUBJID"], SRCSEQ="4", PARCAT1="SINGLE DOSE")
    assert [float(value) for value in found["AVAL"]] == [float(flaw["expect"]["value"])]


def test_times_of_single_doses(clean: Study) -> None:
    rows = clean.of("ADEX", USUBJID=person(1), PARAMCD="FLUDOSE")
    assert set(rows["ASTTM"]) == {"32400"}  # 09:00
    assert set(rows["AENTM"]) == {"34200"}
    assert sorted(rows["ASTDY"]) == ["-3", "-4", "-5"]
