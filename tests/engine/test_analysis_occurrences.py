"""Occurrence data: long texts of an analysis dataset, values that it must have, flags and episodes by mapping."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.issues import IssueLog

from .metadata_kit import AE as KIT_AE
from .metadata_kit import DM as KIT_DM
from .metadata_kit import EX as KIT_EX
from .metadata_kit import STUDY as KIT_STUDY
from .metadata_kit import build, written
from .support import built, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  AE: {file: ae.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
"""
LONG = " ".join(["word"] * 40) + " " + "x" * 30 + " end"  # 199 signs, a blank, then 34
DM = """\
dataset: DM
records: {s: {from: raw.SUBJ, set: {SUBJID: SUBJID}}}
derive: {RFSTDTC: {value: "2021-03-10T10:00"}}
without: [EPOCH]
keys: USUBJID
"""
AE = """\
dataset: AE
records:
  e:
    from: raw.AE
    copy: [PREV]
    set:
      AETERM: TERM
      AESPID: NO
      AECAT: CAT
      AESTDTC: {date: START, formats: [yyyy-MM-dd, "yyyy-MM-ddTHH:mm"]}
      AEENDTC: {date: END}
variables: {PREV: {label: Previous}}
without: [EPOCH]
keys: [USUBJID, AESPID]
"""
ADSL = """\
dataset: ADSL
records: {s: {from: DM}}
derive:
  TRTSDT: {to_date: DM.RFSTDTC}
  TRTSDTM: {to_datetime: DM.RFSTDTC}
keys: USUBJID
"""
ADAE = """\
dataset: ADAE
records:
  e: {from: AE, copy: [AESEQ, AESPID, AETERM, AECAT, AESTDTC, AEENDTC], set: {previous: PREV}}
derive:
  ASTDT: {to_date: AESTDTC}
  AENDT: {to_date: AEENDTC}
  ASTTM: {to_time: AESTDTC}
  TRTEMFL: {treatment_emergent: ASTDT, clock: AESTDTC, ending: AEENDTC, treated: ADSL.TRTSDTM}
  AEPISN: {episode: [USUBJID, AECAT], start: ASTDT, end: AENDT, gap: 1, linked: [AESPID, previous]}
  EPDUR: {duration: [ASTDT, AENDT], in: days, plus_one: true}
variables: {AEPISN: {label: Episode}, EPDUR: {label: Duration}}
without: [SUBJID, SITEID, AGE, AGEGR1, SEX, RACE, TRTSDT, SAFFL, EFFFL]
keys: [USUBJID, AESEQ]
"""
AES = (
    "SUBJID,NO,TERM,CAT,START,END,PREV\n"
    f"01,1,{LONG},CRS,2021-03-10,2021-03-12,\n"
    "01,2,Fever,CRS,2021-03-13T09:30,2021-03-14,\n"
    "01,3,Fever,CRS,2021-03-20,2021-03-21,2\n"
    "01,4,Fever,CRS,2021-03-30,,9\n"
    "01,5,Cough,,2021-03-09T23:00,2021-03-11,\n"
    "01,6,Rash,,2021-03-10T09:59,2021-03-11,\n"
)

METHODS = {
    "ASTDT": "Date part of AESTDTC; missing where a part stays unknown.",
    "AENDT": (
        "Date part of AESTDTC; unknown parts imputed: day latest; an imputed date is not after ASTDT within "
        "what was collected; missing where a part stays unknown."
    ),
    "TRTEMFL": (
        "Y if ASTDT is not before the start of treatment DM.RFSTDTC, or is missing; missing for an untreated "
        "subject. Moments are compared as precisely as both were collected, a partial date as an interval."
    ),
    "TRTEM1FL": (
        "Y if ASTDT is not before the start of treatment DM.RFSTDTC, or is missing, and not after the end of "
        "the window AENDT; missing for an untreated subject and where the end AENDT is before the start of "
        "treatment. Moments are compared as precisely as both were collected, a partial date as an interval."
    ),
    "NO": (
        "Number of the episode within USUBJID, AETERM, from 1. Records are of one episode, directly or "
        "through others, where one follows another; where one names another as its previous one (AELNK, "
        "AETERM)."
    ),
    "NO2": (
        "Number of the episode within USUBJID, from 1 by the earliest ASTDT. Records are of one episode, "
        "directly or through others, where one follows another: ASTDT is at most 1 days after AENDT of an "
        "earlier one, a missing end being open."
    ),
    "ADURN": (
        "If AENDT >= ASTDT then ASTDT, AENDT: the second minus the first date in days, 1 added: false; in "
        "weeks (a month is 30.4375 days, a year 365.25).; otherwise missing."
    ),
}


def study(tmp_path: Path) -> tuple[Made, IssueLog]:
    text = {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE, "adam/adsl.yaml": ADSL, "adam/adae.yaml": ADAE}
    return built(tmp_path, STUDY, text, {"subj.csv": "SUBJID\n01\n", "ae.csv": AES})


def test_flags_times_and_episodes(tmp_path: Path) -> None:
    made, log = study(tmp_path)
    assert rows(made, "ADAE", "AESPID", "TRTEMFL", "ASTTM", "AEPISN") == [
        ("1", "Y", "", "1"),
        ("2", "Y", "34200", "1"),
        ("3", "Y", "", "1"),
        ("4", "Y", "", "2"),
        ("5", "", "82800", ""),
        ("6", "", "35940", ""),
    ]
    assert told(log, "episode-link", "episode-open", "bad-argument") == ["episode-link NO:5 PREV:5 9"]


