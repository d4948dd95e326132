"""ADAE of LstCAR019 against the key of the study, a second program, and records read by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pandas as pd
import pytest

from .lstcar import Study, person

SEEDS = (68, 4, 5)
CATEGORIES = {"CRS": "crs", "ICANS": "icans"}
# A flaw writes grade 3 over one CRS (F35): person and start of the episode, by seed.
REGRADED = {68: (14, "2021-09-29"), 4: (14, "2021-10-03"), 5: (1, "2021-03-27")}
# Events of CRS and ICANS with more than one record (F50), by seed: person and identifiers.
CHAINS = {68: {(10, ("6", "8")), (25, ("4", "10"))}, 4: {(1, ("5", "9")), (18, ("6", "12"))}, 5: {(8, ("6", "9"))}}


@pytest.fixture(scope="module", params=[(seed, flaws) for seed in SEEDS for flaws in ("none", "all")], ids=str)
def study(request: pytest.FixtureRequest, built: Callable[[int, str], Study]) -> Study:
    return built(*request.param)


def seed_of(study: Study) -> int:
    return int(study.truth["meta"]["seed"])


def days_of(start: str, end: str) -> str:
    return str((date.fromisoformat(end) - date.fromisoformat(start)).days + 1) if end else ""


def test_episodes_are_those_of_the_key(study: Study) -> None:
    """Onset, end, highest grade, duration, number; of a death by CRS the event's grade is 5, and it has no end."""
    wrong = []
    regraded = REGRADED[seed_of(study)] if study.flaws else (0, "")
    for subject in study.truth["subjects"]:
        for category, key in CATEGORIES.items():
            want = []
            for number, one in enumerate(subject[key], 1):
                grade = 5 if one["end"] is None and subject["death"] else one["max_grade"]
                if (subject["k"], one["start"]) == regraded:
                    grade = 3
                end = one["end"] or ""
                want.append((str(number), one["start"], end, str(grade), days_of(one["start"], end)))
            rows = study.of("ADAE", USUBJID=subject["usubjid"], AECAT=category, EPFL="Y")
            found = sorted(rows[["AEPISN", "EPSDT", "EPEDT", "EPMXGR", "EPDUR"]].itertuples(index=False, name=None))
            if found != want:
                wrong.append((subject["usubjid"], category, found, want))
    assert wrong == []


def test_how_many_episodes_the_studies_have(study: Study) -> None:
    first = study.of("ADAE", EPFL="Y")
    wanted = {68: {"CRS": 29, "ICANS": 5}, 4: {"CRS": 23, "ICANS": 5}, 5: {"CRS": 5}}
    assert dict(first["AECAT"].value_counts()) == wanted[seed_of(study)]


def test_records_of_one_episode(study: Study) -> None:
    """All of them hold its dates and grade, one is flagged, and those of the flaw are one episode."""
    rows = study.data["ADAE"]
    rows = rows[rows["AECAT"] != ""]
    several = set()
    for (usubjid, _, _), of in rows.groupby(["USUBJID", "AECAT", "AEPISN"]):
        assert len(of[["EPSDT", "EPEDT", "EPMXGR", "EPDUR"]].drop_duplicates()) == 1
        assert list(of["EPFL"]).count("Y") == 1
        assert of["EPFL"].iloc[list(of["ASTDT"]).index(min(of["ASTDT"]))] == "Y"
        assert int(of["EPMXGR"].iloc[0]) == max(of["AEASTCTN"].astype(int))
        if len(of) > 1:
            several.add((int(usubjid[-3:]), tuple(sorted(of["AESPID"], key=int))))
    assert several == (CHAINS[seed_of(study)] if study.flaws else set())


def test_dlts_are_those_of_the_key(study: Study) -> None:
    """The investigator's: a flaw (F36) sets the flag of one more, none takes one away."""
    more = {f["subject"] for f in study.flaws if f["id"] == "F36"}
    found = set(study.of("ADAE", AEDLTFL="Y")["USUBJID"])
    assert found == {s["usubjid"] for s in study.truth["subjects"] if s["dlt"]} | more
    assert set(study.of("ADSL", DLTFL="Y")["USUBJID"]) == found


