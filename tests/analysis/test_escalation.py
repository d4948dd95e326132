"""Decisions of a dose escalation: each branch of 3+3, replaced subjects, contradictions in the data."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.analysis.methods.dose_escalation import Rule, decide, recommended

from .small import Rows, checked, rows_of, run

RULES = [Rule(3, 0, 0, "ESCALATE"), Rule(3, 1, 1, "EXPAND"), Rule(3, 2, 9, "STOP"), Rule(6, 0, 1, "ESCALATE"),
         Rule(6, 2, 9, "STOP")]  # fmt: skip
YAML = """
populations:
  all: {title: All, dataset: ADSL}
analyses:
  dose:
    title: Dose
    method: dose_escalation
    dataset: ADSL
    population: all
    total: "false"
    level: COHORT
    levels: {L1: low, L2: middle, L3: high}
    treated: SAFFL = 'Y'
    evaluable: EVALFL = 'Y'
    event: DLTFL = 'Y'
    event_name: DLT
    sequence: [DAY]
    rules:
      - {evaluable: 3, events: [0, 0], decision: ESCALATE}
      - {evaluable: 3, events: [1, 1], decision: EXPAND}
      - {evaluable: 3, events: [2, ""], decision: STOP}
      - {evaluable: 6, events: [0, 1], decision: ESCALATE}
      - {evaluable: 6, events: [2, ""], decision: STOP}
    apart: {Expansion: COHORT = 'EXP'}
    dose: DOSE
    at_recommended: COHORT = 'EXP'
