"""Range indicators and the last result before a date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdtm_support import FakeContext, dtc, numbers, shown, texts

from sdtm_builder.sdtm.last_before import last_before
from sdtm_builder.sdtm.range_indicator import range_indicator


@pytest.mark.parametrize(
    ("result", "low", "high", "expected"),
    [
        ("8.9", "9", "50", "LOW"),
        ("9.0", "9", "50", "NORMAL"),
        ("50", "9", "50.0", "NORMAL"),
        ("50.1", "9", "50", "HIGH"),
        ("8.9", "9", None, "LOW"),
        ("9.1", "9", None, None),
        ("50.1", None, "50", "HIGH"),
        ("49", None, "50", None),
        ("49", None, None, None),
        ("<9", "9", "50", "LOW"),
        ("<=9", "9", "50", None),
        ("<9.1", "9", "50", None),
        ("<1.5", "0", "7", "NORMAL"),
        ("<1.5", None, "7", "NORMAL"),
        ("<8", None, "7", None),
        ("<1.5", "0", None, None),
        (">50", "9", "50", "HIGH"),
        (">=50", "9", "50", None),
        (">=50.1", "9", "50", "HIGH"),
        (">40", "9", "50", None),
        (">40", "9", None, None),
        ("POSITIVE", "9", "50", None),
        (None, "9", "50", None),
        ("5", "NEG", "50", None),
    ],
)
def test_range_indicator(result, low, high, expected):
    limits = {"LBORNRLO": texts(low), "LBORNRHI": texts(high)}
    assert shown(range_indicator(FakeContext(1), {"LBORRES": texts(result)}, limits=limits)) == [expected]


def test_limits_are_those_of_the_results_unit():
    limits = {"LBORNRLO": texts("12"), "LBORNRHI": texts("16"), "LBSTNRLO": numbers(120), "LBSTNRHI": numbers(160)}
    ctx = FakeContext(1)
    assert shown(range_indicator(ctx, {"LBORRES": texts("13")}, limits=limits)) == ["NORMAL"]
    assert shown(range_indicator(ctx, {"LBSTRESN": numbers(130)}, limits=limits)) == ["NORMAL"]
    assert shown(range_indicator(ctx, {"LBSTRESN": numbers(130)}, low=numbers(140), limits=limits)) == ["LOW"]
    assert shown(range_indicator(ctx, {"LBORRES": texts("13")}, limits={})) == [None]
    assert shown(range_indicator(ctx, {}, limits=limits)) == [None]


def test_a_range_the_wrong_way_round():
    ctx = FakeContext(1)
    limits = {"LBORNRLO": texts("50"), "LBORNRHI": texts("9")}
    assert shown(range_indicator(ctx, {"LBORRES": texts("20")}, limits=limits)) == [None]
    assert ctx.rules == [("range-invalid", 0)]


def flags(dates, reference="2021-03-10T09:00", *, results=None, tests=None, visits=None, ties=float("nan"), **said):
    """The flags of one subject's records, and the issues."""
    n = len(dates)
    ctx = FakeContext(n, **said)
    result = {"LBSTRESC": texts(*(results or ["1"] * n))}
    groups = {"LBTESTCD": texts(*(tests or ["ALT"] * n))}
    references = dtc(*([reference] * n if isinstance(reference, str) or reference is None else reference))
    found = last_before(ctx, references, dtc(*dates), result, None, groups, numbers(*(visits or [None] * n)), ties)
    return shown(found), ctx.rules


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        (["2021-03-01", "2021-03-09", "2021-03-10T08:59", "2021-03-10T09:00"], [None, None, "Y", None]),
        (["2021-03-01", "2021-03-09", "2021-03-10", "2021-03-11"], [None, "Y", None, None]),
        (["2021-03-09T10:00", "2021-03-09", "2021-03-09T09:59"], ["Y", None, None]),
        (["2021-03-10T08:59:59", "2021-03-10T09:00:30"], ["Y", None]),
        (["2021-03-11"], [None]),
        ([None], [None]),
    ],
)
def test_last_before(dates, expected):
    assert flags(dates) == (expected, [])


def test_one_record_of_each_group_and_subject():
    found = flags(["2021-03-01", "2021-03-02", "2021-03-03", "2021-03-04", "2021-03-05"],
                  tests=["ALT", "ALT", "AST", "AST", "AST"], subjects=[0, 0, 0, 0, 1])  # fmt: skip
    assert found == ([None, "Y", None, "Y", "Y"], [])


