"""Partial dates as intervals, against a naive twin."""

from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.model import MISSING_DATE, MISSING_TIME
from sdtm_builder.values.partial import PRECISIONS, bounds, is_valid_dtc, iso_date, iso_part


def seconds(text):
    return int((datetime.fromisoformat(text) - datetime(1970, 1, 1)).total_seconds())


@pytest.mark.parametrize(
    ("text", "low", "high", "precision"),
    [
        ("2003-12-15", "2003-12-15T00:00:00", "2003-12-15T23:59:59", "day"),
        ("2003-12", "2003-12-01T00:00:00", "2003-12-31T23:59:59", "month"),
        ("2004-02", "2004-02-01T00:00:00", "2004-02-29T23:59:59", "month"),
        ("2003", "2003-01-01T00:00:00", "2003-12-31T23:59:59", "year"),
        ("2003---15", "2003-01-15T00:00:00", "2003-12-15T23:59:59", "year"),
        ("2003-12-15T10", "2003-12-15T10:00:00", "2003-12-15T10:59:59", "hour"),
        ("2003-12-15T10:30", "2003-12-15T10:30:00", "2003-12-15T10:30:59", "minute"),
        ("2003-12-15T10:30:15", "2003-12-15T10:30:15", "2003-12-15T10:30:15", "second"),
        ("2003-12-15T-:15", "2003-12-15T00:15:00", "2003-12-15T23:15:59", "day"),
        ("2003-12--T07:15", "2003-12-01T07:15:00", "2003-12-31T07:15:59", "month"),
        ("1965-03-02", "1965-03-02T00:00:00", "1965-03-02T23:59:59", "day"),
        ("2003-12-15/2003-12", "2003-12-15T00:00:00", "2003-12-31T23:59:59", "day"),
    ],
)
def test_bounds(text, low, high, precision):
    known = bounds([text])
    assert (known.earliest[0], known.latest[0]) == (seconds(low), seconds(high))
    assert PRECISIONS[known.precision[0]] == precision
    assert known.rules == [""]


def test_without_a_year_the_interval_is_open():
    known = bounds(["--12-15", "-----T07:15"])
    assert known.earliest.tolist() == known.latest.tolist() == [MISSING_TIME, MISSING_TIME]
    assert known.rules == ["", ""]


@pytest.mark.parametrize(
    "text",
    ["2021-02-29", "2021-02-30", "2021-13-01", "2021-00-01", "0000-01-01", "2021-1-1", "20210101", "2021-", "2003--",
     "2003---", "2003-12-", "2003-12-15T", "2003-12-15T24:00", "2003-12-15T10:60", "2003-12-15 10:30", "2003-12T10:30",
     "2003-12-15T10:-", "-", "-----", "", "x", "2003-12-15Z", "--02-30", "2003-12-16/2003-12-15", "2021-02-29T10:30",
     "２００３"],
)  # fmt: skip
def test_invalid(text):
    assert not is_valid_dtc(text)
    assert bounds([text]).rules == ["dtc-invalid"]


@pytest.mark.parametrize(
    "text", ["2003", "2003-12", "2003---15", "--12-15", "-----T07:15", "2003-12-15T-:15", "2003-12-15T13:-:17",
             "2000-02-29", "--02-29", "2003-12-15T10:30:15.250", "2003-12-15T10:30+08:00", "2003-12-15T10:30Z"],
)  # fmt: skip
def test_valid(text):
    assert is_valid_dtc(text)


def test_iso_date_and_parts():
    texts = ["1970-01-02", "1970-01-02T10:30", "1970-01", "--01-02", "x"]
    assert iso_date(texts).tolist() == [1, 1, MISSING_DATE, MISSING_DATE, MISSING_DATE]
    assert iso_part(texts, "day")[[0, 1, 3]].tolist() == [2.0, 2.0, 2.0]
    assert np.isnan(iso_part(texts, "day")[[2, 4]]).all()
    assert iso_part(texts, "minute")[1] == 30.0


def twin(year, month, day, clock):
    """All days and times that the parts allow, one by one."""
    days = []
    at = datetime(year, 1, 1)
    while at.year == year:
        if month in (None, at.month) and day in (None, at.day):
            days.append(at)
        at += timedelta(days=1)
    if not days:
        return None
    low, high = clock if clock else ((0, 0, 0), (23, 59, 59))
    ends = days[0] + timedelta(hours=low[0], minutes=low[1], seconds=low[2]), days[-1]
    last = ends[1] + timedelta(hours=high[0], minutes=high[1], seconds=high[2])
    return int((ends[0] - datetime(1970, 1, 1)).total_seconds()), int((last - datetime(1970, 1, 1)).total_seconds())


@given(
    st.integers(1950, 2050),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 31),
    st.none() | st.tuples(st.integers(0, 23), st.none() | st.integers(0, 59)),
)
def test_bounds_are_those_of_the_naive_twin(year, month, day, time):
    date = f"{year}-{'-' if month is None else f'{month:02}'}-{'-' if day is None else f'{day:02}'}"
    clock = None
    if time is None:
        date = date.rstrip("-") if day is None else date
    else:
        hour, minute = time
        date += f"T{hour:02}" + ("" if minute is None else f":{minute:02}")
        clock = ((hour, minute or 0, 0), (hour, 59 if minute is None else minute, 59))
    expected = twin(year, month, day, clock)
    known = bounds([date])
    if expected is None:
        assert known.rules == ["dtc-invalid"]
    else:
        assert (known.earliest[0], known.latest[0]) == expected
