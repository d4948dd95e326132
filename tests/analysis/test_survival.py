"""The product-limit curve against a published table, the edges, and lifelines."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.analysis.survival import Estimate, at_risk, median, product_limit, survival_at

# Acute myelogenous leukaemia, maintained (Miller 1981): 9 13 13+ 18 23 28+ 31 34 45+ 48 161+
TIMES = np.array([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], dtype=float)
EVENTS = np.array([1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0], dtype=bool)


def test_the_published_curve() -> None:
    steps = product_limit(TIMES, EVENTS)
    assert [(s.time, s.at_risk, s.events, round(s.survival, 4)) for s in steps] == [
        (0, 11, 0, 1.0), (9, 11, 1, 0.9091), (13, 10, 1, 0.8182), (18, 8, 1, 0.7159), (23, 7, 1, 0.6136),
        (31, 5, 1, 0.4909), (34, 4, 1, 0.3682), (48, 2, 1, 0.1841),
    ]  # fmt: skip
    assert median(steps).value == 31


def test_greenwood_and_the_log_log_limits_by_hand() -> None:
    step = product_limit(TIMES, EVENTS)[2]  # two deaths: 1 of 11, 1 of 10
    variance = 1 / (11 * 10) + 1 / (10 * 9)
    width = 1.959963984540054 * math.sqrt(variance) / -math.log(9 / 11)
    low = math.exp(-math.exp(math.log(-math.log(9 / 11)) + width))
    high = math.exp(-math.exp(math.log(-math.log(9 / 11)) - width))
    assert (step.lower, step.upper) == pytest.approx((low, high))
    assert (round(low, 4), round(high, 4)) == (0.4474, 0.9512)


def test_a_curve_that_ends_in_a_death_is_zero_without_an_interval() -> None:
    steps = product_limit(np.array([5.0, 8.0, 8.0]), np.array([True, True, True]))
    assert (steps[-1].time, steps[-1].survival, steps[-1].lower, steps[-1].upper) == (8, 0.0, None, None)
    assert survival_at(steps, 100, 8) == Estimate(0.0, None, None)


def test_one_half_exactly_is_the_median() -> None:
    steps = product_limit(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, True, True, True]))
    assert median(steps).value == 2
    three = product_limit(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), np.ones(6, dtype=bool))
    assert median(three).value == 3  # 5/6 * 4/5 * 3/4 is one half, whatever floats say


def test_without_events_nothing_is_estimable_but_survival_itself() -> None:
    steps = product_limit(np.array([10.0, 20.0]), np.array([False, False]))
    assert median(steps) == Estimate(None, None, None)
    assert survival_at(steps, 20, 20) == Estimate(1.0, None, None)  # one to one would say that all is known
    assert survival_at(steps, 21, 20) == Estimate(None, None, None)


def test_the_day_of_an_event_counts_and_the_day_before_does_not() -> None:
    steps = product_limit(TIMES, EVENTS)
    assert round(survival_at(steps, 31, 161).value or 0, 4) == 0.4909
    assert round(survival_at(steps, 30.999, 161).value or 0, 4) == 0.6136


def test_at_risk_counts_who_is_observed_that_long() -> None:
    assert [at_risk(TIMES, t) for t in (1, 13, 14, 161, 162)] == [11, 10, 8, 1, 0]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 40), st.booleans()), min_size=1, max_size=60))
def test_lifelines_agrees(data: list[tuple[int, bool]]) -> None:
    lifelines = pytest.importorskip("lifelines")
    times = np.array([t for t, _ in data], dtype=float)
    events = np.array([e for _, e in data])
    steps = product_limit(times, events)
    fitted = lifelines.KaplanMeierFitter(alpha=0.05).fit(times, events)
    limits = fitted.confidence_interval_
    for step in steps[1:]:
        assert step.survival == pytest.approx(float(fitted.survival_function_at_times(step.time).iloc[0]), abs=1e-12)
        if step.survival > 0:
            low, high = (float(v) for v in limits.loc[step.time])
            assert (step.lower, step.upper) == pytest.approx((low, high), abs=1e-9)
    found = median(steps)
    oracle = fitted.median_survival_time_
    if not any(abs(s.survival - 0.5) < 1e-9 for s in steps):
        assert found.value == (None if math.isinf(oracle) else oracle)
    if steps[-1].survival > 0:
        sides = lifelines.utils.median_survival_times(limits)
        expected = [float(v) for v in sides.iloc[0]]
        assert [found.lower, found.upper] == [None if math.isinf(v) else v for v in expected]


def test_the_limits_of_the_median_are_where_those_of_the_curve_come_to_one_half() -> None:
    times = np.array([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 20], dtype=float)
    steps = product_limit(times, np.array([True] * 10 + [False] * 2))
    found = median(steps)
    assert (found.value, found.lower, found.upper) == (7, 3, 11)
    at_10 = math.exp(-math.exp(math.log(math.log(4)) - 1.959963984540054 * math.sqrt(1 / 3 - 1 / 12) / math.log(4)))
    assert [s.upper for s in steps if s.time == 10] == pytest.approx([at_10])  # just above one half
    assert round(at_10, 4) == 0.5048