def test_every_event_of_sdtm_has_one_record(study: Study) -> None:
    keys = ["USUBJID", "AESEQ", "AESPID", "AETERM", "AESTDTC", "AEENDTC", "AETOXGR"]
    found, wanted = (study.data[name][keys].sort_values(keys[:2]).reset_index(drop=True) for name in ("ADAE", "AE"))
    assert found.equals(wanted)


FLAGS = ("TRTEMFL", "LDEMFL", "ANL01FL", "AEDLTFL", "RELIMP", "RELLDIMP", "EPFL", "AOCCFL", "AOCCPFL", "AOCCIFL")


def test_flags_are_y_or_missing(study: Study) -> None:
    assert {flag: set(study.data["ADAE"][flag]) - {"", "Y"} for flag in FLAGS} == {flag: set() for flag in FLAGS}


# A second program, record by record, from the written SDTM and ADSL alone


def imputed(dtc: str, treated: str, end: str, death: str) -> str:
    """The start of an event as analysis.md 3 has it."""
    if len(dtc) >= 10 or len(dtc) < 4:
        return dtc[:10]
    first = dtc + {7: "-01", 4: "-01-01"}[len(dtc)]
    start = treated if treated.startswith(dtc) else first
    return min([start, *(limit for limit in (end[:10] if len(end) >= 10 else "", death) if limit)])


def not_before(start: str, dtc: str, moment: str) -> bool:
    return dtc[:16] >= moment[:16] if len(dtc) == 16 and dtc[:10] == moment[:10] else start >= moment[:10]


def judged(event: pd.Series, subject: pd.Series) -> dict[str, str]:
    """Phase, treatment-emergent and analysis flag of an event; of events that go on from none before the infusion."""
    moment, end, therapy = subject["RFSTDTC"], event["AEENDTC"], subject["NATDT"]
    start = imputed(event["AESTDTC"], moment[:10], end, subject["DTHDT"])
    after = bool(moment) and (not start or not_before(start, event["AESTDTC"], moment))
    over = bool(end) and (end[:16] < moment[:16] if len(end) == 16 else end[:10] < moment[:10])
    last = str(date.fromisoformat(moment[:10]) + timedelta(days=365)) if moment else ""
    emergent = after and not over and start <= last
    phase = "POST-INFUSION" if after else "LYMPHODEPLETION" if start >= subject["LDSDT"] else "PRE-LD"
    if not start or not subject["LDSDT"]:
        phase = ""
    return {
        "ASTDT": start, "ASTDTF": {7: "D", 4: "M"}.get(len(event["AESTDTC"]), ""),
        "TRTEMFL": "Y" if emergent else "", "APHASE": phase, "LDEMFL": "Y" if phase == "LYMPHODEPLETION" else "",
        "ANL01FL": "Y" if emergent and not (therapy and start > therapy) else "",
        "AREL": "RELATED" if event["AEREL"] in ("", "DEFINITELY", "PROBABLY", "POSSIBLY") else "NOT RELATED",
        "TRTA": subject["TRT01A"],
    }  # fmt: skip


def test_phase_and_flags_agree_with_a_second_program(study: Study) -> None:
    adsl = study.data["ADSL"].set_index("USUBJID")
    wrong = []
    for _, event in study.data["ADAE"].iterrows():
        want = judged(event, adsl.loc[event["USUBJID"]])
        if dict(event[list(want)]) != want:
            wrong.append((event["USUBJID"], event["AESPID"], dict(event[list(want)]), want))
    assert wrong == []


def test_first_occurrences_agree_with_a_second_program(study: Study) -> None:
    rows = study.of("ADAE", ANL01FL="Y").copy()
    rows["grade"] = -pd.to_numeric(rows["ATOXGRN"]).fillna(0)
    rows["number"] = rows["AESEQ"].astype(int)
    rows["start"] = rows["ASTDT"].replace("", "9")  # a missing start is the last
    by_start, by_grade = rows.sort_values(["start", "number"]), rows.sort_values(["grade", "start", "number"])
    for flag, ordered, group in (
        ("AOCCFL", by_start, ["USUBJID"]),
        ("AOCCPFL", by_start[by_start["AEDECOD"] != ""], ["USUBJID", "AEDECOD"]),
        ("AOCCIFL", by_grade, ["USUBJID"]),
    ):
        first = ordered.groupby(group)[["USUBJID", "AESEQ"]].head(1)
        found = study.of("ADAE", **{flag: "Y"})[["USUBJID", "AESEQ"]]
        assert set(found.itertuples(index=False, name=None)) == set(first.itertuples(index=False, name=None)), flag


