"""One simulated person: every clinical module brought together, cut at the end of their data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from . import rng
from .counts import Disease, Sample, curves, noise, values
from .escalation import RESCREENED, SCREEN_FAILURES, Entry, Walk, walk
from .grading import result
from .people import Demography, History, demography_of, history_of
from .rng import Stream
from .schedule import PLANNED_VISITS, Infusion, Schedule, Visit, infusion, schedule, takes_part
from .survival import ASSESSMENT_VISITS, Fate, Response, fate, response
from .toxicity import Episode, daily_grades, episodes
from .vitals import VitalDraws, vital_draws

UNSCHEDULED, EARLIER = 0, -1
UNSCHEDULED_TIME = time(9)
SAFETY_DAYS, SURVIVAL_DAYS_NOT_INFUSED = 30, 90
WEEK_12, MONTH_12 = 14, 17


@dataclass(frozen=True)
class Disposition:
    """End of study: the one DS row of a screening number."""

    day: date
    reason: str
    completed: bool = False


@dataclass(frozen=True)
class Assessment:
    """One response assessment with its marrow."""

    visit: Visit
    value: str
    mrd_negative: bool
    blasts: float
    extramedullary: bool


@dataclass
class Subject:
    """A person of the study; `numbers` are the screening numbers, the enrolment last."""

    copy: int
    entry: Entry
    numbers: tuple[str, ...]
    cutoff: date
    plan: Schedule
    person: Demography
    past: History
    vitals: list[VitalDraws]
    infusion: Infusion | None = None
    answer: Response | None = None
    fate: Fate | None = None
    episodes: list[Episode] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    disposition: Disposition | None = None

    @property
    def k(self) -> int:
        """Number of the person within the copy."""
        return self.entry.k

    @property
    def number(self) -> str:
        """The number under which the person was enrolled, or last screened."""
        return self.numbers[-1]

    @property
    def last_day(self) -> int:
        """Last elapsed day on which a living person may have data."""
        if self.fate is None:
            return self.plan.elapsed(self.cutoff)
        return self.fate.end - 1 if self.fate.end_reason == "DEATH" else self.fate.end

    @property
    def death(self) -> datetime | None:
        """Date and time of death, when it is known by the cut-off."""
        if self.fate is None or self.fate.end_reason != "DEATH":
            return None
        midnight = datetime.combine(self.plan.day(self.fate.end), time())
        return midnight + timedelta(minutes=self.fate.death_minute)

    def place_of(self, visit: Visit) -> int:
        """Place of a visit in the draws of the modules that draw a set a visit: planned ones first."""
        if visit.number > 0:
            return visit.number - 1
        others = [other for other in self.visits if other.number <= 0]
        return len(PLANNED_VISITS) + next(i for i, other in enumerate(others) if other is visit)

    def number_of(self, visit: Visit) -> str:
        """The screening number under which a visit was made."""
        return self.numbers[0] if visit.number == EARLIER else self.number

    @property
    def held(self) -> list[Visit]:
        """Visits that took place, in order of time."""
        return sorted((visit for visit in self.visits if not visit.missed), key=lambda visit: visit.at)

    @property
    def remission_at_week_12(self) -> bool:
        """In remission when the week 12 visit is due."""
        if self.answer is None or not self.answer.responder or self.fate is None:
            return False
        week_12 = self.plan.elapsed(self.plan.visits[WEEK_12 - 1].at.date())
        return self.fate.relapse is None or self.fate.relapse > week_12

    @property
    def event_end(self) -> int:
        """Last elapsed day for which adverse events are collected: end of data, or of the study if earlier."""
        if self.entry.status == "LD ONLY":
            return self.plan.elapsed(self.visits[-1].at.date())
        end = self.fate.end if self.fate else self.last_day
        return min(end, self.plan.elapsed(self.disposition.day)) if self.disposition else end


def subject_number(k: int, copy: int, copies: int, rescreened: bool = False) -> str:
    """`S001` for person 1; wider when there are many copies."""
    width = max(3, len(str(200 * copies)))
    return f"S{200 * copy + k + (100 if rescreened else 0):0{width}d}"


def subjects(seed: int, copies: int) -> Iterator[tuple[Walk, list[Subject]]]:
    """Each copy's walk with its persons in order of k."""
    for copy in range(copies):
        found = walk(seed, copy)
        late = next((e.k for e in found.entries if e.expansion and e.status == "INFUSED" and not e.dlt), None)
        yield found, [_subject(seed, copy, copies, entry, found.cutoff, late) for entry in found.entries]


def _subject(seed: int, copy: int, copies: int, entry: Entry, cutoff: date, late: int | None) -> Subject:
    k = entry.k
    plan = schedule(Stream(seed, rng.SCHEDULE, k, copy), entry)
    numbers: tuple[str, ...] = (subject_number(k, copy, copies),)
    if k == RESCREENED:
        numbers += (subject_number(k, copy, copies, rescreened=True),)
    person = demography_of(seed, k, copy, plan.consent)
    subject = Subject(copy, entry, numbers, cutoff, plan, person, history_of(seed, k, copy, plan.consent),
                      vital_draws(Stream(seed, rng.VITALS, k, copy), len(PLANNED_VISITS) + 3))
    if entry.status == "INFUSED":
        subject.infusion = infusion(entry, plan, subject.vitals[2].weight(person.weight))
        _clinical_course(subject, seed, late == k)
    subject.visits = _visits(subject)
    subject.samples = _samples(subject, seed)
    subject.assessments = _assessments(subject)
    subject.disposition = _disposition(subject)
    subject.episodes = [_cut(episode, subject.event_end) for episode in subject.episodes
                        if episode.start <= min(subject.event_end, subject.last_day)]
    return subject


