"""Planting of flaws: choice of hosts, the record of every cell changed, the registry of flaws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..events import Event
from ..subject import Subject
from ..tables import Cell, Row, Sheet, Workbook

STUDY = "LSTCAR019"
Place = tuple[str, Row, str]  # sheet, row, column


@dataclass
class Planted:
    """One flaw as planted; `places` become cells with row numbers when the sheets are final."""

    id: str
    seq: int
    places: list[Place]
    subject: str | None
    raw: str | None
    clean: str | None
    expect: dict[str, Any] | None
    action: str
    severity: str
    rule: str | None  # None: it maps, and there is nothing to tell


@dataclass
class Caused:
    """A finding that follows from a flaw elsewhere."""

    rule: str
    places: list[Place]
    subject: str
    caused_by: str


@dataclass
class Planting:
    """The sheets under work, and what was planted in them.

    `subjects` and `events` are those of copy 0, by screening number (of the enrolment); flaws are planted
    only in rows of that copy.
    """

    book: Workbook
    subjects: dict[str, Subject]
    events: dict[str, list[Event]]
    planted: list[Planted] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    caused: list[Caused] = field(default_factory=list)
    reserved: dict[str, list[Row]] = field(default_factory=dict)
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    _held: set[int] = field(default_factory=set)
    _numbers: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._numbers = {number for subject in self.subjects.values() for number in subject.numbers}

    def sheet(self, name: str) -> Sheet | None:
        """A sheet, or None when it isn't written."""
        return self.book.get(name)

    def free(self, name: str, eligible: Callable[[Row], bool]) -> list[Row]:
        """Rows of copy 0 that no flaw has touched and no later one holds, sorted by the key of the sheet."""
        sheet = self.book[name]
        rows = [row for row in sheet.rows
                if not row.touched and id(row) not in self._held and self._of_first_copy(sheet, row)
                and eligible(row)]
        return sorted(rows, key=lambda row: [_sortable(row.cells.get(column)) for column in sheet.key])

    def rows_of_subject(self, name: str, number: str) -> list[Row]:
        """All rows of a screening number in a sheet, none when the sheet isn't written."""
        sheet = self.book.get(name)
        if sheet is None or sheet.subject_column is None:
            return []
        column = sheet.subject_column
        return [row for row in sheet.rows if row.text(column).rpartition("-")[2] == number]

    def _of_first_copy(self, sheet: Sheet, row: Row) -> bool:
        """Whether a row is of a person of copy 0; rows of no person are everybody's."""
        if sheet.subject_column is None:
            return True
        return row.text(sheet.subject_column).rpartition("-")[2] in self._numbers

    def hosts(self, flaw_id: str, name: str, count: int, eligible: Callable[[Row], bool]) -> list[Row]:
        """Evenly spread hosts; what is short of `count` is listed as skipped."""
        if name not in self.book:
            return []
        rows = self.free(name, eligible)
        if len(rows) < count:
            self.skip(flaw_id, f"{count - len(rows)} of {count} without an eligible row in {name}")
            return rows
        return [rows[i * len(rows) // count] for i in range(count)]

    def hold(self, flaw_id: str, rows: Sequence[Row]) -> None:
        """Keep named hosts for a flaw, so that no earlier one takes them."""
        mine = [row for row in rows if id(row) not in self._held]
        self._held |= {id(row) for row in mine}
        self.reserved[flaw_id] = mine

    def skip(self, flaw_id: str, why: str) -> None:
        """List what could not be planted."""
        self.skipped.append((flaw_id, why))

    def write(self, row: Row, column: str, value: Cell) -> str | None:
        """Change a cell; returns its text before."""
        before = row.cells.get(column)
        row.clean.setdefault(column, before)
        row.cells[column] = value
        row.touched = True
        return None if before is None else str(before)

    def record(self, flaw_id: str, places: list[Place], raw: Cell, clean: str | None, action: str, severity: str,
               rule: str | None, expect: dict[str, Any] | None = None) -> None:
        """Note what was planted."""
        for _, row, _ in places:
            row.touched = True
        seq = 1 + sum(planted.id == flaw_id for planted in self.planted)
        column = self.book[places[0][0]].subject_column
        number = places[0][1].text(column).rpartition("-")[2] if column else None
        self.planted.append(Planted(flaw_id, seq, places, self.usubjid(number) if number else None,
                                    None if raw is None else str(raw), clean, expect, action, severity, rule))

    def change(self, flaw_id: str, name: str, row: Row, column: str, value: Cell, action: str, severity: str,
               rule: str | None, expect: dict[str, Any] | None = None) -> None:
        """Change one cell and note it."""
        clean = self.write(row, column, value)
        self.record(flaw_id, [(name, row, column)], value, clean, action, severity, rule, expect)

    def record_header(self, flaw_id: str, sheet: Sheet, column: str, raw: str | None, clean: str | None, action: str,
                      severity: str, rule: str | None, header_row: int = 2,
                      expect: dict[str, Any] | None = None) -> None:
        """Note a flaw of a whole column; its cell is in a header row."""
        seq = 1 + sum(planted.id == flaw_id for planted in self.planted)
        places: list[Place] = [(sheet.name, sheet.heads[header_row - 1], column)]
        self.planted.append(Planted(flaw_id, seq, places, None, raw, clean, expect, action, severity, rule))

    def append_copy(self, name: str, row: Row, cells: dict[str, Cell]) -> Row:
        """A copy of `row` with some cells changed, at the foot of the sheet."""
        added = Row({**row.cells, **cells}, touched=True)
        self.book[name].rows.append(added)
        return added

    def usubjid(self, number: str) -> str:
        """USUBJID of a screening number: that of the first one of the person."""
        for subject in self.subjects.values():
            if number in subject.numbers:
                return f"{STUDY}-01-{subject.numbers[0]}"
        return f"{STUDY}-01-{number}"

    def subject_by_k(self, k: int) -> Subject | None:
        """The person k of copy 0, if the walk came so far."""
        return next((subject for subject in self.subjects.values() if subject.k == k), None)

    def event(self, row: Row) -> Event:
        """The event behind an AE row of the clean sheet."""
        return self.events[row.text("SUBJID")][int(row.text("AENO")) - 1]

    def ae_expect(self, row: Row, variable: str, value: Any) -> dict[str, Any]:
        """Expected value of a variable of AE in the record of this row."""
        key = {"USUBJID": self.usubjid(row.text("SUBJID")), "AESPID": row.text("AENO")}
        return {"dataset": "AE", "key": key, "variable": variable, "value": value}

    def subject_expect(self, dataset: str, row: Row, variable: str, value: Any) -> dict[str, Any]:
        """Expected value of a variable with one record a subject."""
        key = {"USUBJID": self.usubjid(row.text("SUBJID"))}
        return {"dataset": dataset, "key": key, "variable": variable, "value": value}

    def insert_after(self, name: str, row: Row, cells: dict[str, Cell]) -> Row:
        """A copy of `row` with some cells changed, right below it; in the EDC numbered after the last one."""
        sheet = self.book[name]
        added = Row({**row.cells, **cells}, touched=True)
        if "ROWNO" in row.cells:
            numbers = [int(other.text("ROWNO")) for other in self.rows_of_subject(name, row.text("SUBJID"))]
            added.cells["ROWNO"] = str(max(numbers) + 1)
        sheet.rows.insert(sheet.rows.index(row) + 1, added)
        return added


def _sortable(value: Cell) -> tuple[int, str]:
    """Numbers in text sort as numbers, so that event 10 follows event 9."""
    text = "" if value is None else str(value)
    return (int(text), "") if text.isdigit() else (0, text)


Plant = Callable[[Planting], None]
NamedHosts = Callable[[Planting], list[Row]]


@dataclass(frozen=True)
class Flaw:
    """A flaw of the registry: the sheets it needs, how it is planted, which rows it names."""

    id: str
    sheets: tuple[str, ...]
    plant: Plant
    named: NamedHosts | None = None


REGISTRY: dict[str, Flaw] = {}


def flaw(flaw_id: str, *sheets: str, named: NamedHosts | None = None) -> Callable[[Plant], Plant]:
    """Register a flaw.

    Args:
        flaw_id: `F02` and so on; they are planted in this order.
        sheets: sheets without which it is skipped.
        named: finds the rows that the flaw names, kept free for it.
    """

    def register(plant: Plant) -> Plant:
        if flaw_id in REGISTRY:
            raise ValueError(f"flaw {flaw_id} is registered twice")
        REGISTRY[flaw_id] = Flaw(flaw_id, sheets, plant, named)
        return plant

    return register


PARTS: dict[str, list[Plant]] = {}


def part(flaw_id: str) -> Callable[[Plant], Plant]:
    """Register what a flaw plants in further sheets, after its own; a sheet that isn't written is passed over."""

    def register(plant: Plant) -> Plant:
        PARTS.setdefault(flaw_id, []).append(plant)
        return plant

    return register


def plant_flaws(planting: Planting, wanted: Sequence[str]) -> None:
    """Plant the wanted flaws in order of id; named hosts of all of them are held first."""
    chosen = []
    for flaw_id in sorted(set(wanted)):
        found = REGISTRY[flaw_id]
        missing = [name for name in found.sheets if planting.sheet(name) is None]
        if missing:
            planting.skip(flaw_id, f"sheet not written: {', '.join(missing)}")
        else:
            chosen.append(found)
    for found in chosen:
        if found.named is not None:
            planting.hold(found.id, found.named(planting))
    for found in chosen:
        if found.named is not None and not planting.reserved[found.id]:
            planting.skip(found.id, "this seed has no such row")
        else:
            found.plant(planting)
        for further in PARTS.get(found.id, ()):
            further(planting)
    for work in planting.afterwards:
        work()
