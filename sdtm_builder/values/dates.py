"""Texts of dates and times read by declared formats into ISO 8601 of exactly the precision collected."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from ..issues import IssueLog, fault
from ..model import CELL_KINDS, DateTexts, Scalar
from .fold import fold
from .formats import PARTS, Formats, Parts, compile_dates, is_clock, is_day, parts_of

fault("date-partial", "note", "A date with unknown parts, kept as collected")
fault("date-unknown", "note", "A date of which every part is unknown: the value is missing")
fault("date-format", "note", "A date in another declared format than most of its column")
fault("date-serial", "note", "A serial number of Excel, read as its date")
fault("date-invalid", "error", "A date that there isn't: the value is missing", "Correct the data by a query.")
fault(
    "date-ambiguous",
    "error",
    "A date that day first and month first would read differently: the value is missing",
    "Declare dd/MM/yyyy or MM/dd/yyyy for this source.",
)
fault(
    "date-unreadable",
    "error",
    "A text that fits no declared format of dates: the value is missing",
    "Add its format to `formats`, or a token to `missing` or `unknown`.",
)
fault("time-format", "note", "A time in another declared format than most of its column")
fault("time-unknown", "note", "A time of which parts are unknown, kept as collected")
fault("time-invalid", "error", "A time that there isn't: the value is missing", "Correct the data by a query.")
fault(
    "time-unreadable",
    "error",
    "A text that fits no declared format of times: the value is missing",
    "Add its format to `formats` (9:00 is H:mm, 09:00 is HH:mm), or a token to `missing` or `unknown`.",
)
fault("time-without-date", "error", "A time whose date is missing: the value is missing")
fault("time-conflict", "error", "A time that differs from the one beside its date: the value is missing")

DATE, DATETIME, TIME, NUMBER = (CELL_KINDS.index(kind) for kind in ("date", "datetime", "time", "number"))
SERIALS = (20000, 80000)
"""Excel serials are read between these: October 1954 to January 2119."""


class DateReading(NamedTuple):
    """For each text: ISO 8601 text or None, the rule to report ("" for none), index of the format used (-1: none)."""

    iso: list[str | None]
    rules: list[str]
    formats: list[int]


def read_dates(
    texts: Sequence[str], formats: Formats, kinds: Sequence[int] | None = None, epochs: Sequence[int] | None = None
) -> DateReading:
    """Distinct texts as ISO 8601 dates and datetimes.

    kinds : code into CELL_KINDS of the cell of each text; None means text cells. Real date cells need no format.
    epochs : 1900 or 1904, the date system of the workbook of each text; None means 1900.
    Rules: `date-partial`, `date-unknown`, `date-serial` beside a value; `date-invalid`, `date-ambiguous`,
    `date-unreadable` instead of one. Which formats are unusual (`date-format`) only the whole column can say.
    """
    iso: list[str | None] = []
    rules: list[str] = []
    used: list[int] = []
    for i, text in enumerate(texts):
        kind = kinds[i] if kinds is not None else 0
        value, rule, index = _read_date(fold(text).upper(), formats, kind, epochs[i] if epochs is not None else 1900)
        iso.append(value)
        rules.append(rule)
        used.append(index)
    return DateReading(iso, rules, used)


def _read_date(text: str, formats: Formats, kind: int, epoch: int) -> tuple[str | None, str, int]:
    if kind in (DATE, DATETIME):
        return (text, "", -1) if is_real(text) else (None, "date-invalid", -1)
    if kind == NUMBER and formats.excel:
        serial = _serial(text, epoch)
        if serial is not None:
            return serial, "date-serial", -1
    bad = False
    for index, fmt in enumerate(formats.formats):
        parts = parts_of(fmt, text, formats)
        if isinstance(parts, tuple):
            if parts[:3] == (None, None, None):
                return None, "date-unknown", index
            return iso_text(parts), "date-partial" if None in parts[:3] else "", index
        bad = bad or parts is False
    return None, "date-invalid" if bad else _why_unreadable(text), -1


def iso_text(parts: Parts) -> str | None:
    """ISO 8601 of parts: one hyphen for each missing one, nothing after the last known; None if none is known.

    IG 4.4.2: 2003---15, --12-15, -----T07:15, 2003-12-15T-:15.
    """
    date = _joined(parts[:3], (4, 2, 2), "-")
    time = _joined(parts[3:], (2, 2, 2), ":")
    if not time:
        return date or None
    whole = "-".join("-" if n is None else f"{n:0{w}}" for n, w in zip(parts[:3], (4, 2, 2), strict=True))
    return f"{whole}T{time}"


def _joined(parts: Sequence[int | None], widths: tuple[int, ...], mark: str) -> str:
    last = max((i for i, part in enumerate(parts) if part is not None), default=-1)
    return mark.join(
        "-" if part is None else f"{part:0{width}}" for part, width in zip(parts[: last + 1], widths, strict=False)
    )


def _serial(text: str, epoch: int) -> str | None:
    """The date of a serial, with its time where it has a fraction; None if the number is no serial."""
    if not re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text):
        return None
    number = float(text)
    if not SERIALS[0] <= number <= SERIALS[1]:
        return None
    start = datetime(1904, 1, 1) if epoch == 1904 else datetime(1899, 12, 30)
    moment = start + timedelta(seconds=round(number * 86400))
    if "." not in text:
        return moment.strftime("%Y-%m-%d")
    return moment.strftime("%Y-%m-%dT%H:%M:%S" if moment.second else "%Y-%m-%dT%H:%M")


def is_real(text: str) -> bool:
    """Whether a full ISO date or datetime, as a date cell gives it, is a day and time that there is."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


