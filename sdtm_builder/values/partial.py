"""ISO 8601 dates of any precision: whether they are right, and the interval of time that they mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import MISSING_DATE, MISSING_TIME
from .formats import PARTS, days_in, is_clock

fault("dtc-invalid", "error", "A text that is no ISO 8601 date as SDTM has it (IG 4.4)")

PRECISIONS = ("", *PARTS)
"""Precision codes: the last part collected before the first gap; 0 where not even the year is known."""

_DTC = re.compile(
    r"([0-9]{4}|-)(?:-([0-9]{2}|-)(?:-([0-9]{2}|-))?)?"
    r"(?:T([0-9]{2}|-)(?::([0-9]{2}|-)(?::([0-9]{2}|-)(?:\.[0-9]+)?)?)?)?(Z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = 86400


class Bounds(NamedTuple):
    """Of each text: earliest and latest second since 1970-01-01T00:00:00 (MISSING_TIME if open), precision, rule.

    `rules` holds "dtc-invalid" for a text that is no date, else "".
    """

    earliest: NDArray[np.int64]
    latest: NDArray[np.int64]
    precision: NDArray[np.int8]
    rules: list[str]


def bounds(texts: Sequence[str] | NDArray[np.object_]) -> Bounds:
    """The interval that each distinct DTC means: `2003-12` from 1 December 00:00:00 to 31 December 23:59:59.

    A gap is filled on both sides: `2003---15` is 15 January to 15 December. Without a year both ends are open.
    `a/b` is from the earliest of a to the latest of b. Times are the clock as collected: an offset is not applied.
    """
    n = len(texts)
    earliest = np.full(n, MISSING_TIME, dtype=np.int64)
    latest = earliest.copy()
    precision = np.zeros(n, dtype=np.int8)
    rules = [""] * n
    rest = _bounds_of_full(texts, earliest, latest, precision)
    for i in rest:
        try:
            earliest[i], latest[i], precision[i] = _interval(texts[i])
        except ValueError:
            rules[i] = "dtc-invalid"
    return Bounds(earliest, latest, precision, rules)


def _bounds_of_full(
    texts: Sequence[str] | NDArray[np.object_],
    earliest: NDArray[np.int64],
    latest: NDArray[np.int64],
    precision: NDArray[np.int8],
) -> list[int]:
    """Fill in dates and datetimes without gaps all together; the indices of all other texts."""
    lengths = np.fromiter((len(text) for text in texts), dtype=np.int64, count=len(texts))
    done = np.zeros(len(texts), dtype=bool)
    for length, form, level in ((10, "9999-99-99", 3), (16, "9999-99-99T99:99", 5), (19, "9999-99-99T99:99:99", 6)):
        at = np.flatnonzero(lengths == length)
        if not len(at):
            continue
        marks = np.array([texts[i] for i in at.tolist()], dtype=f"U{length}").view(np.uint32).reshape(len(at), length)
        digit = np.array([c == "9" for c in form])
        numbers = marks.astype(np.int64) - 48
        good = ((numbers >= 0) & (numbers <= 9))[:, digit].all(axis=1)
        good &= (marks[:, ~digit] == np.array([ord(c) for c in form if c != "9"])).all(axis=1)
        seconds, real = _seconds(numbers)
        good &= real
        at = at[good]
        earliest[at] = seconds[good]
        latest[at] = seconds[good] + {3: _DAY - 1, 5: 59, 6: 0}[level]
        precision[at] = level
        done[at] = True
    return np.flatnonzero(~done).tolist()


def _seconds(numbers: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Seconds since 1970 of the digits of full dates or datetimes, and which of them are real."""
    year = numbers[:, 0] * 1000 + numbers[:, 1] * 100 + numbers[:, 2] * 10 + numbers[:, 3]
    month, day = numbers[:, 5] * 10 + numbers[:, 6], numbers[:, 8] * 10 + numbers[:, 9]
    real = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    first = ((year - 1970) * 12 + np.where(real, month, 1) - 1).astype("M8[M]")
    start = first.astype("M8[D]").astype(np.int64)
    real &= day <= (first + 1).astype("M8[D]").astype(np.int64) - start
    seconds = (start + day - 1) * _DAY
    for at, limit, size in ((11, 23, 3600), (14, 59, 60), (17, 59, 1)):
        if numbers.shape[1] > at:
            part = numbers[:, at] * 10 + numbers[:, at + 1]
            real &= part <= limit
            seconds = seconds + part * size
    return seconds, real