def _clinical_course(subject: Subject, seed: int, late: bool) -> None:
    """Toxicity, response and fate of an infused person."""
    entry, plan, copy = subject.entry, subject.plan, subject.copy
    level = entry.actual_level or 1
    subject.episodes = episodes(Stream(seed, rng.TOXICITY, entry.k, copy), entry, late)
    subject.answer = response(Stream(seed, rng.RESPONSE, entry.k, copy), level, subject.past.extramedullary)
    threatening = next(((e.kind, e.start) for e in subject.episodes if e.grade >= 4), None)
    elapsed = {visit.number: plan.elapsed(visit.at.date()) for visit in plan.visits}
    subject.fate = fate(Stream(seed, rng.SURVIVAL, entry.k, copy), subject.answer, plan.visits, elapsed,
                        plan.elapsed(subject.cutoff), threatening)


def _visits(subject: Subject) -> list[Visit]:
    """Visits that fall due, missed ones among them: planned, earlier screening, then unscheduled."""
    plan, entry = subject.plan, subject.entry
    last = plan.day(subject.last_day)
    found = [visit for visit in plan.visits
             if takes_part(entry, visit.number) and visit.at.date() <= last
             and (visit.number <= WEEK_12 or subject.remission_at_week_12)]
    if len(plan.consents) > 1:
        gap = plan.consents[-1] - plan.consents[0]
        found.append(Visit(EARLIER, "SCR", plan.visits[0].at - gap))
    extra: date | None = None
    if entry.status == "LD ONLY":
        extra = plan.ld_dates[-1] + timedelta(days=SAFETY_DAYS)
    elif subject.fate is not None and subject.fate.relapse_unscheduled and subject.fate.relapse is not None:
        extra = plan.day(subject.fate.relapse)
    if extra is not None:
        found.append(Visit(UNSCHEDULED, "UNS", datetime.combine(extra, UNSCHEDULED_TIME)))
    return found


def _samples(subject: Subject, seed: int) -> list[Sample]:
    """Local laboratory samples of the visits that took place, in order of time."""
    own = curves(Stream(seed, rng.LAB_BASELINE, subject.k, subject.copy), subject.person.male, subject.person.age)
    draws = noise(Stream(seed, rng.LAB_NOISE, subject.k, subject.copy), len(PLANNED_VISITS) + 3)
    plan, answer, end = subject.plan, subject.answer, subject.fate
    blasts = 0.0
    if answer is not None and end is not None and end.disease_from is not None:
        failed = end.relapse is None
        blasts = answer.blasts(answer.first_visit, subject.past.blasts) if failed else end.relapse_blasts
    first_ld = plan.elapsed(plan.ld_dates[0]) if plan.ld_dates else 0
    disease = Disease(first_ld, subject.past.blasts,
                      end.disease_from if end else None, blasts)
    crs = daily_grades(subject.episodes, "CRS")
    found = []
    for visit in subject.held:
        day = plan.elapsed(visit.at.date())
        lab_b = visit.number == UNSCHEDULED or (visit.number >= 13 and subject.k % 2 == 0)
        found.append(Sample(visit.at, day, visit.number, lab_b,
                            values(own, disease, day, crs.get(day, 0), draws[subject.place_of(visit)])))
    return found


def _assessments(subject: Subject) -> list[Assessment]:
    """Response assessments after infusion; none after relapse, after week 8 for NR, after week 4 for PD."""
    answer, end = subject.answer, subject.fate
    if answer is None or end is None:
        return []
    by_time = {sample.at: sample for sample in subject.samples}
    last_visit = {"NR": 13, "PD": 12}.get(answer.course, 17)
    found = []
    for visit in subject.held:
        day = subject.plan.elapsed(visit.at.date())
        relapsed = end.relapse is not None and day >= end.relapse
        if relapsed and day == end.relapse:
            found.append(Assessment(visit, "复发", False, end.relapse_blasts, end.relapse_extramedullary))
        if relapsed or visit.number not in ASSESSMENT_VISITS or visit.number > last_visit:
            continue
        value = answer.course
        if answer.responder and visit.number >= answer.first_visit:
            sample = by_time[visit.at]
            recovered = result("NEUT", sample) >= 1 and result("PLAT", sample) >= 100
            value = "CR" if recovered else "CRi"
        negative = answer.mrd_negative_from is not None and visit.number >= answer.mrd_negative_from
        found.append(Assessment(visit, value, negative and value in ("CR", "CRi"),
                                answer.blasts(visit.number, subject.past.blasts),
                                subject.past.extramedullary and value not in ("CR", "CRi")))
    return found


def _disposition(subject: Subject) -> Disposition | None:
    """The DS row under the last number; None while the person is ongoing at the cut-off."""
    plan, end = subject.plan, subject.fate
    if subject.k in SCREEN_FAILURES:
        return Disposition(plan.consent + timedelta(days=6), "筛选失败")
    if end is None:
        return Disposition(plan.day0, "未回输")
    at_visit = None
    if subject.remission_at_week_12:
        at_visit = Disposition(plan.visits[MONTH_12 - 1].at.date(), "完成", completed=True)
    else:
        relapsed = end.relapse is not None
        at_visit = Disposition(plan.visits[WEEK_12 - 1].at.date(), "疾病复发" if relapsed else "研究者决定")
    if plan.elapsed(at_visit.day) <= subject.last_day:
        return at_visit
    reason = {"DEATH": "死亡", "LOST": "失访", "WITHDRAWN": "撤回知情同意"}.get(end.end_reason)
    return Disposition(plan.day(end.end), reason) if reason else None


def _cut(episode: Episode, last: int) -> Episode:
    """The episode as far as it is seen; one that goes on stays open."""
    if episode.end <= last:
        return episode
    return replace(episode, seen=last - episode.start + 1)