"""


@pytest.mark.parametrize(
    ("events", "decisions"),
    [
        ("...", ["ESCALATE"]),
        ("..", []),
        ("x..", ["EXPAND"]),
        ("x....", ["EXPAND"]),
        ("x.....", ["EXPAND", "ESCALATE"]),
        ("x....x", ["EXPAND", "STOP"]),
        ("xx.", ["STOP"]),
        ("xxx", ["STOP"]),
        ("...xxx", ["ESCALATE"]),
    ],
)
def test_each_decision(events: str, decisions: list[str]) -> None:
    assert [t.decision for t in decide([e == "x" for e in events], RULES)] == decisions


@pytest.mark.parametrize(
    ("decisions", "place"),
    [
        (["ESCALATE", "ESCALATE", "STOP"], 1),
        (["ESCALATE", "STOP", "ONGOING"], 0),
        (["STOP", "ONGOING", "ONGOING"], -1),
        (["ESCALATE", "ESCALATE", "ESCALATE"], 2),
        (["ESCALATE", "ONGOING", "ONGOING"], None),
    ],
)
def test_the_level_below_a_stop_is_recommended_and_the_highest_when_passed(
    decisions: list[str], place: int | None
) -> None:
    assert recommended(decisions) == place


@given(st.lists(st.booleans(), max_size=6))
def test_the_decision_is_that_of_the_protocol_in_plain_words(events: list[bool]) -> None:
    taken = [t.decision for t in decide(events, RULES)]
    if len(events) < 3:
        assert taken == []
    elif sum(events[:3]) == 0:
        assert taken == ["ESCALATE"]
    elif sum(events[:3]) >= 2:
        assert taken == ["STOP"]
    elif len(events) < 6:
        assert taken == ["EXPAND"]
    else:
        assert taken == ["EXPAND", "ESCALATE" if sum(events) <= 1 else "STOP"]


def study(levels: dict[str, str], expansion_dose: float = 0) -> Rows:
    """Subjects by level: `x` with the event, `.` without, `-` treated and not evaluable, `o` not treated."""
    rows: list[dict[str, str | float | None]] = []
    for number, (level, course) in enumerate(levels.items(), 1):
        for mark in course:
            rows.append({
                "USUBJID": f"S{len(rows) + 1:02}", "COHORT": level, "SAFFL": "N" if mark == "o" else "Y",
                "EVALFL": "Y" if mark in "x." and level != "EXP" else "N", "DLTFL": "Y" if mark == "x" else "N",
                "DAY": float(len(rows)), "DOSE": expansion_dose if level == "EXP" else float(number),
            })  # fmt: skip
    return rows


def test_a_whole_escalation(tmp_path: Path) -> None:
    data = study({"L1": "...", "L2": "xo-.....", "L3": "x....x", "EXP": "..x........."}, 2)
    document, issues = run(tmp_path, YAML, {"ADSL": data})
    analysis = document["analyses"][0]
    assert issues == []
    assert rows_of(analysis["parts"][0]) == [
        ["L1: low", "3", "3", "0", "3", "0/3 (0.0)", "[0.0, 70.8]", "ESCALATE"],
        ["L2: middle", "8", "7", "2", "6", "1/6 (16.7)", "[0.4, 64.1]", "ESCALATE"],
        ["L3: high", "6", "6", "0", "6", "2/6 (33.3)", "[4.3, 77.7]", "STOP"],
        ["Expansion", "12", "12", "", "", "1/12 (8.3)", "[0.2, 38.5]", ""],
    ]
    assert rows_of(analysis["parts"][1]) == [
        ["L1: low", "3", "0", "ESCALATE"],
        ["L2: middle", "3", "1", "EXPAND"],
        ["L2: middle", "6", "1", "ESCALATE"],
        ["L3: high", "3", "1", "EXPAND"],
        ["L3: high", "6", "2", "STOP"],
    ]
    assert analysis["conclusion"] == (
        "Recommended dose: middle (L2). DLT in evaluable subjects: 0 of 3 at L1 (escalate), 1 of 6 at L2 (escalate), "
        "2 of 6 at L3 (stop)."
    )
    events = analysis["parts"][0]["rows"][2]["cells"][4]
    assert events["values"] == {"n": 2, "N": 6, "percent": pytest.approx(100 / 3)}
    assert analysis["behind"][events["behind"]] == {"dataset": "ADSL", "records": [12, 17], "subjects": ["S12", "S17"]}


def test_an_unknown_event_of_an_evaluable_subject_is_told(tmp_path: Path) -> None:
    data = [dict(row) for row in study({"L1": "..."})]
    data[1]["DLTFL"] = None
    _, issues = run(tmp_path, YAML, {"ADSL": data})
    assert len(issues) == 1
    assert "whether the event happened is unknown" in issues[0]
    assert "USUBJID=S02" in issues[0]


def test_the_lowest_level_stops(tmp_path: Path) -> None:
    document, issues = run(tmp_path, YAML, {"ADSL": study({"L1": "xx."})})
    assert issues == []
    assert document["analyses"][0]["conclusion"].startswith("No dose is recommended: the lowest level stopped.")


def test_an_open_level_recommends_nothing(tmp_path: Path) -> None:
    document, issues = run(tmp_path, YAML, {"ADSL": study({"L1": "...", "L2": "x.."})})
    assert issues == []
    assert rows_of(document["analyses"][0]["parts"][0])[1][-1] == "ONGOING"
    assert "not finished" in document["analyses"][0]["conclusion"]


@pytest.mark.parametrize(
    ("levels", "dose", "told"),
    [
        ({"L1": "xx.", "L2": "..."}, 0, "subjects at L2, though the level before it was not passed."),
        ({"L1": "....", "L2": "xx."}, 0, "4 evaluable subjects at L1, the decision ESCALATE was taken with 3."),
        ({"L1": "...", "L2": "xx.", "EXP": ".."}, 2, "the decisions recommend L1, these have another dose."),
        ({"L1": "xx.", "EXP": ".."}, 1, "subjects at a recommended dose, and none is recommended."),
    ],
)
def test_data_that_contradict_the_decisions_are_told(
    tmp_path: Path, levels: dict[str, str], dose: float, told: str
) -> None:
    _, issues = run(tmp_path, YAML, {"ADSL": study(levels, dose)})
    assert len(issues) == 1
    assert f"analysis-differs: dose: {told}" in issues[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("events: [1, 1], decision: EXPAND", "events: [1, 2], decision: EXPAND",
         "2 of 3 evaluable subjects have 2 decisions, one is needed."),
        ("events: [1, 1], decision: EXPAND", "events: [2, 2], decision: EXPAND",
         "1 of 3 evaluable subjects have 0 decisions, one is needed."),
        ("[0, 0], decision: ESCALATE", "[0, 0], decision: GO", "`GO` is no decision: ESCALATE, EXPAND, STOP."),
        ("evaluable: 3, events: [0, 0]", "evaluable: three, events: [0, 0]",
         "`rules` takes a list of `evaluable`, `events` and `decision`."),
    ],
)  # fmt: skip
def test_rules_that_leave_a_case_open(tmp_path: Path, old: str, new: str, told: str) -> None:
    assert old in YAML
    found = checked(tmp_path, YAML.replace(old, new), {"ADSL": study({"L1": "..."})})
    assert any(told in one for one in found), found
