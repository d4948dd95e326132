"""CRS and ICANS episodes of one person, with the grade of every day (module 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from decimal import Decimal

from .escalation import Entry
from .rng import Stream, half_up

CRS_DAYS = (3, 5, 8, 11)
ICANS_DAYS = (2, 4, 7, 10)
CRS_PROBABILITY = {1: 0.60, 2: 0.75, 3: 0.90}
LATE_CRS_DAY, LATE_CRS_GRADE = 34, 3


@dataclass
class Episode:
    """One episode; days are elapsed days, `grades` holds the grade of each day from `start` on."""

    kind: str  # "CRS" or "ICANS"
    start: int
    hour: int
    grade: int
    days: int
    dlt: bool = False
    fever: list[float] = field(default_factory=list, repr=False)  # one draw a day, of CRS
    seen: int | None = None  # days seen before the end of data, when fewer

    @property
    def end(self) -> int:
        """Last day of the episode, as far as it is seen."""
        return self.start + (self.days if self.seen is None else self.seen) - 1

    @property
    def ongoing(self) -> bool:
        """True when the end of data comes first."""
        return self.seen is not None

    @property
    def grades(self) -> list[int]:
        """Daily grades: up to the peak in the first third, then down, never below 1."""
        peak = math.ceil(self.days / 3)
        up = [math.ceil(self.grade * i / peak) for i in range(1, peak + 1)]
        down = [max(1, self.grade - math.floor((i - peak) * self.grade / (self.days - peak + 1)))
                for i in range(peak + 1, self.days + 1)]
        return (up + down)[: self.seen]

    def temperature(self, place: int) -> Decimal:
        """Maximum temperature of a day of CRS, the first being 0."""
        return half_up(37.9 + 0.5 * self.grades[place] + 0.2 * self.fever[place], 1)

    @property
    def daily(self) -> dict[int, int]:
        """Grade by elapsed day."""
        return {self.start + i: grade for i, grade in enumerate(self.grades)}


def episodes(stream: Stream, entry: Entry, late: bool) -> list[Episode]:
    """Draw the episodes of an infused person, as they would run without death or loss.

    Args:
        stream: module 3 of the person.
        entry: the person's place in the walk; a DLT decides type and grade.
        late: True for the one person with a late CRS of grade 3, outside the DLT window.

    Returns:
        CRS first, then ICANS, a second and a late CRS, each only where it occurs.
    """
    dlt_icans = stream.pick((0.7, 0.3)) == 1
    dlt_grade = 3 + stream.pick((0.8, 0.2))
    u_crs, other_crs = stream.u(), 1 + stream.pick((0.6, 0.4))
    u_icans, other_icans = stream.u(), 1 + stream.pick((0.7, 0.3))
    onset = min(13, 1 + stream.poisson(3))
    hour = stream.integer(0, 24)
    crs_extra = stream.integer(-1, 2)
    icans_onset = onset + 2 + stream.integer(0, 4)
    icans_extra = stream.integer(-1, 2)
    second = stream.u() < 0.10
    crs_grade = icans_grade = 0
    if entry.dlt:
        crs_grade = 2 if dlt_icans else dlt_grade
        icans_grade = dlt_grade if dlt_icans else 0
    elif u_crs < CRS_PROBABILITY[entry.actual_level or 1]:
        crs_grade = other_crs
        icans_grade = other_icans if u_icans < 0.15 else 0
    found: list[Episode] = []
    if crs_grade:
        crs = Episode("CRS", onset, hour, crs_grade, CRS_DAYS[crs_grade - 1] + crs_extra, crs_grade >= 3)
        found.append(crs)
        if icans_grade:
            found.append(Episode("ICANS", icans_onset, hour, icans_grade,
                                 ICANS_DAYS[icans_grade - 1] + icans_extra, icans_grade >= 3))
        if second:
            found.append(Episode("CRS", crs.end + 5, hour, 1, 3))
    if late:
        found.append(Episode("CRS", LATE_CRS_DAY, hour, LATE_CRS_GRADE, CRS_DAYS[LATE_CRS_GRADE - 1]))
    for episode in found:
        if episode.kind == "CRS":
            episode.fever = [stream.z() for _ in range(episode.days)]
    return found


def daily_grades(found: list[Episode], kind: str) -> dict[int, int]:
    """Highest grade of each elapsed day over the episodes of one kind."""
    grades: dict[int, int] = {}
    for episode in found:
        if episode.kind == kind:
            for day, grade in episode.daily.items():
                grades[day] = max(grade, grades.get(day, 0))
    return grades
