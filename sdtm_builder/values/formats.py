"""Formats of dates and times, compiled: tokens to patterns, and what is wrong with a list of formats."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

from ..issues import IssueLog, fault
from ..model import DateTexts, Scalar
from .fold import fold

fault(
    "format-token",
    "error",
    "A date or time format with a token that there isn't",
    "Tokens are yyyy yy M MM MMM d dd H HH h hh m mm ss a; T and what is no letter stand for themselves.",
)
fault(
    "format-order",
    "error",
    "Two date formats of one list that read the same text as different dates",
    "Say for each source which one is meant.",
)
fault(
    "format-pivot",
    "error",
    "A format with yy, and no pivot",
    "Declare `pivot` in date_texts: with 1930, yy is 1930 to 2029.",
)

FIRST_YEAR, LAST_YEAR = 1850, 2199
"""Years outside are no dates of a study, so such a text does not fit."""

ISO_DATES = ("yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-dd", "yyyy-MM", "yyyy")
"""The formats of a column that declares none: ISO 8601, which can be read in one way only."""
ISO_TIMES = ("HH:mm:ss", "HH:mm")

MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH_NAMES = (
    *("JANUARY", "FEBRUARY", "MARCH", "APRIL", "MAY", "JUNE"),
    *("JULY", "AUGUST", "SEPTEMBER", "OCTOBER", "NOVEMBER", "DECEMBER"),
)
MONTH_NUMBERS: Mapping[str, int] = {
    **{name: i for i, name in enumerate(MONTHS, 1)},
    **{name: i for i, name in enumerate(_MONTH_NAMES, 1)},
    "SEPT": 9,
}
HALVES: Mapping[str, int] = {"AM": 0, "PM": 12, "上午": 0, "下午": 12}

PARTS = ("year", "month", "day", "hour", "minute", "second")
Parts = tuple[int | None, int | None, int | None, int | None, int | None, int | None]

_TOKENS = {
    "yyyy": ("year", "[0-9]{4}"),
    "yy": ("year", "[0-9]{2}"),
    "MMM": ("month", "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))),
    "MM": ("month", "[0-9]{2}"),
    "M": ("month", "[0-9]{1,2}"),
    "dd": ("day", "[0-9]{2}"),
    "d": ("day", "[0-9]{1,2}"),
    "HH": ("hour", "[0-9]{2}"),
    "H": ("hour", "[0-9]{1,2}"),
    "hh": ("hour", "[0-9]{2}"),
    "h": ("hour", "[0-9]{1,2}"),
    "mm": ("minute", "[0-9]{2}"),
    "m": ("minute", "[0-9]{1,2}"),
    "ss": ("second", "[0-9]{2}"),
    "a": ("half", "|".join(HALVES)),
}
_PIECES = re.compile(r"([A-Za-z])\1*|[^A-Za-z]")


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its text, the pattern of a folded upper-case text, and the part and token of each group."""

    text: str
    pattern: re.Pattern[str]
    parts: tuple[str, ...]
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formats:
    """A list of formats in the order tried; `excel` says whether serials of numeric cells are read."""

    formats: tuple[Format, ...] = ()
    unknown: frozenset[str] = frozenset()
    pivot: int | None = None
    excel: bool = False
    texts: tuple[str, ...] = field(default=())


def compile_dates(texts: DateTexts, log: IssueLog) -> Formats:
    """The formats of dates and datetimes, with the tokens of unknown parts; faults go to `log` at their YAML line.

    An empty list means ISO 8601. Issues: `format-token`, `format-pivot`, `format-order`.
    """
    formats = texts.formats or tuple(Scalar(text) for text in ISO_DATES)
    made = _compile(formats, texts.unknown, texts.pivot, log, dates=True)
    _check_orders(made, {s.text: s for s in formats}, log)
    return made


def compile_times(formats: Sequence[Scalar], unknown: Iterable[str], log: IssueLog) -> Formats:
    """The formats of times; an empty list means HH:mm and HH:mm:ss. Issues: `format-token`."""
    return _compile(formats or tuple(Scalar(text) for text in ISO_TIMES), unknown, None, log, dates=False)


def _compile(
    formats: Sequence[Scalar], unknown: Iterable[str], pivot: int | None, log: IssueLog, dates: bool
) -> Formats:
    tokens = frozenset(folded for folded in (fold(text).upper() for text in unknown) if folded)
    made = []
    for scalar in formats:
        if dates and scalar.text == "excel":
            continue
        fmt, wrong = _compile_one(scalar.text, tokens, dates)
        if fmt is not None and "yy" in fmt.tokens and pivot is None:
            log.add("format-pivot", f"format {scalar.text} has a year of two digits.", scalar.mark.place)
        elif fmt is None:
            log.add("format-token", f"format {scalar.text!r}: {wrong}.", scalar.mark.place, value=scalar.text)
        else:
            made.append(fmt)
    excel = dates and any(scalar.text == "excel" for scalar in formats)
    return Formats(tuple(made), tokens, pivot, excel, tuple(scalar.text for scalar in formats))