def _interval(text: str) -> tuple[int, int, int]:
    if "/" in text:
        start, _, end = text.partition("/")
        low, _, precise = _interval(start)
        _, high, _ = _interval(end)
        if MISSING_TIME not in (low, high) and high < low:
            raise ValueError(text)
        return low, high, precise
    parts = parts_of_dtc(text)
    if parts is None:
        raise ValueError(text)
    year, month, day, hour, minute, second = parts
    precise = next((i for i, part in enumerate(parts) if part is None), 6)
    if year is None:
        return MISSING_TIME, MISSING_TIME, 0
    low = _moment(year, month or 1, day or 1, hour or 0, minute or 0, second or 0)
    last = month or 12
    full = [59 if part is None else part for part in (minute, second)]
    high = _moment(year, last, day or days_in(year, last), 23 if hour is None else hour, *full)
    return low, high, precise


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    days = int(np.datetime64(f"{year:04}-{month:02}-{day:02}", "D").astype(np.int64))
    return days * _DAY + hour * 3600 + minute * 60 + second


def parts_of_dtc(text: str) -> tuple[int | None, ...] | None:
    """The six parts of a DTC, None for each one not collected; None if the text is no DTC.

    Right is: at least one part, real days and times, and no hyphen after the last part but those before a T.
    """
    match = _DTC.fullmatch(text)
    if match is None:
        return None
    groups = match.groups()[:6]
    year, month, day, hour, minute, second = (None if g in (None, "-") else int(g) for g in groups)
    parts = (year, month, day, hour, minute, second)
    date, time = groups[:3], groups[3:]
    timed = time[0] is not None
    if timed and (None in date or [g for g in time if g is not None][-1] == "-"):
        return None
    if not timed and [g for g in date if g is not None][-1] == "-":
        return None
    if match[7] and not timed:
        return None
    if year == 0 or not is_clock(hour, minute, second):
        return None
    if month is not None and not 1 <= month <= 12:
        return None
    longest = days_in(2000 if year is None else year, month or 1)
    return parts if day is None or 1 <= day <= longest else None


def is_valid_dtc(text: str) -> bool:
    """Whether a text is an ISO 8601 date or datetime as SDTM has it: partial, with gaps, or an interval a/b."""
    try:
        _interval(text)
    except ValueError:
        return False
    return True


def iso_date(texts: Sequence[str] | NDArray[np.object_]) -> NDArray[np.int32]:
    """Days since 1970-01-01 of each full DTC (the time is left off); MISSING_DATE if partial or no date."""
    known = bounds(texts)
    days = np.where(known.precision >= 3, known.earliest // _DAY, MISSING_DATE)
    interval = np.fromiter(("/" in text for text in texts), dtype=bool, count=len(texts))
    return np.where(interval, MISSING_DATE, days).astype(np.int32)


def iso_part(texts: Sequence[str] | NDArray[np.object_], part: str) -> NDArray[np.float64]:
    """One part of each DTC as a number; NaN where it was not collected.

    part : year, month, day, hour, minute or second.
    """
    at = PARTS.index(part)
    values = np.full(len(texts), np.nan)
    for i, text in enumerate(texts):
        parts = parts_of_dtc(text)
        found = parts[at] if parts else None
        if found is not None:
            values[i] = found
    return values
