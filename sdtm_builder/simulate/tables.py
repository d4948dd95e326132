"""Sheets in memory: columns with their labels, rows that keep their identity while flaws move them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

Cell = str | int | float | datetime | None

PROJECT, SITE = "LSTCAR019", "01"
COMMON = (("PROJ", "项目编号 / Project"), ("SITEID", "中心编号 / Site"), ("SUBJID", "受试者编号 / Subject no."))
VISIT_COLUMNS = (("VISCODE", "访视代码 / Visit code"), ("VISNAME", "访视名称 / Visit name"))
CLOSING = (("ROWNO", "记录序号 / Record no."), ("LASTUPD", "最后更新时间 / Last update"))
ENTRY_DELAY = timedelta(days=2, hours=17)


@dataclass(eq=False)
class Row:
    """One record; two rows are never equal, so that a flaw can name its own."""

    cells: dict[str, Cell]
    touched: bool = False
    hidden: bool = False
    clean: dict[str, Cell] = field(default_factory=dict)  # cells before a flaw changed them

    def text(self, column: str) -> str:
        """The cell as text, empty when missing."""
        value = self.cells.get(column)
        return "" if value is None else str(value)


@dataclass
class Sheet:
    """One form: OID and label of each column, key columns, rows in the order of the file."""

    name: str
    columns: tuple[tuple[str, str], ...]
    key: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)
    file: str = "edc.xlsx"
    labelled: bool = True  # a second header row: labels or units
    subject_column: str | None = "SUBJID"
    heads: tuple[Row, Row] = field(default_factory=lambda: (Row({}), Row({})))  # the two header rows, for flaws
    title: str | None = None  # a merged row above the header
    title_row: Row = field(default_factory=lambda: Row({}))
    headings: dict[str, str] = field(default_factory=dict)  # what the header has instead of the column's name

    @property
    def names(self) -> list[str]:
        """Column names, in order."""
        return [name for name, _ in self.columns]

    def row_numbers(self) -> dict[int, int]:
        """Row number in the file (of Excel, or line of a csv) by identity of the row."""
        first = 1 if self.title is None else 2
        numbers = {id(row): place for place, row in enumerate(self.rows, start=first + (2 if self.labelled else 1))}
        numbers[id(self.title_row)] = 1
        return numbers | {id(row): place for place, row in enumerate(self.heads, start=first)}

    def heading(self, column: str) -> str:
        """What the header row has for a column."""
        return self.headings.get(column, column)

    def relabel(self, column: str, label: str) -> None:
        """Change the second header of a column: its label or unit."""
        self.columns = tuple((name, label if name == column else old) for name, old in self.columns)


Workbook = dict[str, Sheet]


def form(name: str, key: tuple[str, ...], columns: dict[str, str], visit: bool = False) -> Sheet:
    """An empty sheet of the EDC, with the columns that every form has before and after its own."""
    head = COMMON + (VISIT_COLUMNS if visit else ())
    return Sheet(name, head + tuple(columns.items()) + CLOSING, key)


class FormWriter:
    """Adds records to a form, numbering them within subject."""

    def __init__(self, sheet: Sheet, cutoff: date) -> None:
        self.sheet, self.cutoff = sheet, cutoff
        self._count: dict[str, int] = {}
        self._order = sheet.names
        self._names = frozenset(self._order)

    def add(self, number: str, on: date, cells: dict[str, Cell]) -> Row:
        """One record of a screening number, entered in the EDC two days after `on`, not after the cut-off."""
        place = self._count[number] = self._count.get(number, 0) + 1
        entered = datetime.combine(min(on, self.cutoff - ENTRY_DELAY), time()) + ENTRY_DELAY
        known: dict[str, Cell] = {"PROJ": PROJECT, "SITEID": SITE, "SUBJID": number, **cells,
                                  "ROWNO": str(place), "LASTUPD": f"{entered:%Y-%m-%d %H:%M:%S}"}
        return self.append(known)

    def append(self, cells: dict[str, Cell]) -> Row:
        """One record as it is; a column that the sheet doesn't have is a programmer's mistake."""
        if not cells.keys() <= self._names:
            raise KeyError(f"{self.sheet.name} has no column {', '.join(sorted(cells.keys() - self._names))}")
        row = Row({name: cells.get(name) for name in self._order})
        self.sheet.rows.append(row)
        return row


def rows_of(sheet: Sheet, column: str, value: str) -> Iterator[Row]:
    """Rows whose cell holds that text."""
    return (row for row in sheet.rows if row.cells.get(column) == value)


def yes_no(value: bool) -> str:
    """YN as the EDC writes it."""
    return "是" if value else "否"


def iso(day: date) -> str:
    """`2021-04-07`."""
    return day.isoformat()


def slashed(day: date) -> str:
    """`2021/04/07`."""
    return f"{day:%Y/%m/%d}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def english(day: date) -> str:
    """`07-Apr-2021`, whatever the locale."""
    return f"{day.day:02d}-{MONTHS[day.month - 1]}-{day.year}"


def chinese(day: date) -> str:
    """`2021年4月7日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def clock(moment: datetime | time) -> str:
    """`08:05`."""
    return f"{moment:%H:%M}"


def read_english(text: str) -> date:
    """The date of a cell written by `english`."""
    day, month, year = text.split("-")
    return date(int(year), MONTHS.index(month) + 1, int(day))
