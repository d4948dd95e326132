"""ISO 8601 dates of SDTM as intervals: each distinct text read once, a partial one from its earliest to its latest."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector

_TIME = r"(?P<hour>\d\d|-)(?::(?P<minute>\d\d|-)(?::(?P<second>\d\d(?:\.\d+)?|-))?)?"
_DATE_TIME = re.compile(
    r"(?P<year>\d{4}|-)(?:-(?P<month>\d\d|-)(?:-(?P<day>\d\d|-)(?:T" + _TIME + r"(?P<zone>Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_NUMBER = r"\d+(?:[.,]\d+)?"
_DURATION = re.compile(
    rf"[+-]?P(?=[\dT])(?:{_NUMBER}W|(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}S)?)?)",
    re.ASCII,
)
_ZONE_SECONDS = 14 * 3600
_EPOCH = 719163  # proleptic Gregorian ordinal of 1970-01-01
UNKNOWN_LOW, UNKNOWN_HIGH = -(2**62), 2**62


@dataclass(frozen=True, slots=True)
class Moment:
    """One text: seconds since 1970 it can't be before or after; `day` since 1970 where the date is complete."""

    low: int
    high: int
    day: int | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Dates:
    """A column of dates: `low` and `high` in seconds since 1970, `day` since 1970 (NaN: date part not complete).

    `known` is false where there is no value, no valid one, or none with a year; no comparison holds there.
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    day: NDArray[np.float64]
    known: NDArray[np.bool_]

    def take(self, rows: NDArray[np.int64]) -> Dates:
        """The dates at `rows`; a negative row gives an unknown one."""
        if not len(self.low):
            return Dates.unknown(len(rows))
        ok = rows >= 0
        return Dates(self.low[rows], self.high[rows], np.where(ok, self.day[rows], np.nan), self.known[rows] & ok)

    @staticmethod
    def unknown(n: int) -> Dates:
        """n unknown dates."""
        return Dates(np.full(n, UNKNOWN_LOW), np.full(n, UNKNOWN_HIGH), np.full(n, np.nan), np.zeros(n, dtype=bool))

    def surely_after(self, other: Dates) -> NDArray[np.bool_]:
        """True where even the earliest reading is later than the other's latest."""
        return np.asarray(self.known & other.known & (self.low > other.high))

    def surely_differs(self, other: Dates) -> NDArray[np.bool_]:
        """True where the two intervals have no moment in common."""
        return np.asarray(self.surely_after(other) | other.surely_after(self))


def read_dates(column: Vector) -> Dates:
    """A column of --DTC texts as intervals."""
    if not column.is_text:
        return Dates.unknown(len(column))
    moments = [read_moment(text) for text in column.distinct()]
    size = len(moments) + 1
    low, high = np.full(size, UNKNOWN_LOW), np.full(size, UNKNOWN_HIGH)
    day, known = np.full(size, np.nan), np.zeros(size, dtype=bool)
    for i, moment in enumerate(moments):
        if moment is not None:
            low[i], high[i] = moment.low, moment.high
            known[i] = moment.low > UNKNOWN_LOW
            day[i] = np.nan if moment.day is None else moment.day
    return Dates(low[column.data], high[column.data], day[column.data], known[column.data])


def read_moment(text: str) -> Moment | None:
    """The interval of an ISO 8601 text of SDTM, None if it is none (IG 4.4.1, 4.4.2).

    Parts may be cut off at the right or stand as one hyphen each; a period ``start/end`` or ``start/duration``
    reaches from the start's earliest moment to the end's latest. A date without a year has no bounds.
    """
    if "/" in text:
        first, _, second = text.partition("/")
        start, end = _read_one(first), _read_one(second)
        if start is not None and is_duration(second):
            return Moment(start.low, UNKNOWN_HIGH) if start.low > UNKNOWN_LOW else start
        if start is None or end is None or start.low > end.high:
            return None
        return Moment(start.low, end.high)
    return _read_one(text)


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration: P1Y2M10DT2H30M, P2W, -PT30M (IG 4.4.3)."""
    return _DURATION.fullmatch(text) is not None


def _read_one(text: str) -> Moment | None:
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    given = [match[p] for p in ("year", "month", "day", "hour", "minute", "second")]
    parts = [p for p in given if p is not None]
    if parts[-1] == "-":
        return None
    numbers = [None if p is None or p == "-" else int(float(p)) for p in given]
    year, month, day, hour, minute, second = numbers
    if not _in_range(year, month, day, hour, minute, second):
        return None
    if year is None:
        return Moment(UNKNOWN_LOW, UNKNOWN_HIGH)
    first, last = _days(year, month, day)
    slack = _ZONE_SECONDS if match["zone"] else 0
    low = first * 86400 + (hour or 0) * 3600 + (minute or 0) * 60 + (second or 0) - slack
    high = last * 86400 + _or(hour, 23) * 3600 + _or(minute, 59) * 60 + _or(second, 59) + slack
    return Moment(low, high, first if month is not None and day is not None else None)


def _or(value: int | None, otherwise: int) -> int:
    return otherwise if value is None else value


def _in_range(
    year: int | None, month: int | None, day: int | None, hour: int | None, minute: int | None, second: int | None
) -> bool:
    if year == 0 or (month is not None and not 1 <= month <= 12):
        return False
    if day is not None:
        longest = 31 if month is None else calendar.monthrange(2000 if year is None else year, month)[1]
        if not 1 <= day <= longest:
            return False
    return not ((hour or 0) > 23 or (minute or 0) > 59 or (second or 0) > 59)


def _days(year: int, month: int | None, day: int | None) -> tuple[int, int]:
    first_month, last_month = (1, 12) if month is None else (month, month)
    if day is None:
        ends = 1, calendar.monthrange(year, last_month)[1]
    else:
        ends = day, day
    return _ordinal(year, first_month, ends[0]), _ordinal(year, last_month, ends[1])


def _ordinal(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).toordinal() - _EPOCH
