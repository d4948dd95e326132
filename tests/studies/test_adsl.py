"""ADSL of LstCAR019 against the key of the study: treatment by dose, populations, evaluability, dates of its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from .lstcar import Study, sheet

SEEDS = (68, 4, 5)
Subject = Mapping[str, Any]
NUMBERS = {"LstCAR019 1 x 10^6/kg": "1", "LstCAR019 2 x 10^6/kg": "2", "LstCAR019 5 x 10^6/kg": "3", "OTHER DOSE": "9"}
LEVELS = ("DL1", "DL2", "DL3")
TRANSPLANT, CART = "Allogeneic haematopoietic stem cell transplantation", "Autologous CD19 CAR-T cell therapy"
FAILED = ("RELAPSED DISEASE", "PD")
# What planted flaws change, by seed, flaw and person: F05 an impossible date of death, F36 a limiting toxicity of grade
# 2, F38 a transplant too early, F39 a death without its form, F43 an age that does not fit.
EARLY = {"BOR": "NE", "RESPFL": "N"}
CHANGED: dict[int, dict[tuple[str, int], dict[str, str]]] = {
    68: {
        ("F05", 4): {"DTHDT": "", "DTHGR1": "", "LSTALVDT": "2021-08-03"},
        ("F36", 32): {"DLTFL": "Y"},
        ("F38", 5): {"HSCTDT": "2021-06-12", "NATDT": "2021-06-12", **EARLY},
        ("F39", 2): {"DTHCAUS": ""},
        ("F43", 4): {"AGE": "65"},
    },
    4: {
        ("F05", 5): {"DTHDT": "", "DTHGR1": "", "LSTALVDT": "2021-11-02"},
        ("F38", 1): {"HSCTDT": "2021-04-11", "NATDT": "2021-04-11", "DLTEVLFL": "N", **EARLY},
        ("F43", 4): {"AGE": "52"},
    },
    5: {
        ("F38", 4): {"HSCTDT": "2021-05-02", "NATDT": "2021-05-02", "DLTEVLFL": "N", **EARLY},
        ("F43", 8): {"AGE": "41", "AGEGR1": "40-59", "AGEGR1N": "2"},
    },
}


@pytest.fixture(scope="module", params=SEEDS)
def clean(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Study:
    return built(request.param, "none")


@pytest.fixture(scope="module", params=SEEDS)
def flawed(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Study:
    return built(request.param, "all")


# What the key of the study says


def rounded(value: float | Decimal, digits: int) -> str:
    """Half up, without trailing zeros."""
    found = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return f"{found.normalize():f}" if found else "0"


def later(text: str | None, days: int) -> str:
    return str(date.fromisoformat(text[:10]) + timedelta(days=days)) if text else ""


def failed(subject: Subject) -> str:
    """The first relapse or progression: one of the assessments, else the relapse."""
    days = [a["date"] for a in subject["response"] if a["value"] in FAILED]
    return min(days, default=subject["relapse"] or "")


def within_window(subject: Subject) -> bool:
    """The planned dose, and the 28 days after the infusion alive, in the study and without other therapy."""
    ends = later(subject["infusion"], 28)
    therapy = [d for d in (subject["new_therapy"], subject["transplant"]) if d and d <= ends]
    left = subject["eos"] is not None and subject["eos"]["date"] < ends
    died = subject["death"] is not None and subject["death"]["date"] <= ends
    seen = subject["last_alive"] >= ends and not died and not left
    return subject["trt01a"] == subject["trt01p"] and seen and not therapy


def treatment(subject: Subject, has: bool) -> dict[str, str]:
    given, planned = subject["dose_given"], subject["dose_planned"]
    return {
        "TRT01P": subject["trt01p"] or "", "TRT01PN": NUMBERS.get(subject["trt01p"], ""),
        "TRT01A": subject["trt01a"] or "", "TRT01AN": NUMBERS.get(subject["trt01a"], ""),
        "COHORT": subject["armcd"] or "", "DOSE01P": "" if planned is None else rounded(planned, 0),
        "DOSE01U": "" if planned is None else "10^6/kg", "DOSE01A": rounded(given, 2) if has else "",
        "LDSDT": subject["first_ld"] or "", "TRTSDT": (subject["infusion"] or "")[:10],
        "TRTEDT": (subject["infusion"] or "")[:10], "TRTSDTM": f"{subject['infusion']}:00" if has else "",
        "DLTWEDT": later(subject["infusion"], 28), "WK24DT": later(subject["infusion"], 168),
    }  # fmt: skip


def populations(subject: Subject, has: bool, pk: Mapping[str, Any]) -> dict[str, str]:
    def flag(said: object) -> str:
        return "Y" if said else "N"

    evaluable = has and (subject["dlt"] or within_window(subject))
    return {
        "ENRLFL": flag(subject["status"] != "SCREEN FAILURE"), "LDFL": flag(subject["first_ld"]), "SAFFL": flag(has),
        "EFFFL": flag(has), "PKFL": flag(has), "CKAUCFL": flag(has and pk and pk["AUC0_28"] is not None),
        "DLTFL": flag(subject["dlt"]) if has else "", "DLTEVLFL": flag(evaluable and subject["armcd"] in LEVELS),
        "DLTESEXP": flag(evaluable and subject["armcd"] == "EXP"),
    }  # fmt: skip


def course(subject: Subject, has: bool) -> dict[str, str]:
    death, eos = subject["death"], subject["eos"]
    dates = sorted(d for d in (subject["new_therapy"], subject["transplant"]) if d)
    complete = eos is not None and eos["reason"] == "COMPLETED"
    early = has and death is not None and death["date"] <= later(subject["infusion"], 28)
    return {
        "DTHFL": "Y" if death else "", "DTHDT": death["date"] if death else "",
        "DTHCAUS": death["cause"] if death else "",
        "DTHGR1": "" if not death or not has else "WITHIN 28 DAYS" if early else "AFTER 28 DAYS",
        "LSTALVDT": subject["last_alive"], "NTHDT": subject["new_therapy"] or "", "HSCTDT": subject["transplant"] or "",
        "NATDT": dates[0] if dates else "", "RELDT": failed(subject),
        "EOSSTT": "ONGOING" if eos is None else "COMPLETED" if complete else "DISCONTINUED",
        "EOSDT": eos["date"] if eos else "", "DCSREAS": "" if eos is None or complete else eos["reason"],
        "BOR": subject["bor"] or "", "RESPFL": "" if not has else "Y" if subject["bor"] in ("CR", "CRi") else "N",
    }  # fmt: skip


def expected(subject: Subject, pk: Mapping[str, Any]) -> dict[str, str]:
    has = subject["infusion"] is not None
    age = subject["age"]
    group = "1" if age <= 39 else "2" if age <= 59 else "3"
    return {
        "AGE": str(age), "AGEGR1N": group, "AGEGR1": {"1": "<=39", "2": "40-59", "3": ">=60"}[group],
        **treatment(subject, has), **populations(subject, has, pk), **course(subject, has),
    }  # fmt: skip


def seed_of(study: Study) -> int:
    return int(study.truth["meta"]["seed"])


def differences(study: Study) -> dict[tuple[int, str], tuple[str, str]]:
    """(k, variable) -> value as built and as the key has it, where they differ."""
    found = {}
    adsl = study.data["ADSL"].set_index("USUBJID")
    for subject in study.truth["subjects"]:
        for name, value in expected(subject, study.truth["pk"].get(subject["usubjid"], {})).items():
            built = str(adsl.at[subject["usubjid"], name])
            if built != value:
                found[subject["k"], name] = (built, value)
    return found


def test_one_record_a_person_of_dm(clean: Study) -> None:
    assert list(clean.data["ADSL"]["USUBJID"]) == list(clean.data["DM"]["USUBJID"])
    assert len(clean.data["ADSL"]) == clean.truth["meta"]["n_persons"]


def test_every_variable_has_the_value_of_the_key(clean: Study) -> None:
    assert differences(clean) == {}


def test_flaws_change_what_they_must_and_no_more(flawed: Study) -> None:
    said = CHANGED[seed_of(flawed)]
    names = {s["k"]: s["usubjid"] for s in flawed.truth["subjects"]}
    planted = {(f["id"], f["subject"]) for f in flawed.flaws}
    assert {(flaw, names[k]) for flaw, k in said} <= planted
    wanted = {(k, name): value for (_, k), changes in said.items() for name, value in changes.items()}
    assert {place: built for place, (built, _) in differences(flawed).items()} == wanted


# Cases known one by one (crf.md, 2.1)


@pytest.mark.parametrize(
    ("seed", "evaluable", "toxic"),
    [
        (68, [1, 2, 4, 5, 8, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19], [5, 13, 18, 23]),
        (4, [1, 2, 4, 5, 8, 9, 10, 11, 12, 13, 14, 16], [11, 17, 18, 21, 29]),
        (5, [1, 2, 4, 5, 7, 8], [2, 7]),
    ],
)
def test_who_is_evaluable_for_limiting_toxicity(
    built: Callable[[int, str], Study], seed: int, evaluable: list[int], toxic: list[int]
) -> None:
    study = built(seed, "none")
    numbers = {s["usubjid"]: s["k"] for s in study.truth["subjects"]}
    assert [numbers[u] for u in study.of("ADSL", DLTEVLFL="Y")["USUBJID"]] == evaluable
    assert [numbers[u] for u in study.of("ADSL", DLTFL="Y")["USUBJID"]] == toxic
    assert [s["k"] for s in study.truth["subjects"] if s["dlt_evaluable"]] == evaluable


def test_the_underdosed_is_analysed_by_the_dose_that_was_given(clean: Study) -> None:
    names = ("COHORT", "TRT01P", "TRT01A", "DOSE01P", "SAFFL", "DLTEVLFL")
    one, two = "LstCAR019 1 x 10^6/kg", "LstCAR019 2 x 10^6/kg"
    wanted = {68: ("DL2", two, one, "2", "Y", "N"), 4: ("DL2", two, one, "2", "Y", "N")}
    wanted[5] = ("DL1", one, "OTHER DOSE", "1", "Y", "Y")  # evaluable by its limiting toxicity
    assert tuple(clean.one("ADSL", n, USUBJID="LSTCAR019-01-S007") for n in names) == wanted[seed_of(clean)]


def test_doses_of_the_underdosed(built: Callable[[int, str], Study]) -> None:
    names = ("DOSE01A", "DOSEDEV", "TRT01PN", "TRT01AN")
    assert tuple(built(68, "none").one("ADSL", n, USUBJID="LSTCAR019-01-S007") for n in names) == (
        "1.1",
        "-45",
        "2",
        "1",
    )


def test_the_deviation_is_that_of_the_dose_before_it_is_rounded(clean: Study) -> None:
    for subject in clean.truth["subjects"]:
        given, planned = subject["dose_given"], subject["dose_planned"]
        found = clean.one("ADSL", "DOSEDEV", USUBJID=subject["usubjid"])
        assert found == ("" if given is None else rounded(100 * (Decimal(str(given)) - planned) / planned, 1))


def test_lymphodepleted_and_not_infused(clean: Study) -> None:
    found = clean.of("ADSL", LDFL="Y", SAFFL="N").to_dict("records")
    assert len(found) == 1
    assert (found[0]["USUBJID"], found[0]["EOSSTT"]) == ("LSTCAR019-01-S006", "DISCONTINUED")
    assert found[0]["TRT01P"].startswith("LstCAR019 ")
    empty = ("TRT01A", "TRTSDT", "TRTSDTM", "DOSE01A", "DOSEDEV", "DLTFL", "BOR", "WK24DT", "BLASTBL", "WTBL")
    assert {n: found[0][n] for n in empty} == dict.fromkeys(empty, "")


# Baseline and history, from the forms


def last_before(study: Study, form: str, day: str, value: str, subject: Subject) -> str:
    """The last value of a form dated before the infusion, "" if there is none."""
    if subject["infusion"] is None:
        return ""
    found = sheet(study, form)
    mine = found[found["SUBJID"].isin(subject["subjid_all"]) & (found[value] != "")]
    mine = mine[mine[day] < subject["infusion"][:10]].sort_values(day)
    return "" if mine.empty else str(mine[value].iloc[-1])


def test_baseline_is_the_last_before_the_infusion(clean: Study) -> None:
    wanted = [
        ("BLASTBL", "BMA", "BMDAT", "BLAST"), ("WTBL", "VS", "VSDAT", "WEIGHT"), ("ECOGBL", "ECOG", "ECDAT", "ECOG"),
    ]  # fmt: skip
    for subject in clean.truth["subjects"]:
        for variable, form, day, column in wanted:
            text = last_before(clean, form, day, column, subject)
            found = clean.one("ADSL", variable, USUBJID=subject["usubjid"])
            assert found == (rounded(float(text), 2) if text else ""), (subject["usubjid"], variable)
        mrd = last_before(clean, "BMA", "BMDAT", "MRDRES", subject)
        found = clean.one("ADSL", "MRDBL", USUBJID=subject["usubjid"])
        assert found == {"阴性": "NEGATIVE", "阳性": "POSITIVE", "": ""}[mrd]
        assert bool(found) == (subject["infusion"] is not None)


def test_history_is_that_of_the_form(clean: Study) -> None:
    form = sheet(clean, "MH")
    for subject in clean.truth["subjects"]:
        mine = form[form["SUBJID"].isin(subject["subjid_all"])]
        lines = max(int(n) for n in mine["LINE"] if n)
        genes = {g for g in mine["GENE"] if g}
        found = clean.of("ADSL", USUBJID=subject["usubjid"]).to_dict("records")[0]
        assert found["PRLINES"] == str(lines)
        assert found["PRHSCT"] == ("Y" if TRANSPLANT in set(mine["MHTERM_EN"]) else "N")
        assert found["PRCART"] == ("Y" if CART in set(mine["MHTERM_EN"]) else "N")
        assert found["PHCHRFL"] == ("Y" if genes == {"BCR-ABL1 positive"} else "N")
    for variable in ("PRHSCT", "PRCART", "PHCHRFL"):
        assert set(clean.data["ADSL"][variable]) <= {"Y", "N"}


def test_later_therapy_is_named(clean: Study) -> None:
    found = clean.data["ADSL"]
    assert list(found["NTRT"] != "") == list(found["NTHDT"] != "")


def test_every_analysis_dataset_carries_the_same_values(clean: Study) -> None:
    core = [
        "SUBJID", "SITEID", "AGE", "AGEGR1", "SEX", "RACE", "COHORT", "TRT01P", "TRT01PN", "TRT01A", "TRT01AN",
        "TRTSDT", "TRTEDT", "SAFFL", "LDFL", "EFFFL", "DLTEVLFL", "PKFL",
    ]  # fmt: skip
    adsl = clean.data["ADSL"].set_index("USUBJID")
    others = [name for name in clean.data if name.startswith("AD") and name != "ADSL"]
    assert others
    for name in others:
        frame = clean.data[name]
        for variable in core:
            assert list(frame[variable]) == list(frame["USUBJID"].map(adsl[variable])), (name, variable)
