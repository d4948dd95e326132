"""define.xml of ADaM: predecessors, numbers with the texts beside them, parameters, formats, order of variables."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.model.metadata import OriginMeta

from .metadata_kit import DM, EX, STUDY, Result, build, written

ADAM = STUDY.replace("ct: {sdtm: 2025-03-28}", "adamig: '1.3', ct: {sdtm: 2025-03-28, adam: 2025-03-28}")
CORE = "defaults: {adam: {core: [MOOD, SEX, TRT01PN, TRT01P, TRTSDT]}}\n"
ADSL = """
dataset: ADSL
label: Subject-Level Analysis Dataset
records: {subjects: {from: DM, copy: [SUBJID, SEX, MOOD]}}
derive:
  TRTSDT: {to_date: DM.RFSTDTC}
  TRT01P: DM.ARM
  TRT01PN: {from: DM.ARMCD, map: {A: "1", B: "10"}}
  SEENDT: {to_date: DM.RFICDTC}
variables: {SEENDT: {label: Date Seen}}
keys: USUBJID
"""
ADEX = """
dataset: ADEX
label: Exposure
records:
  dose:
    from: EX
    set: {PARAMCD: {value: DOSE}, PARAM: {value: Dose (mg)}, AVAL: EXDOSE, EXSEQ: EXSEQ, ADT: {to_date: EXSTDTC}}
  heavy:
    from: EX
    set:
      {PARAMCD: {value: HEAVY}, PARAM: {value: Dose above 150 mg}, AVALC: {yes_if: EXDOSE > 150}, EXSEQ: EXSEQ,
       ADT: {to_date: EXSTDTC}}
  ratio:
    from: EX
    set:
      {PARAMCD: {value: RATIO}, PARAM: {value: Dose / 7}, AVAL: {expr: "round(EXDOSE / 7, 3)"}, EXSEQ: EXSEQ,
       ADT: {to_date: EXSTDTC}}
derive:
  AVISIT: {case: [{when: "SEX = 'F'", value: DAY 1}, {value: LATER}]}
  AVISITN: {from: AVISIT, map: {DAY 1: "1", LATER: "99"}}
  ATM: {expr: 3600 * 9}
  ARELTM: {expr: "9.5"}
