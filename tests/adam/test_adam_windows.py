"""Analysis visits: targets, ties, bounds, windows without a day 0, and what is wrong with a table of targets."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.adam.windows import COLUMNS, analysis_visit, check_targets, faults_of, planned
from sdtm_builder.model import Kind, MapNode, Mark, Scalar, Vector
from sdtm_builder.registry import TableRows

WEEKS = [("BASELINE", "0", "-1", "", ""), ("WEEK 1", "1", "8", "", ""), ("WEEK 2", "2", "15", "", "")]


class Context:
    """What this derivation uses of a context."""

    def __init__(self, n, study=None):
        self.n, self.study, self.issues = n, study, []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


def table(rows):
    columns = {c: [row[i] for row in rows] for i, c in enumerate(COLUMNS)}
    return TableRows("", columns, [Mark("t.csv", at) for at in range(2, len(rows) + 2)])


def visits(days, rows, ties="later", take="AVISIT", **options):
    values = Vector.of_numbers([np.nan if d is None else d for d in days])
    found = analysis_visit(Context(len(days)), values, table(rows), ties, take, **options)
    return [found.text_at(i) or None for i in range(len(days))]


def test_the_nearest_target():
    days = [-30, -1, 1, 3, 4, 11, 12, 15, 400, None, 0]
    later = [
        "BASELINE",
        "BASELINE",
        "BASELINE",
        "BASELINE",
        "WEEK 1",
        "WEEK 1",
        "WEEK 2",
        "WEEK 2",
        "WEEK 2",
        None,
        None,
    ]
    assert visits(days, WEEKS) == later
    earlier = list(later)
    earlier[4] = "BASELINE"  # day 4 is 4 days from day -1, and 4 from day 8: there is no day 0
    assert visits(days, WEEKS, "earlier") == earlier


def test_what_is_taken():
    days = [-30, 1, 4, 12, None]
    assert visits(days, WEEKS, take="AVISITN") == ["0", "0", "1", "2", None]
    assert visits(days, WEEKS, take="AWTARGET") == ["-1", "-1", "8", "15", None]
    assert visits(days, WEEKS, take="AWTDIFF") == ["29", "1", "4", "3", None]
    assert visits(days, WEEKS, take="AWLO") == [None, None, "4", "12", None]
    assert visits(days, WEEKS, take="AWHI") == ["3", "3", "11", None, None]
    ranges = ["UP TO 3 DAYS", "UP TO 3 DAYS", "4 TO 11 DAYS", "FROM 12 DAYS", None]
    assert visits(days, WEEKS, take="AWRANGE") == ranges
    assert visits([1], WEEKS[:1], take="AWRANGE") == ["ALL DAYS"]
    assert analysis_visit(Context(1), Vector.of_numbers([1.0]), table(WEEKS), "later", "AVISITN").kind is Kind.NUMBER


def test_bounds_hold_a_window():
    rows = [("BASE", "", "1", "-28", "1"), ("WEEK 1", "", "8", "2", "10"), ("WEEK 4", "", "29", "22", "")]
    days = [-29, -28, 1, 2, 10, 11, 21, 22, 500]
    assert visits(days, rows) == [None, "BASE", "BASE", "WEEK 1", "WEEK 1", None, None, "WEEK 4", "WEEK 4"]
    assert visits(days, rows, take="AWLO") == [None, "-28", "-28", "2", "2", None, None, "22", "22"]
    assert visits(days, rows, take="AWHI") == [None, "1", "1", "10", "10", None, None, None, None]


def test_bounds_that_overlap_part_between_the_targets():
    rows = [("A", "", "10", "1", "30"), ("B", "", "20", "5", "40")]
    assert visits([1, 14, 15, 16, 30], rows) == ["A", "A", "B", "B", "B"]
    assert visits([1, 14, 15, 16, 30], rows, "earlier") == ["A", "A", "A", "B", "B"]
    assert visits([1, 15], rows, take="AWRANGE") == ["1 TO 14 DAYS", "15 TO 40 DAYS"]
    late = [("A", "", "10", "1", "30"), ("B", "", "20", "18", "40")]  # nearer to B, but B does not hold them
    assert visits([15, 17, 18, 30], late) == ["A", "A", "B", "B"]
    assert visits([15, 18], late, take="AWRANGE") == ["1 TO 17 DAYS", "18 TO 40 DAYS"]


def test_targets_may_be_the_planned_visits_of_the_study():
    def entry(**said):
        return MapNode({k: Scalar(v) for k, v in said.items()}, {k: Mark() for k in said})

    names = {
        "EARLIER": entry(number="0.1"),
        "SCREENING": entry(number="1", day="-14"),
        "DOSE": entry(number="2", day="1"),
        "DAY 8": entry(number="3", day="8"),
    }
    study = type("Study", (), {"visits": MapNode(names, {k: Mark() for k in names})})
    made = planned(study)
    assert made.columns == {
        "AVISIT": ["SCREENING", "DOSE", "DAY 8"],
        "AVISITN": ["1", "2", "3"],
        "day": ["-14", "1", "8"],
    }
    days = Vector.of_numbers([-9.0, 1.0, 6.0])
    for without, expected in (((), ["SCREENING", "DOSE", "DAY 8"]), (("DOSE",), ["SCREENING", "DAY 8", "DAY 8"])):
        found = analysis_visit(Context(3, study), days, TableRows("visits"), "later", without=without)
        assert [found.text_at(i) for i in range(3)] == expected


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("", "3", "22", "", ""), "needs an AVISIT"),
        (("WEEK 3", "3", "0", "", ""), "day is a study day"),
        (("WEEK 3", "3", "2.5", "", ""), "day is a study day"),
        (("WEEK 3", "3", "22", "x", ""), "low is a study day"),
        (("WEEK 3", "three", "22", "", ""), "AVISITN is a number"),
        (("WEEK 3", "3", "22", "23", ""), "does not lie between its bounds"),
        (("WEEK 3", "2", "22", "", ""), "AVISITN 2 stands twice"),
        (("WEEK 2", "3", "22", "", ""), "AVISIT WEEK 2 stands twice"),
        (("WEEK 3", "3", "15", "", ""), "day 15 stands twice"),
    ],
)
def test_faults_of_targets(row, told):
    ((argument, at, message),) = check_targets({"targets": table([*WEEKS, row])})
    assert (argument, at, told in message) == ("targets", 3, True), message


def test_faults_of_the_whole_table():
    assert [row for row, _ in faults_of(TableRows("", {"AVISIT": ["A"]}))] == [-1]
    assert [row for row, _ in faults_of(TableRows("", {"AVISIT": ["A"], "day": ["1"], "DAY": ["1"]}))] == [-1]
    assert faults_of(table([])) == [(-1, "there are no targets.")]
    crossed = [("A", "", "10", "5", "30"), ("B", "", "20", "1", "40")]
    assert faults_of(table(crossed)) == [(1, "`low` of B is before that of A.")]
    ((_, _, message),) = check_targets({"targets": TableRows("weeks")})
    assert message.startswith("`weeks` is no targets")
    assert list(check_targets({"targets": TableRows("visits")})) == []


days_of = st.integers(-60, 400).filter(bool)


@given(st.lists(days_of, min_size=1, max_size=8, unique=True), st.lists(days_of, max_size=20), st.booleans())
def test_whole_columns_as_one_day_after_the_other(targets, days, later):
    rows = [(f"V{t}", "", str(t), "", "") for t in targets]

    def elapsed(day):
        return day - 1 if day > 0 else day

    expected = []
    for day in days:
        best = min(targets, key=lambda t: (abs(elapsed(t) - elapsed(day)), -t if later else t))
        expected.append(f"V{best}")
    assert visits(days, rows, "later" if later else "earlier") == expected
    for name, low, high in zip(
        *(visits(days, rows, "later" if later else "earlier", take) for take in ("AVISIT", "AWLO", "AWHI")), strict=True
    ):
        inside = [d for d, n in zip(days, expected, strict=True) if n == name]
        assert all((not low or int(low) <= d) and (not high or d <= int(high)) for d in inside)
