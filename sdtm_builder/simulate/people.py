"""Demography and leukaemia history of one person (modules 1 and 14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from .rng import DEMOGRAPHY, HISTORY, Stream, half_up

ETHNIC_GROUPS = ("汉族", "彝族", "白族", "回族", "其他")
BEST_RESPONSES = ("CR", "CRi", "PR", "NR")
OTHER_HISTORY = (0.10, 0.08, 0.08)  # hypertension, type 2 diabetes, hepatitis B carrier


@dataclass(frozen=True)
class Demography:
    """What doesn't change over the study; weight is the person's own, visits vary around it."""

    male: bool
    age: int
    height: int
    weight: float
    ethnic_group: str
    ecog: int
    birth_year: int
    birth_month: int

    def age_on(self, day: date) -> int:
        """Completed years by year and month of birth, the day of birth being unknown."""
        return day.year - self.birth_year - (1 if self.birth_month > day.month else 0)


@dataclass(frozen=True)
class History:
    """Leukaemia before the study."""

    lines: int
    prior_transplant: bool
    prior_cart: bool
    ph_positive: bool
    extramedullary: bool
    cns: str
    blasts: float
    diagnosis: date
    last_relapse: date
    best_responses: tuple[str, ...]
    other: tuple[bool, ...]
    donor: str
    date_precision: tuple[float, ...]


def demography(stream: Stream, consent: date) -> Demography:
    """Draw the demography; `consent` is the consent of the enrolment, at which the age holds."""
    male = stream.u() < 0.55
    age = 18 + stream.integer(0, 48)
    height = (171 if male else 160) + 6 * stream.z()
    weight = min(95.0, max(45.0, (66 if male else 57) + 9 * stream.z()))
    group = ETHNIC_GROUPS[stream.pick((0.75, 0.12, 0.06, 0.04, 0.03))]
    ecog = stream.pick((0.3, 0.5, 0.2))
    month = stream.integer(1, 13)
    year = consent.year - age - (1 if month > consent.month else 0)
    return Demography(male, age, int(half_up(height, 0)), weight, group, ecog, year, month)


def history(stream: Stream, consent: date) -> History:
    """Draw the history; five best responses and sixteen precisions of dates are always drawn."""
    lines = 2 + stream.pick((0.4, 0.35, 0.15, 0.1))
    transplant = stream.u() < 0.2
    cart = stream.u() < 0.15
    ph_positive = stream.u() < 0.25
    extramedullary = stream.u() < 0.2
    cns = ("CNS-1", "CNS-2")[stream.pick((0.85, 0.15))]
    blasts = 5 + 90 * stream.u() ** 1.3
    diagnosis = consent - timedelta(days=stream.integer(240, 2000))
    relapse = consent - timedelta(days=stream.integer(20, 90))
    responses = tuple(BEST_RESPONSES[stream.pick((0.5, 0.15, 0.15, 0.2))] for _ in range(5))
    other = tuple(stream.u() < probability for probability in OTHER_HISTORY)
    donor = ("全相合", "半相合")[stream.pick((0.4, 0.6))]
    precision = tuple(stream.u() for _ in range(16))
    return History(lines, transplant, cart, ph_positive, extramedullary, cns, blasts, diagnosis, relapse,
                   responses, other, donor, precision)


def demography_of(seed: int, k: int, copy: int, consent: date) -> Demography:
    """Demography of person k."""
    return demography(Stream(seed, DEMOGRAPHY, k, copy), consent)


def history_of(seed: int, k: int, copy: int, consent: date) -> History:
    """History of person k."""
    return history(Stream(seed, HISTORY, k, copy), consent)
