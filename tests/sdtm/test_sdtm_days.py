"""Study days, sequence numbers, visits, decodes."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdtm_support import FakeContext, dtc, numbers, shown, texts

from sdtm_builder.model import Kind, Vector
from sdtm_builder.sdtm.decode import decode
from sdtm_builder.sdtm.sequence import sequence
from sdtm_builder.sdtm.study_day import study_day
from sdtm_builder.sdtm.visit import visit


@pytest.mark.parametrize(
    ("day", "reference", "expected"),
    [
        ("2021-03-10", "2021-03-10", 1),
        ("2021-03-10T08:00", "2021-03-10T09:30", 1),
        ("2021-03-09T23:59", "2021-03-10T00:00", -1),
        ("2021-03-11", "2021-03-10T09:30", 2),
        ("2024-02-29", "2024-03-01", -1),
        ("2023-02-28", "2023-03-01", -1),
        ("2020-12-31", "2021-01-01", -1),
        ("2021-03", "2021-03-10", None),
        ("2021---10", "2021-03-10", None),
        ("2021-03-10", "2021-03", None),
        (None, "2021-03-10", None),
        ("2021-03-10", None, None),
        ("2021-03-10/2021-03-12", "2021-03-10", None),
    ],
)
def test_study_day(day, reference, expected):
    assert shown(study_day(FakeContext(1), dtc(day), dtc(reference))) == [expected]


def test_study_day_of_date_and_datetime_columns():
    days = Vector(Kind.DATE, dtc().data.dtype.type([18696, 18697]))
    moment = Vector.constant(18697 * 86400 + 3600, 2, Kind.DATETIME)
    assert shown(study_day(FakeContext(2), days, moment)) == [-1, 1]


@given(st.lists(st.tuples(st.dates(), st.dates()), min_size=1, max_size=20))
def test_study_day_as_its_twin(pairs):
    def twin(day: date, first: date) -> int:
        if day >= first:
            return (day - first).days + 1
        return (day - first).days

    found = shown(
        study_day(FakeContext(len(pairs)), dtc(*(str(a) for a, _ in pairs)), dtc(*(str(b) for _, b in pairs)))
    )
    assert found == [twin(a, b) for a, b in pairs]
    assert 0 not in found


def test_day_before_day_one_is_minus_one_whatever_the_time():
    first = date(2021, 3, 10)
    days = [str(first + timedelta(days=k)) for k in range(-3, 4)]
    assert shown(study_day(FakeContext(7), dtc(*days), dtc(*[str(first)] * 7))) == [-3, -2, -1, 1, 2, 3, 4]


def test_sequence_counts_within_the_subject_by_the_order():
    ctx = FakeContext(6, subjects=[1, 0, 1, 1, 0, -1], order=[5, 4, 0, 3, 1, 2])
    assert shown(sequence(ctx, "keys")) == [3, 2, 1, 2, 1, None]


def test_sequence_of_no_records():
    assert shown(sequence(FakeContext(0), "keys")) == []


@given(st.lists(st.integers(-1, 3), max_size=30), st.randoms(use_true_random=False))
def test_sequence_as_its_twin(subjects, random):
    order = list(range(len(subjects)))
    random.shuffle(order)
    found = shown(sequence(FakeContext(len(subjects), subjects=subjects, order=order), "keys"))
    for row, subject in enumerate(subjects):
        before = [i for i, other in enumerate(subjects) if other == subject and order[i] <= order[row]]
        assert found[row] == (None if subject < 0 else len(before))


def test_visit_takes_what_is_known_of_the_raw_row():
    raw = {"VISITNUM": numbers(1, 4.01, None), "VISIT": texts("SCREENING", "UNSCHEDULED 4.01", None),
           "VISITDY": numbers(-14, None, None)}  # fmt: skip
    ctx = FakeContext(3, raw=raw)
    assert shown(visit(ctx, "number")) == [1, 4.01, None]
    assert shown(visit(ctx, "name")) == ["SCREENING", "UNSCHEDULED 4.01", None]
    assert shown(visit(ctx, "day")) == [-14, None, None]


def test_decode_and_a_code_without_one():
    ctx = FakeContext(4, decodes={"VSTESTCD": {"SYSBP": "Systolic Blood Pressure", "TEMP": "Temperature"}})
    found = decode(ctx, {"VSTESTCD": texts("TEMP", "SYSBP", None, "MOOD")})
    assert shown(found) == ["Temperature", "Systolic Blood Pressure", None, None]
    assert ctx.issues == [("missing-decode", 3, 'VSTESTCD "MOOD" has no decode.')]


def test_decode_of_numbers():
    ctx = FakeContext(2, decodes={"AVISITN": {"1": "Screening"}})
    assert shown(decode(ctx, {"AVISITN": numbers(1, None)})) == ["Screening", None]
    assert ctx.issues == []


def test_decode_without_its_code():
    assert shown(decode(FakeContext(2), {})) == [None, None]
