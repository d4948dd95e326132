"""explain: variables, datasets, operations, rules of issues, the order of work."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.lineage_kit import build

from sdtm_builder.commands import explain


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study on disk."""
    folder = tmp_path_factory.mktemp("explained")
    build(folder)
    return folder


def told(project: Path, target: str = "", **options: object) -> tuple[int, list[str], list[str]]:
    """(status, lines, complaints)."""
    lines: list[str] = []
    wrong: list[str] = []
    status = explain.run(
        target, project=project, raw=project / "raw", tell=lines.append, complain=wrong.append, **options,  # type: ignore[arg-type]
    )  # fmt: skip
    return status, lines, wrong


def test_a_default_of_every_block(project: Path) -> None:
    assert told(project, "AE.AESTDY") == (0, [
        "AE.AESTDY  Study Day of Start of Adverse Event  [number, core Perm]",
        "in every block (events)",
        "  rule     {study_day: AESTDTC}",
        "  said in  sdtm_builder/spec/base/sdtm-base.yaml:7 (default)",
        "  sources  AESTDTC",
        "           DM.RFSTDTC of the subject",
        "  method   AESTDTC minus DM.RFSTDTC in days by their date parts, plus 1 where AESTDTC is on or after "
        "DM.RFSTDTC; missing where either is missing or partial.",
    ], [])  # fmt: skip


def test_a_rule_for_each_transposed_column(project: Path) -> None:
    _, lines, _ = told(project, "VS.VSORRES")
    assert [line for line in lines if line.startswith(("in ", "  rule", "  sources", "  said"))] == [
        "in readings SYSBP", "  rule     SYS", "  said in  mappings/S1/sdtm/vs.yaml:7 (transpose)",
        "  sources  SYS of raw.VS",
        "in readings DIABP", "  rule     DIA", "  said in  mappings/S1/sdtm/vs.yaml:8 (transpose)",
        "  sources  DIA of raw.VS",
    ]  # fmt: skip


def test_sources_of_joins_and_summaries(project: Path) -> None:
    assert "  sources  DAY of raw.ENDS (join end)" in told(project, "DM.DTHDTC")[1]
    assert "           EXDOSE, USUBJID of EX" in told(project, "DM.total")[1]
    assert told(project, "DM.total")[1][0] == "DM.total  (a temporary, not written)  [number]"


def test_a_qualifier_says_where_it_goes(project: Path) -> None:
    assert told(project, "EX.FIRST")[1][0] == "EX.FIRST  First Dose Flag  [text] in the supplemental qualifiers"


def test_a_dataset(project: Path) -> None:
    _, lines, _ = told(project, "AE")
    assert lines[:5] == [
        "AE  [mappings/S1/sdtm/ae.yaml]",
        "  keys     USUBJID, AESTDTC, AETERM",
        "  block    events: from raw.AE, raw.OLD  mappings/S1/sdtm/ae.yaml:5",
        "             where CODED = 'yes' (Not coded yet)",
        "  join     dose with EX  mappings/S1/sdtm/ae.yaml:10",
    ]
    assert "  AETERM   TERM  mappings/S1/sdtm/ae.yaml:8" in lines


def test_order(project: Path) -> None:
    status, lines, _ = told(project, order=project / "specs" / "S1")
    places = {line.split()[1]: int(line.split()[0]) for line in lines}
    assert status == 0
    assert places["EX/doses"] < places["EX/doses.EXSTDTC"] < places["DM/subjects.RFXSTDTC"]
    assert places["DM/subjects.RFSTDTC"] < places["AE/events.AESTDY"]


def test_operations_and_rules_need_no_study(tmp_path: Path) -> None:
    status, lines, _ = told(tmp_path, "study_day")
    assert (status, lines[0]) == (0, "study_day")
    assert "Study day of a date: there is no day 0." in lines
    assert told(tmp_path, "first")[1][:3] == [
        "first  the variable on the first record", "  takes    a name", "  options  where: an expression",
    ]  # fmt: skip
    rules = told(tmp_path, "rules")[1]
    found = {line.split()[0]: line.split()[1:3] for line in rules}
    assert found["join-missing"] == ["error", "(warning"]
    assert found["study-day-wrong"] == ["error", "validate"]
    assert any(line.startswith("sequence") and " derivation " in line for line in told(tmp_path, "operations")[1])


def test_one_rule(tmp_path: Path) -> None:
    assert told(tmp_path, "join-missing")[1] == [
        "join-missing  A record without a fit in the joined table",
        "  severity  error, warning with --profile draft",
        "  remedy    Say `unmatched: ok` if that may be.",
    ]


def test_what_cannot_be_explained(project: Path, tmp_path: Path) -> None:
    assert told(project, "AE.AESTDYY") == (
        2, [], ["AE has no variable AESTDYY with a rule. Near: AESTDY, AESTDTC, AESPID."],
    )  # fmt: skip
    wrong = told(project, "study_dya")[2][0]
    assert wrong.startswith("study_dya is no dataset, variable, operation or rule. Near: study_day, ")
    assert told(tmp_path, "AE.AESTDY")[0] == 2
