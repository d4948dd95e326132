"""ADaM datasets: variables of ADSL in all of them, attributes of what a variable copies, flags of imputation."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands.pipeline import Made
from sdtm_builder.issues import IssueLog

from .support import built, checked, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  AE: {file: ae.csv, subject: SUBJID}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
defaults: {adam: {core: [AGE, EFFFL, SCORE, SEX]}}
codelists: {MOOD: {terms: [GLAD, SAD]}}
"""
RAW = {
    "subj.csv": "SUBJID,AGE,SEX,MOOD\n01,40,M,GLAD\n02,51,F,SAD\n",
    "ae.csv": "SUBJID,TERM,START,END,SURE\n01,Cough,2021-03,2021-03-20T10:30,\n01,Fever,2021-04-02,,x\n"
    "02,Rash,2021,2021-05,\n",
}
DM = """\
dataset: DM
records:
  s: {from: raw.SUBJ, copy: [AGE, SEX], set: {MOOD: MOOD, SUBJID: SUBJID}}
derive: {RFSTDTC: {value: "2021-03-10"}}
variables: {MOOD: {label: Mood at Consent, codelist: MOOD}}
without: [EPOCH]
keys: USUBJID
"""
AE = """\
dataset: AE
records:
  e:
    from: raw.AE
    set:
      AETERM: TERM
      AESTDTC: {date: START}
      AEENDTC: {date: END, formats: [yyyy-MM-dd, yyyy-MM, "yyyy-MM-ddTHH:mm"]}
      SURE: {checked: SURE}
variables: {SURE: {label: Sure of the Start, codelist: NY}}
without: [EPOCH]
keys: [USUBJID, AETERM]
"""
ADSL = """\
dataset: ADSL
records:
  s: {from: DM, copy: [AGE, SEX, MOOD]}
derive:
  TRTSDT: {to_date: DM.RFSTDTC}
  EFFFL: {yes_if: "AGE > 45"}
  SCORE: {expr: AGE / 8}
  SEENDT: {to_date: DM.RFSTDTC}
variables:
  EFFFL: {label: Efficacy Flag, codelist: NY, comment: Of those above 45}
  SCORE: {label: Score, type: float, digits: 1, format: "8.1"}
  SEENDT: {label: Date Seen, format: YYMMDD10.}
keys: USUBJID
"""
ADAE = """\
dataset: ADAE
records:
  e: {from: AE, copy: [AESEQ, AETERM, AESTDTC, SURE]}
derive:
  ASTDT: {to_date: AESTDTC, impute: {month: earliest, day: earliest}, not_before: TRTSDT}
  ASTDTF: {imputation_of: ASTDT}
  TRTSDT: ADSL.TRTSDT
  SEENDT: ADSL.SEENDT
  MOOD: ADSL.MOOD
keys: [USUBJID, AESEQ]
"""


