"""peek: a block's records as PROC PRINT would show them."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine.lineage_kit import build

from sdtm_builder.commands import peek


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small study on disk."""
    folder = tmp_path_factory.mktemp("peeked")
    build(folder)
    return folder


def told(project: Path, dataset: str, **options: object) -> tuple[int, list[str], list[str]]:
    """(status, lines, complaints)."""
    lines: list[str] = []
    wrong: list[str] = []
    status = peek.run(
        dataset, project=project, raw=project / "raw", tell=lines.append, complain=wrong.append, **options,  # type: ignore[arg-type]
    )  # fmt: skip
    return status, lines, wrong


def test_raw_joined_and_set_values_of_a_subject(project: Path) -> None:
    columns = ["raw.TERM", "raw.START", "AETERM", "AESTDTC", "AESTDY"]
    assert told(project, "AE", subject="02", columns=columns) == (0, [
        "AE, block events: 2 records of 02. 7 rows of raw.AE+raw.OLD; where leaves out 1 (Not coded yet); "
        "subjects leaves out 1 (no known subject); topic leaves out 1 (AETERM is missing).",
        "",
        "Obs  Row        raw.TERM  raw.START   AETERM  AESTDTC     AESTDY",
        "  1  ae.csv 2   Nausea    2024-01-05  Nausea  2024-01-05       3",
        "  4  old.csv 2  Cold      2023-12-01  Cold    2023-12-01     -33",
    ], [])  # fmt: skip


def test_joined_columns_and_temporaries(project: Path) -> None:
    _, lines, _ = told(project, "DM", columns=["end.DAY", "DTHDTC", "total", "doses"])
    assert lines[2:] == [
        "Obs  Row         end.DAY     DTHDTC      total  doses",
        "  1  subj.csv 2                             15      2",
        "  2  subj.csv 3  2024-02-02  2024-02-02     40      2",
        "  3  subj.csv 4                                     0",
    ]


def test_everything_fits_the_page(project: Path) -> None:
    _, lines, _ = told(project, "VS", rows=2)
    assert max(len(line) for line in lines[1:]) <= 160
    assert lines[-1] == "3 more records; --rows shows more."
    assert "raw.SYS" in lines[2]
    assert "VSTESTCD" in "\n".join(lines)


def test_unusable_arguments(project: Path) -> None:
    assert told(project, "AX")[0] == 2
    assert told(project, "AE", block="event")[2] == ["AE has no block event; name one with --block: events."]
    assert told(project, "AE", columns=["AETRM"]) == (2, [], ["There is no column AETRM. Near: AETERM, AESER, AESTDY."])
    assert told(project, "AE", subject="77")[2][0].startswith("No record of AE, block events, is of subject 77.")


def test_specification_with_errors(tmp_path: Path) -> None:
    build(tmp_path)
    path = tmp_path / "mappings" / "S1" / "sdtm" / "ae.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("AETERM: TERM", "AETERM: TERN"), encoding="utf-8")
    status, lines, wrong = told(tmp_path, "AE")
    assert (status, lines, wrong[-1]) == (2, [], "A specification with errors makes no records.")