def test_a_long_text_goes_on_in_the_dataset(tmp_path: Path) -> None:
    """As in SDTM, where the rest is a qualifier: both hold the same first part."""
    made, log = study(tmp_path)
    first, rest = " ".join(["word"] * 40), "x" * 30 + " end"
    assert rows(made, "ADAE", "AETERM", "AETERM1")[:2] == [(first, rest), ("Fever", "")]
    assert rows(made, "AE", "AETERM")[0] == (first,)
    found = next(b for b in made.built if b.name == "ADAE")
    assert [(v.label, v.continues) for v in found.variables if v.name == "AETERM1"] == [
        ("Reported Term for the Adverse Event 1", "AETERM")
    ]
    assert told(log, "text-split") == ["text-split TERM:2", "text-split TERM:2"]


def test_a_required_variable_of_adam_may_be_without_values(tmp_path: Path) -> None:
    adsl = """
dataset: ADSL
records: {subjects: {from: DM, copy: [SUBJID, SEX]}}
variables: {SEX: {mandatory: true}}
keys: USUBJID
"""
    said = KIT_STUDY.replace("ct: {sdtm: 2025-03-28}", "adamig: '1.3', ct: {sdtm: 2025-03-28, adam: 2025-03-28}")
    mappings = {"../adam/adsl.yaml": adsl, "dm.yaml": KIT_DM, "ex.yaml": KIT_EX}
    found = build(tmp_path, mappings, study=said, standard="adam")
    names = ("STUDYID", "USUBJID", "SUBJID", "SEX")
    assert [found.variable(f"ADSL.{name}").mandatory for name in names] == [True, True, False, True]


def test_methods_say_what_was_said_alone(tmp_path: Path) -> None:
    adae = """
dataset: ADAE
records: {e: {from: AE, copy: [AESEQ, AETERM, AESTDTC, AELNK]}}
derive:
  ASTDT: {to_date: AESTDTC}
  AENDT: {to_date: AESTDTC, impute: {day: latest}, not_after: ASTDT}
  TRTEMFL: {treatment_emergent: ASTDT, treated: DM.RFSTDTC}
  TRTEM1FL: {treatment_emergent: ASTDT, treated: DM.RFSTDTC, ending: AENDT, until: AENDT}
  NO: {episode: [USUBJID, AETERM], linked: [AELNK, AETERM]}
  NO2: {episode: USUBJID, start: ASTDT, end: AENDT, gap: 1}
  ADURN: {case: [{when: "AENDT >= ASTDT", duration: [ASTDT, AENDT], in: weeks, plus_one: false}]}
variables: {NO: {label: Number}, NO2: {label: Second Number}, AELNK: {label: Link}}
keys: [USUBJID, AESEQ]
"""
    adsl = "dataset: ADSL\nrecords: {s: {from: DM}}\nkeys: USUBJID\n"
    said = KIT_STUDY.replace("ct: {sdtm: 2025-03-28}", "adamig: '1.3', ct: {sdtm: 2025-03-28, adam: 2025-03-28}")
    said += "remove: [defaults.adam.core]\n"
    mappings = {"../adam/adsl.yaml": adsl, "../adam/adae.yaml": adae, "dm.yaml": KIT_DM, "ex.yaml": KIT_EX}
    found = build(tmp_path, {**mappings, "ae.yaml": KIT_AE}, study=said, standard="adam")
    assert {n: found.method(found.variable(f"ADAE.{n}").method) for n in METHODS} == METHODS


def test_a_method_that_a_said_one_replaces_is_not_told(tmp_path: Path) -> None:
    adex = """
dataset: ADEX
class: BDS
label: Exposure
records:
  doses: {from: EX, group: USUBJID, set: {PARAMCD: {value: DOSES}, PARAM: {value: Number of Doses}, AVAL: {count: EX}}}
  total: {from: EX, group: USUBJID, set: {PARAMCD: {value: TOTAL}, PARAM: {value: Total (mg)}, AVAL: {sum: EXDOSE}}}
variables: {AVAL: {values: [{where: "PARAMCD = 'TOTAL'", method: All doses together}]}}
keys: [USUBJID, PARAMCD]
"""
    adsl = "dataset: ADSL\nrecords: {s: {from: DM}}\nkeys: USUBJID\n"
    said = KIT_STUDY.replace("ct: {sdtm: 2025-03-28}", "adamig: '1.3', ct: {sdtm: 2025-03-28, adam: 2025-03-28}")
    said += "remove: [defaults.adam.core]\n"
    mappings = {"../adam/adsl.yaml": adsl, "../adam/adex.yaml": adex, "dm.yaml": KIT_DM, "ex.yaml": KIT_EX}
    found = build(tmp_path, mappings, study=said, standard="adam")
    values = {v.where[0].values[0]: found.method(v.method) for v in found.variable("ADEX.AVAL").values}
    assert values["TOTAL"] == "All doses together"
    told = {m.id for m in found.meta.methods}
    referred = {v.method for d in found.meta.datasets for v in d.variables}
    referred |= {x.method for d in found.meta.datasets for v in d.variables for x in v.values}
    assert told == referred - {""}
    assert written(found, tmp_path)[1] == []