def study(tmp_path: Path, adae: str = ADAE, adsl: str = ADSL, ae: str = AE, said: str = STUDY) -> tuple[Made, IssueLog]:
    text = {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": ae, "adam/adsl.yaml": adsl, "adam/adae.yaml": adae}
    return built(tmp_path, said, text, RAW)


def faults(tmp_path: Path, adae: str) -> list[str]:
    text = {"sdtm/dm.yaml": DM, "sdtm/ae.yaml": AE, "adam/adsl.yaml": ADSL, "adam/adae.yaml": adae}
    _, log = checked(tmp_path, STUDY, text, RAW)
    return [f"{i.rule}: {i.message} {i.hint}".strip() for i in log if i.severity != "note"]


def written(made: Made, dataset: str) -> dict[str, tuple[str, str]]:
    """Label and format of each variable."""
    found = next(b for b in made.built if b.name == dataset)
    return {v.name: (v.label, v.format) for v in found.variables}


def test_core_variables_stand_in_every_other_dataset_with_the_words_of_adsl(tmp_path: Path) -> None:
    made, _ = study(tmp_path)
    assert rows(made, "ADAE", "USUBJID", "AGE", "EFFFL", "SCORE", "SEX") == [
        ("01", "40", "N", "5", "M"), ("01", "40", "N", "5", "M"), ("02", "51", "Y", "6.375", "F"),
    ]  # fmt: skip
    found = written(made, "ADAE")
    assert found["EFFFL"] == ("Efficacy Flag", "")
    assert found["SCORE"] == ("Score", "8.1")
    assert found["SEENDT"] == ("Date Seen", "YYMMDD10.")
    assert found["TRTSDT"] == ("Date of First Exposure to Treatment", "DATE9.")


def test_what_adsl_copies_from_sdtm_keeps_its_label_there_and_further_on(tmp_path: Path) -> None:
    made, _ = study(tmp_path)
    assert written(made, "ADSL")["MOOD"] == written(made, "ADAE")["MOOD"] == ("Mood at Consent", "")
    assert written(made, "ADAE")["SURE"] == ("Sure of the Start", "")
    assert made.run.plan.datasets["ADAE"].target("MOOD").codelist.name == "MOOD"


def test_a_dataset_says_its_own_over_what_it_copies(tmp_path: Path) -> None:
    made, _ = study(tmp_path, ADAE + "variables: {EFFFL: {label: Another Label}, SCORE: {format: '5.2'}}\n")
    assert written(made, "ADAE")["EFFFL"] == ("Another Label", "")
    assert written(made, "ADAE")["SCORE"] == ("Score", "5.2")


@pytest.mark.parametrize(
    ("more", "carried"),
    [("without: [EFFFL]\n", ["AGE", "SCORE", "SEX"]), ("core: [AGE]\n", ["AGE"]), ("core: []\n", [])],
)
def test_a_dataset_without_some_of_them(tmp_path: Path, more: str, carried: list[str]) -> None:
    made, _ = study(tmp_path, ADAE + more)
    assert [v for v in ("AGE", "EFFFL", "SCORE", "SEX") if v in written(made, "ADAE")] == carried


@pytest.mark.parametrize(
    ("rule", "hint"),
    [
        ("OTHER: ADSL.EFFFL", "OTHER"),              # a copy of another name needs a label of its own
        ("OTHER: {from: AETERM, map: {Cough: x}}", "OTHER"),
    ],
)  # fmt: skip
def test_a_variable_of_its_own_needs_a_label(tmp_path: Path, rule: str, hint: str) -> None:
    said = ADAE.replace("  MOOD: ADSL.MOOD\n", f"  {rule}\n")
    assert faults(tmp_path, said) == [
        f"undeclared-variable: {hint} is not in the standard. Give it a label in `variables`: `{hint}: {{label: ...}}`."
    ]


def test_a_date_whose_label_the_standard_leaves_open_needs_one(tmp_path: Path) -> None:
    said = ADAE.replace("  SEENDT: ADSL.SEENDT\n", "  LASTDT: ADSL.SEENDT\n")
    assert faults(tmp_path, said) == [
        "undeclared-variable: LASTDT is not in the standard. Give it a label in `variables`: `LASTDT: {label: ...}`."
    ]
    text = ADAE.replace("  SEENDT: ADSL.SEENDT\n", "  LASTDT: ADSL.SEENDT\n")
    assert faults(tmp_path / "two", text.replace("keys:", "class: BDS\nkeys:")) == [
        "undeclared-variable: The standard leaves the label of LASTDT open. Give it a label in `variables`: "
        "`LASTDT: {label: ...}`."
    ]


def test_the_label_of_adsl_wins_over_one_that_the_standard_leaves_open(tmp_path: Path) -> None:
    made, _ = study(tmp_path, ADAE.replace("keys:", "class: BDS\nkeys:"))
    found = written(made, "ADAE")
    assert found["TRTSDT"] == ("Date of First Exposure to Treatment", "DATE9.")
    assert found["SEENDT"] == ("Date Seen", "YYMMDD10.")


def test_flags_of_a_date_follow_from_its_rule(tmp_path: Path) -> None:
    made, log = study(tmp_path)
    assert rows(made, "ADAE", "AESTDTC", "ASTDT", "ASTDTF") == [
        ("2021-03", "2021-03-10", "D"), ("2021-04-02", "2021-04-02", ""), ("2021", "2021-03-10", "M"),
    ]  # fmt: skip
    assert told(log, "bad-argument") == []


def test_flags_of_a_date_that_has_a_rule_in_each_block_and_branch(tmp_path: Path) -> None:
    adae = """\
dataset: ADAE
records:
  start:
    from: AE
    copy: [AESEQ, AETERM]
    set: {POINT: {value: START}, ASTDT: {to_date: AESTDTC, impute: {month: latest, day: latest}}}
  end:
    from: AE
    where: AEENDTC IS NOT NULL
    why: No end
    copy: [AESEQ, AETERM]
    set:
      POINT: {value: END}
      ASTDT: {case: [{when: "SURE = 'Y'", expr: study.cutoff}, {to_date: AEENDTC, impute: {day: earliest}}]}
derive: {ASTDTF: {imputation_of: ASTDT}}
variables: {POINT: {label: Point}}
keys: [USUBJID, AESEQ, POINT]
"""
    made, _ = study(tmp_path, adae, said=STUDY + "constants: {cutoff: 2022-01-01}\n")
    assert rows(made, "ADAE", "USUBJID", "AETERM", "POINT", "ASTDT", "ASTDTF") == [
        ("01", "Cough", "END", "2021-03-20", ""),
        ("01", "Cough", "START", "2021-03-31", "D"),
        ("01", "Fever", "START", "2021-04-02", ""),
        ("02", "Rash", "END", "2021-05-01", "D"),
        ("02", "Rash", "START", "2021-12-31", "M"),
    ]


def test_flags_of_a_date_without_a_rule_that_imputes_are_told(tmp_path: Path) -> None:
    adae = ADAE.replace("{imputation_of: ASTDT}", "{imputation_of: TRTSDT}")
    made, log = study(tmp_path, adae)
    assert {row[0] for row in rows(made, "ADAE", "ASTDTF")} == {""}
    assert [i.message for i in log if i.rule == "bad-argument"] == ["`imputation_of` needs the `source` of this date."]
