"""A build of some datasets into the last one: lineage on disk goes with the datasets on disk, or it is told."""

from __future__ import annotations

from sdtm_builder.report.issues_json import read_issues_json

from .kit import SUBJ_ROWS, Study


def outdated(study: Study) -> list[str]:
    """Datasets that the last build says it left as they were though they would be others."""
    found = read_issues_json(study.out / "issues.json")
    assert {i.severity.value for i in found if i.rule == "only-outdated"} <= {"warning"}
    return sorted(i.locations[0].dataset for i in found if i.rule == "only-outdated")


def test_nothing_changed(built: Study) -> None:
    """The whole folder of lineage stays as it is."""
    before = {name: text for name, text in built.state().items() if "/lineage/" in name}
    assert built.build(only=["AE"])[0] == 0
    assert {name: text for name, text in built.state().items() if "/lineage/" in name} == before
    assert outdated(built) == []


def test_a_change_of_the_dataset_alone(built: Study) -> None:
    """The lineage is that of the dataset written anew, and of the others as they were."""
    before = built.state()
    built.change("mappings/S1/sdtm/ae.yaml", "AETERM:   TERM", "AETERM:   {expr: upper(TERM)}")
    assert built.build(only=["AE"])[0] == 0
    after = built.state()
    changed = {n for n in after if "/lineage/" in n and n.endswith(".parquet") and after[n] != before[n]}
    assert changed == {"S1/lineage/AE.parquet"}
    assert outdated(built) == []


def test_a_change_that_reaches_datasets_which_are_not_written(built: Study) -> None:
    """Days of AE are counted from the start that moved: AE, DS and EX are told, DM is written."""
    rows = (SUBJ_ROWS[0], ("01", "Female", "34", "2024-01-03", "2024-06-01"), SUBJ_ROWS[2])
    before = built.state()
    built.sheets(subj=rows)
    assert built.build(only=["DM"], fail_on="never")[0] == 0
    assert outdated(built) == ["AE", "DS", "EX"]
    after = built.state()
    assert {n for n in after if n.endswith(".xpt") and after[n] != before[n]} == {"S1/sdtm/dm.xpt"}
    assert built.build(only=["AE", "DS", "EX"], fail_on="never")[0] == 0
    assert outdated(built) == []
