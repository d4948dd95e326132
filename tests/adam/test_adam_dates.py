"""Dates, datetimes, their imputation, their flags, durations."""

from calendar import monthrange
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.adam.dates import duration, imputation_of, to_date, to_datetime
from sdtm_builder.model import Kind, ListNode, MapNode, Mark, Scalar, Vector


class Context:
    """What these derivations use of a context."""

    def __init__(self, n):
        self.n, self.issues, self.beside = n, [], None

    def issue(self, rule, rows, message, values=None):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]

    def tell(self, numbers):
        """Keep what is told beside the variable."""
        self.beside = numbers

    def told(self, argument):
        """What was told."""
        return self.beside


def dtc(*values):
    return Vector.of_texts(values, Kind.DTC)


def ways(**said):
    return MapNode({k: Scalar(v) for k, v in said.items()}, {k: Mark() for k in said}) if said else None


def shown(vector):
    return [vector.text_at(i) or None for i in range(len(vector))]


def made(text, function=to_date, not_before=None, not_after=None, **impute):
    """The date of one text, and the rules of its issues."""
    ctx = Context(1)
    limits = [None if limit is None else dtc(limit) for limit in (not_before, not_after)]
    found = function(ctx, dtc(text), ways(**impute), *limits)
    assert found.kind is (Kind.DATE if function is to_date else Kind.DATETIME)
    return shown(found)[0], [rule for rule, _ in ctx.issues]


EARLY = {"month": "earliest", "day": "earliest"}
LATE = {"month": "latest", "day": "latest"}


@pytest.mark.parametrize(
    ("text", "impute", "expected", "rules"),
    [
        ("2021-03-10", {}, "2021-03-10", []),
        ("2021-03-10T23:59", EARLY, "2021-03-10", []),
        ("2021-03", {}, None, ["date-incomplete"]),
        ("2021-03", EARLY, "2021-03-01", []),
        ("2021-03", LATE, "2021-03-31", []),
        ("2024-02", LATE, "2024-02-29", []),
        ("2021-02", LATE, "2021-02-28", []),
        ("2021", EARLY, "2021-01-01", []),
        ("2021", LATE, "2021-12-31", []),
        ("2021", {"month": "earliest", "day": "latest"}, "2021-01-31", []),
        ("2021", {"day": "earliest"}, None, ["date-incomplete"]),
        ("2021-03", {"day": "latest"}, "2021-03-31", []),
        ("2021---15", EARLY, "2021-01-15", []),
        ("2021---15", LATE, "2021-12-15", []),
        ("2021---15", {"month": "latest"}, "2021-12-15", []),
        ("--03-15", EARLY, None, ["date-incomplete"]),
        ("2021-03/2021-04", EARLY, None, ["date-incomplete"]),
        (None, EARLY, None, []),
    ],
)
def test_to_date(text, impute, expected, rules):
    assert made(text, **impute) == (expected, rules)


@pytest.mark.parametrize(
    ("text", "impute", "not_before", "not_after", "expected", "rules"),
    [
        ("2021-03", EARLY, "2021-03-10", None, "2021-03-10", []),
        ("2021-03", EARLY, "2021-03-10T12:00", None, "2021-03-10", []),
        ("2021-03", EARLY, "2021-02-10", None, "2021-03-01", []),
        ("2021-03", EARLY, "2021-03-31", None, "2021-03-31", []),
        ("2021-03", EARLY, "2021-04-01", None, "2021-03-01", ["imputation-outside"]),
        ("2021", EARLY, "2021-04-01", None, "2021-04-01", []),
        ("2021-03-05", EARLY, "2021-03-10", None, "2021-03-05", []),
        ("2021-03-05", EARLY, None, "2021-03-01", "2021-03-05", []),
        ("2021-03", LATE, None, "2021-03-20", "2021-03-20", []),
        ("2021-03", LATE, None, "2021-04-20", "2021-03-31", []),
        ("2021-03", LATE, None, "2021-02-20", "2021-03-31", ["imputation-outside"]),
        ("2021-03", EARLY, "2021-03-10", "2021-03-05", "2021-03-05", ["imputation-outside"]),
        ("2021-03", EARLY, "2021-03-10", "2021-03-20", "2021-03-10", []),
        ("2021-03", EARLY, "2021-03", None, "2021-03-01", []),
        ("2021---15", EARLY, "2021-04-20", None, "2021-05-15", []),
        ("2021---15", EARLY, "2021-04-15", None, "2021-04-15", []),
        ("2021---31", EARLY, "2021-02-01", None, "2021-03-31", []),
        ("2021---15", LATE, None, "2021-04-14", "2021-03-15", []),
        ("2021---15", LATE, None, "2021-01-10", "2021-12-15", ["imputation-outside"]),
    ],
)
def test_limits_move_an_imputed_date_within_what_was_collected(text, impute, not_before, not_after, expected, rules):
    assert made(text, not_before=not_before, not_after=not_after, **impute) == (expected, rules)


