"""Dates of any kind as moments, and times compared as precisely as both are known."""

import numpy as np
import pytest

from sdtm_builder.model import MISSING_DATE, Kind, Vector
from sdtm_builder.values.moments import compare_known, moments

DAY = 86400


def test_texts():
    found = moments(Vector.of_texts(["1970-01-02", "1970-01-02T01:00", "1970-02", "1970", None, "soon"], Kind.DTC))
    assert found.days.tolist() == [1, 1, MISSING_DATE, MISSING_DATE, MISSING_DATE, MISSING_DATE]
    assert found.precision.tolist() == [3, 5, 2, 1, 0, 0]
    assert found.timed.tolist() == [False, True, False, False, False, False]
    assert found.given.tolist() == [True, True, True, True, False, False]
    assert found.earliest[:4].tolist() == [DAY, DAY + 3600, 31 * DAY, 0]
    assert found.latest[:4].tolist() == [2 * DAY - 1, DAY + 3659, 59 * DAY - 1, 365 * DAY - 1]


def test_an_interval_is_no_day():
    assert moments(Vector.of_texts(["1970-01-01/1970-01-03"], Kind.DTC)).full.tolist() == [False]


def test_an_unknown_year_is_no_date_but_given():
    found = moments(Vector.of_texts(["--12-15"], Kind.DTC))
    assert (found.precision.tolist(), found.given.tolist()) == ([0], [True])


def test_dates_and_datetimes():
    days = moments(Vector(Kind.DATE, np.array([3, MISSING_DATE], dtype=np.int32)))
    assert days.days.tolist() == [3, MISSING_DATE]
    assert days.timed.tolist() == [False, False]
    times = moments(Vector(Kind.DATETIME, np.array([3 * DAY + 5], dtype=np.int64)))
    assert (times.days.tolist(), times.timed.tolist()) == ([3], [True])


def test_numbers_are_no_dates():
    with pytest.raises(TypeError):
        moments(Vector.of_numbers([1.0]))


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ("2021-03-10T10:30", "2021-03-10T10:30:15", 0),
        ("2021-03-10T10:29", "2021-03-10T10:30:15", -1),
        ("2021-03-10T10", "2021-03-10T10:30", 0),
        ("2021-03-10T11", "2021-03-10T10:59", 1),
        ("2021-03-10", "2021-03-10T23:59", 0),
        ("2021-03-11", "2021-03-10T23:59", 1),
        ("1969-12-31T23:59", "1970-01-01T00:00", -1),
    ],
)
def test_compare_known(left, right, expected):
    a, b = (moments(Vector.of_texts([t], Kind.DTC)) for t in (left, right))
    assert compare_known(a.earliest, a.precision, b.earliest, b.precision).tolist() == [expected]
