"""One infused person's course as the tables tell it: dates of response, therapy, toxicity, death and last contact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ..tables import Row, Workbook
from .cells import Tables, day_of, is_yes, moment_of, text_of

RESPONSES = {"复发": "RELAPSED DISEASE", "无法评估": "NE"}
FAILURES = frozenset({"RELAPSED DISEASE", "PD"})
REMISSIONS = frozenset({"CR", "CRi"})
BEST = ("CR", "CRi", "PR", "NR", "PD", "NE")
TRANSPLANT = "异基因造血干细胞移植"
END_OF_WEEK_12 = 125  # elapsed day of study day 126
LAB_DATES = ("血常规_A", "血常规_B", "凝血_A", "凝血_B", "生化_A", "生化_B")
# Sheet and column of the dates that show a person alive.
SEEN = (
    ("VISIT", "VISDAT"), ("AE", "AESTDAT"), ("CM", "CMSTDAT"), ("RS", "RSDAT"), ("TOXD", "TXDAT"), ("BMA", "BMDAT"),
    ("cytokine", "COLDATE"), *((sheet, "采样日期") for sheet in LAB_DATES),
)
COURSE_SHEETS = frozenset({sheet for sheet, _ in SEEN} | {"INF", "TR", "SURV", "DS", "DD"})


@dataclass(frozen=True)
class Person:
    """Who a person is: identifier, screening numbers (the enrolment last), cut-off of the copy."""

    usubjid: str
    numbers: tuple[str, ...]
    cutoff: date


@dataclass
class EpisodeSeen:
    """CRS rows that belong together; no end: still open."""

    start: date
    end: date | None
    fatal: bool
    numbers: set[str] = field(default_factory=set)


@dataclass
class Course:
    """What the tables say of one person."""

    person: Person
    infusion: datetime | None
    dead: bool
    death: date | None
    end_reason: str | None
    last_alive: date | None
    assessments: list[tuple[date, str]]
    transplant: date | None
    new_therapy: date | None
    dlts: list[date]
    crs: list[EpisodeSeen]

    @property
    def start(self) -> date:
        """Date of the infusion; asked of the infused only."""
        assert self.infusion is not None
        return self.infusion.date()

    @property
    def next_therapy(self) -> date | None:
        """The earlier of transplant and new anticancer therapy."""
        return min((day for day in (self.transplant, self.new_therapy) if day is not None), default=None)

    @property
    def failure(self) -> date | None:
        """First relapse or progression after the infusion."""
        return min((day for day, value in self.assessments if value in FAILURES and day > self.start), default=None)

    @property
    def best_response(self) -> str:
        """Best overall response to study day 126, up to the next therapy and the first relapse or progression."""
        limits = [self.start + timedelta(days=END_OF_WEEK_12), self.next_therapy, self.failure]
        until = min(day for day in limits if day is not None)
        found = {"PD" if value in FAILURES else value for day, value in self.assessments if day <= until}
        return next((value for value in BEST if value in found), "NE")


def courses(book: Workbook, persons: Iterable[Person]) -> list[Course]:
    """The course of each person; none when a sheet that it needs isn't written."""
    if not book.keys() >= COURSE_SHEETS:
        return []
    tables = Tables(book)
    return [_course(tables, person) for person in persons]


def _course(tables: Tables, person: Person) -> Course:
    numbers = person.numbers
    bags = tables.rows("INF", numbers)
    infusions = [moment_of(day_of(row.cells["INFDAT"]), text_of(row, "INFSTTIM")) for row in bags]
    deaths = tables.rows("DD", numbers)
    ends = tables.rows("DS", numbers[-1:])
    ended_by_death = [row for row in ends if text_of(row, "DSREAS") == "死亡"]
    death = _first(deaths, "DDDAT") or _first(ended_by_death, "DSDAT")
    therapies = tables.rows("TR", numbers)
    return Course(
        person,
        min((at for at in infusions if at is not None), default=None),
        bool(deaths or ended_by_death),
        death,
        text_of(ends[0], "DSREAS") if ends else None,
        death or _last_alive(tables, person, therapies),
        _assessments(tables.rows("RS", numbers)),
        _first((row for row in therapies if text_of(row, "TRTYPE") == TRANSPLANT), "TRDAT"),
        _first((row for row in therapies if text_of(row, "TRTYPE") != TRANSPLANT), "TRDAT"),
        _days((row for row in tables.rows("AE", numbers) if is_yes(row, "DLTYN")), "AESTDAT"),
        _episodes(row for row in tables.rows("AE", numbers) if text_of(row, "AESPEC") == "CRS"),
    )


def _days(rows: Iterable[Row], column: str) -> list[date]:
    """Complete dates of a column, in order."""
    found = (day_of(row.cells.get(column)) for row in rows)
    return sorted(day for day in found if day is not None)


def _first(rows: Iterable[Row], column: str) -> date | None:
    return next(iter(_days(rows, column)), None)


def _last_alive(tables: Tables, person: Person, therapies: list[Row]) -> date | None:
    """The latest complete date up to the cut-off of visits, contacts, samples, events, medication and assessments.

    Later therapies other than transplants are medication (CM); transplants are procedures and don't count.
    """
    found = [day for sheet, column in SEEN for day in _days(tables.rows(sheet, person.numbers), column)]
    contacts = tables.rows("SURV", person.numbers)
    found += _days((row for row in contacts if text_of(row, "SVSTAT") == "存活"), "SVDAT")
    found += _days((row for row in therapies if text_of(row, "TRTYPE") != TRANSPLANT), "TRDAT")
    return max((day for day in found if day <= person.cutoff), default=None)


def _assessments(rows: Iterable[Row]) -> list[tuple[date, str]]:
    dated = ((day_of(row.cells["RSDAT"]), text_of(row, "RSP")) for row in rows)
    return sorted((day, RESPONSES.get(value, value)) for day, value in dated if day is not None)


def _episodes(rows: Iterable[Row]) -> list[EpisodeSeen]:
    """Rows linked to one before, or begun within a day of its end, are one episode."""
    dated = [(day, row) for row in rows if (day := day_of(row.cells["AESTDAT"])) is not None]
    found: list[EpisodeSeen] = []
    for day, row in sorted(dated, key=lambda pair: (pair[0], int(text_of(pair[1], "AENO")))):
        end, fatal = day_of(row.cells["AEENDAT"]), text_of(row, "AEOUT") == "死亡"
        last = found[-1] if found else None
        linked = last is not None and text_of(row, "PREVAENO") in last.numbers
        if last is not None and (linked or (last.end is not None and (day - last.end).days <= 1)):
            last.end = None if end is None or last.end is None else max(end, last.end)
            last.fatal |= fatal
            last.numbers.add(text_of(row, "AENO"))
        else:
            found.append(EpisodeSeen(day, end, fatal, {text_of(row, "AENO")}))
    return found
