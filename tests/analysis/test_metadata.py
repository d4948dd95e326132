"""Analysis Results Metadata: conditions that define.xml can say, and what of an analysis goes where."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.analysis.conditions import conditions_of
from sdtm_builder.analysis.metadata import describe
from sdtm_builder.issues import IssueLog
from sdtm_builder.model.metadata import AnalysisDataMeta, ConditionMeta

from .small import study_of


@pytest.mark.parametrize(
    ("text", "checks"),
    [
        ("", ()),
        ("PARAMCD = 'OS'", (ConditionMeta("PARAMCD", "EQ", ("OS",)),)),
        ("PARAMCD IN ('A', 'B') AND AVAL >= -1.5",
         (ConditionMeta("PARAMCD", "IN", ("A", "B")), ConditionMeta("AVAL", "GE", ("-1.5",)))),
        ("3 < AVAL AND X NOT IN (1, 2) AND Y <> 'N'",
         (ConditionMeta("AVAL", "GT", ("3",)), ConditionMeta("X", "NOTIN", ("1", "2")),
          ConditionMeta("Y", "NE", ("N",)))),
        ("A = 'x' OR B = 'y'", None),
        ("A IS NOT NULL", None),
        ("A = B", None),
        ("num(A) > 3", None),
        ("A = 'x' AND num(A) > 3", None),
    ],
)  # fmt: skip
def test_conditions(text: str, checks: tuple[ConditionMeta, ...] | None) -> None:
    assert conditions_of(text) == checks


YAML = """populations:
  safety: {title: Safety set, dataset: ADSL, where: SAFFL = 'Y'}
analyses:
  os:
    title: Overall survival
    method: kaplan_meier
    dataset: ADTTE
    where: PARAMCD = 'OS'
    population: safety
    by: TRT01A
    time: AVAL
    event: CNSR = 0
    reason: SPECIFIED IN PROTOCOL
    purpose: SECONDARY OUTCOME MEASURE
    footnotes: ["From the infusion; to death"]
  ages:
    title: Ages
    method: summary_table
    dataset: ADSL
    where: AGE IS NOT NULL
    population: safety
    value: AGE
    statistics: [n]
    reason: SPECIFIED IN SAP
    purpose: EXPLORATORY OUTCOME MEASURE
  aside: {title: Aside, method: listing, dataset: ADSL, population: safety, columns: {Age: AGE}, reason: DATA DRIVEN}
"""
VARIABLES = {"ADSL": ["USUBJID", "AGE", "SAFFL", "TRT01A"], "ADTTE": ["USUBJID", "PARAMCD", "CNSR", "AVAL"]}


def test_an_analysis_becomes_a_display_with_its_datasets(tmp_path: Path) -> None:
    found = describe(study_of(tmp_path, YAML, IssueLog()), VARIABLES, "YAML")
    survival, ages = found.analyses
    assert (survival.id, survival.title, survival.result) == ("os", "Overall survival", "Overall survival, Safety set")
    assert (survival.reason, survival.purpose) == ("SPECIFIED IN PROTOCOL", "SECONDARY OUTCOME MEASURE")
    assert survival.parameter == "PARAMCD"
    assert survival.data == (
        AnalysisDataMeta("ADTTE", (ConditionMeta("PARAMCD", "EQ", ("OS",)),), ("CNSR", "AVAL")),
        AnalysisDataMeta("ADSL", (ConditionMeta("SAFFL", "EQ", ("Y",)),), ("TRT01A",)),
    )
    assert "From the infusion; to death." in survival.text
    assert "event: CNSR = 0" in survival.code
    comments = {c.id: c.text for c in found.comments}
    assert comments[survival.comment] == (
        "Subjects: those of ADSL (Safety set); records of ADTTE are joined to them by USUBJID."
    )
    assert (ages.parameter, ages.data) == ("", (AnalysisDataMeta("ADSL", (), ("AGE",)),))
    assert comments[ages.comment] == "Records of ADSL: AGE IS NOT NULL. Records of ADSL: SAFFL = 'Y'."


def test_the_statements_are_the_yaml_that_was_read(tmp_path: Path) -> None:
    import yaml

    found = describe(study_of(tmp_path, YAML, IssueLog()), VARIABLES, "YAML")
    written = yaml.load(YAML, yaml.BaseLoader)["analyses"]
    for one in found.analyses:
        assert yaml.load(one.code, yaml.BaseLoader) == {one.id: written[one.id]}


def test_an_analysis_of_a_dataset_that_is_not_built_is_left_out(tmp_path: Path) -> None:
    found = describe(study_of(tmp_path, YAML, IssueLog()), {"ADSL": VARIABLES["ADSL"]}, "YAML")
    assert [a.id for a in found.analyses] == ["ages"]
