"""Occurrence data: long texts of an analysis dataset, values that it must have, flags and episodes by mapping."""

from __future__ import annotations

from pathlib import Path

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.issues import IssueLog

from .metadata_kit import DM as KIT_DM
from .metadata_kit import EX as KIT_EX
from .metadata_kit import STUDY as KIT_STUDY
from .metadata_kit import build
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
