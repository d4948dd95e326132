"""Default rules: they see what every dataset has, whatever the order of the files."""

from __future__ import annotations

from pathlib import Path

from .support import built, checked, rows

SOURCES = """\
raw:
  DM: {file: dm.csv, subject: SUBJID}
  AE: {file: ae.csv, subject: SUBJID}
subjects: {register: raw.DM, usubjid: "SUBJID"}
"""
AE = """\
dataset: AE
records: {events: {from: raw.AE, set: {AETERM: TERM, AESTDTC: {date: DAY}}}}
keys: [USUBJID, AETERM]
"""
DM = """\
dataset: DM
records: {subjects: {from: raw.DM, set: {SUBJID: SUBJID, RFSTDTC: {date: FIRST}}}}
keys: USUBJID
"""
RAW = {"dm.csv": "SUBJID,FIRST\n1,2024-01-10\n", "ae.csv": "SUBJID,TERM,DAY\n1,Cough,2024-01-09\n1,Rash,2024-01-12\n"}


def test_default_of_a_dataset_that_comes_before_its_input(tmp_path: Path) -> None:
    """AE is read before DM; its study day needs DM.RFSTDTC."""
    made, _ = built(tmp_path, SOURCES, {"sdtm/ae.yaml": AE, "sdtm/dm.yaml": DM}, RAW)
    assert rows(made, "AE", "AETERM", "AESTDY") == [("Cough", "-1"), ("Rash", "3")]


def test_default_that_follows_from_a_default_of_another_dataset(tmp_path: Path) -> None:
    """AESTDY is a default itself; a rule of DM may name it, and a default of AE may follow from one of DM."""
    study = SOURCES + 'defaults: {sdtm: {RFENDTC: {from: RFSTDTC}, AEENTPT: {from: DM.RFENDTC}}}\n'
    made, _ = built(tmp_path, study, {"sdtm/ae.yaml": AE, "sdtm/dm.yaml": DM}, RAW)
    assert rows(made, "AE", "AEENTPT") == [("2024-01-10",), ("2024-01-10",)]


def test_default_without_its_input_makes_no_variable(tmp_path: Path) -> None:
    """Nobody makes RFSTDTC, so there is no study day."""
    study = DM.replace(", RFSTDTC: {date: FIRST}", "")
    made, _ = built(tmp_path, SOURCES, {"sdtm/ae.yaml": AE, "sdtm/dm.yaml": study}, RAW)
    assert "AESTDY" not in {v.name for b in made.built if b.name == "AE" for v in b.variables}


VS = """\
dataset: VS
records:
  signs:
    from: raw.VS
    transpose:
      TEMP:  {VSORRES: TEMP, VSORRESU: {value: C}, VSSTRESC: {value: WARM}}
      PULSE: {VSORRES: PULSE, VSORRESU: {value: beats/min}}
keys: [USUBJID, VSTESTCD]
"""


def test_default_that_one_transposed_column_replaces_is_told(tmp_path: Path) -> None:
    """PULSE would be left without VSSTRESC: neither the default nor the rule of TEMP makes it."""
    raw = {**RAW, "vs.csv": "SUBJID,TEMP,PULSE\n1,37,80\n"}
    study = SOURCES.replace("subjects:", "  VS: {file: vs.csv, subject: SUBJID}\nsubjects:")
    files = {"sdtm/dm.yaml": DM, "sdtm/vs.yaml": VS}
    _, log = checked(tmp_path / "part", study, files, raw)
    found = [i for i in log if i.rule == "default-replaced-in-part"]
    assert [(i.message, i.locations[0].line) for i in found] == [
        ("VSSTRESC has a rule in TEMP, so its default makes none for PULSE.", 6)
    ]
    both = VS.replace("{value: beats/min}}", "{value: beats/min}, VSSTRESC: PULSE}")
    made, log = built(tmp_path / "both", study, {**files, "sdtm/vs.yaml": both}, raw)
    assert [i for i in log if i.rule == "default-replaced-in-part"] == []
    assert rows(made, "VS", "VSTESTCD", "VSSTRESC") == [("PULSE", "80"), ("TEMP", "WARM")]
