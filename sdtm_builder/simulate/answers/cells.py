"""Cells of raw tables as dates, times and person; a text that the declared formats don't fit is missing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from ..tables import MONTHS, Cell, Row, Workbook

YES = frozenset({"是", "Y", "Yes", "YES", "1", "√"})
EXCEL_DAY_0 = date(1899, 12, 30)
_NUMBER = re.compile(r"(?:01-)?S-?0*([1-9][0-9]*)")
_NUMERIC = re.compile(r"([0-9]{4})([-/.]?)([0-9]{1,2})\2([0-9]{1,2})(?:T.*)?")
_CHINESE = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})日")
_ENGLISH = re.compile(r"([0-9]{2})-([A-Z][a-z]{2})-([0-9]{4})")
_DAY_FIRST = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})")


def text_of(row: Row, column: str) -> str:
    """A cell's text without blanks at its ends."""
    return row.text(column).strip()


def is_yes(row: Row, column: str) -> bool:
    """Whether a yes or no cell says yes, in any of its spellings."""
    return text_of(row, column) in YES


def day_of(value: Cell, day_first: bool = False) -> date | None:
    """A complete date in one of the formats that the files declare; None for any other text.

    Args:
        value: the cell; a number is a serial of Excel's 1900 system.
        day_first: the file declares `dd/MM/yyyy`.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, int | float):
        return EXCEL_DAY_0 + timedelta(days=int(value))
    text = (value or "").strip()
    if day_first:
        found = _DAY_FIRST.fullmatch(text)
        return _real(found[3], found[2], found[1]) if found else None
    if found := _ENGLISH.fullmatch(text):
        return _real(found[3], str(MONTHS.index(found[2]) + 1), found[1]) if found[2] in MONTHS else None
    if found := _CHINESE.fullmatch(text):
        return _real(*found.groups())
    found = _NUMERIC.fullmatch(text)
    return _real(found[1], found[3], found[4]) if found else None


def _real(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def moment_of(day: date | None, clock: str) -> datetime | None:
    """Date and time of `HH:mm` or `HHmm`; None without both."""
    digits = clock.strip().replace(":", "")
    if day is None or len(digits) != 4:
        return None
    return datetime.combine(day, time(int(digits[:2]), int(digits[2:])))


class Tables:
    """Rows of every sheet by the number of the screening number, whichever way a file writes it."""

    def __init__(self, book: Workbook) -> None:
        self.names = frozenset(book)
        self._rows: dict[str, dict[int, list[Row]]] = {}
        self.book = book

    def rows(self, sheet: str, numbers: Iterable[str]) -> list[Row]:
        """Rows of a person; none when the sheet isn't written."""
        if sheet not in self.book:
            return []
        if sheet not in self._rows:
            self._rows[sheet] = self._index(sheet)
        found = self._rows[sheet]
        return [row for number in numbers for row in found.get(number_of(number) or 0, ())]

    def _index(self, sheet: str) -> dict[int, list[Row]]:
        column = self.book[sheet].subject_column or ""
        found: dict[int, list[Row]] = {}
        for row in self.book[sheet].rows:
            number = number_of(text_of(row, column))
            if number is not None:
                found.setdefault(number, []).append(row)
        return found


def number_of(text: str) -> int | None:
    """7 of `S007`, `01-S007`, `01-S7` and `S-007`."""
    found = _NUMBER.fullmatch(text)
    return int(found[1]) if found else None
