"""LstCAR019 with 37 copies of all cohorts, 1,027 persons: analysis datasets against the answer key, and issues."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sdtm_builder.simulate import simulate

from .lstcar import SPECS, Study, build
from .test_adlb import differences as laboratory
from .test_adrs import second
from .test_adsl import differences
from .test_adtte import keyed
from .tte import answers, dated, wanted_of

COPIES = 37
ASKED: dict[str, list[str]] = {
    **{name: [] for name in ("ADSL", "ADTTE", "ADRS", "ADPP", "DM", "RS", "CM", "PR")},
    "ADLB": ["USUBJID", "PARAMCD", "BASE", "ANL02FL", "ANL03FL", "ATOXGRL", "ATOXGRH"],
}
KINETIC = ("CMAX", "TMAX", "AUC0_28", "CLST", "TLST")


@pytest.fixture(scope="module")
def thousand(once: Callable[[str, Callable[[Path], Study]], Study]) -> Study:
    """Without flaws, of each dataset what is asked here."""
    return once("thousand", simulated)


def simulated(folder: Path) -> Study:
    """The study simulated and built; its cut-off is that of the longest copy."""
    raw, specs = folder / "raw", folder / "specs" / "lstcar019"
    simulate(68, "none", cohorts=COPIES, out=raw)
    truth = json.loads((raw / "truth.json").read_text(encoding="utf-8"))
    shutil.copytree(SPECS, specs)
    shutil.copytree(SPECS.parents[1] / "mappings" / "lstcar019", folder / "mappings" / "lstcar019")
    text = (specs / "study.yaml").read_text(encoding="utf-8")
    assert "cutoff: 2022-10-31" in text
    (specs / "study.yaml").write_text(text.replace("2022-10-31", truth["meta"]["cutoff"]), encoding="utf-8")
    data, issues = build(raw, specs)
    return Study(raw, {n: data[n][c] if c else data[n] for n, c in ASKED.items()}, issues, truth)


def test_subjects(thousand: Study) -> None:
    """Every variable of ADSL that the key has."""
    assert len(thousand.data["ADSL"]) == thousand.truth["meta"]["n_persons"] == 1027
    assert differences(thousand) == {}


def test_the_expansion_is_planned_at_the_level_of_its_copy(thousand: Study) -> None:
    expansion = [s for s in thousand.truth["subjects"] if s["armcd"] == "EXP"]
    wanted = {s["usubjid"]: thousand.truth["rp2d"][s["copy"]] for s in expansion}
    found = thousand.of("ADSL", ARMCD="EXP")
    assert dict(zip(found["USUBJID"], found["TRT01PN"].astype(int), strict=True)) == wanted
    assert len(set(wanted.values())) == 3


def test_times_to_events(thousand: Study) -> None:
    """CNSR and AVAL of every parameter that the key has, with full follow-up and cut at week 24."""
    wanted = wanted_of(thousand.truth)
    assert len(wanted) > 8000
    assert {"OSW24", "PFSW24", "EFSW24", "DORW24"} < {code for _, code in wanted}
    assert keyed(dated(answers(thousand.data["ADTTE"]))) == wanted


def test_responses(thousand: Study) -> None:
    """Best response by the key; weeks, confirmed response and MRD by the second program over RS."""
    adrs = thousand.data["ADRS"]
    best = adrs[adrs["PARAMCD"] == "BOR"]
    wanted = {s["usubjid"]: s["bor"] for s in thousand.truth["subjects"] if s["bor"] is not None}
    assert dict(zip(best["USUBJID"], best["AVALC"], strict=True)) == wanted
    programmed = second(thousand.data)
    found = {(u, p): a for u, p, a in zip(adrs["USUBJID"], adrs["PARAMCD"], adrs["AVALC"], strict=True)}
    assert {key: found.get(key) for key in programmed} == programmed


def test_laboratory(thousand: Study) -> None:
    """Baselines and worst grades of every subject and test."""
    assert laboratory(thousand) == set()


def test_kinetics(thousand: Study) -> None:
    """Every parameter of the key, missing ones too."""
    adpp = thousand.data["ADPP"]
    found = {(u, p): a for u, p, a in zip(adpp["USUBJID"], adpp["PARAMCD"], adpp["AVAL"], strict=True)}
    wanted = {(u, p): said[p] for u, said in thousand.truth["pk"].items() for p in KINETIC}
    assert len(wanted) == thousand.truth["meta"]["n_infused"] * len(KINETIC)
    assert {key: found[key] == "" for key in wanted} == {key: value is None for key, value in wanted.items()}
    numbers = {key: float(value) for key, value in wanted.items() if value is not None}
    assert {key: float(found[key]) for key in numbers} == pytest.approx(numbers, rel=1e-12)


def test_issues_of_clean_data(thousand: Study) -> None:
    """No error; warnings of what copies and chance make: expansions at several levels, an early transplant, results."""
    told = Counter((i.severity.value, i.message.partition(":")[0] if i.rule == "expect-failed" else i.rule)
                   for i in thousand.issues if i.severity != "note")  # fmt: skip
    levels = [thousand.truth["rp2d"][s["copy"]] for s in thousand.truth["subjects"] if s["armcd"] == "EXP"]
    lower = sum(level < max(levels) for level in levels)
    assert told == {
        ("warning", "expansion-level-differs"): lower,
        ("warning", "sequence-check"): 1,
        ("warning", "value-implausible"): 3,
    }
