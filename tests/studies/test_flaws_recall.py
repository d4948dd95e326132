"""Every planted flaw of LstCAR019 is found at its cell, with its rule, action and severity; nothing else is found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from sdtm_builder.issues import Issue

from .lstcar import Study, explains, name_of

SEEDS = (68, 4, 5)
WEIGHT = {"E": "error", "W": "warning", "N": "note"}
# What a clean study is told of, by rule: how it is read, never that something is wrong.
CLEAN_NOTES = {
    "column-missing-in-part", "ct-synonym", "date-partial", "midnight-dates", "no-rule", "not-detected",
    "number-format", "relation-without-records", "rescreened", "result-limit", "unit-synonym", "visit-without-form",
    "where-undecided",
}  # fmt: skip
# What follows from a flaw and is told at the record that it leaves undecided: a death on an unknown day.
FOLLOWS = {"no-decision": {"F05"}}
# Counts of rows at a line of the mapping or of a column, other where flaws take values away.
COUNTED = {"where-undecided", "midnight-dates"}
# Flaws of a seed, and those for which it has no host (crf.md part 3: hosts that a seed hasn't got are skipped).
COUNTS = {68: 167, 4: 165, 5: 154}
KINDS = 49

Pair = tuple[Study, Study]


@pytest.fixture(scope="module", params=SEEDS)
def pair(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Pair:
    """The clean and the flawed study of a seed."""
    return built(request.param, "none"), built(request.param, "all")


def at(entry: dict[str, Any]) -> str:
    """A flaw in one line, for the message."""
    place = entry["cells"][0]
    where = f"{place['sheet'] or place['file']}:{place['row']}"
    return f"{entry['id']}.{entry['seq']} {entry['rule']} {where} {entry['raw']!r}"


def words_of(issue: Issue) -> str:
    """The message without the number of records that it stands for."""
    return re.sub(r" \([0-9]+ records\)| for [0-9]+ rows?", "", issue.message)


def rows_of(entry: dict[str, Any]) -> set[tuple[str, str, int]]:
    """The rows of a flaw's cells."""
    return {(c["file"], c["sheet"] or "", c["row"]) for c in entry["cells"]}


def of_its_cells(entry: dict[str, Any], study: Study) -> list[str]:
    """Rules of the issues, notes apart, at a flaw's cells."""
    cells = {(c["file"], c["sheet"] or "", c["row"], c["column"] or "") for c in entry["cells"]}
    return [
        name_of(i)
        for i in study.issues
        if i.severity != "note" and cells & {(p.file, p.sheet, p.row, p.column or "") for p in i.locations}
    ]


def test_flaws_of_the_seed(pair: Pair) -> None:
    _, study = pair
    assert len(study.flaws) == COUNTS[study.truth["meta"]["seed"]], Counter(f["id"] for f in study.flaws)
    planted = {f["id"] for f in study.flaws} | {f["id"] for f in study.truth["skipped"]}
    assert len(planted) == KINDS


def test_every_flaw_is_found_with_its_rule_and_severity(pair: Pair) -> None:
    _, study = pair
    missed = []
    for entry in study.flaws:
        if entry["rule"] is None:  # it maps, and there is nothing to tell
            missed += [(at(entry), told) for told in of_its_cells(entry, study)]
            continue
        found = {str(i.severity) for i in study.issues if explains(entry, i)}
        if found != {WEIGHT[entry["severity"]]}:
            missed.append((at(entry), str(found)))
    assert missed == []


def test_every_flaw_has_the_value_that_its_action_leaves(pair: Pair) -> None:
    """map: the right value; null: missing, and the record is there; issue: the value as it is."""
    _, study = pair
    wrong = []
    for entry in study.flaws:
        expect = entry["expect"]
        if expect is None:
            continue
        keys = {k: str(v) for k, v in expect["key"].items()}
        if entry["rule"] == "subject-unknown":  # nobody's record: left out, and listed
            assert study.of(expect["dataset"], **keys).empty
            continue
        want = "" if expect["value"] is None else str(expect["value"]).removesuffix(".0")
        found = study.value(expect["dataset"], expect["variable"], **keys)
        if found != want:
            wrong.append((at(entry), expect, found))
    assert wrong == []


def test_nothing_else_is_found(pair: Pair) -> None:
    """A warning or error is a flaw's or caused by one; so is a note that the clean study doesn't have.

    Rows that a condition cannot decide are counted at the condition alone: flaws make more of them.
    """
    clean, study = pair
    known = [*study.flaws, *study.truth["caused"]]
    cells = {(c["file"], c["sheet"] or "", c["row"]) for f in study.flaws for c in f["cells"]}
    told = {(i.rule, words_of(i)) for i in clean.issues}
    more = []
    for issue in study.issues:
        if any(explains(entry, issue) for entry in known):
            continue
        places = {(p.file, p.sheet, p.row) for p in issue.locations if p.file}
        if any(f["id"] in FOLLOWS.get(issue.rule, ()) and places & rows_of(f) for f in study.flaws):
            continue
        plain = issue.rule in COUNTED or (issue.rule, words_of(issue)) in told or (places and places <= cells)
        if issue.severity != "note" or not plain:
            more.append(str(issue))
    assert more == []