_SLASHED = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_SHAPES = (
    *("yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyyMMdd", "yyyy年M月d日"),
    *("d-MMM-yyyy", "d MMM yyyy", "d/MMM/yyyy", "ddMMMyyyy"),
)


@cache
def _known() -> Formats:
    """Shapes that say what they mean, to tell why a text fits no declared format; never to read one."""
    return compile_dates(DateTexts(tuple(Scalar(text) for text in _SHAPES)), IssueLog())


def _why_unreadable(text: str) -> str:
    """Why no format fits: no such day in whatever order, several orders possible, or simply unknown."""
    match = _SLASHED.fullmatch(text)
    if match is not None:
        one, other, year = int(match[1]), int(match[3]), int(match[4])
        year = year if len(match[4]) == 4 else 2000 + year
        fits = [is_day(year, other, one), is_day(year, one, other)]
        if all(fits):
            return "date-ambiguous"
        return "date-unreadable" if any(fits) else "date-invalid"
    known = _known()
    tried = [parts_of(fmt, text, known) for fmt in known.formats]
    if False in tried and not any(isinstance(parts, tuple) for parts in tried):
        return "date-invalid"
    return "date-unreadable"


_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?")
_ISO_TIME = re.compile(r"(?:.*T)?([0-9]{2}:[0-9]{2}(?::[0-9]{2})?)")


def read_times(texts: Sequence[str], formats: Formats, kinds: Sequence[int] | None = None) -> DateReading:
    """Distinct texts as ISO 8601 times (`HH:mm`, without T).

    A real time cell, and the time of a datetime cell, need no format. Rules: `time-unknown` beside a value, or
    without one if no part is known; `time-invalid`, `time-unreadable` instead of a value.
    """
    iso: list[str | None] = []
    rules: list[str] = []
    used: list[int] = []
    for i, text in enumerate(texts):
        value, rule, index = _read_time(fold(text).upper(), formats, kinds[i] if kinds is not None else 0)
        iso.append(value)
        rules.append(rule)
        used.append(index)
    return DateReading(iso, rules, used)


def _read_time(text: str, formats: Formats, kind: int) -> tuple[str | None, str, int]:
    if kind in (TIME, DATETIME):
        match = _ISO_TIME.fullmatch(text)
        good = match is not None and is_real(f"2000-01-01T{match[1]}")
        return (match[1], "", -1) if match is not None and good else (None, "time-invalid", -1)
    bad = False
    for index, fmt in enumerate(formats.formats):
        parts = parts_of(fmt, text, formats)
        if isinstance(parts, tuple):
            clock = _joined(parts[3:], (2, 2, 2), ":") or None
            collected = [part for name, part in zip(PARTS, parts, strict=True) if name in fmt.parts]
            return clock, "time-unknown" if None in collected else "", index
        bad = bad or parts is False
    if not bad and _CLOCK.fullmatch(text):
        bad = not is_clock(*([int(n) for n in text.split(":")] + [0])[:3])
    return None, "time-invalid" if bad else "time-unreadable", -1


def combine(date: str | None, time: str | None) -> tuple[str | None, str]:
    """An ISO date and an ISO time as one DTC, and the rule broken: `time-without-date`, `time-conflict`, or "".

    A date that has a time already keeps it if both agree; midnight, which a date cell shows by itself, gives way, also
    to a time that is missing: no clock was collected then.
    A time of an incomplete date keeps its place: 2003-12--T07:15 (IG 4.4.2).
    """
    if date is None:
        return None, "" if time is None else "time-without-date"
    day, _, clock = date.partition("T")
    shown = clock in ("", "00:00", "00:00:00")
    if time is None:
        return (day if shown else date), ""
    if not shown:
        if clock.startswith(time) or time.startswith(clock):
            return f"{day}T{max(clock, time, key=len)}", ""
        return None, "time-conflict"
    return f"{_padded(day)}T{time}", ""


def _padded(date: str) -> str:
    """A partial date with a hyphen for each part after its last: 2003 -> 2003----, 2003-12 -> 2003-12--."""
    if len(date) == 4 and date[0] != "-":
        return f"{date}----"
    if len(date) == 7 and date[4] == "-" and date[5] != "-":
        return f"{date}--"
    if re.fullmatch("--[0-9]{2}", date):
        return f"{date}--"
    return date
