"""Calendar of one person (module 13): consent, lymphodepletion, infusion, planned visits, cells given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from .escalation import LEVEL_DOSE, NOT_INFUSED, RESCREENED, UNDERDOSED, Entry
from .rng import Stream, half_up


@dataclass(frozen=True)
class PlannedVisit:
    """A visit of the protocol: target study day and window, both inclusive, in days around the target."""

    number: int
    code: str
    target: int
    low: int = 0
    high: int = 0


PLANNED_VISITS = (
    PlannedVisit(1, "SCR", -14), PlannedVisit(2, "LD", -5), PlannedVisit(3, "D-1", -1), PlannedVisit(4, "D1", 1),
    PlannedVisit(5, "D2", 2), PlannedVisit(6, "D4", 4), PlannedVisit(7, "D6", 6), PlannedVisit(8, "D8", 8),
    PlannedVisit(9, "D11", 11, -1, 1), PlannedVisit(10, "D15", 15, -1, 1), PlannedVisit(11, "D22", 22, -2, 2),
    PlannedVisit(12, "W4", 29, -3, 3), PlannedVisit(13, "W8", 57, -7, 7), PlannedVisit(14, "W12", 85, -7, 7),
    PlannedVisit(15, "M6", 169, -10, 0), PlannedVisit(16, "M9", 274, -14, 14), PlannedVisit(17, "M12", 366, -14, 14),
)
VISIT_NAMES = {
    "SCR": "筛选", "LD": "清淋", "D-1": "基线", "D1": "回输日", "D2": "第2天", "D4": "第4天", "D6": "第6天",
    "D8": "第8天", "D11": "第11天", "D15": "第15天", "D22": "第22天", "W4": "第4周", "W8": "第8周",
    "W12": "第12周", "M6": "第6月", "M9": "第9月", "M12": "第12月", "UNS": "计划外",
}
NEVER_MISSED = frozenset({1, 2, 4, 12})
LD_VISIT_EARLIER = timedelta(hours=1)  # sampled before the first dose at 09:00
TWO_BAGS_ABOVE = Decimal(150)
RESCREEN_CONSENT, RESCREEN_FAILURE, SECOND_CONSENT = 45, 35, 17


@dataclass
class Visit:
    """One visit of one person; `number` 0 is unscheduled, -1 the screening of an earlier number."""

    number: int
    code: str
    at: datetime
    missed: bool = False


@dataclass(frozen=True)
class Infusion:
    """The LstCAR019 infusion as planned and as given; cells in 10^6."""

    start: datetime
    weight: Decimal
    planned: Decimal
    given: Decimal
    bags: tuple[Decimal, ...]
    viability: int

    @property
    def end(self) -> datetime:
        """End of the last bag: 20 minutes each, 10 minutes between two."""
        return self.start + timedelta(minutes=20 if len(self.bags) == 1 else 50)


@dataclass(frozen=True)
class Schedule:
    """Dates of one person; `day0` is the infusion date, planned or done."""

    day0: date
    consents: tuple[datetime, ...]
    ld_dates: tuple[date, ...]
    visits: tuple[Visit, ...]
    infusion_minute: int
    cell_fraction: float
    viability: int

    @property
    def consent(self) -> date:
        """Consent of the enrolment, the last one before treatment."""
        return self.consents[-1].date()

    def elapsed(self, day: date) -> int:
        """Elapsed days e of a date: infusion date 0."""
        return (day - self.day0).days

    def day(self, elapsed: int) -> date:
        """The date of elapsed day e."""
        return self.day0 + timedelta(days=elapsed)


def date_of_study_day(day0: date, study_day: int) -> date:
    """The date of study day d, which knows no day 0."""
    return day0 + timedelta(days=study_day - 1 if study_day > 0 else study_day)


def schedule(stream: Stream, entry: Entry) -> Schedule:
    """Draw the calendar: consent, days of lymphodepletion, infusion minute, visits, cells, viability.

    Every visit takes three draws (day, time, missed) in visit order, whether it will take place or not.
    """
    early = stream.integer(0, 8)
    ld_days = 3 + stream.pick((0.7, 0.2, 0.1))
    infusion_minute = stream.integer(0, 120)
    consent_days = _consent_days(entry, early)
    ld_first = date_of_study_day(entry.slot, -(ld_days + 2))
    ld_dates = tuple(ld_first + timedelta(days=i) for i in range(ld_days))
    consent = entry.slot - timedelta(days=consent_days[-1])
    visits: list[Visit] = []
    offset = 0
    for plan in PLANNED_VISITS:
        if plan.number == 1:
            offset = stream.integer(0, 5)
            day = consent + timedelta(days=offset)
        else:
            shift = stream.integer(plan.low, plan.high + 1)
            day = ld_first if plan.code == "LD" else date_of_study_day(entry.slot, plan.target) + timedelta(days=shift)
        minutes = 480 + stream.integer(0, 120)
        at = datetime.combine(day, time()) + timedelta(minutes=minutes)
        if plan.code == "LD":
            at -= LD_VISIT_EARLIER
        missed = stream.u() < 0.03 and plan.number not in NEVER_MISSED
        visits.append(Visit(plan.number, plan.code, at, missed))
    fraction = 0.97 + 0.05 * stream.u()
    viability = int(half_up(82 + 14 * stream.u(), 0))
    screening_time = visits[0].at - timedelta(days=offset, minutes=30)
    consents = tuple(screening_time - timedelta(days=days - consent_days[-1]) for days in consent_days)
    return Schedule(entry.slot, consents, ld_dates if entry.level else (), tuple(visits),
                    infusion_minute, fraction, viability)


def _consent_days(entry: Entry, early: int) -> tuple[int, ...]:
    """Days from each consent to the slot: 21 less 0 to 7; 18 for a screen failure; 45 and 17 when re-screened."""
    if entry.k == RESCREENED:
        return RESCREEN_CONSENT, SECOND_CONSENT
    return (18,) if entry.level is None else (21 - early,)


def infusion(entry: Entry, plan: Schedule, weight: Decimal) -> Infusion | None:
    """The infusion of an infused person, from the weight measured the day before; None for others."""
    if entry.status != "INFUSED" or entry.level is None:
        return None
    share = 1.0
    if entry.k == UNDERDOSED:
        share = 0.60 if entry.level == 1 else 0.55
    planned = half_up(LEVEL_DOSE[entry.level] * weight, 1)
    given = half_up(float(planned) * plan.cell_fraction * share, 1)
    bags = (given / 2, given / 2) if planned > TWO_BAGS_ABOVE else (given,)
    start = datetime.combine(plan.day0, time(10)) + timedelta(minutes=plan.infusion_minute)
    return Infusion(start, weight, planned, given, bags, plan.viability)


def takes_part(entry: Entry, number: int) -> bool:
    """Whether a planned visit is foreseen: screening for all, lymphodepletion, the rest for the infused."""
    if entry.status == "INFUSED":
        return True
    return number == 1 or (number == 2 and entry.k == NOT_INFUSED)
