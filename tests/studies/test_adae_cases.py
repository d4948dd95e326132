"""ADAE of LstCAR019 at the limits of their rules, from a few records."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sdtm_builder.commands.pipeline import make, prepare
from sdtm_builder.issues import IssueLog, Severity
from sdtm_builder.registry import load_all

from .lstcar import SPECS, frames

MAPPING = SPECS.parents[1] / "mappings" / "lstcar019" / "adam" / "adae.yaml"
STUDY = """
study: {id: LSTCAR019, title: A few events}
standards: {sdtmig: "3.4", adamig: "1.3", define: "2.1", ct: {sdtm: 2025-03-28, adam: 2025-03-28}}
constants: {drug: LSTCAR019, cutoff: 2022-10-31}
codelists:
  GRADE: {terms: ["1", "2", "3", "4", "5"]}
  RELATION: {terms: [DEFINITELY, PROBABLY, POSSIBLY, UNLIKELY RELATED, NOT RELATED, UNKNOWN]}
raw:
  DM: {file: dm.csv, subject: SUBJID}
  AE: {file: ae.csv, subject: SUBJID}
subjects: {register: raw.DM, usubjid: SUBJID}
defaults: {adam: {core: [TRTSDT]}}
"""
DM = """
dataset: DM
records: {s: {from: raw.DM, copy: [SUBJID], set: {RFSTDTC: {expr: RFSTDTC}}}}
without: [EPOCH]
keys: USUBJID
"""
ADSL = """
dataset: ADSL
records:
  s:
    from: DM
    copy: [RFSTDTC]
    join: {d: {with: raw.DM, by: SUBJID, take: [LD, NAT, EOS, DEAD]}}
    set:
      LDSDT: {expr: iso_date(LD)}
      NATDT: {expr: iso_date(NAT)}
      EOSDT: {expr: iso_date(EOS)}
      DTHDT: {expr: iso_date(DEAD)}
derive:
  TRTSDT: {to_date: RFSTDTC}
  TRTSDTM: {to_datetime: RFSTDTC}
  DLTWEDT: {expr: TRTSDT + 28}
  TRT01A: {case: [{when: TRTSDT IS NOT NULL, value: LstCAR019}]}
variables:
  LDSDT: {label: Date of First Lymphodepletion Dose}
  NATDT: {label: Date of New Therapy or Transplant}
  DLTWEDT: {label: End of DLT Window}
keys: USUBJID
"""
COLUMNS = (
    "AESPID", "AETERM", "AELLT", "AEDECOD", "AEBODSYS", "AESOC", "AECAT", "AESTDTC", "AEENDTC", "AESER", "AESCONG",
    "AESDISAB", "AESDTH", "AESHOSP", "AESLIFE", "AESMIE", "AEACN", "AEACNLD", "AEREL", "AERELLD", "AEOUT", "AECONTRT",
    "AETOXGR", "AEDLT", "AEPREV", "ASTCTGR",
)  # fmt: skip
CODES = ("AELLTCD", "AEPTCD", "AEBDSYCD", "AESOCCD")
QUALIFIERS = ("AEACNLD", "AERELLD", "AEDLT", "AEPREV", "ASTCTGR")
AE = f"""
dataset: AE
records:
  e:
    from: raw.AE
    copy: [{", ".join(c for c in (*COLUMNS, *CODES) if not c.endswith("DTC"))}]
    set: {{AESTDTC: {{expr: AESTDTC}}, AEENDTC: {{expr: AEENDTC}}}}
