"""How Excel shows a cell: what a number format says of dates, clocks, decimals; values of cells as texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import NamedTuple

from ..model import CELL_KINDS
from ..values.numbers import number_text

TEXT, NUMBER, DATE, DATETIME, TIME, BOOLEAN, ERROR, FORMULA = range(len(CELL_KINDS))


class Shown(NamedTuple):
    """What a number format shows: a day, a clock, its seconds; decimals and leading digits at least; percent."""

    day: bool = False
    clock: bool = False
    seconds: bool = False
    decimals: int = 0
    width: int = 1
    percent: bool = False


GENERAL = Shown()
_DAY = Shown(day=True)
_BUILT_IN: Mapping[int, str] = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%",
    **dict.fromkeys((14, 15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((18, 20, 32, 34, 55), "h:mm"), **dict.fromkeys((19, 21, 33, 35, 56, 46), "h:mm:ss"),
    22: "yyyy-mm-dd h:mm", 45: "mm:ss", 47: "mm:ss",
}  # fmt: skip
_SILENT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[\$[^\]]*\]|\[(?:[A-Za-z]{3,}[0-9]*|[<>=][^\]]*)\]')
_FIXED = re.compile(r"[#,]*(0+)(?:\.(0*)[#?]*)?(%?)")


def shown_by(number: int, code: str | None) -> Shown:
    """What a number format shows. number : its id; code : its text, for an id that is not built in."""
    text = code if code is not None else _BUILT_IN.get(number, "General")
    plain = _SILENT.sub("", text.split(";")[0]).strip()
    if plain.lower() in ("general", "@", ""):
        return GENERAL
    fixed = _FIXED.fullmatch(plain.replace(" ", ""))
    if fixed:
        return Shown(decimals=len(fixed[2] or ""), width=len(fixed[1]), percent=bool(fixed[3]))
    small = re.sub(r"am/pm|a/p|上午/下午", "h", plain.lower())
    clock = "h" in small or "s" in small
    day = "y" in small or "d" in small or ("m" in small and not clock)
    if not (day or clock) or re.search(r"[0#?]{2}|e\+", small.replace("ss.0", "").replace("ss.00", "")):
        return GENERAL
    return Shown(day=day, clock=clock, seconds="s" in small)


def cell_text(value: object, shown: Shown | None) -> tuple[str, int]:
    """A cell's text as Excel shows it, and its kind (index into CELL_KINDS).

    shown : what its number format shows, where that is more than a number or a day. Decimals are filled up to those of
    the format (2.5 as 2.50), never cut.
    """
    if isinstance(value, str):
        return value, TEXT
    if isinstance(value, bool):
        return ("TRUE" if value else "FALSE"), BOOLEAN
    if isinstance(value, (int, float)):
        return _number(float(value), shown or GENERAL)
    if isinstance(value, datetime):
        return _moment(value, shown or _DAY)
    if isinstance(value, date):
        return _moment(datetime(value.year, value.month, value.day), shown or _DAY)
    if isinstance(value, time):
        return _clock(timedelta(hours=value.hour, minutes=value.minute, seconds=value.second), value.microsecond, shown)
    if isinstance(value, timedelta):
        return _clock(value - timedelta(microseconds=value.microseconds), value.microseconds, shown)
    raise TypeError(f"a cell of type {type(value).__name__}")


def _number(value: float, shown: Shown) -> tuple[str, int]:
    if shown.day or shown.clock:  # formats of dates that the reader of the workbook takes for numbers
        return _moment(datetime(1899, 12, 30) + timedelta(days=value), shown)
    short = float(f"{value:.15g}")  # Excel keeps 15 digits
    if shown.percent:
        exact = Decimal(repr(short)) * 100
        return f"{_filled(format(exact.normalize(), 'f'), shown)}%", NUMBER
    return _filled(number_text(short), shown), NUMBER


def _filled(text: str, shown: Shown) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, _, fraction = digits.partition(".")
    fraction = fraction.ljust(shown.decimals, "0")
    return sign + whole.zfill(shown.width) + (f".{fraction}" if fraction else "")


def _moment(value: datetime, shown: Shown) -> tuple[str, int]:
    value = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
    clock = "%H:%M:%S" if shown.seconds else "%H:%M"
    if not shown.day:
        return value.strftime(clock), TIME
    day = f"{value.year:04}-{value.month:02}-{value.day:02}"
    return (f"{day}T{value.strftime(clock)}", DATETIME) if shown.clock else (day, DATE)


def _clock(value: timedelta, micro: int, shown: Shown | None) -> tuple[str, int]:
    seconds = int(value.total_seconds()) + (micro >= 500_000)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    text = f"{sign}{seconds // 3600:02}:{seconds // 60 % 60:02}"
    if seconds % 60 or (shown is not None and shown.seconds):
        text += f":{seconds % 60:02}"
    return text, TIME
