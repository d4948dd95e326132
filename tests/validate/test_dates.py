"""Dates as intervals: literal bounds, impossible dates, and a property against a naive twin."""

from __future__ import annotations

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.dates import UNKNOWN_LOW, is_duration, read_dates, read_moment


def _seconds(text: str) -> int:
    return int(np.datetime64(text, "s").astype(np.int64))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("2003-12-15", "2003-12-15T00:00:00", "2003-12-15T23:59:59"),
        ("2003-12-15T13:14", "2003-12-15T13:14:00", "2003-12-15T13:14:59"),
        ("2003-12-15T13:14:15.5", "2003-12-15T13:14:15", "2003-12-15T13:14:15"),
        ("2003-12-15T-:15", "2003-12-15T00:15:00", "2003-12-15T23:15:59"),
        ("2003-12", "2003-12-01T00:00:00", "2003-12-31T23:59:59"),
        ("2004-02", "2004-02-01T00:00:00", "2004-02-29T23:59:59"),
        ("2003", "2003-01-01T00:00:00", "2003-12-31T23:59:59"),
        ("2003---15", "2003-01-15T00:00:00", "2003-12-15T23:59:59"),
        ("2003-12-01/2003-12-10", "2003-12-01T00:00:00", "2003-12-10T23:59:59"),
        ("1960-02-29", "1960-02-29T00:00:00", "1960-02-29T23:59:59"),
    ],
)
def test_bounds(text: str, low: str, high: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert (moment.low, moment.high) == (_seconds(low), _seconds(high))


@pytest.mark.parametrize("text", ["--12-15", "-----T07:15", "--12"])
def test_without_a_year_nothing_compares(text: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert moment.low == UNKNOWN_LOW
    assert moment.day is None


@pytest.mark.parametrize(
    "text",
    ["2003-02-31", "2023-02-29", "2003-13-01", "2003-1-1", "20031215", "2003-12-15 10:00", "2003-12-15T", "2003-",
     "2003-12-15T25:00", "2003-12-15T10:61", "15DEC2003", "2003-UN-15", "UNK", "", "-", "2003-12-10/2003-12-01",
     "2003-12-15T10:00:00+", "0000-01-01", "２００３-12-15"],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert read_moment(text) is None


@pytest.mark.parametrize(("text", "day"), [("1970-01-01", 0), ("1970-01-02T23:59", 1), ("1969-12-31", -1)])
def test_day(text: str, day: int) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert moment.day == day


@pytest.mark.parametrize("text", ["P1D", "P2W", "PT30M", "-PT15M", "P1Y2M10DT2H30M", "P0.5D"])
def test_durations(text: str) -> None:
    assert is_duration(text)


@pytest.mark.parametrize("text", ["P", "PT", "P1", "1D", "P1DT", "P1H", "PD", "p1d", "P1M2Y"])
def test_no_durations(text: str) -> None:
    assert not is_duration(text)


def test_columns_compare_as_intervals() -> None:
    starts = read_dates(Vector.of_texts(["2024-02", "2024-02", "2024-02-10", None, "UNK", "2024-02-10T10:00"]))
    ends = read_dates(Vector.of_texts(["2024-01-31", "2024-02-05", "2024-02-10", "2024", "2024", "2024-02-10T09:59"]))
    assert starts.surely_after(ends).tolist() == [True, False, False, False, False, True]


DAYS = st.dates(datetime.date(1900, 1, 1), datetime.date(2099, 12, 31))


@given(DAYS, st.sampled_from(["Y", "M", "D"]), st.booleans())
def test_a_partial_date_holds_every_day_it_may_be(day: datetime.date, cut: str, gap: bool) -> None:
    text = {"Y": f"{day:%Y}", "M": f"{day:%Y-%m}", "D": f"{day:%Y}---{day:%d}" if gap else day.isoformat()}[cut]
    moment = read_moment(text)
    assert moment is not None
    fits = {"Y": lambda d: True, "M": lambda d: d.month == day.month}.get(cut)
    year = [datetime.date(day.year, 1, 1) + datetime.timedelta(n) for n in range(366)]
    inside = [d for d in year if d.year == day.year]
    if cut == "D":
        wanted = [d for d in inside if d.day == day.day] if gap else [day]
    else:
        assert fits is not None
        wanted = [d for d in inside if fits(d)]
    assert moment.low == _seconds(wanted[0].isoformat())
    assert moment.high == _seconds(f"{wanted[-1].isoformat()}T23:59:59")