ALL = {"month": "earliest", "day": "earliest", "hour": "latest", "minute": "latest"}


@pytest.mark.parametrize(
    ("text", "impute", "expected", "rules"),
    [
        ("2021-03-10T09:30:15", {}, "2021-03-10T09:30:15", []),
        ("2021-03-10T09:30", {}, "2021-03-10T09:30:00", []),
        ("2021-03-10T09:30", {"second": "latest"}, "2021-03-10T09:30:59", []),
        ("2021-03-10T09:30:15", {"second": "latest"}, "2021-03-10T09:30:15", []),
        ("2021-03-10T09", {}, None, []),
        ("2021-03-10T09", {"minute": "latest"}, "2021-03-10T09:59:00", []),
        ("2021-03-10", {}, None, []),
        ("2021-03-10", {"hour": "earliest", "minute": "earliest"}, "2021-03-10T00:00:00", []),
        ("2021-03", {}, None, ["date-incomplete"]),
        ("2021-03", ALL, "2021-03-01T23:59:00", []),
        (None, ALL, None, []),
    ],
)
def test_to_datetime(text, impute, expected, rules):
    assert made(text, to_datetime, **impute) == (expected, rules)


@pytest.mark.parametrize(
    ("text", "not_before", "not_after", "expected", "rules"),
    [
        ("2021-03-10", "2021-03-10T09:30", None, "2021-03-10T09:30:00", []),
        ("2021-03-10", "2021-03-10", None, "2021-03-10T00:00:00", []),
        ("2021-03-10", None, "2021-03-09", "2021-03-10T00:00:00", ["imputation-outside"]),
        ("2021-03-10", None, "2021-03-10", "2021-03-10T00:00:00", []),
        ("2021-03-10T08:00", "2021-03-10T09:30", None, "2021-03-10T08:00:00", []),
    ],
)
def test_limits_of_a_datetime(text, not_before, not_after, expected, rules):
    impute = {"hour": "earliest", "minute": "earliest"}
    assert made(text, to_datetime, not_before, not_after, **impute) == (expected, rules)


def test_dates_and_datetimes_as_they_are():
    days = Vector(Kind.DATE, np.array([18696, np.iinfo(np.int32).min], dtype=np.int32))
    times = Vector(Kind.DATETIME, np.array([18696 * 86400 + 60, 0], dtype=np.int64))
    assert shown(to_date(Context(2), days)) == ["2021-03-10", None]
    assert shown(to_date(Context(2), times)) == ["2021-03-10", "1970-01-01"]
    assert shown(to_datetime(Context(2), times)) == ["2021-03-10T00:01:00", "1970-01-01T00:00:00"]
    assert shown(to_datetime(Context(2), days, ways(hour="latest", minute="latest"))) == ["2021-03-10T23:59:00", None]


@pytest.mark.parametrize(
    "node",
    [ways(week="earliest"), ways(day="middle"), ways(hour="earliest"), ListNode((), Mark()), Scalar("earliest")],
)
def test_what_impute_does_not_take(node):
    ctx = Context(2)
    assert shown(to_date(ctx, dtc("2021-03", "2021-03-10"), node)) == [None, "2021-03-10"]
    assert ctx.issues == [("bad-argument", 0)]


def test_flags_of_dates():
    source = dtc("2021", "2021-03", "2021-03-10", "2021---15", None, "--03-15")
    dates = to_date(Context(6), source, ways(**EARLY))
    assert shown(imputation_of(Context(6), dates, source)) == ["M", "D", None, "M", None, None]


