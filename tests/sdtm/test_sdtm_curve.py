"""Area, extremes and points of concentration-time curves, worked by hand, and against a second implementation."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.sdtm.curve import (
    NOT_FOLLOWED,
    TOO_FEW,
    Area,
    Point,
    area,
    curve_points,
    largest,
    last_above,
)

DAY = 86400


def results(*pairs):
    """Results at days; None is below the limit."""
    return [Point(round(day * DAY), value or 0.0, value is None) for day, value in pairs]


def area_days(*pairs, end=28, reach=3):
    """The area to the end of the interval, in value times days."""
    found = area(results(*pairs), 0, end * DAY, reach * DAY)
    return found if found.value is None else pytest.approx(found.value / 24, rel=1e-12)


def test_up_linear_down_logarithmic():
    """0 to 10: 10 x 100 / 2 = 500; 10 to 14: (100 - 50) x 4 / ln 2; 14 to 28: (50 - 12.5) x 14 / ln 4."""
    expected = 500 + 50 * 4 / math.log(2) + 37.5 * 14 / math.log(4)
    assert expected == pytest.approx(1167.24646, abs=1e-5)
    assert area_days((10, 100), (14, 50), (28, 12.5)) == expected


def test_equal_values_and_values_from_0_are_linear():
    """0 to 2: 2 x 0 = 0; 2 to 4: 2 x 40 / 2 = 40; 4 to 7: 3 x 40 = 120; 7 to 28: (40 - 20) x 21 / ln 2."""
    expected = 0 + 40 + 120 + 20 * 21 / math.log(2)
    assert area_days((2, None), (4, 40), (7, 40), (28, 20)) == expected


def test_the_value_at_the_end_lies_on_its_segment():
    """Up to 80 at day 5, 160 at day 10, down to 80 at day 27; then to day 29."""
    base = 5 * 80 / 2 + 5 * (80 + 160) / 2 + 17 * 80 / math.log(2)
    # down to 20 at day 29: 40 at day 28
    assert area_days((5, 80), (10, 160), (27, 80), (29, 20)) == base + 40 / math.log(2)
    # up to 120 at day 29: 100 at day 28
    assert area_days((5, 80), (10, 160), (27, 80), (29, 120)) == base + 90
    # below the limit at day 29, which is 0: 40 at day 28, on a straight line
    assert area_days((5, 80), (10, 160), (27, 80), (29, None)) == base + 60


def test_below_the_limit_is_0_before_and_once_after_and_nothing_between():
    assert curve_points(results((0.5, None), (2, 60), (4, None), (6, 80), (8, None), (10, None))) == [
        Point(0, 0.0, True), Point(DAY // 2, 0.0, True), Point(2 * DAY, 60.0), Point(6 * DAY, 80.0),
        Point(8 * DAY, 0.0, True),
    ]  # fmt: skip
    assert curve_points(results((1, None), (2, None))) == [Point(0, 0.0, True)]


def test_after_the_last_quantifiable_result_the_area_ends_at_the_first_below():
    """0 to 7: 7 x 70 / 2 = 245; 7 to 10: 3 x 70 = 210; 10 to 14: 4 x 160 / 2 = 320; 14 to 21: 7 x 90 / 2 = 315."""
    assert area_days((7, 70), (10, 70), (14, 90), (21, None), (28, None), (56, None)) == 245 + 210 + 320 + 315


def test_extended_by_the_slope_of_the_last_two_quantifiable():
    """From 40 at day 22 to 20 at day 26: half in 4 days, so at day 28 20 / sqrt 2."""
    last = 20 / math.sqrt(2)
    base = 10 * 320 / 2 + (320 - 40) * 12 / math.log(8) + 20 * 4 / math.log(2)
    assert area_days((10, 320), (22, 40), (26, 20)) == base + (20 - last) * 2 / math.log(math.sqrt(2))


def test_extended_as_constant_where_it_does_not_fall():
    base = 10 * 320 / 2 + (320 - 20) * 12 / math.log(16)
    assert area_days((10, 320), (22, 20), (25, 40)) == base + 3 * 30 + 3 * 40


def test_extended_by_nothing_after_a_result_below_the_limit():
    """0 stays 0: 10 to 22 down, 22 to 26 from 20 to 0 linear, nothing after."""
    base = 5 * 160 / 2 + 5 * 240 + 300 * 12 / math.log(16)
    assert area_days((5, 160), (10, 320), (22, 20), (26, None)) == base + 4 * 20 / 2


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        (((5, 100), (10, 300), (24.99, 50)), Area(None, NOT_FOLLOWED)),
        (((5, 100), (10, 300), (28.01, 50)), Area(None, TOO_FEW)),
        (((5, 100), (10, None), (15, 300), (28, None)), Area(None, TOO_FEW)),
        (((5, None), (28, None)), Area(0.0)),
        (((5, None),), Area(0.0)),
    ],
)
def test_not_estimable_and_never_quantifiable(pairs, expected):
    assert area(results(*pairs), 0, 28 * DAY, 3 * DAY) == expected


def test_at_25_days_it_is_followed():
    assert area(results((5, 100), (10, 300), (25, 50)), 0, 28 * DAY, 3 * DAY).value is not None


def test_an_interval_that_starts_later():
    """Day 2 to 4 of a rise from 0 at day 0 to 80 at day 8: 20 to 40, 2 x 30 = 60."""
    found = area(results((8, 80), (9, 70), (10, 60)), 2 * DAY, 4 * DAY, 0)
    assert found == Area(None, TOO_FEW)
    found = area(results((2.5, 25), (3, 30), (3.5, 35), (8, 80)), 2 * DAY, 4 * DAY, 0)
    assert found.value / 24 == pytest.approx(60)


def test_extremes():
    many = results((1, None), (3, 90), (5, 200), (7, 200), (9, 60), (11, None))
    assert largest(many) == Point(5 * DAY, 200.0)
    assert last_above(many) == Point(9 * DAY, 60.0)
    assert largest(results((1, None))) is None
    assert last_above([]) is None


def naive(pairs, end, reach):
    """The same from the text of the analysis plan, in days, on a fine list of points that includes the end."""
    hits = [i for i, (_, c) in enumerate(pairs) if c is not None]
    if not hits:
        return 0.0
    if pairs[-1][0] < end - reach:
        return "not followed"
    if len([i for i in hits if pairs[i][0] <= end]) < 3:
        return "too few"
    t, c = [0.0], [0.0]
    for i, (day, value) in enumerate(pairs):
        if value is None and hits[0] < i < hits[-1]:
            continue
        if i > hits[-1] + 1:
            break
        t.append(day)
        c.append(value or 0.0)
    if t[-1] < end and c[-1] > 0:
        (t1, c1), (t2, c2) = pairs[hits[-2]], pairs[hits[-1]]
        rate = math.log(c2 / c1) / (t2 - t1) if c2 < c1 else 0.0
        c.append(c[-1] * math.exp(rate * (end - t[-1])))
        t.append(end)
    total = 0.0
    for j in range(1, len(t)):
        t1, t2, c1, c2 = t[j - 1], t[j], c[j - 1], c[j]
        logarithmic = 0 < c2 < c1
        if t1 >= end:
            break
        if t2 > end:
            share = (end - t1) / (t2 - t1)
            c2 = c1 * (c2 / c1) ** share if logarithmic else c1 * (1 - share) + c2 * share
            t2 = end
        straight = (c1 + c2) * (t2 - t1) / 2
        total += (c1 - c2) * (t2 - t1) / math.log(c1 / c2) if logarithmic and c2 < c1 else straight
    return total


VALUES = st.one_of(st.none(), st.integers(50, 10_000_000))


@settings(max_examples=400, deadline=None)
@given(st.dictionaries(st.integers(1, 40 * 24), VALUES, min_size=1, max_size=14))
def test_twin(found):
    pairs = [(hour / 24, value) for hour, value in sorted(found.items())]
    made = area([Point(round(d * DAY), float(v or 0), v is None) for d, v in pairs], 0, 28 * DAY, 3 * DAY)
    twin = naive(pairs, 28, 3)
    if isinstance(twin, str):
        assert made.reason == {"not followed": NOT_FOLLOWED, "too few": TOO_FEW}[twin]
    else:
        assert made.value / 24 == pytest.approx(twin, rel=1e-9, abs=1e-9)