variables: {{{", ".join(f"{q}: {{label: Label of {q}}}" for q in QUALIFIERS)}}}
keys: [USUBJID, AESPID]
"""
SUBJECT = {"SUBJID": "S1", "RFSTDTC": "2021-03-22T10:00", "LD": "2021-03-17", "NAT": "", "EOS": "", "DEAD": ""}
Event = dict[str, str]
Values = list[tuple[str, ...]]


def made(folder: Path, events: list[Event], *names: str, subject: dict[str, str] | None = None) -> Values:
    """Variables of the events of one subject, in the order written; nothing but notes may be told."""
    rows = [{"SUBJID": "S1", "AETERM": "Event", "AESPID": f"{i + 1:02}"} | e for i, e in enumerate(events)]
    files = {"specs/S1/study.yaml": STUDY, "mappings/S1/sdtm/dm.yaml": DM, "mappings/S1/sdtm/ae.yaml": AE,
             "mappings/S1/adam/adsl.yaml": ADSL, "mappings/S1/adam/adae.yaml": MAPPING.read_text(encoding="utf-8"),
             "raw/dm.csv": pd.DataFrame([SUBJECT | (subject or {})]).to_csv(index=False),
             "raw/ae.csv": pd.DataFrame(rows, columns=["SUBJID", *COLUMNS, *CODES]).to_csv(index=False)}  # fmt: skip
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    load_all()
    log = IssueLog()
    prepared = prepare(folder / "specs" / "S1", folder / "raw", log)
    assert prepared is not None
    assert not prepared.unusable, "\n".join(map(str, log))
    adae = frames(make(prepared))["ADAE"]
    assert [str(issue) for issue in log if issue.severity is not Severity.NOTE] == []
    return [tuple(record) for record in adae[list(names)].itertuples(index=False)]


def one(folder: Path, *names: str, subject: dict[str, str] | None = None, **event: str) -> tuple[str, ...]:
    """Variables of a single event."""
    return made(folder, [event], *names, subject=subject)[0]


NO_INFUSION = {"RFSTDTC": ""}


STARTS = [
    ("2021-03", "", "2021-03-22", "D"),  # the month of the infusion
    ("2021", "", "2021-03-22", "M"),
    ("2021-04", "", "2021-04-01", "D"),
    ("2021-02", "", "2021-02-01", "D"),
    ("2022", "", "2022-01-01", "M"),
    ("2021-03", "2021-03-20", "2021-03-20", "D"),  # never after a known end
    ("2021-03", "2021-03", "2021-03-22", "D"),  # a partial end that may be later is no limit
    ("2021", "2021-02", "2021-02-28", "M"),  # nor is it passed: the infusion is after all of it
    ("2021-03-21", "", "2021-03-21", ""),
    ("2021-03-21T08:00", "", "2021-03-21", ""),
]


def test_starts(tmp_path: Path) -> None:
    events = [{"AESTDTC": start, "AEENDTC": end} for start, end, _, _ in STARTS]
    assert made(tmp_path, events, "ASTDT", "ASTDTF") == [case[2:] for case in STARTS]


@pytest.mark.parametrize(
    ("end", "subject", "date", "flag"),
    [
        ("2021-04", {}, "2021-04-30", "D"),
        ("2022", {}, "2022-10-31", "M"),  # ongoing in the study: its cut-off
        ("2022", {"EOS": "2022-05-15"}, "2022-05-15", "M"),
        ("2022", {"EOS": "2022-05-15", "DEAD": "2022-05-10"}, "2022-05-10", "M"),
        ("2021-04-15", {"EOS": "2021-04-10"}, "2021-04-15", ""),  # what was collected is never moved
        ("", {}, "", ""),
    ],
)
def test_ends(tmp_path: Path, end: str, subject: dict[str, str], date: str, flag: str) -> None:
    assert one(tmp_path, "AENDT", "AENDTF", subject=subject, AESTDTC="2021-04-01", AEENDTC=end) == (date, flag)


def test_a_start_whose_month_is_after_the_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="imputation-outside"):
        one(tmp_path, "ASTDT", AESTDTC="2021-05", AEENDTC="2021-04-10")


def test_a_start_is_not_after_a_death(tmp_path: Path) -> None:
    dead = {"DEAD": "2021-03-10"}
    assert one(tmp_path, "ASTDT", "ASTDTF", subject=dead, AESTDTC="2021-03") == ("2021-03-10", "D")


EMERGENT = [
    ("2021-03-22T09:59", "", "", "LYMPHODEPLETION"),
    ("2021-03-22T10:00", "", "Y", "POST-INFUSION"),
    ("2021-03-22", "", "Y", "POST-INFUSION"),
    ("2021-03-21", "2021-04-01", "", "LYMPHODEPLETION"),
    ("2021-03-17", "", "", "LYMPHODEPLETION"),
    ("2021-03-16", "", "", "PRE-LD"),
    ("2022-03-22", "", "Y", "POST-INFUSION"),  # 365 days after the infusion
    ("2022-03-23", "", "", "POST-INFUSION"),
    ("2021-03", "", "Y", "POST-INFUSION"),
    ("2021-03", "2021-03-20", "", "LYMPHODEPLETION"),
    ("", "", "Y", ""),
    ("", "2021-03-21", "", ""),
    ("", "2021-03-22", "Y", ""),
    ("", "2021-02", "", ""),
]


def test_treatment_emergent_and_phase(tmp_path: Path) -> None:
    events = [{"AESTDTC": start, "AEENDTC": end} for start, end, _, _ in EMERGENT]
    wanted = [(*case[2:], "Y" if case[3] == "LYMPHODEPLETION" else "") for case in EMERGENT]
    assert made(tmp_path, events, "TRTEMFL", "APHASE", "LDEMFL") == wanted


@pytest.mark.parametrize(
    ("subject", "start", "phase"),
    [
        (NO_INFUSION, "2021-04-20", "LYMPHODEPLETION"),  # lymphodepleted alone: the phase has no end
        (NO_INFUSION, "2021-03-16", "PRE-LD"),
        (NO_INFUSION | {"LD": ""}, "2021-03-16", ""),
    ],
)
def test_without_an_infusion(tmp_path: Path, subject: dict[str, str], start: str, phase: str) -> None:
    found = one(tmp_path, "TRTEMFL", "ANL01FL", "APHASE", "ASTDY", "TRTA", subject=subject, AESTDTC=start)
    assert found == ("", "", phase, "", "")


def test_a_later_record_of_an_event_begun_before_the_infusion(tmp_path: Path) -> None:
    """It is treatment-emergent only with a higher grade than before, and is judged by its own start."""
    events = [
        {"AESTDTC": "2021-03-19", "AETOXGR": "2"},
        {"AESTDTC": "2021-03-24", "AETOXGR": "2", "AEPREV": "01"},
        {"AESTDTC": "2021-03-26", "AETOXGR": "3", "AEPREV": "02"},
        {"AESTDTC": "2021-03-28", "AETOXGR": "1", "AEPREV": "03"},
        {"AESTDTC": "2021-03-20", "AETOXGR": "4", "AEPREV": "06"},
        {"AESTDTC": "2021-03-18", "AETOXGR": "1"},
        {"AESTDTC": "2021-03-24", "AETOXGR": "3", "AEPREV": "05"},
        {"AESTDTC": "2021-03-24", "AETOXGR": "1", "AEPREV": "09"},  # a chain begun after the infusion
        {"AESTDTC": "2021-03-23", "AETOXGR": "3"},
        {"AESTDTC": "2021-03-24", "AETOXGR": "", "AEPREV": "01"},  # without a grade it is not known to be worse
        {"AESTDTC": "2021-03-22T10:00", "AETOXGR": "2"},  # begun with the infusion: not before it
        {"AESTDTC": "2021-03-24", "AETOXGR": "1", "AEPREV": "11"},
    ]
    assert [v for (v,) in made(tmp_path, events, "TRTEMFL")] == [
        "", "", "Y", "", "", "", "", "Y", "Y", "", "Y", "Y",
    ]  # fmt: skip


def test_records_after_another_therapy_are_not_analysed(tmp_path: Path) -> None:
    events = [{"AESTDTC": start} for start in ("2021-06-10", "2021-06-11", "", "2021-03-20")]
    found = made(tmp_path, events, "ANL01FL", subject={"NAT": "2021-06-10"})
    assert found == [("Y",), ("",), ("Y",), ("",)]


RELATIONS = [
    ("DEFINITELY", "RELATED", ""), ("PROBABLY", "RELATED", ""), ("POSSIBLY", "RELATED", ""),
    ("UNLIKELY RELATED", "NOT RELATED", ""), ("NOT RELATED", "NOT RELATED", ""), ("UNKNOWN", "NOT RELATED", ""),
    ("", "RELATED", "Y"),
]  # fmt: skip


def test_relation(tmp_path: Path) -> None:
    events = [{"AESTDTC": "2021-04-01", "AEREL": given, "AERELLD": given} for given, _, _ in RELATIONS]
    found = made(tmp_path, events, "AREL", "RELIMP", "ARELLD", "RELLDIMP")
    assert found == [case[1:] * 2 for case in RELATIONS]


INTEREST: list[tuple[Event, tuple[str, ...]]] = [
    ({"AECAT": "CRS"}, ("CRS", "", "", "", "")),
    ({"AECAT": "ICANS"}, ("", "ICANS", "", "", "")),
    ({"AEDECOD": "Neutrophil count decreased", "AETOXGR": "3"}, ("", "", "CYTOPENIA", "", "")),
    ({"AEDECOD": "Neutrophil count decreased", "AETOXGR": "2"}, ("", "", "", "", "")),
    ({"AEDECOD": "Neutrophil count decreased"}, ("", "", "", "", "")),
    ({"AEDECOD": "Anaemia", "AETOXGR": "4"}, ("", "", "CYTOPENIA", "", "")),
    ({"AESOC": "Infections and infestations", "AETOXGR": "1"}, ("", "", "", "INFECTION", "")),
    ({"AEDECOD": "Acute graft-versus-host disease"}, ("", "", "", "", "GVHD")),
    ({"AEDECOD": "Rash", "AETOXGR": "3"}, ("", "", "", "", "")),
]


def test_events_of_special_interest(tmp_path: Path) -> None:
    names = [f"CQ0{i}NAM" for i in range(1, 6)]
    assert made(tmp_path, [{"AESTDTC": "2021-04-01"} | e for e, _ in INTEREST], *names) == [g for _, g in INTEREST]


def test_dlts_in_the_window(tmp_path: Path) -> None:
    starts = ("2021-03-22", "2021-04-19", "2021-04-19T23:59")
    events = [{"AESTDTC": start, "AEDLT": said} for start in starts for said in ("Y", "N")]
    assert [v for (v,) in made(tmp_path, events, "AEDLTFL")] == ["Y", ""] * 3


@pytest.mark.parametrize("start", ["2021-03-21", "2021-04-20", ""])
def test_a_dlt_outside_the_window_is_told_and_not_counted(tmp_path: Path, start: str) -> None:
    with pytest.raises(AssertionError, match="dlt-outside-window"):
        one(tmp_path, "AEDLTFL", AESTDTC=start, AEDLT="Y")


def crs(start: str, end: str = "", grade: str = "1", **more: str) -> dict[str, str]:
    return {"AECAT": "CRS", "AESTDTC": start, "AEENDTC": end, "AETOXGR": grade, "ASTCTGR": grade, **more}


EPISODE = ("AEPISN", "EPSDT", "EPEDT", "EPMXGR", "EPDUR", "EPFL")


def test_episodes(tmp_path: Path) -> None:
    events = [
        crs("2021-03-25", "2021-03-27", "2"),
        crs("2021-03-28", "2021-03-30", "3"),  # the day after
        crs("2021-04-01", "2021-04-03", "1"),  # two days after: another one
        crs("2021-03-25", "2021-03-26", "1", AECAT="ICANS"),
        crs("2021-04-10", "2021-04-11", "1", AEPREV="03"),  # linked, whatever the gap
        {"AESTDTC": "2021-03-26", "AEENDTC": "2021-03-27", "AETOXGR": "2", "ASTCTGR": "2"},
    ]
    first = ("1", "2021-03-25", "2021-03-30", "3", "6")
    second = ("2", "2021-04-01", "2021-04-11", "1", "11")
    assert made(tmp_path, events, *EPISODE) == [
        (*first, "Y"), (*first, ""), (*second, "Y"), ("1", "2021-03-25", "2021-03-26", "1", "2", "Y"), (*second, ""),
        ("", "", "", "", "", ""),
    ]  # fmt: skip


@pytest.mark.parametrize("event", [{"end": ""}, {"end": "2021-03-30", "AEOUT": "FATAL"}])
def test_an_episode_without_its_end(tmp_path: Path, event: dict[str, str]) -> None:
    """Open, or ended by the death: it did not resolve."""
    events = [crs("2021-03-25", "2021-03-27"), crs("2021-03-28", grade="4", **event)]
    assert made(tmp_path, events, *EPISODE) == [
        ("1", "2021-03-25", "", "4", "", "Y"), ("1", "2021-03-25", "", "4", "", "")
    ]  # fmt: skip


def test_a_grade_that_another_goes_on_from_has_ended_with_it(tmp_path: Path) -> None:
    """A change of grade closes the record before it, whose own end is blank."""
    events = [
        crs("2021-03-25", grade="3"),
        crs("2021-03-28", "2021-03-30", "1", AEPREV="01"),
        crs("2021-04-20", "2021-04-21", "1"),  # of itself: no open end reaches to it
    ]
    first = ("1", "2021-03-25", "2021-03-30", "3", "6")
    assert made(tmp_path, events, *EPISODE) == [
        (*first, "Y"),
        (*first, ""),
        ("2", "2021-04-20", "2021-04-21", "1", "2", "Y"),
    ]


def test_the_last_record_of_a_chain_without_end_leaves_it_open(tmp_path: Path) -> None:
    events = [crs("2021-03-25", grade="3"), crs("2021-03-28", grade="1", AEPREV="01")]
    assert [row[2] for row in made(tmp_path, events, *EPISODE)] == ["", ""]


def test_grades_of_crs_and_icans_alone_are_of_astct(tmp_path: Path) -> None:
    events = [crs("2021-03-25", grade="2", AETOXGR="3"), {"AESTDTC": "2021-03-25", "AETOXGR": "3", "ASTCTGR": "1"}]
    names = ("ATOXGR", "ATOXGRN", "AEASTCT", "AEASTCTN")
    assert made(tmp_path, events, *names) == [("3", "3", "2", "2"), ("3", "3", "", "")]


def test_first_occurrences(tmp_path: Path) -> None:
    events = [
        {"AEDECOD": "Nausea", "AESTDTC": "2021-03-20", "AETOXGR": "4"},  # not treatment-emergent
        {"AEDECOD": "Nausea", "AESTDTC": "2021-03-30", "AETOXGR": "1"},
        {"AEDECOD": "Nausea", "AESTDTC": "2021-03-25", "AETOXGR": "2"},
        {"AEDECOD": "Rash", "AESTDTC": "2021-03-25", "AETOXGR": "3"},  # of one day the smaller AESEQ is first
        {"AEDECOD": "Rash", "AESTDTC": "2021-03-26", "AETOXGR": "3"},
        {"AEDECOD": "", "AESTDTC": "2021-03-24", "AETOXGR": ""},  # not coded: of no preferred term
    ]
    assert made(tmp_path, events, "AOCCFL", "AOCCPFL", "AOCCIFL") == [
        ("", "", ""), ("", "", ""), ("", "Y", ""), ("", "Y", "Y"), ("", "", ""), ("Y", "", ""),
    ]  # fmt: skip


def test_durations(tmp_path: Path) -> None:
    spans = [("2021-03-25T23:00", "2021-03-25"), ("2021-03-25", "2021-04-01"), ("2021-03-25", ""),
             ("2021-03-25", "2021-03-24")]  # fmt: skip
    events = [{"AESTDTC": start, "AEENDTC": end} for start, end in spans]
    assert made(tmp_path, events, "ADURN", "ADURU") == [("1", "DAYS"), ("8", "DAYS"), ("", ""), ("", "")]


def test_days_and_times(tmp_path: Path) -> None:
    names = ("ASTDY", "AENDY", "ASTTM")
    assert one(tmp_path, *names, AESTDTC="2021-03-21T09:30", AEENDTC="2021-03-22") == ("-1", "1", "34200")
