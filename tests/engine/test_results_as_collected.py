"""--ORRES in ordinary forms, places of issues of transposed columns, values of one subject."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdtm_builder.engine.resulttext import plain_result

from .support import built, rows, told

STUDY = """\
raw:
  SUBJ: {file: subj.csv, subject: SUBJID}
  LAB:
    file: lab.csv
    header: [name, unit]
    subject: SUBJID
    one_subject: NR
    columns: {CA: {thousands: ","}}
codelists:
  UNIT: {synonyms: {mg%: mg/dL}}
  LBTESTCD: {synonyms: {Kalium: K}}
subjects: {register: raw.SUBJ, usubjid: "SUBJID"}
"""
LAB = """\
dataset: LB
records:
  wide:
    from: raw.LAB
    transpose: {"*": {LBORRES: row.cell, LBORRESU: {header: unit}}}
    set: {LBREFID: NR}
tests:
  CA: {unit: mg/dL, digits: 1}
  K:  {unit: mmol/L, digits: 2, limits: [1, 9]}
expect: {known: "LBTESTCD = 'CA'"}
keys: [USUBJID, LBTESTCD, LBREFID]
"""
SUBJ = "SUBJID\n01\n02\n"


@pytest.mark.parametrize(
    ("text", "decimal", "thousands", "expected"),
    [
        ("1.50", ".", "", ("1.50", "")),
        ("３６．５", ".", "", ("36.5", "width-folded")),
        ("< 1.5", ".", "", ("<1.5", "")),
        ("＞5000", ".", "", (">5000", "width-folded")),
        (">16,500", ".", ",", (">16500", "")),
        (">16,500", ".", "", (">16,500", "")),
        ("1,234", ".", ",", ("1234", "number-format")),
        ("35,2", ".", ",", ("35,2", "")),       # no group of three: not declared, so not touched
        ("35,2", ",", "", ("35.2", "number-format")),
        ("1.234,50", ",", ".", ("1234.50", "number-format")),
        ("1.2E+03", ".", "", ("1.2E+03", "")),
        ("a ２级", ".", "", ("a ２级", "")),     # no number: verbatim
        ("<", ".", "", ("<", "")),
    ],
)  # fmt: skip
def test_plain_result(text: str, decimal: str, thousands: str, expected: tuple[str, str]) -> None:
    assert plain_result(text, decimal, thousands) == expected


def test_results_of_a_wide_table(tmp_path: Path) -> None:
    """The declared signs of the column above the cell; notes at the cells."""
    lab = 'SUBJID,NR,CA,Kalium\n,,mg%,mmol/L\n01,A,"1,010",４.5\n02,B,"1,5",4\n'
    made, log = built(tmp_path, STUDY, {"sdtm/lb.yaml": LAB}, {"subj.csv": SUBJ, "lab.csv": lab})
    assert rows(made, "LB", "USUBJID", "LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESN", "LBSTRESU") == [
        ("01", "CA", "1010", "mg/dL", "1010", "mg/dL"), ("01", "K", "4.5", "mmol/L", "4.5", "mmol/L"),
        ("02", "CA", "1,5", "mg/dL", "", ""), ("02", "K", "4", "mmol/L", "4", "mmol/L"),
    ]  # fmt: skip
    assert told(log, "width-folded", "number-format", "number-unreadable", "unit-synonym") == [
        "number-format CA:3 1,010", "number-unreadable CA:4 1,5", "unit-synonym CA:2 mg%", "width-folded Kalium:3 ４.5",
    ]  # fmt: skip


def test_issues_of_a_unit_lie_at_its_header(tmp_path: Path) -> None:
    """A unit that nobody knows, or none: one issue at the header cell, however many results."""
    lab = "SUBJID,NR,CA,Kalium\n,,mg/100g,\n01,A,9.1,4.1\n02,B,9.2,4.2\n"
    made, log = built(tmp_path, STUDY, {"sdtm/lb.yaml": LAB}, {"subj.csv": SUBJ, "lab.csv": lab})
    assert rows(made, "LB", "LBTESTCD", "LBORRES", "LBORRESU", "LBSTRESC", "LBSTRESU") == [
        ("CA", "9.1", "mg/100g", "", ""), ("K", "4.1", "", "", ""),
        ("CA", "9.2", "mg/100g", "", ""), ("K", "4.2", "", "", ""),
    ]  # fmt: skip
    assert told(log, "unit-unknown", "unit-missing", "ct-extension") == [
        "unit-missing Kalium:2 4.1", "unit-unknown CA:2 mg/100g", "unit-unknown CA:2 mg/100g",
    ]  # fmt: skip
    kept = [i for i in log if i.rule == "unit-unknown"]
    assert {i.message for i in kept} == {
        '"mg/100g" is no term of UNIT (LBORRESU).', 'The unit "mg/100g" of CA does not convert to mg/dL.'
    }  # fmt: skip


def test_an_issue_of_a_value_lies_at_its_cell_alone(tmp_path: Path) -> None:
    lab = "SUBJID,NR,CA,Kalium\n,,mg/dL,mmol/L\n01,A,9.1,41\n"
    _, log = built(tmp_path, STUDY, {"sdtm/lb.yaml": LAB}, {"subj.csv": SUBJ, "lab.csv": lab})
    assert told(log, "value-implausible") == ["value-implausible Kalium:3 41"]
    where = [p for i in log if "known" in (i.rule, i.message.partition(":")[0]) for p in i.locations if p.file]
    assert [(p.row, p.column) for p in where] == [(1, "Kalium")]  # the test is known by its header


def test_a_value_of_one_subject(tmp_path: Path) -> None:
    lab = "SUBJID,NR,CA,Kalium\n,,mg/dL,mmol/L\n01,A,9.1,4\n02,A,9.1,4\n01,B,9.1,4\n01,B,9.2,\n"
    _, log = built(tmp_path, STUDY, {"sdtm/lb.yaml": LAB}, {"subj.csv": SUBJ, "lab.csv": lab})
    assert told(log, "key-reused") == ["key-reused NR:3 NR:4 A"]
