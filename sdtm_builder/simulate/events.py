"""Adverse events of one person: toxicity, drawn terms and laboratory events (module 10)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from .counts import Sample
from .grading import GRADED, Baseline, limits, result, sampled, severe_grade
from .labtests import Limits
from .rng import Stream, pick_by
from .subject import Subject
from .terms import (
    CRS,
    CYTOPENIAS,
    DRAWN_TERMS,
    FEVER,
    GVHD,
    HYPOGAMMA,
    ICANS,
    LAB_TERMS,
    NAUSEA,
    PNEUMONIA,
    SEPSIS,
    VOMITING,
    DrawnTerm,
    Term,
    term_order,
)
from .toxicity import Episode, daily_grades

RELATIONS = ("可能有关", "可能无关", "无关")
NOT_INFUSED_START, NOT_INFUSED_GRADE, NOT_INFUSED_DAYS = -2, 3, 12
FATAL_SEPSIS_DAYS = 7
GCSF_FROM_DAY = 5


@dataclass
class Event:
    """One adverse event; `start_time` and `end_time` only where they are known."""

    term: Term
    start: date
    grade: int
    end: date | None = None
    start_time: time | None = None
    end_time: time | None = None
    fatal: bool = False
    dlt: bool = False
    serious: bool = False
    treated: bool = False
    relation: str = RELATIONS[0]
    relation_ld: str = "可能无关"
    action_ld: str = "不适用"
    number: int = 0
    episode: Episode | None = field(default=None, repr=False)

    @property
    def outcome(self) -> str:
        """Outcome as the form has it."""
        return "死亡" if self.fatal else "未愈" if self.end is None else "痊愈"


def events(subject: Subject, stream: Stream) -> list[Event]:
    """All events of a person who had lymphodepletion, in order of start, numbered from 1.

    Args:
        subject: the person.
        stream: module 10 of the person; four draws a term, in the order of the list.
    """
    drawn = [(term, stream.u(), stream.u(), stream.u(), stream.u()) for term in DRAWN_TERMS]
    if subject.entry.level is None:
        return []
    found = [_episode_event(subject, episode) for episode in subject.episodes]
    crs_days = set(daily_grades(subject.episodes, "CRS"))
    for term, occurs, onset, grade, relation in drawn:
        event = _drawn_event(subject, term, occurs, onset, grade, relation, crs_days)
        if event is not None:
            found.append(event)
    if subject.entry.status == "LD ONLY":
        found.append(_timed(subject, PNEUMONIA, NOT_INFUSED_START, NOT_INFUSED_GRADE, NOT_INFUSED_DAYS))
    found += _fatal_infection(subject)
    for code in GRADED:
        found += _lab_events(subject, code)
    for event in found:
        _judge(subject, event)
    found.sort(key=lambda e: (e.start, e.start_time or time.min, term_order(e.term)))
    for number, event in enumerate(found, start=1):
        event.number = number
    return found


def _timed(subject: Subject, term: Term, start: int, grade: int, days: int | None) -> Event:
    """An event of so many days; it stays open when the end of collection comes first."""
    end = None if days is None or start + days - 1 > subject.event_end else start + days - 1
    return Event(term, subject.plan.day(start), grade, None if end is None else subject.plan.day(end))


def _episode_event(subject: Subject, episode: Episode) -> Event:
    plan, end = subject.plan, subject.fate
    fatal = bool(end and end.fatal_kind == episode.kind and episode.grade >= 4)
    event = Event(CRS if episode.kind == "CRS" else ICANS, plan.day(episode.start), 5 if fatal else episode.grade,
                  None if episode.ongoing else plan.day(episode.end), time(episode.hour), dlt=episode.dlt,
                  fatal=fatal, episode=episode)
    if fatal:
        _ends_in_death(subject, event)
    return event


def _ends_in_death(subject: Subject, event: Event) -> None:
    death = subject.death
    if death is not None:
        event.end, event.end_time = death.date(), death.time()


def _drawn_event(subject: Subject, drawn: DrawnTerm, occurs: float, onset: float, grade: float, relation: float,
                 crs_days: set[int]) -> Event | None:
    start = drawn.first + int(onset * (drawn.last - drawn.first + 1))
    if occurs >= drawn.probability or start > min(subject.event_end, subject.last_day):
        return None
    if drawn.term is FEVER and crs_days & set(range(start, start + (drawn.days or 1))):
        return None
    if subject.entry.status == "LD ONLY" and drawn.term in (HYPOGAMMA, GVHD, PNEUMONIA):
        return None
    event = _timed(subject, drawn.term, start, 1 + pick_by(grade, drawn.grades), drawn.days)
    event.relation = RELATIONS[pick_by(relation, (0.5, 0.3, 0.2))]
    return event


def _fatal_infection(subject: Subject) -> list[Event]:
    """A death by infection has its sepsis, from seven days before, or the day after infusion if later."""
    end, death = subject.fate, subject.death
    if end is None or death is None or end.death_cause != "感染" or end.end > subject.event_end:
        return []
    start = max(1, end.end - FATAL_SEPSIS_DAYS)
    event = Event(SEPSIS, subject.plan.day(min(start, end.end)), 5, fatal=True)
    _ends_in_death(subject, event)
    return [event]


def _baseline(subject: Subject, code: str) -> Baseline | None:
    """The last sample of a test before the infusion."""
    if subject.infusion is None:
        return None
    for sample in reversed(subject.samples):
        if sample.at < subject.infusion.start and sample.visit >= 0 and sampled(code, sample.visit):
            return Baseline(result(code, sample), *_limits(subject, code, sample))
    return None


def _limits(subject: Subject, code: str, sample: Sample) -> Limits:
    return limits(code, subject.person.male, subject.person.age, sample.at.date(), sample.lab_b)


def _lab_events(subject: Subject, code: str) -> list[Event]:
    """Each unbroken run of samples after the start of lymphodepletion with grade 3 or 4 is one event."""
    first_dose = datetime.combine(subject.plan.ld_dates[0], time(9))
    baseline = _baseline(subject, code)
    found: list[Event] = []
    running: Event | None = None
    for sample in subject.samples:
        if sample.at < first_dose or not sampled(code, sample.visit) or sample.elapsed > subject.event_end:
            continue
        grade = severe_grade(code, result(code, sample), _limits(subject, code, sample), baseline)
        if grade and running is None:
            running = Event(LAB_TERMS[code], sample.at.date(), grade, start_time=sample.at.time())
            running.relation = "可能有关"
            found.append(running)
        elif grade and running is not None:
            running.grade = max(running.grade, grade)
        elif running is not None:
            running.end, running.end_time = sample.at.date(), sample.at.time()
            running = None
    return found


def _judge(subject: Subject, event: Event) -> None:
    """Seriousness, relations, action and treatment, by rules."""
    key, laboratory = event.term.key, event.term.key in LAB_TERMS
    event.serious = event.fatal or event.term is SEPSIS or (not laboratory and event.grade >= 4) or (
        event.term in (CRS, ICANS, PNEUMONIA) and event.grade >= 3)
    if _before_infusion(subject, event):
        event.relation = "无关"
    elif event.term in (CRS, ICANS, HYPOGAMMA):
        event.relation = "肯定有关"
    elif key in CYTOPENIAS:
        event.relation = "很可能有关"
    if key in CYTOPENIAS or event.term in (NAUSEA, VOMITING):
        event.relation_ld = "肯定有关"
    if event.start < subject.plan.ld_dates[-1]:
        event.action_ld = "未改变"
    event.treated = _treated(subject, event)


def _before_infusion(subject: Subject, event: Event) -> bool:
    given = subject.infusion
    if given is None or event.start < given.start.date():
        return True
    return event.start == given.start.date() and event.start_time is not None and event.start_time < given.start.time()


def _treated(subject: Subject, event: Event) -> bool:
    """Whether the medication rules give a drug for it."""
    if event.term in (CRS, PNEUMONIA, SEPSIS):
        return True
    if event.term is ICANS:
        return event.grade >= 2
    if event.term.key != "NEUT" or event.grade < 4:
        return False
    last = event.end or date.max
    return any(low_neutrophils(sample) and event.start <= sample.at.date() <= last for sample in subject.samples)


def low_neutrophils(sample: Sample) -> bool:
    """The sample asks for G-CSF: neutrophils below 0.5 from elapsed day 5 on."""
    return sample.elapsed >= GCSF_FROM_DAY and result("NEUT", sample) * 2 < 1