def test_results_that_are_missing_or_not_done_do_not_count():
    dates = dtc("2021-03-01", "2021-03-02", "2021-03-03")
    result = {"LBSTRESC": texts("1", None, "3"), "LBORRES": texts("1", "2", "3")}
    status = texts(None, None, "NOT DONE")
    found = last_before(FakeContext(3), dtc(*["2021-03-10"] * 3), dates, result, status, {}, None)
    assert shown(found) == ["Y", None, None]


def test_no_reference_no_flag():
    assert flags(["2021-03-01", "2021-03-01"], [None, "2021-03-02"], subjects=[0, 1]) == ([None, "Y"], [])


def test_ties_on_the_day_go_by_the_visit():
    dates, visits = ["2021-03-09", "2021-03-10", "2021-03-10"], [1, 1, 2]
    assert flags(dates, visits=visits)[0] == ["Y", None, None]
    assert flags(dates, visits=visits, ties=1)[0] == [None, "Y", None]
    assert flags(dates, visits=visits, ties=2)[0] == [None, None, "Y"]
    assert flags(dates, visits=[1, None, None], ties=2)[0] == ["Y", None, None]
    assert flags(["2021-03-10T09:30"], visits=[1], ties=1)[0] == [None]


def test_equal_dates_go_by_visit_then_by_the_order():
    assert flags(["2021-03-01"] * 3, visits=[1.01, 1.02, 1])[0] == [None, "Y", None]
    assert flags(["2021-03-01"] * 3, visits=[1, 1, None], order=[2, 0, 1])[0] == ["Y", None, None]


@pytest.mark.parametrize(
    ("dates", "expected", "open_rows"),
    [
        (["2021-02", "2021-03-01"], [None, "Y"], []),
        (["2021-03", "2021-03-01"], [None, None], [0]),
        (["2021-02-20", "2021-02"], [None, None], [1]),
        (["2021-02", "2021-02-28"], [None, None], [0]),
        (["2021-02"], ["Y"], []),
        (["2021"], [None], [0]),
        (["2021-04", "2021-03-01"], [None, "Y"], []),
        (["2021-02", "2021-02"], [None, None], [0, 1]),
        (["2021-01", "2021-02"], [None, "Y"], []),
    ],
)
def test_partial_dates(dates, expected, open_rows):
    assert flags(dates) == (expected, [("last-open", row) for row in open_rows])


def test_a_partial_reference():
    assert flags(["2021-02-27", "2021-03-05"], "2021-03") == ([None, None], [("last-open", 1)])
    assert flags(["2021-02-27", "2021-04-05"], "2021-03") == (["Y", None], [])


records = st.lists(
    st.tuples(
        st.integers(0, 1),
        st.sampled_from(["ALT", "AST"]),
        st.builds(lambda d, t: str(date(2021, 3, 8) + timedelta(days=d)) + t, st.integers(0, 4),
                  st.sampled_from(["", "T08:00", "T09:00", "T10:00"])),
        st.sampled_from([None, 1, 2]),
        st.sampled_from(["1", None]),
    ),
    max_size=12,
)  # fmt: skip


@given(records, st.sampled_from([float("nan"), 1.0]), st.sampled_from(["2021-03-10T09:00", "2021-03-10"]))
def test_last_before_as_its_twin(rows, ties, reference):
    def before(when, visit):
        if when[:10] != reference[:10]:
            return when[:10] < reference[:10]
        if "T" in when and "T" in reference:
            return when < reference
        return visit is not None and visit <= ties

    best = {}
    for i, (subject, test, when, visit, result) in enumerate(rows):
        rank = (when, -1 if visit is None else visit, i)
        if result and before(when, visit) and rank > best.get((subject, test), ("", -2, -1)):
            best[subject, test] = rank
    expected = ["Y" if any(b[2] == i for b in best.values()) else None for i in range(len(rows))]
    found = flags(
        [r[2] for r in rows], reference, results=[r[4] for r in rows], tests=[r[1] for r in rows],
        visits=[r[3] for r in rows], ties=ties, subjects=[r[0] for r in rows],
    )  # fmt: skip
    assert found == (expected, [])
