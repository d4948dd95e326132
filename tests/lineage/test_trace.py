"""Traces to file, row, column and raw text, through every way in which a value is made."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.lineage_kit import STUDY, build

from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.lineage import Node, TraceError, trace

Cells = list[tuple[str, int, str, str]]


def cells(node: Node) -> Cells:
    """The raw cells of a trace as (file, row, column, text), but for those of subjects."""
    return [(c.file, c.row, c.name, c.value) for c in node.cells() if c.name != "SUBJ"]


CASES: list[tuple[str, dict[str, str], str, str, Cells]] = [
    ("AE", {"AETERM": "Cold"}, "AETERM", "Cold", [("old.csv", 2, "TERM", "Cold")]),  # the second of two sources
    ("AE", {"AETERM": "Fever"}, "AESER", "N", [("ae.csv", 4, "SER", "no")]),  # before the codelist
    ("AE", {"USUBJID": "S1-02", "AESEQ": "1"}, "AESTDY", "-33",  # another dataset of the subject
     [("old.csv", 2, "START", "2023-12-01"), ("subj.csv", 3, "START", "2024-01-03")]),
    ("DM", {"USUBJID": "S1-01"}, "RFXSTDTC", "2024-01-02", [("dose.csv", 4, "DAY", "2024-01-02")]),  # min
    ("DM", {"USUBJID": "S1-02"}, "RFXENDTC", "2024-01-09", [("dose.csv", 5, "DAY", "2024-01-09")]),  # max of two
    ("DM", {"USUBJID": "S1-01"}, "total", "15", [("dose.csv", 4, "MG", "10"), ("dose.csv", 3, "MG", "5")]),  # sum
    ("DM", {"USUBJID": "S1-01"}, "serious", "Y", [("ae.csv", 3, "SER", "yes")]),  # exists
    ("DM", {"USUBJID": "S1-01"}, "queries", "2",  # count of raw rows
     [("query.csv", 2, "raw.QUERY", ""), ("query.csv", 3, "raw.QUERY", "")]),
    ("DM", {"USUBJID": "S1-02"}, "DTHDTC", "2024-02-02", [("ends.csv", 4, "DAY", "2024-02-02")]),  # a block's join
    ("DM", {"USUBJID": "S1-03"}, "SEX", "M", [("subj.csv", 4, "SEX", "F")]),  # a correction
    ("AE", {"AETERM": "Headache"}, "DOSED", "5", [("dose.csv", 3, "MG", "5")]),  # a dataset's join
    ("VS", {"USUBJID": "S1-01", "VSSEQ": "3"}, "VSSTRESN", "130", [("vs.csv", 3, "SYS", "130")]),  # transposed
    ("VS", {"USUBJID": "S1-02", "VSTESTCD": "DIABP"}, "VSTESTCD", "DIABP", [("vs.csv", 5, "DIA", "70")]),
    ("DS", {"USUBJID": "S1-01"}, "DSSTDTC", "2024-02-05", [("ends.csv", 3, "DAY", "2024-02-05")]),  # of a group
    ("CE", {"USUBJID": "S1-02"}, "CETERM", "Cold", [("old.csv", 2, "TERM", "Cold")]),  # of a dataset
    ("SUPPEX", {"USUBJID": "S1-02"}, "QVAL", "Y", [("dose.csv", 2, "DAY", "2024-01-03")]),  # of its parent
]  # fmt: skip


@pytest.mark.parametrize(("dataset", "key", "variable", "value", "found"), CASES)
def test_value_and_its_cells(
    study: Path, dataset: str, key: dict[str, str], variable: str, value: str, found: Cells
) -> None:
    node = trace(study, dataset, key, variable)
    assert (node.name, node.value) == (f"{dataset}.{variable}", value)
    assert cells(node) == found


def test_case_follows_the_branch_that_was_taken(study: Path) -> None:
    serious = trace(study, "DM", {"USUBJID": "S1-01"}, "RFENDTC")
    other = trace(study, "DM", {"USUBJID": "S1-02"}, "RFENDTC")
    assert ("dose.csv", 3, "DAY", "2024-01-10") in cells(serious)
    assert [c for c in cells(other) if c[2] == "DAY"] == [("vs.csv", 5, "DAY", "2024-01-04")]


def test_rule_place_method_and_record_stand_beside_the_value(study: Path) -> None:
    node = trace(study, "AE", {"AETERM": "Fever"}, "AESTDTC")
    assert (node.record, node.block) == ("USUBJID=S1-01 AESEQ=1", "events")
    assert (node.rule, node.place) == ("{date: START}", "mappings/S1/sdtm/ae.yaml:8")
    assert node.method == "Date in START, in ISO 8601, as precise as collected."


def test_sequence_shows_the_keys(study: Path) -> None:
    node = trace(study, "AE", {"AETERM": "Headache"}, "AESEQ")
    keys = node.children[-1]
    assert [(k.name, k.value) for k in keys.children] == [
        ("AE.USUBJID", "S1-01"), ("AE.AESTDTC", "2024-01-10"), ("AE.AETERM", "Headache"),
    ]  # fmt: skip


def test_flag_shows_the_records_it_was_chosen_from(study: Path) -> None:
    node = trace(study, "EX", {"USUBJID": "S1-01", "EXSEQ": "2"}, "FIRST")
    among = next(c for c in node.children if c.kind == "group")
    assert (node.value, among.name) == ("", "among 2 records of EX")
    assert [c.record for c in among.children] == ["USUBJID=S1-01 EXSEQ=1", "USUBJID=S1-01 EXSEQ=2"]


def test_subject_is_traced_to_the_row_and_the_register(study: Path) -> None:
    node = trace(study, "AE", {"AETERM": "Cold"}, "USUBJID")
    assert [(c.file, c.row, c.name, c.value) for c in node.cells()] == [
        ("old.csv", 2, "SUBJ", "02"), ("subj.csv", 3, "SUBJ", "02"),
    ]  # fmt: skip


def test_constant_of_a_test_names_its_line(study: Path) -> None:
    node = trace(study, "VS", {"USUBJID": "S1-01", "VSSEQ": "1"}, "VSPOS")
    assert (node.value, node.rule, node.place, node.children) == (
        "STANDING",
        "STANDING",
        "mappings/S1/sdtm/vs.yaml:12",
        [],
    )


def test_join_without_a_fit_says_so(study: Path) -> None:
    node = trace(study, "DM", {"USUBJID": "S1-03"}, "DTHDTC")
    assert node.value == ""
    assert node.children[0].note == "no row of raw.ENDS was joined"
    assert node.children[0].rule == "by USUBJID where WHY = 'DEATH'"


def test_summary_without_records_says_so(study: Path) -> None:
    node = trace(study, "DM", {"USUBJID": "S1-03"}, "RFXSTDTC")
    assert [c.note for c in node.children if c.kind == "note"] == ["no record gave a value"]


def test_members_above_the_limit_are_counted(study: Path) -> None:
    node = trace(study, "DM", {"USUBJID": "S1-01"}, "total", limit=1)
    members = next(c for c in node.children if c.kind == "group")
    assert (members.name, len(members.children), members.note) == ("from 2 records of EX", 1, "1 more not shown")


@pytest.mark.parametrize(
    ("dataset", "key", "variable", "message"),
    [
        ("DMM", {"USUBJID": "S1-01"}, "SEX", "There is no dataset DMM. Near: DM."),
        ("DM", {"USUBJID": "S1-01"}, "SEXX", "DM has no variable SEXX. Near: SEX."),
        ("DM", {"USUBJD": "S1-01"}, "SEX", "DM has no variable USUBJD. Near: USUBJID, SUBJID."),
        ("DM", {"USUBJID": "S1-04"}, "SEX", "No record of DM has USUBJID=S1-04. Near: S1-03, S1-02, S1-01."),
        ("AE", {"AESEQ": "x"}, "AETERM", "AE.AESEQ is a number, x is none."),
        ("CE", {"USUBJID": "S1-01", "CETERM": "Cold"}, "CETERM",
         "No record of CE has USUBJID=S1-01 CETERM=Cold together."),
        ("EX", {"USUBJID": "S1-01"}, "EXDOSE", "2 records of EX have USUBJID=S1-01; add a key:\n"
         "  USUBJID=S1-01 EXSEQ=1\n  USUBJID=S1-01 EXSEQ=2"),
        ("CE", {}, "CETERM", "2 records of CE; add a key:\n  USUBJID=S1-01 CESEQ=1\n  USUBJID=S1-02 CESEQ=1"),
    ],
)  # fmt: skip
def test_what_cannot_be_traced(study: Path, dataset: str, key: dict[str, str], variable: str, message: str) -> None:
    with pytest.raises(TraceError) as told:
        trace(study, dataset, key, variable)
    assert str(told.value) == message


def test_folder_without_lineage(tmp_path: Path) -> None:
    with pytest.raises(TraceError, match="has no lineage"):
        trace(tmp_path, "DM", {}, "SEX")


def test_damaged_lineage(tmp_path: Path) -> None:
    (tmp_path / "graph.json").write_text('{"datasets": {"DM": {}}}', encoding="utf-8")
    (tmp_path / "DM.parquet").write_bytes(b"PAR1 cut")
    with pytest.raises(TraceError, match="cannot be read"):
        trace(tmp_path, "DM", {}, "SEX")
    (tmp_path / "graph.json").write_text("{", encoding="utf-8")
    with pytest.raises(TraceError, match=r"graph\.json cannot be read"):
        trace(tmp_path, "DM", {}, "SEX")


def test_visit_is_traced_to_the_cells_that_number_it(tmp_path: Path) -> None:
    study = STUDY.replace(
        "VS: {file: vs.csv, subject: SUBJ}", "VS: {file: vs.csv, subject: SUBJ, visit: NOTE, date: DAY}"
    )
    made = build(tmp_path, study=f"{study}visits: {{BASELINE: {{number: 3, day: 1, raw: calm}}}}\n")
    write_lineage(made.run, made.built, tmp_path / "lineage")
    node = trace(tmp_path, "VS", {"USUBJID": "S1-01", "VSSEQ": "1"}, "VISIT")
    assert node.value == "BASELINE"
    assert cells(node) == [("vs.csv", 2, "NOTE", "calm"), ("vs.csv", 2, "DAY", "2024-01-02")]
