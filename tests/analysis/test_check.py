"""Faults of analyses before any data is there, with file, line and the nearest names."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.analysis.registry import methods

from .small import Rows, checked, run

ADSL: Rows = [{"USUBJID": "S1", "SAFFL": "Y", "TRT01A": "A", "AGE": 50}, {"USUBJID": "S2", "SAFFL": "N", "TRT01A": "B"}]
GOOD = """populations:
  safety: {title: Safety, dataset: ADSL, where: SAFFL = 'Y'}
analyses:
  ages:
    title: Ages
    method: summary_table
    dataset: ADSL
    where: AGE > 1
    population: safety
    by: TRT01A
    value: AGE
    statistics: [n, mean]
"""


def test_a_sound_analysis_has_no_faults(tmp_path: Path) -> None:
    assert checked(tmp_path, GOOD, {"ADSL": ADSL}) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("method: summary_table", "method: sumary_table",
         "analyses.yaml:6:13 analysis-method: `sumary_table` is no method. Near: summary_table"),
        ("    value: AGE\n", "", "analyses.yaml:4:3 analysis-argument: `summary_table` needs `value`: the number of a"),
        ("statistics: [n, mean]", "statistics: [n, meen]",
         "analyses.yaml:12:21 analysis-argument: `meen` is no word of `statistics`. Near: mean"),
        ("    value: AGE", "    valu: AGE", "analysis-argument: `valu` is no argument of `summary_table`. Near: value"),
        ("dataset: ADSL\n    where: AGE", "dataset: ADLS\n    where: AGE",
         "analyses.yaml:7:14 analysis-dataset: `ADLS` is no ADaM dataset of the study. Near: ADSL"),
        ("where: AGE > 1", "where: AEG > 1", "analyses.yaml:8:12 analysis-name: ADSL has no `AEG`. Near: AGE"),
        ("where: AGE > 1", "where: AGE > study.limits",
         "analyses.yaml:8:18 analysis-name: ADSL has no `study.limits`. Near: limit"),
        ("where: AGE > 1", "where: AGE > 'x'", "analyses.yaml:8:18 expression-kind:"),
        ("where: AGE > 1", "where: AGE >", "analyses.yaml:8:16 expression-syntax:"),
        ("population: safety", "population: safe",
         "analyses.yaml:9:17 analysis-population: `safe` is no population. Near: safety"),
        ("by: TRT01A", "by: TRT01P", "analyses.yaml:10:9 analysis-name: ADSL has no `TRT01P`. Near: TRT01A"),
        ("value: AGE", "value: [AGE]", "analyses.yaml:11:12 analysis-argument: `value` takes an expression."),
        ("by: TRT01A", "by: TRT01A\n    documents: sap",
         "analyses.yaml:11:16 analysis-argument: `sap` is no document of the study."),
        ("where: SAFFL = 'Y'", "where: SAFFLL = 'Y'",
         "analyses.yaml:2:49 analysis-name: ADSL has no `SAFFLL`. Near: SAFFL"),
    ],
)  # fmt: skip
def test_a_fault_is_told_with_its_place(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in GOOD
    found = checked(tmp_path, GOOD.replace(old, new), {"ADSL": ADSL})
    assert any(told in one for one in found), found


def test_the_marks_of_a_plot_are_checked_over_their_own_dataset(tmp_path: Path) -> None:
    yaml = GOOD.replace("method: summary_table", "method: swimmer_plot").replace("value: AGE", "end: AGE")
    yaml = yaml.replace("statistics: [n, mean]", "axis: Day\n    unit: d\n    marks:\n"
                        "      X: {dataset: ADAE, time: DAY}\n"
                        "      Y: {dataset: ADAE, tme: DAI}\n      Z: {dataset: ADA, time: DAY}")  # fmt: skip
    found = checked(tmp_path, yaml, {"ADSL": ADSL, "ADAE": [{"USUBJID": "S1", "DAI": 3}]})
    assert [one.partition(" Near")[0] for one in found] == [
        "analyses.yaml:15:32 analysis-name: ADAE has no `DAY`.",
        "analyses.yaml:16:10 analysis-argument: `Y` needs `dataset` and `time`.",
        "analyses.yaml:17:20 analysis-dataset: `ADA` is no ADaM dataset of the study.",
    ]


def test_two_records_of_a_subject_in_a_population_are_an_error(tmp_path: Path) -> None:
    data = [*ADSL, {"USUBJID": "S1", "SAFFL": "Y", "TRT01A": "B", "AGE": 60}]
    document, issues = run(tmp_path, GOOD, {"ADSL": data})
    assert document["populations"][0]["subjects"] == ["S1"]
    assert issues[0].startswith("analysis-population: `safety`: no subject or another record of a subject")


def test_what_cannot_be_computed_is_told_with_its_records(tmp_path: Path) -> None:
    data: Rows = [{"USUBJID": "S1", "SAFFL": "Y", "TRT01A": "A", "AGE": 0}]
    _, issues = run(
        tmp_path, GOOD.replace("value: AGE", "value: 1 / AGE").replace("AGE > 1", "AGE >= 0"), {"ADSL": data}
    )
    assert "analysis-where" in issues[0]
    assert "division-by-zero" in issues[0]
    assert "ADSL [USUBJID=S1]" in issues[0]


def test_a_constant_of_the_study_stands_in_expressions(tmp_path: Path) -> None:
    document, issues = run(tmp_path, GOOD.replace("AGE > 1", "AGE > study.limit"), {"ADSL": ADSL})
    assert issues == []
    assert document["analyses"][0]["parts"][0]["rows"][0]["cells"][-1]["text"] == "1"


def test_the_document_names_each_record_that_a_number_rests_on(tmp_path: Path) -> None:
    document, _ = run(tmp_path, GOOD, {"ADSL": ADSL})
    assert list(document) == ["format", "version", "study", "as_of", "datasets", "populations", "analyses"]
    dataset = document["datasets"][0]
    assert (dataset["name"], dataset["records"], dataset["keys"], dataset["key_values"]) == (
        "ADSL", 2, ["USUBJID"], {"1": ["S1"]},
    )  # fmt: skip
    assert document["analyses"][0]["place"] == {"file": "analyses.yaml", "line": 4}


def test_a_dataset_that_was_not_written_is_told(tmp_path: Path) -> None:
    from sdtm_builder.analysis.check import check_analyses
    from sdtm_builder.analysis.run import run_analyses
    from sdtm_builder.issues import IssueLog

    from .small import CONSTANTS, study_of, write

    log = IssueLog()
    forms = {"ADSL": write(tmp_path, "ADSL", ADSL)}
    study = study_of(tmp_path, GOOD, log)
    check_analyses(study, forms, CONSTANTS, log)
    (tmp_path / "adsl.xpt").unlink()
    document = run_analyses(study, tmp_path, forms, CONSTANTS, "", log)
    assert document["analyses"] == []
    assert ["analysis-dataset" in str(i) for i in log] == [True]


def test_every_method_has_a_page_and_arguments_that_say_what_they_are() -> None:
    for name, method in methods().items():
        assert len(method.about) > 20, name
        assert method.about.endswith("."), name
        assert all(a.about for a in method.arguments.values()), name
