"""Percentages, decimals, significant digits and exact intervals as they are shown."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.analysis.numbers import (
    clopper_pearson,
    count_text,
    decimals_of,
    interval_text,
    percent_text,
    share_text,
    shown,
    significant_text,
)


@pytest.mark.parametrize(
    ("n", "of", "text"),
    [(1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 16, "6.3"), (1, 2000, "0.1"), (1, 2001, "0.0"),
     (28, 28, "100.0"), (0, 5, "0.0"), (3, 80, "3.8")],
)  # fmt: skip
def test_percentages_have_one_decimal_half_up(n: int, of: int, text: str) -> None:
    assert percent_text(n, of) == text


def test_a_count_of_none_has_no_percentage() -> None:
    assert [count_text(0, 7), count_text(3, 7), count_text(0, 0)] == ["0", "3 (42.9)", "0"]


@pytest.mark.parametrize(("value", "text"), [(0.0625, "6.3"), (0.70759821, "70.8"), (1.0, "100.0"), (0.0, "0.0")])
def test_shares(value: float, text: str) -> None:
    assert share_text(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(12345, "12350"), (12344.9, "12340"), (0.0123456, "0.01235"), (1.5, "1.500"), (99996, "100000"),
     (0.99996, "1.000"), (-27.885, "-27.89"), (0, "0"), (6.92, "6.920"), (2997460.0, "2997000")],
)  # fmt: skip
def test_four_significant_digits(value: float, text: str) -> None:
    assert significant_text(value, 4) == text


def test_decimals_follow_the_data() -> None:
    assert decimals_of([1.0, 2.25, 3.5]) == 2
    assert decimals_of([]) == 0
    assert decimals_of([1 / 3]) == 6
    assert [shown(2.345, 2), shown(None, 2), shown(float("nan"), 1), shown(0.5, 0)] == ["2.35", "NE", "NE", "1"]


@pytest.mark.parametrize(
    ("events", "of", "lower", "upper"),
    [
        (3, 10, 0.06673951, 0.65245285),
        (5, 10, 0.18708603, 0.81291397),
        (0, 10, 0.0, 0.30849710),
        (10, 10, 0.69150290, 1.0),
        (0, 3, 0.0, 0.70759821),
        (1, 6, 0.00421074, 0.64123457),
        (2, 6, 0.04327187, 0.77722190),
    ],
)
def test_clopper_pearson_of_known_tables(events: int, of: int, lower: float, upper: float) -> None:
    found = clopper_pearson(events, of)
    assert found is not None
    assert found == pytest.approx((lower, upper), abs=5e-8)


def test_no_interval_of_nobody() -> None:
    assert clopper_pearson(0, 0) is None
    assert interval_text(*(clopper_pearson(0, 3) or (1, 1))) == "[0.0, 70.8]"


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.sampled_from([0.8, 0.95]))
def test_each_limit_leaves_half_of_the_rest_in_its_tail(table: tuple[int, int], level: float) -> None:
    from scipy.stats import binom

    events, of = table
    lower, upper = clopper_pearson(events, of, level) or (0.0, 0.0)
    tail = (1 - level) / 2
    if events > 0:
        assert binom.sf(events - 1, of, lower) == pytest.approx(tail, abs=1e-9)
    if events < of:
        assert binom.cdf(events, of, upper) == pytest.approx(tail, abs=1e-9)
    assert 0 <= lower <= events / of <= upper <= 1


@given(st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_percentages_are_exact(table: tuple[int, int]) -> None:
    n, of = table
    shown_as = Fraction(percent_text(n, of))
    exact = Fraction(100 * n, of)
    assert exact - Fraction(1, 20) < shown_as <= exact + Fraction(1, 20)