# Records of the study with flaws, read by hand


@pytest.mark.parametrize(
    ("k", "number", "wanted"),
    [
        # a day that is unknown: the infusion's (2021-03-22) in its month, else the first
        (1, "4", {"AESTDTC": "2021-03", "ASTDT": "2021-03-22", "ASTDTF": "D", "ASTDY": "1", "TRTEMFL": "Y"}),
        (9, "5", {"AESTDTC": "2021-06", "ASTDT": "2021-06-21", "ASTDTF": "D", "ASTDY": "1", "TRTEMFL": "Y"}),
        (19, "8", {"AESTDTC": "2021-12", "ASTDT": "2021-12-01", "ASTDTF": "D", "ASTDY": "10", "TRTEMFL": "Y"}),
        (27, "6", {"AESTDTC": "2022-02", "ASTDT": "2022-02-25", "ASTDTF": "D", "ASTDY": "1", "TRTEMFL": "Y"}),
        # the day before the infusion, its time not readable or unknown
        (1, "2", {"ASTDT": "2021-03-21", "ASTTM": "", "ASTDY": "-1", "TRTEMFL": "", "APHASE": "LYMPHODEPLETION"}),
        (14, "2", {"ASTDT": "2021-09-26", "ASTTM": "", "ASTDY": "-1", "TRTEMFL": "", "LDEMFL": "Y"}),
        # a time without its date: nothing is known of the start
        (28, "6", {"ASTDT": "", "ASTDTF": "", "ASTTM": "", "ASTDY": "", "ADURN": "", "TRTEMFL": "Y", "APHASE": ""}),
        # begun before the consent
        (16, "1", {"ASTDT": "2021-09-15", "TRTEMFL": "", "APHASE": "PRE-LD", "LDEMFL": ""}),
        (20, "1", {"ASTDT": "2021-12-05", "TRTEMFL": "", "APHASE": "PRE-LD", "LDEMFL": ""}),
        # an end before the start, and before the infusion of 2021-04-05: both dates stay
        (2, "4", {"ASTDT": "2021-04-06", "AENDT": "2021-04-04", "ADURN": "", "ADURU": "", "TRTEMFL": ""}),
        # a relation that is no term
        (1, "10", {"AEREL": "", "AREL": "RELATED", "RELIMP": "Y"}),
        # grades that are no term
        (1, "9", {"ATOXGR": "", "ATOXGRN": "", "CQ03NAM": ""}),
        # a death by CRS
        (13, "4", {"AEOUT": "FATAL", "ASTDT": "2021-09-15", "AENDT": "2021-09-21", "AEASTCT": "5", "EPMXGR": "5",
                   "EPEDT": "", "EPDUR": "", "AEDLTFL": "Y", "ASTTM": "75600", "ADURN": "7"}),
    ],
)  # fmt: skip
def test_records_read_by_hand(flawed: Study, k: int, number: str, wanted: dict[str, str]) -> None:
    record = flawed.of("ADAE", USUBJID=person(k), AESPID=number)
    assert len(record) == 1
    assert {name: record[name].iloc[0] for name in wanted} == wanted


def test_a_late_crs_of_grade_3_is_no_dlt(clean: Study) -> None:
    """34 days after the infusion, after the window of 28."""
    rows = clean.of("ADAE", AECAT="CRS", AEASTCT="3", AEDLTFL="")
    assert list(rows[["USUBJID", "ASTDY", "AEDLT", "TRTEMFL"]].itertuples(index=False, name=None)) == [
        (person(20), "35", "N", "Y")
    ]


def test_lymphodepleted_alone(clean: Study) -> None:
    rows = clean.of("ADAE", USUBJID=person(6))
    assert set(rows["TRTEMFL"]) == set(rows["ASTDY"]) == set(rows["TRTA"]) == {""}
    assert set(rows["APHASE"]) == {"LYMPHODEPLETION"}


def test_nothing_is_told_of_adae_that_sdtm_has_not_told(flawed: Study) -> None:
    told = [
        str(i) for i in flawed.issues if i.severity != "note" and any("adae" in (p.yaml or "") for p in i.locations)
    ]
    assert told == []
