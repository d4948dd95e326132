"""Cellular kinetics and cytokines of one person (modules 6 and 9)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from .counts import interpolate
from .escalation import Entry
from .rng import CYTOKINE, KINETICS, Stream, half_up
from .schedule import Visit
from .subject import Subject
from .toxicity import daily_grades

KINETIC_VISITS = range(3, 18)
CYTOKINE_VISITS = range(3, 13)
INFUSION_VISIT = 4
AFTER_INFUSION = timedelta(hours=2)
AT_INFUSION = 200.0
FAST_SHARE = 0.99
CYTOKINE_DAY_FROM_GRADE = 2
UNSCHEDULED_HOUR = 9
IL6_EXPONENTS = (0.0, 0.8, 1.4, 2.1, 2.8)
CRP_LEVELS = (6, 35, 80, 150, 220)
FERRITIN_LEVELS = (900, 1800, 4000, 9000, 15000)
TOCILIZUMAB_DAYS, TOCILIZUMAB_FACTOR = 3, 3
DECAY_DAYS = 7


@dataclass(frozen=True)
class Kinetics:
    """Expansion and decline of the transgene, copies/ug DNA by elapsed day."""

    tmax: int
    cmax: float
    half_lives: tuple[float, float]
    gone_from: int | None  # death or transplant

    def level(self, day: int) -> float:
        """True level after the infusion."""
        if self.gone_from is not None and day >= self.gone_from:
            return 0.0
        if day <= 0:
            return AT_INFUSION if day == 0 else 0.0
        after = day - self.tmax
        if after <= 0:
            return self.cmax * math.exp(after)
        fast, slow = (2 ** (-after / half_life) for half_life in self.half_lives)
        return self.cmax * (FAST_SHARE * fast + (1 - FAST_SHARE) * slow)


@dataclass(frozen=True)
class KineticSample:
    """One sampling: measured qPCR, CAR+ of CD3 in %, and the true level behind both."""

    visit: Visit
    at: datetime
    copies: float
    percent: float
    level: float


@dataclass(frozen=True)
class CytokineSample:
    """One sampling with IL-6 (pg/mL), CRP (mg/L) and ferritin (ng/mL) as they truly are."""

    code: str
    at: datetime
    il6: float
    crp: float
    ferritin: float


def kinetic_samples(seed: int, subject: Subject) -> list[KineticSample]:
    """qPCR and flow samples of an infused person; two draws a visit, qPCR first, whether it is held or not."""
    if subject.infusion is None or subject.fate is None:
        return []
    stream = Stream(seed, KINETICS, subject.k, subject.copy)
    kinetics = _kinetics(stream, subject.entry, subject.fate.transplant)
    held = {visit.number: visit for visit in subject.held}
    found = []
    for number in KINETIC_VISITS:
        noise, flow_noise = stream.z(), stream.z()
        visit = held.get(number)
        if visit is None:
            continue
        at = subject.infusion.end + AFTER_INFUSION if number == INFUSION_VISIT else visit.at
        level = kinetics.level(subject.plan.elapsed(visit.at.date()))
        percent = 70 * level / (level + 40000) * math.exp(0.15 * flow_noise)
        found.append(KineticSample(visit, at, level * math.exp(0.25 * noise), percent, level))
    return found


def _kinetics(stream: Stream, entry: Entry, transplant: int | None) -> Kinetics:
    tmax = min(16, max(6, int(half_up(10 + 2 * stream.z(), 0))))
    cmax = 10 ** (4.6 + 0.25 * ((entry.actual_level or 1) - 2) + 0.5 * stream.z())
    return Kinetics(tmax, cmax, (3 + 2 * stream.u(), 15 + 20 * stream.u()), transplant)


def cytokine_samples(seed: int, subject: Subject) -> list[CytokineSample]:
    """Cytokine samples of an infused person, in order of time.

    Three draws a sampling: visits 3 to 12 in order, then each day of CRS of grade 2 or more; a day that has a
    visit of its own gives no second sample.
    """
    if subject.infusion is None:
        return []
    stream = Stream(seed, CYTOKINE, subject.k, subject.copy)
    grades = daily_grades(subject.episodes, "CRS")
    severe = sorted(day for day, grade in grades.items() if grade >= CYTOKINE_DAY_FROM_GRADE)
    held = {visit.number: visit for visit in subject.held}
    found, days = [], set()
    for number in CYTOKINE_VISITS:
        draws = (stream.z(), stream.z(), stream.z())
        visit = held.get(number)
        if visit is not None:
            day = subject.plan.elapsed(visit.at.date())
            days.add(day)
            found.append(_cytokines(subject, visit.code, visit.at, day, grades, severe, draws))
    for day in severe:
        draws = (stream.z(), stream.z(), stream.z())
        if day not in days and day <= subject.last_day:
            at = datetime.combine(subject.plan.day(day), datetime.min.time()) + timedelta(hours=UNSCHEDULED_HOUR)
            found.append(_cytokines(subject, "UNS", at, day, grades, severe, draws))
    return sorted(found, key=lambda sample: sample.at)


def _cytokines(subject: Subject, code: str, at: datetime, day: int, grades: dict[int, int], severe: list[int],
               draws: tuple[float, float, float]) -> CytokineSample:
    il6 = 5 * 10 ** IL6_EXPONENTS[grades.get(day, 0)]
    if severe and severe[0] < day <= severe[0] + TOCILIZUMAB_DAYS:  # the first dose is on the first such day
        il6 *= TOCILIZUMAB_FACTOR
    return CytokineSample(code, at, il6 * 10 ** (0.15 * draws[0]),
                          _decaying(CRP_LEVELS, grades, day) * math.exp(0.3 * draws[1]),
                          _decaying(FERRITIN_LEVELS, grades, day) * math.exp(0.3 * draws[2]))


def _decaying(levels: tuple[int, ...], grades: dict[int, int], day: int) -> float:
    """The level of the day's grade; after an episode it falls to that of grade 0 over seven days."""
    if day in grades:
        return float(levels[grades[day]])
    ended = max((crs_day for crs_day in grades if crs_day < day), default=None)
    if ended is None:
        return float(levels[0])
    return interpolate(((ended, levels[grades[ended]]), (ended + DECAY_DAYS, levels[0])), day)