keys: [USUBJID, PARAMCD, EXSEQ]
"""


def study(tmp_path: Path, adex: str = ADEX, adsl: str = ADSL) -> Result:
    mappings = {"../adam/adsl.yaml": adsl, "../adam/adex.yaml": adex, "ex.yaml": EX, "dm.yaml": DM}
    return build(tmp_path, mappings, study=ADAM + CORE, standard="adam")


def test_the_dataset_of_the_subjects_is_first(tmp_path: Path) -> None:
    assert [d.name for d in study(tmp_path).meta.datasets] == ["ADSL", "ADEX"]


def names(result: Result, dataset: str) -> list[str]:
    return [v.name for v in result.dataset(dataset).variables]


def items(result: Result, id: str) -> list[tuple[str, str]]:
    return [(t.term, t.decode) for t in result.codelist(id).terms]


def test_variables_stand_in_the_order_of_core_and_of_the_structure(tmp_path: Path) -> None:
    result = study(tmp_path)
    assert names(result, "ADSL") == [
        "STUDYID", "USUBJID", "SUBJID", "SEX", "TRT01P", "TRT01PN", "TRTSDT", "MOOD", "SEENDT",
    ]  # fmt: skip
    assert names(result, "ADEX") == [
        "STUDYID", "USUBJID", "MOOD", "SEX", "TRT01PN", "TRT01P", "TRTSDT", "TRTP", "TRTPN", "ADT", "ATM", "ADY",
        "AVISIT", "AVISITN", "ARELTM", "PARAM", "PARAMCD", "AVAL", "AVALC", "EXSEQ",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "description"),
    [
        ("ADSL.SEX", "DM.SEX"), ("ADSL.MOOD", "DM.MOOD"), ("ADSL.TRT01P", "DM.ARM"), ("ADEX.TRT01P", "ADSL.TRT01P"),
        ("ADEX.TRTSDT", "ADSL.TRTSDT"), ("ADEX.TRTP", "ADSL.TRT01P"), ("ADEX.EXSEQ", "EX.EXSEQ"),
        ("ADEX.USUBJID", "EX.USUBJID"),
    ],
)  # fmt: skip
def test_a_copied_variable_names_its_predecessor(tmp_path: Path, name: str, description: str) -> None:
    assert study(tmp_path).variable(name).origin == OriginMeta("Predecessor", description=description)


def test_a_derived_variable_has_a_method_and_its_copy_has_none(tmp_path: Path) -> None:
    result = study(tmp_path)
    assert result.variable("ADSL.TRTSDT").method == "ADSL.TRTSDT"
    assert result.variable("ADEX.TRTSDT").method == ""


def test_numbers_are_listed_with_the_texts_beside_them(tmp_path: Path) -> None:
    result = study(tmp_path)
    assert result.variable("ADSL.TRT01PN").codelist == result.variable("ADEX.TRT01PN").codelist == "TRT01PN"
    assert items(result, "TRT01PN") == [("1", "Drug A"), ("10", "Drug B")]
    assert result.codelist("TRT01PN").data_type == "integer"
    assert items(result, "AVISITN") == [("1", "DAY 1"), ("99", "LATER")]
    assert items(result, "PARAMCD") == [("DOSE", "Dose (mg)"), ("HEAVY", "Dose above 150 mg"), ("RATIO", "Dose / 7")]


def test_a_number_of_several_texts_has_no_list(tmp_path: Path) -> None:
    result = study(tmp_path, ADEX.replace('LATER: "99"', 'LATER: "1"'))
    assert result.variable("ADEX.AVISITN").codelist == ""


def test_a_code_that_means_another_thing_elsewhere_has_a_list_of_its_own(tmp_path: Path) -> None:
    other = ADEX.replace("derive:\n", "derive:\n  TRT01P: {case: [{when: TRT01PN = 1, value: Other}, {value: More}]}\n")
    result = study(tmp_path, other)
    assert result.variable("ADEX.TRT01PN").codelist == "ADEX.TRT01PN"
    assert items(result, "ADEX.TRT01PN") == [("1", "Other"), ("10", "More")]
    assert items(result, "TRT01PN") == [("1", "Drug A"), ("10", "Drug B")]


def test_parameters_have_type_length_decimals_and_method_of_their_own(tmp_path: Path) -> None:
    result = study(tmp_path)
    dose, ratio = (result.value("ADEX.AVAL", code) for code in ("DOSE", "RATIO"))
    assert (dose.data_type, dose.length, dose.digits, dose.origin, dose.method) == (
        "integer", 3, None, OriginMeta("Predecessor", description="EX.EXDOSE"), "",
    )  # fmt: skip
    assert (ratio.data_type, ratio.length, ratio.digits) == ("float", 6, 3)
    assert result.method(ratio.method) == "round(EXDOSE / 7, 3)."
    assert result.variable("ADEX.AVAL").origin is None


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("PARAMCD = 'RATIO'", {("RATIO",): "Said.", ("DOSE",): ""}),
        ("PARAMCD IN ('RATIO', 'DOSE')", {("RATIO",): "Said.", ("DOSE",): "Said."}),
    ],
)
def test_what_is_said_of_several_parameters_is_said_of_each(
    tmp_path: Path, said: str, wanted: dict[tuple[str, ...], str]
) -> None:
    text = f'variables: {{AVAL: {{values: [{{where: "{said}", method: Said.}}]}}}}\n'
    result = study(tmp_path, ADEX + text)
    found = {
        v.where[0].values: result.method(v.method) if v.method else "" for v in result.variable("ADEX.AVAL").values
    }
    assert found == wanted


def test_numeric_dates_and_times_have_formats_of_sas(tmp_path: Path) -> None:
    result = study(tmp_path)
    found = {n: result.variable(f"ADEX.{n}").format for n in ("ADT", "ATM", "ADY", "ARELTM")}
    assert found == {"ADT": "DATE9.", "ATM": "TIME8.", "ADY": "", "ARELTM": ""}


def test_its_define_xml_keeps_the_schema_and_the_checks(tmp_path: Path) -> None:
    assert written(study(tmp_path), tmp_path)[1] == []