def _compile_one(text: str, unknown: frozenset[str], dates: bool) -> tuple[Format | None, str]:
    """A format, or why it is none."""
    parts: list[str] = []
    tokens: list[str] = []
    pattern = ""
    open_width = False  # the last piece was a number of one or two digits
    others = "".join(f"|{re.escape(token)}" for token in sorted(unknown, key=len, reverse=True))
    folded = fold(text)
    if "'" in folded or '"' in folded:
        return None, "quotes are no part of a format: every sign that is no token stands for itself"
    for match in _PIECES.finditer(folded):
        piece = match.group()
        if not piece[0].isascii() or not piece[0].isalpha() or piece == "T":
            pattern += re.escape(piece.upper())
            open_width = open_width and piece.isdigit()
            continue
        if piece not in _TOKENS:
            return None, f"{piece} is no token"
        part, shape = _TOKENS[piece]
        if part in parts:
            return None, f"the {part} stands twice"
        if open_width and shape.startswith("["):
            return None, f"nothing separates {tokens[-1]} and {piece}, so where one ends is a guess"
        open_width = shape.endswith("{1,2}")
        pattern += f"({shape}{others if part != 'half' else ''})"
        parts.append(part)
        tokens.append(piece)
    wrong = _wrong_parts(parts, tokens, dates)
    if wrong:
        return None, wrong
    return Format(text, re.compile(pattern), tuple(parts), tuple(tokens)), ""


def _wrong_parts(parts: list[str], tokens: list[str], dates: bool) -> str:
    if dates and not {"year", "month", "day"} & set(parts):
        return "it has no part of a date; times have their own: `columns: {TIM: {type: time, formats: [\"H:mm\"]}}`"
    if not dates and {"year", "month", "day"} & set(parts):
        return "a time has no part of a date"
    if not dates and "hour" not in parts:
        return "it has no hour"
    if any(token in ("h", "hh") for token in tokens) and "half" not in parts:
        return "h counts to 12 and needs the token a; the hour of 24 is H"
    return ""


_PROBES = [(y, m, d) for y in (1999, 2001, 2012) for m, d in ((1, 2), (2, 1), (3, 4), (11, 12), (12, 10))]


def _check_orders(made: Formats, marks: Mapping[str, Scalar], log: IssueLog) -> None:
    """Two formats that read one text as different dates: the order of the list would decide, which is a guess."""
    for i, first in enumerate(made.formats):
        for second in made.formats[i + 1 :]:
            if first.tokens == second.tokens:
                continue
            for text in _probe_texts(first) + _probe_texts(second):
                one, other = (parts_of(fmt, text, made) for fmt in (first, second))
                if isinstance(one, tuple) and isinstance(other, tuple) and one != other:
                    told = f"formats {first.text} and {second.text} in one list: {text} is a different date in each."
                    log.add("format-order", told, marks[second.text].mark.place, value=text)
                    break


def _probe_texts(fmt: Format) -> list[str]:
    """Texts of the probe dates in a format, numbers of one letter both with and without a leading zero."""
    texts = []
    for (year, month, day), padded in product(_PROBES, (True, False)):
        values = {"year": year, "month": month, "day": day, "hour": 10, "minute": 30, "second": 15}
        text, at = "", iter(zip(fmt.parts, fmt.tokens, strict=True))
        for match in _PIECES.finditer(fold(fmt.text)):
            piece = match.group()
            if not piece[0].isascii() or not piece[0].isalpha() or piece == "T":
                text += piece
                continue
            part, token = next(at)
            if part == "half":
                text += "AM"
            elif token == "MMM":
                text += MONTHS[month - 1]
            elif token == "yy":
                text += f"{year % 100:02}"
            else:
                width = len(token) if len(token) > 1 or not padded else 2
                text += f"{values[part]:0{width}}"
        texts.append(text)
    return texts


def parts_of(fmt: Format, text: str, formats: Formats) -> Parts | bool | None:
    """The parts of a folded upper-case text by one format; None: it does not fit; False: it fits, but no such day."""
    match = fmt.pattern.fullmatch(text)
    if match is None:
        return None
    found: dict[str, int | None] = {}
    half = -1
    for part, token, piece in zip(fmt.parts, fmt.tokens, match.groups(), strict=True):
        if part == "half":
            half = HALVES[piece]
        elif piece in formats.unknown:
            found[part] = None
        elif token == "MMM":
            found[part] = MONTH_NUMBERS[piece]
        else:
            found[part] = int(piece)
            if token == "yy":
                found[part] = _century(int(piece), formats.pivot)
    if half >= 0 and not _to_24_hours(found, half, "h" in fmt.tokens or "hh" in fmt.tokens):
        return False
    year, month, day, hour, minute, second = (found.get(part) for part in PARTS)
    parts = (year, month, day, hour, minute, second)
    return parts if is_day(year, month, day) and is_clock(hour, minute, second) else False


def _century(year: int, pivot: int | None) -> int:
    """The year of the hundred years from `pivot` on that ends in these two digits."""
    start = pivot if pivot is not None else 1930
    return start + (year - start) % 100


def _to_24_hours(found: dict[str, int | None], half: int, twelve: bool) -> bool:
    """The hour by AM or PM, in place; false if there is no such hour (13 PM by `h`, 0 PM, 15 AM)."""
    hour = found.get("hour")
    if hour is None:
        return True
    if not twelve and (hour > 12 or hour == 0):
        return (hour >= 12) == (half == 12)
    if not 1 <= hour <= 12:
        return False
    found["hour"] = hour % 12 + half
    return True


def is_day(year: int | None, month: int | None, day: int | None) -> bool:
    """Whether the parts known can belong to one day; 29 February needs no year that is known."""
    if year is not None and not FIRST_YEAR <= year <= LAST_YEAR:
        return False
    if month is not None and not 1 <= month <= 12:
        return False
    if day is None:
        return True
    return 1 <= day <= days_in(2000 if year is None else year, 1 if month is None else month)


def is_clock(hour: int | None, minute: int | None, second: int | None) -> bool:
    return (
        (hour is None or 0 <= hour <= 23)
        and (minute is None or 0 <= minute <= 59)
        and (second is None or 0 <= second <= 59)
    )


def days_in(year: int, month: int) -> int:
    """Days of a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31
