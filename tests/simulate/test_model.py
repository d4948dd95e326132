"""Clinical modules: streams, daily grades, cytopenia curves, laboratory grades."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.simulate.counts import interpolate
from sdtm_builder.simulate.events import events
from sdtm_builder.simulate.grading import Baseline, severe_grade
from sdtm_builder.simulate.labtests import collected, range_a, range_b, standard
from sdtm_builder.simulate.rng import EVENTS, Stream, half_up, pick_by, text_of
from sdtm_builder.simulate.subject import subject_number, subjects
from sdtm_builder.simulate.toxicity import Episode

D = Decimal


def test_stream_is_pcg64_of_the_spawn_key():
    assert Stream(68, 2, 5).u() == pytest.approx(_first_of((2, 5)), abs=0)
    assert Stream(68, 2, 5, 3).u() == pytest.approx(_first_of((2, 5, 3)), abs=0)


def _first_of(key):
    import numpy as np

    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy=68, spawn_key=key))).random()


def test_integer_excludes_its_upper_end():
    stream = Stream(1, 1, 1)
    assert {stream.integer(-1, 2) for _ in range(200)} == {-1, 0, 1}


@pytest.mark.parametrize(("u", "expected"), [(0.0, 0), (0.699, 0), (0.7, 1), (0.899, 1), (0.9, 2), (0.999, 2)])
def test_pick(u, expected):
    assert pick_by(u, (0.7, 0.2, 0.1)) == expected


@pytest.mark.parametrize(("value", "decimals", "text"), [
    (0.125, 2, "0.13"), (2.675, 2, "2.68"), (-0.5, 0, "-1"), (70.0, 1, "70.0"), (1.005, 2, "1.01"),
])
def test_rounding_is_half_up_on_the_written_decimals(value, decimals, text):
    assert text_of(value, decimals) == text


@pytest.mark.parametrize(("grade", "days", "expected"), [
    (4, 11, [1, 2, 3, 4, 4, 3, 3, 2, 2, 1, 1]),
    (3, 8, [1, 2, 3, 3, 2, 2, 1, 1]),
    (2, 5, [1, 2, 2, 1, 1]),
    (1, 3, [1, 1, 1]),
    (1, 2, [1, 1]),
])
def test_daily_grades(grade, days, expected):
    assert Episode("CRS", 2, 9, grade, days).grades == expected


@given(st.integers(1, 4), st.integers(1, 15))
def test_daily_grades_reach_the_maximum_and_never_zero(grade, days):
    grades = Episode("CRS", 0, 0, grade, days).grades
    assert len(grades) == days
    assert max(grades) == grade
    assert min(grades) >= 1


def test_interpolation_is_log_linear_and_flat_outside():
    knots = ((0, 1.0), (10, 100.0), (20, 100.0))
    assert interpolate(knots, -5) == 1.0
    assert math.isclose(interpolate(knots, 5), 10.0)
    assert interpolate(knots, 99) == 100.0


def test_laboratory_b_writes_its_own_units():
    assert collected("HGB", 91.26, lab_b=True) == D("9.1")
    assert standard("HGB", D("9.1"), lab_b=True) == D("91")
    assert collected("NEUT", 0.4567, lab_b=True) == D("457")
    assert standard("NEUT", D("457"), lab_b=True) == D("0.457")
    assert collected("CREAT", 66.3, lab_b=True) == D("0.75")
    assert range_b("CREAT", True, 61) == (D("0.64"), D("1.26"))
    assert range_b("UREA", True, 30) == (D(7), D(20))


def test_range_in_force():
    from datetime import date

    assert range_a("ALT", True, 30, date(2021, 12, 31)) == (D(9), D(50))
    assert range_a("ALT", True, 30, date(2022, 1, 1)) == (D(9), D(45))
    assert range_a("ALP", False, 49) == (D(35), D(100))
    assert range_a("ALP", False, 50) == (D(50), D(135))


@pytest.mark.parametrize(("code", "value", "expected"), [
    ("NEUT", "1.0", 0), ("NEUT", "0.999", 3), ("NEUT", "0.5", 3), ("NEUT", "0.499", 4),
    ("PLAT", "50", 0), ("PLAT", "49", 3), ("PLAT", "24", 4), ("HGB", "80", 0), ("HGB", "79", 3), ("HGB", "30", 3),
    ("WBC", "1.99", 3), ("WBC", "0.99", 4), ("LYM", "0.2", 3), ("LYM", "0.199", 4),
])
def test_fixed_thresholds(code, value, expected):
    assert severe_grade(code, D(value), (D(0), D(9)), None) == expected


def test_thresholds_by_baseline():
    normal = (D(9), D(50))
    assert severe_grade("ALT", D(250), normal, None) == 0
    assert severe_grade("ALT", D(251), normal, Baseline(D(40), *normal)) == 3
    assert severe_grade("ALT", D(251), normal, Baseline(D(60), *normal)) == 0
    assert severe_grade("ALT", D(301), normal, Baseline(D(60), *normal)) == 3
    fibrinogen = (D("2.0"), D("4.0"))
    assert severe_grade("FIBRINO", D("0.99"), fibrinogen, None) == 3
    assert severe_grade("FIBRINO", D("0.49"), fibrinogen, None) == 4
    assert severe_grade("FIBRINO", D("0.75"), fibrinogen, Baseline(D("1.5"), *fibrinogen)) == 3
    assert severe_grade("FIBRINO", D("0.76"), fibrinogen, Baseline(D("1.5"), *fibrinogen)) == 0


def test_subject_numbers():
    assert subject_number(8, 0, 1) == "S008"
    assert subject_number(8, 0, 1, rescreened=True) == "S108"
    assert subject_number(8, 2, 300) == "S00408"


@pytest.fixture(scope="module", params=[68, 4, 5])
def persons(request):
    return [s for _, group in subjects(request.param, 1) for s in group], request.param


def test_grade_3_in_the_window_exactly_where_dlt(persons):
    for subject in persons[0]:
        severe = any(e.grade >= 3 and e.start <= 28 for e in subject.episodes)
        assert severe == subject.entry.dlt


def test_nothing_after_death_loss_or_cutoff(persons):
    for subject in persons[0]:
        last = subject.plan.day(subject.last_day)
        assert last <= subject.cutoff
        assert all(visit.at.date() <= last for visit in subject.visits)
        assert all(assessment.visit.at.date() <= last for assessment in subject.assessments)
        for event in events(subject, Stream(persons[1], EVENTS, subject.k)):
            assert event.start <= subject.cutoff
            assert event.end is None or event.start <= event.end <= subject.cutoff


def test_infusion_follows_its_lymphodepletion_and_consent(persons):
    for subject in persons[0]:
        plan = subject.plan
        assert plan.consent <= plan.visits[0].at.date()
        assert plan.consents[-1] < plan.visits[0].at
        if plan.ld_dates:
            assert (plan.day0 - plan.ld_dates[-1]).days == 3
            assert 3 <= len(plan.ld_dates) <= 5
            assert plan.visits[1].at.hour < 9


def test_underdosed_person(persons):
    subject = next(s for s in persons[0] if s.k == 7)
    share = 0.60 if subject.entry.level == 1 else 0.55
    ratio = float(subject.infusion.given / subject.infusion.planned)
    assert 0.97 * share - 0.001 <= ratio <= 1.02 * share + 0.001
    assert half_up(sum(subject.infusion.bags), 1) == subject.infusion.given