def test_caused_findings_are_of_the_flaw_that_is_named(pair: Pair) -> None:
    _, study = pair
    planted = {f["id"]: f["subject"] for f in study.flaws}
    for entry in study.truth["caused"]:
        assert entry["caused_by"] in planted
        if entry["caused_by"] == "F44":
            assert entry["subject"] == planted["F44"]


def test_clean_study_has_notes_alone(pair: Pair) -> None:
    clean, _ = pair
    assert [str(i) for i in clean.issues if i.severity != "note"] == []
    assert {name_of(i) for i in clean.issues} <= CLEAN_NOTES
    assert clean.flaws == []


def test_records_that_flaws_must_not_lose(pair: Pair) -> None:
    """By dataset: what comes with the flaws that add rows, and goes with those that take some away."""
    clean, study = pair
    of = {f["id"] for f in study.flaws}
    more = {name: len(study.data[name]) - len(frame) for name, frame in clean.data.items() if name in CHANGED}
    # F50: a second row of an episode each; F39: a death's two findings; F40: a contact; F27: a sample of nobody.
    episodes = sum(f["id"] == "F50" for f in study.flaws)
    gone = sum(f["rule"] == "death-missing" for f in study.flaws)
    nobody = sum(f["rule"] == "subject-unknown" for f in study.flaws)
    assert more == {
        "AE": episodes, "CM": 0, "DM": 0, "DC": 0, "DS": 0, "EC": 0, "EX": 0, "MH": 0, "PR": 0, "FA": 0,
        "DD": -2 * gone, "SS": int("F40" in of), "PC": -nobody,
    }  # fmt: skip


CHANGED = {"AE", "CM", "DM", "DC", "DS", "EC", "EX", "MH", "PR", "FA", "DD", "SS", "PC"}


# The key against the build of the clean study


def test_persons_are_those_of_the_key(pair: Pair) -> None:
    clean, _ = pair
    for row in clean.truth["subjects"]:
        found = clean.of("DM", USUBJID=row["usubjid"]).iloc[0]
        want = {
            "SUBJID": row["subjid_all"][-1], "SEX": row["sex"], "AGE": str(row["age"]), "ARMCD": row["armcd"] or "",
            "ACTARMCD": row["actarmcd"] or "", "ARMNRS": row["armnrs"] or "", "RFICDTC": row["consent"],
            "RFSTDTC": row["infusion"] or "", "DTHDTC": row["death"]["date"] if row["death"] else "",
        }  # fmt: skip
        assert dict(found[list(want)]) == want


def test_kinetics_are_those_of_the_key(pair: Pair) -> None:
    """PP, to the last digit: the area in hours, as reported, over 24 is the key's in days."""
    clean, _ = pair
    names = {"CMAX": "CMAX", "TMAX": "TMAX", "AUCINT": "AUC0_28", "CLST": "CLST", "TLST": "TLST"}
    wrong = []
    for usubjid, key in clean.truth["pk"].items():
        found = clean.of("PP", USUBJID=usubjid).set_index("PPTESTCD")["PPSTRESN"]
        for test, name in names.items():
            value = float(found[test]) / (24 if test == "AUCINT" else 1) if found[test] else None
            if value != key[name]:
                wrong.append((usubjid, test, value, key[name]))
    assert wrong == []
    assert set(clean.data["PP"]["USUBJID"]) == set(clean.truth["pk"])


def test_laboratory_baselines_are_those_of_the_key(pair: Pair) -> None:
    """The last result of a local laboratory before the infusion, in the standard unit."""
    clean, _ = pair
    lb = clean.data["LB"]
    local = lb[lb["LBNAM"].isin(["LABA", "LABB"])].sort_values("LBDTC")
    wrong = []
    for usubjid, tests in clean.truth["labs"].items():
        start = clean.one("DM", "RFSTDTC", USUBJID=usubjid)
        before = local[(local["USUBJID"] == usubjid) & (local["LBDTC"] < start)].groupby("LBTESTCD")["LBSTRESN"].last()
        found = {test: float(value) for test, value in before.items()}
        want = {test: one["BASE"] for test, one in tests.items() if one["BASE"] is not None and test != "CACORR"}
        wrong += [] if found == want else [(usubjid, found, want)]
    assert wrong == []


def test_transplants_therapies_and_contacts_are_those_of_the_key(pair: Pair) -> None:
    clean, _ = pair
    for row in clean.truth["subjects"]:
        who = row["usubjid"]
        later = list(clean.of("PR", USUBJID=who, PRCAT="SUBSEQUENT")["PRSTDTC"])
        assert later == ([row["transplant"]] if row["transplant"] else [])
        therapy = list(clean.of("CM", USUBJID=who, CMCAT="SUBSEQUENT ANTICANCER THERAPY")["CMSTDTC"])
        assert therapy == ([row["new_therapy"]] if row["new_therapy"] else [])
        dead = list(clean.of("SS", USUBJID=who, SSSTRESC="DEAD")["SSDTC"])
        assert dead == ([row["death"]["date"]] if row["death"] else [])
        cause = list(clean.of("DD", USUBJID=who, DDTESTCD="PRCDTH")["DDSTRESC"])
        assert cause == ([row["death"]["cause"]] if row["death"] else [])