def test_flags_of_what_the_rule_of_the_date_took():
    ctx = Context(4)
    dates = to_date(ctx, dtc("2021", "2021-03", "2021-03-10", None), ways(**EARLY))
    assert shown(imputation_of(ctx, dates)) == ["M", "D", None, None]
    ctx = Context(3)
    times = to_datetime(ctx, dtc("2021-03-10T09", "2021-03-10T09:30", "2021-03-10T09:30:15"), ways(minute="earliest"))
    assert shown(imputation_of(ctx, times)) == ["M", "S", None]


def test_flags_of_a_date_that_no_rule_imputes_need_a_source():
    ctx = Context(2)
    assert shown(imputation_of(ctx, Vector.missing_of(Kind.DATE, 2))) == [None, None]
    assert ctx.issues == [("bad-argument", 0)]


def test_flags_of_times():
    source = dtc("2021-03-10", "2021-03-10T09", "2021-03-10T09:30", "2021-03-10T09:30:15")
    times = to_datetime(Context(4), source, ways(hour="earliest", minute="earliest"))
    assert shown(imputation_of(Context(4), times, source)) == ["H", "M", "S", None]
    never = dtc("2021-03-10T09", "2021-03-10T09:30")
    times = to_datetime(Context(2), never, ways(minute="earliest"))
    assert shown(imputation_of(Context(2), times, never)) == ["M", None]


@pytest.mark.parametrize(
    ("start", "end", "unit", "plus_one", "expected"),
    [
        ("2021-03-10", "2021-03-10", "days", True, 1),
        ("2021-03-10", "2021-03-10", "days", False, 0),
        ("2021-03-10", "2021-03-23T23:00", "weeks", True, 2),
        ("2021-01-01", "2022-01-01", "years", False, 365 / 365.25),
        ("2021-01-01", "2021-01-31", "months", True, 31 / 30.4375),
        ("2021-03", "2021-03-10", "days", True, None),
        ("2021-03-10", None, "days", True, None),
    ],
)
def test_duration(start, end, unit, plus_one, expected):
    ctx = Context(1)
    found = duration(ctx, [dtc(start), dtc(end)], unit, plus_one).data[0]
    assert (None if np.isnan(found) else found) == expected
    assert ctx.issues == []


def test_a_duration_backwards_and_one_of_a_single_date():
    ctx = Context(1)
    assert np.isnan(duration(ctx, [dtc("2021-03-10"), dtc("2021-03-09")], "days", True).data[0])
    assert np.isnan(duration(ctx, [dtc("2021-03-10")], "days", True).data[0])
    assert ctx.issues == [("duration-negative", 0), ("bad-argument", 0)]


limits = st.one_of(st.none(), st.dates(date(2020, 11, 1), date(2022, 3, 1)))


@given(
    st.sampled_from(["2021", "2021-02", "2021-03", "2021-03-10"]),
    st.sampled_from(["earliest", "latest"]),
    st.sampled_from(["earliest", "latest"]),
    limits,
    limits,
)
def test_to_date_as_its_twin(text, month, day, low, high):
    """Of all days that were collected, the one the ways say, then the nearest to the limits."""
    parts = [int(part) for part in text.split("-")]
    months = [parts[1]] if len(parts) > 1 else list(range(1, 13))
    days = [date(2021, m, d) for m in months for d in range(1, monthrange(2021, m)[1] + 1)]
    collected = [d for d in days if len(parts) < 3 or d.day == parts[2]]
    chosen = months[0] if month == "earliest" else months[-1]
    of_month = [d for d in collected if d.month == chosen]
    expected = of_month[0] if day == "earliest" else of_month[-1]
    rules = []
    if len(parts) < 3:
        if low and expected < low and low in collected:
            expected = low
        if high and expected > high and high in collected:
            expected = high
        if (low and expected < low) or (high and expected > high):
            rules = ["imputation-outside"]
    said = [None if limit is None else str(limit) for limit in (low, high)]
    assert made(text, to_date, *said, month=month, day=day) == (str(expected), rules)


@given(st.lists(st.dates(), min_size=1, max_size=10), st.integers(0, 400))
def test_duration_is_the_days_between(days, gap):
    days = [min(d, date(9000, 1, 1)) for d in days]
    ends = [str(d + timedelta(days=gap)) for d in days]
    found = duration(Context(len(days)), [dtc(*map(str, days)), dtc(*ends)], "days", True)
    assert found.data.tolist() == [gap + 1] * len(days)
