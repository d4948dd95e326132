"""The trace command: what it prints and its exit status."""

from __future__ import annotations

import json
from pathlib import Path

from sdtm_builder.commands import trace


def told(study: Path, dataset: str, *words: str, **options: bool) -> tuple[int, list[str], list[str]]:
    """(status, lines printed, complaints)."""
    lines: list[str] = []
    wrong: list[str] = []
    status = trace.run(study, dataset, words, tell=lines.append, complain=wrong.append, **options)  # type: ignore[arg-type]
    return status, lines, wrong


def test_plain_lines(study: Path) -> None:
    assert told(study, "DM", "USUBJID=S1-02", "DTHFL") == (0, [
        'DM.DTHFL = "Y"  (USUBJID=S1-02)',
        '|  rule {yes_if: DTHDTC IS NOT NULL, no: ""}  [mappings/S1/sdtm/dm.yaml:22]',
        "|  method Y if DTHDTC IS NOT NULL, otherwise missing.",
        '+- DM.DTHDTC = "2024-02-02"  (USUBJID=S1-02)',
        "   |  rule {date: died}  [mappings/S1/sdtm/dm.yaml:11]",
        "   |  method Date in died, in ISO 8601, as precise as collected.",
        "   +- join end: raw.ENDS",
        "      |  rule by USUBJID where WHY = 'DEATH'  [mappings/S1/sdtm/dm.yaml:7]",
        '      +- DAY = "2024-02-02"  [ends.csv, row 4, column DAY]',
    ], [])  # fmt: skip


def test_json(study: Path) -> None:
    status, lines, _ = told(study, "AE", "AETERM=Cold", "AETERM", json=True)
    found = json.loads("\n".join(lines))
    assert status == 0
    assert found["children"] == [{"kind": "cell", "name": "TERM", "value": "Cold", "file": "old.csv", "row": 2}]


def test_tree_of_a_terminal(study: Path, capsys: object) -> None:
    status = trace.run(study, "AE", ["AETERM=Cold", "AETERM"], terminal=True)
    assert status == 0
    assert 'TERM = "Cold"  [old.csv, row 2, column TERM]' in capsys.readouterr().out  # type: ignore[attr-defined]


def test_unusable_arguments(study: Path) -> None:
    assert told(study, "DM", "USUBJID=S1-01")[0] == 2
    assert told(study, "DM", "SEX", "AGE")[2] == [
        "Name one variable to trace, beside VARIABLE=VALUE of the record; there are 2 (SEX, AGE)."
    ]
    assert told(study, "DMM", "SEX") == (2, [], ["There is no dataset DMM. Near: DM."])
