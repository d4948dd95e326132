"""Time to event in words: the table that `explain` prints, the trace of a date, the methods of define.xml."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.commands import explain
from sdtm_builder.engine.lineage import write_lineage
from sdtm_builder.engine.metadata import study_meta
from sdtm_builder.engine.methods import Methods
from sdtm_builder.engine.pieces import Group, piece_of
from sdtm_builder.lineage import trace
from sdtm_builder.lineage.node import Node

from .test_time_to_event import PROGRESSION, WEEK_4
from .tte_kit import made_of

SUBJECTS = "01,Y,2024-01-01,2024-03-01,,\n02,Y,2024-01-01,,2024-02-10,\n"
RESPONSES = "01,2024-01-10,1\n01,2024-02-01,5\n02,2024-01-20,1\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    made, _ = made_of(tmp_path, PROGRESSION + WEEK_4, SUBJECTS, RESPONSES)
    write_lineage(made.run, made.built, tmp_path / "outputs" / "S1" / "lineage")
    return tmp_path


def traced(project: Path, variable: str, subject: str, code: str) -> Node:
    return trace(project / "outputs" / "S1", "ADTTE", {"USUBJID": subject, "PARAMCD": code}, variable)


def test_a_date_is_traced_to_the_record_that_won(project: Path) -> None:
    """The row that decided with its line, its date, the assessment, the raw cell; no date of another row."""
    found = traced(project, "ADT", "01", "PFS")
    row = found.children[0]
    assert (row.kind, row.name, row.rule, row.place) == (
        "decision", "row 3 of PFS: event, CNSR 0, RELAPSE", "relapse = event", "mappings/S1/adam/adtte.yaml:20",
    )  # fmt: skip
    assert ("resp.csv", 3, "DAY", "2024-02-01") in {(c.file, c.row, c.name, c.value) for c in found.cells()}
    assert "ADTTE.by_next" not in {n.name for n in found.walk()}


def test_censoring_is_traced_to_its_row(project: Path) -> None:
    found = traced(project, "CNSR", "02", "PFS")
    assert [(n.name, n.place) for n in found.children] == [
        ("row 2 of PFS: by_next, CNSR 3, NEXT THERAPY", "mappings/S1/adam/adtte.yaml:15")
    ]
    assert {n.name for n in found.children[0].children} == {"ADSL.NEXTDT", "ADTTE.event"}


def test_a_cut_that_changed_nothing_leads_to_the_other_parameter(project: Path) -> None:
    found = traced(project, "EVNTDESC", "02", "PFSW4")
    assert [n.name for n in found.walk()][:3] == [
        "ADTTE.EVNTDESC", "ADTTE.EVNTDESC", "row 2 of PFS: by_next, CNSR 3, NEXT THERAPY",
    ]  # fmt: skip
    cut = traced(project, "ADT", "01", "PFSW4")
    assert cut.children[0].rule == "ADT of PFS is after WK4DT"
    assert cut.children[0].place == "mappings/S1/adam/adtte.yaml:30"


def test_the_source_is_traced_as_the_date_is(project: Path) -> None:
    found = traced(project, "SRCSEQ", "01", "PFS")
    assert found.value == "2"
    assert [n.name for n in found.children] == ["row 3 of PFS: event, CNSR 0, RELAPSE"]


def said(project: Path, target: str) -> list[str]:
    lines: list[str] = []
    status = explain.run(target, study=project / "specs" / "S1", raw=project / "raw", tell=lines.append)
    assert status == 0
    return lines


def test_explain_prints_the_table_with_counts(project: Path) -> None:
    lines = said(project, "ADTTE.PFS")
    assert lines[:4] == [
        "ADTTE.PFS  Progression-Free Survival (days)  [mappings/S1/adam/adtte.yaml:4]",
        "  subjects ADSL where SAFFL = 'Y'",
        "  start    STARTDT is TRTSDT",
        "  AVAL     ADT - STARTDT + 1 (days)",
    ]
    table = [line.split() for line in lines if line[2:3].isdigit()]
    assert [(cells[0], cells[-2], cells[-1]) for cells in table] == [
        ("1", "14", "0"), ("2", "15", "1"), ("3", "20", "1"), ("4", "21", "0"), ("5", "22", "0"),
    ]  # fmt: skip


def test_explain_of_a_cut_and_before_a_build(project: Path) -> None:
    lines = said(project, "ADTTE.PFSW4")
    assert lines[1] == "  cut      of PFS, where ADT is after WK4DT"
    assert [line.split()[0] + line.split()[-1] for line in lines[-2:]] == ["11", "01"]
    (project / "outputs" / "S1" / "lineage" / "ADTTE.parquet").unlink()
    assert [line.split()[-1] for line in said(project, "ADTTE.PFS")[-5:]] == ["14", "15", "20", "21", "22"]


def test_explain_lists_parameters_of_the_dataset(project: Path) -> None:
    listed = [line for line in said(project, "ADTTE") if line.startswith("  parameter")]
    assert listed == [
        "  parameter PFS: a table of 5 rows  mappings/S1/adam/adtte.yaml:4  (explain ADTTE.PFS)",
        "  parameter PFSW4: cut of PFS  mappings/S1/adam/adtte.yaml:26  (explain ADTTE.PFSW4)",
    ]


def test_methods_are_the_tables(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, PROGRESSION + WEEK_4, SUBJECTS, RESPONSES)
    plan = made.run.plan.datasets["ADTTE"]
    methods = Methods(made.run.plan)

    def text(name: str, block: str) -> str:
        found = methods.of(piece_of(plan, name, Group(block)))
        assert found is not None
        return found.text

    assert text("CNSR", "pfs").startswith(
        "If adequate IS NULL AND DTHDT IS NULL then 2; "
        "else if NEXTDT IS NOT NULL AND (event IS NULL OR NEXTDT < event) then 3; "
        "else if relapse = event then 0; else if DTHDT = event then 0; else if event IS NULL then 1; otherwise "
        "missing. Here adequate is: greatest ADRS.ADT of the subject where"
    )
    assert text("EVNTDESC", "pfsw4") == "If ADT of PFS is after WK4DT then 'CUT'; otherwise as in PFS."
    assert text("STARTDT", "pfsw4") == "STARTDT of PFS."
    assert text("AVAL", "pfs") == "ADT - STARTDT + 1."
    assert text("SRCDOM", "pfs") == "The dataset that ADT was taken from; missing where it is no record's."


def test_value_level_by_parameter(tmp_path: Path) -> None:
    made, _ = made_of(tmp_path, PROGRESSION + WEEK_4, SUBJECTS, RESPONSES)
    meta = study_meta(made.run, made.built, "adam")
    variables = {v.name: v for d in meta.datasets if d.name == "ADTTE" for v in d.variables}
    for name in ("ADT", "CNSR", "EVNTDESC", "CNSDTDSC"):
        assert [v.where[0].values for v in variables[name].values] == [("PFS",), ("PFSW4",)], name
        assert all(v.method for v in variables[name].values), name
        assert variables[name].method == "", name
    assert variables["SRCDOM"].method != ""
