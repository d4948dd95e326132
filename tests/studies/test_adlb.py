"""ADLB of LstCAR019: baselines and worst grades against the key of three seeds; records against a second program."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd
import pytest

from .lstcar import Study

Built = Callable[[int, str], Study]
SEEDS = (68, 4, 5)
WORST = {"worst_grade_low": ("ANL02FL", "ATOXGRL"), "worst_grade_high": ("ANL03FL", "ATOXGRH")}
TARGETS = {
    -14: "SCREENING", -1: "DAY -1", 1: "DAY 1 (INFUSION)", 2: "DAY 2", 4: "DAY 4", 6: "DAY 6", 8: "DAY 8", 11: "DAY 11",
    15: "DAY 15", 22: "DAY 22", 29: "WEEK 4", 57: "WEEK 8", 85: "WEEK 12", 169: "MONTH 6 (WEEK 24)", 274: "MONTH 9",
    366: "MONTH 12",
}  # fmt: skip


def answers(adlb: pd.DataFrame) -> dict[tuple[str, str], dict[str, float | None]]:
    """Baseline and worst grades by subject and test, as the key has them."""
    found: dict[tuple[str, str], dict[str, float | None]] = {}
    for subject, test, base in adlb[["USUBJID", "PARAMCD", "BASE"]].drop_duplicates().itertuples(index=False):
        assert (subject, test) not in found, (subject, test)
        found[subject, test] = {"BASE": float(base) if base else None, **dict.fromkeys(WORST)}
    for name, (flag, grade) in WORST.items():
        for subject, test, worst in adlb.loc[adlb[flag] == "Y", ["USUBJID", "PARAMCD", grade]].itertuples(index=False):
            assert found[subject, test][name] is None, (subject, test)
            found[subject, test][name] = int(worst)
    return found


def differences(study: Study) -> set[tuple[str, str, str]]:
    """(subject, test, what) where ADLB is not as the key has it for clean data."""
    found = answers(study.data["ADLB"])
    wanted = {(s, test): said for s, tests in study.truth["labs"].items() for test, said in tests.items()}
    assert wanted, "the key has no laboratory answers"
    assert set(wanted) - set(found) == set()
    return {(*key, what) for key, said in wanted.items() for what, value in said.items() if found[key][what] != value}


@pytest.mark.parametrize("seed", SEEDS)
def test_baselines_and_worst_grades_of_every_subject(built: Built, seed: int) -> None:
    assert differences(built(seed, "none")) == set()


@pytest.mark.parametrize("seed", SEEDS)
def test_flaws_change_only_what_they_touch(built: Built, seed: int) -> None:
    study = built(seed, "all")
    found = differences(study)
    touched = set()
    for flaw in study.flaws:
        said = flaw["expect"] or {}
        if said.get("dataset") == "LB":
            touched.add((said["key"]["USUBJID"], said["key"]["LBTESTCD"], flaw["id"]))
    unexplained = {one for one in found if not any(one[:2] == flaw[:2] for flaw in touched)}
    assert unexplained == set()
    implausible = {(subject, test, "worst_grade_high") for subject, test, flaw in touched if flaw == "F49"}
    assert implausible <= found  # creatinine in another unit than its header says is kept, and told


def analysed(records: pd.DataFrame) -> set[int]:
    """Rows of ANL01FL by hand: of each visit the nearest to its target, of equally near ones the latest."""
    best: dict[tuple[str, ...], tuple[tuple[int, str, str, int], int]] = {}
    names = ["USUBJID", "PARAMCD", "AVISIT", "AWTDIFF", "ADT", "ADTM", "SRCSEQ"]
    for row, subject, test, visit, off, date, moment, number in records[names].itertuples(name=None):
        if visit:
            rank = (-int(off), date, moment, int(number))
            best[subject, test, visit] = max(best.get((subject, test, visit), (rank, row)), (rank, row))
    return {row for _, row in best.values()}


def elapsed(day: int) -> int:
    return day - 1 if day > 0 else day


@pytest.mark.parametrize("flaws", ["none", "all"])
def test_visits_and_analysed_records_by_a_second_program(built: Built, flaws: str) -> None:
    study = built(68, flaws)
    adlb = study.data["ADLB"]
    assert not adlb.empty
    for day, visit, target, off in zip(adlb["ADY"], adlb["AVISIT"], adlb["AWTARGET"], adlb["AWTDIFF"], strict=True):
        if not day:
            assert (visit, target, off) == ("", "", "")
            continue
        best = min(TARGETS, key=lambda t: (abs(elapsed(t) - elapsed(int(day))), -t))
        assert (visit, int(target), int(off)) == (TARGETS[best], best, abs(elapsed(best) - elapsed(int(day))))
    death = dict(zip(study.data["ADSL"]["USUBJID"], study.data["ADSL"]["DTHDT"], strict=True))
    contact = study.of("SS", SSSTRESC="DEAD").groupby("USUBJID")["SSDTC"].min().to_dict()
    hemolyzed = (adlb["LBSPCCND"] == "HEMOLYZED") & (
        adlb["PARAMCD"].isin(["K", "LDH", "AST"]) | (adlb["PARCAT1"] == "CYTOKINE")
    )
    samples = study.data["LB"].set_index(["USUBJID", "LBSEQ"])["LBREFID"]
    sample = [samples[s, q] for s, q in zip(adlb["USUBJID"], adlb["SRCSEQ"], strict=True)]
    last = adlb.assign(sample=sample, n=pd.to_numeric(adlb["LBREPNUM"])).groupby(["USUBJID", "PARAMCD", "sample"])["n"]
    repeated = pd.to_numeric(adlb["LBREPNUM"]) < last.transform("max")
    dead = [
        bool(d := death[s] or contact.get(s, "")) and a > d[:10]
        for s, a in zip(adlb["USUBJID"], adlb["ADT"], strict=True)
    ]
    marrow = adlb[adlb["PARCAT1"] == "BONE MARROW"].groupby(["USUBJID", "ADT"])["AVAL"].transform("nunique") > 1
    conflict = marrow.reindex(adlb.index, fill_value=False)
    expected = analysed(adlb[~(hemolyzed | repeated | pd.Series(dead, adlb.index) | conflict)])
    assert set(adlb.index[adlb["ANL01FL"] == "Y"]) == expected
    if flaws == "all":
        assert (int(conflict.sum()), any(dead), bool(repeated.any()), bool(hemolyzed.any())) == (2, True, True, True)


def test_corrected_calcium_of_every_sample_that_has_both(clean: Study) -> None:
    lb = clean.data["LB"]
    wide = {}
    for record in lb[lb["LBTESTCD"].isin(["CA", "ALB"]) & (lb["LBSTRESN"] != "")].itertuples():
        wide.setdefault((record.USUBJID, record.LBREFID), {})[record.LBTESTCD] = record
    expected = {}
    for pair in wide.values():
        if len(pair) == 2:
            value = Decimal(pair["CA"].LBSTRESN) + Decimal("0.02") * (40 - Decimal(pair["ALB"].LBSTRESN))
            rounded = value.quantize(Decimal("0.01"), ROUND_HALF_UP)
            expected[pair["CA"].USUBJID, pair["CA"].LBSEQ] = (float(rounded), pair["CA"].LBSTNRLO, pair["CA"].LBSTNRHI)
    found = clean.of("ADLB", PARAMCD="CACORR")
    got = {(r.USUBJID, r.SRCSEQ): (float(r.AVAL), r.ANRLO, r.ANRHI) for r in found.itertuples()}
    assert got == expected
    assert set(found["PARAM"]) == {"Calcium Corrected for Albumin (mmol/L)"}
    assert set(found["LBSEQ"]) == {""}


def test_limits_of_quantitation(flawed: Study) -> None:
    adlb = flawed.data["ADLB"]
    for sign, kind, share in (("<", "HALFLLOQ", 2), (">", "ULOQ", 1)):
        found = adlb[adlb["DTYPE"] == kind]
        assert not found.empty, kind
        assert set(found["LBSTRESC"].str[0]) == {sign}
        assert list(found["AVAL"].astype(float)) == list(found["LBSTRESC"].str[1:].astype(float) / share)
        assert set(found["SRCVAR"]) == {"LBSTRESC"}
    assert not adlb[adlb["DTYPE"] == ""]["LBSTRESC"].str[:1].isin(["<", ">"]).any()


def test_every_record_leads_to_its_source(flawed: Study) -> None:
    lb = flawed.data["LB"].set_index(["USUBJID", "LBSEQ"])
    adlb = flawed.data["ADLB"]
    assert (adlb["SRCDOM"] == "LB").all()
    for record in adlb[adlb["PARAMCD"] != "CACORR"].itertuples():
        source = lb.loc[(record.USUBJID, record.SRCSEQ)]
        assert (source["LBTESTCD"], source["LBSTRESC"], record.LBSEQ) == (
            record.PARAMCD,
            record.LBSTRESC,
            record.SRCSEQ,
        )
        if record.SRCVAR == "LBSTRESN":
            assert source["LBSTRESN"] == record.AVAL


def test_no_issue_of_its_own(clean: Study) -> None:
    told = [i for i in clean.issues if i.severity != "note" and any("adlb.yaml" in str(p) for p in i.locations)]
    assert told == []
