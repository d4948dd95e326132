"""Concomitant medication of one person: by rules from events, grades and counts, without draws."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .events import Event, low_neutrophils
from .subject import Subject
from .terms import CRS, ICANS, PNEUMONIA, SEPSIS


@dataclass(frozen=True)
class Drug:
    """A drug as it is given and as it is coded."""

    zh: str
    en: str
    category: str
    dose: str
    unit: str
    frequency: str
    route: str
    generic: str
    atc: str


INTRAVENOUS, ORAL, SUBCUTANEOUS = "静脉滴注", "口服", "皮下注射"
ANTI_CRS, ANTI_INFECTIVE, SUPPORTIVE = "抗CRS治疗", "抗感染", "支持治疗"
TOCILIZUMAB = Drug("托珠单抗", "Tocilizumab", ANTI_CRS, "8", "mg/kg", "单次", INTRAVENOUS, "TOCILIZUMAB",
                   "Interleukin inhibitors")
DEXAMETHASONE = Drug("地塞米松", "Dexamethasone", ANTI_CRS, "10", "mg", "q6h", INTRAVENOUS, "DEXAMETHASONE",
                     "Glucocorticoids")
PARACETAMOL = Drug("对乙酰氨基酚", "Paracetamol", SUPPORTIVE, "0.5", "g", "prn", ORAL, "PARACETAMOL", "Anilides")
MEROPENEM = Drug("美罗培南", "Meropenem", ANTI_INFECTIVE, "1", "g", "q8h", INTRAVENOUS, "MEROPENEM", "Carbapenems")
GCSF = Drug("重组人粒细胞刺激因子", "Recombinant human granulocyte colony-stimulating factor", SUPPORTIVE, "300", "ug",
            "qd", SUBCUTANEOUS, "FILGRASTIM", "Colony stimulating factors")
ACICLOVIR = Drug("阿昔洛韦", "Aciclovir", ANTI_INFECTIVE, "0.4", "g", "bid", ORAL, "ACICLOVIR",
                 "Nucleosides and nucleotides")
LEVETIRACETAM = Drug("左乙拉西坦", "Levetiracetam", SUPPORTIVE, "0.5", "g", "bid", ORAL, "LEVETIRACETAM",
                     "Other antiepileptics")
DRUGS = (TOCILIZUMAB, DEXAMETHASONE, PARACETAMOL, MEROPENEM, GCSF, ACICLOVIR, LEVETIRACETAM)
CODES_FROM = 99100001
VIRUS_PROPHYLAXIS = ("预防病毒感染", "Prophylaxis of viral infection")
SEIZURE_PROPHYLAXIS = ("预防癫痫发作", "Prophylaxis of seizures")
PROPHYLAXIS = ((ACICLOVIR, VIRUS_PROPHYLAXIS, -5, 84), (LEVETIRACETAM, SEIZURE_PROPHYLAXIS, -3, 28))


@dataclass
class Course:
    """One drug course; no end: ongoing."""

    drug: Drug
    start: date
    end: date | None
    indication: tuple[str, str]
    event: Event | None = None
    number: int = 0


def courses(subject: Subject, events: list[Event]) -> list[Course]:
    """All courses of a person who had lymphodepletion, in order of start, numbered from 1."""
    if subject.entry.level is None:
        return []
    found = [Course(drug, subject.plan.day(first), _end(subject, last), why) for drug, why, first, last in PROPHYLAXIS]
    for event in events:
        found += _for_event(subject, event)
    found += _growth_factor(subject, events)
    found.sort(key=lambda course: (course.start, DRUGS.index(course.drug), course.event.number if course.event else 0))
    for number, course in enumerate(found, start=1):
        course.number = number
    return found


def drug_code(drug: Drug) -> str:
    """The simulated code of a drug."""
    return str(CODES_FROM + DRUGS.index(drug))


def _end(subject: Subject, last: int) -> date | None:
    """The last day of a course, the day of death at the latest; None when it goes on after the end of data."""
    if last <= subject.event_end:
        return subject.plan.day(last)
    dead = subject.death is not None and subject.fate is not None and subject.fate.end == subject.event_end
    return subject.plan.day(subject.event_end) if dead else None


def _for_event(subject: Subject, event: Event) -> list[Course]:
    why = (event.term.zh, event.term.en)
    if event.term in (PNEUMONIA, SEPSIS):
        return [Course(MEROPENEM, event.start, event.end, why, event)]
    episode = event.episode
    if episode is None:
        return []
    found: list[Course] = []
    day_of = {grade: next((i for i, g in enumerate(episode.grades) if g >= grade), None) for grade in (2, 3)}
    if event.term is CRS:
        found.append(Course(PARACETAMOL, event.start, event.end, why, event))
        if day_of[2] is not None:
            found += _tocilizumab(subject, event, episode.start + day_of[2], episode.grade >= 3)
    steroid = day_of[2] if event.term is ICANS else day_of[3]
    if steroid is not None:
        found.append(Course(DEXAMETHASONE, subject.plan.day(episode.start + steroid), event.end, why, event))
    return found


def _tocilizumab(subject: Subject, event: Event, first: int, again: bool) -> list[Course]:
    """One dose, and another the next day for a CRS of grade 3 or more, while the person lives."""
    why = (event.term.zh, event.term.en)
    days = [first, first + 1] if again and first + 1 <= subject.last_day else [first]
    return [Course(TOCILIZUMAB, subject.plan.day(day), subject.plan.day(day), why, event) for day in days]


def _growth_factor(subject: Subject, events: list[Event]) -> list[Course]:
    """G-CSF from a sample with neutrophils below 0.5 to the first later one that isn't."""
    found: list[Course] = []
    running: Course | None = None
    for sample in subject.samples:
        day = sample.at.date()
        if low_neutrophils(sample) and running is None:
            event = next((e for e in events if e.term.key == "NEUT" and e.start <= day <= (e.end or date.max)), None)
            why = (event.term.zh, event.term.en) if event else ("中性粒细胞减少", "Neutropenia")
            running = Course(GCSF, day, None, why, event)
            found.append(running)
        elif running is not None and not low_neutrophils(sample):
            running.end, running = day, None
    if running is not None:
        running.end = _end(subject, subject.event_end + 1)
    return found
