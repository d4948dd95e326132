"""Response, relapse, transplant, death and loss of one person (modules 4 and 5), in elapsed days."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .rng import Stream
from .schedule import Visit

RESPONSE_PROBABILITY = {1: 0.50, 2: 0.75, 3: 0.80}
ASSESSMENT_VISITS = (12, 13, 14, 15, 16, 17)
LN2 = math.log(2)


@dataclass(frozen=True)
class Response:
    """Course of the response: CR from week 4, PR then CR from week 8, or NR, PD."""

    course: str  # "CR", "PR", "NR" or "PD"
    mrd_negative_from: int | None  # visit number
    blast_draws: tuple[float, ...]  # one for each of ASSESSMENT_VISITS

    @property
    def responder(self) -> bool:
        """True when CR or CRi is reached at week 4 or week 8."""
        return self.course in ("CR", "PR")

    @property
    def first_visit(self) -> int:
        """Visit number of the assessment that decides: week 8 for a PR that becomes CR, else week 4."""
        return 13 if self.course == "PR" else 12

    def blasts(self, visit: int, baseline: float) -> float:
        """Marrow blasts in % at an assessment before relapse."""
        u = self.blast_draws[ASSESSMENT_VISITS.index(visit)]
        if self.course == "PD":
            return min(95.0, baseline * (1 + 0.5 * u))
        if self.course == "NR" or (self.course == "PR" and visit == 12):
            return baseline * (0.5 + 0.5 * u)
        return 0.5 + 3 * u


def response(stream: Stream, level: int, extramedullary: bool) -> Response:
    """Draw the response of an infused person at the level of the dose given."""
    u_cr, u_pr, u_nr = stream.u(), stream.u(), stream.u()
    u_mrd4, u_mrd8 = stream.u(), stream.u()
    blasts = tuple(stream.u() for _ in ASSESSMENT_VISITS)
    if u_cr < RESPONSE_PROBABILITY[level]:
        course = "CR"
    elif extramedullary and u_pr < 0.3:
        course = "PR"
    else:
        course = "NR" if u_nr < 0.8 else "PD"
    negative = 12 if u_mrd4 < 0.85 else 13 if u_mrd8 < 0.5 else None
    return Response(course, negative if course in ("CR", "PR") else None, blasts)


@dataclass(frozen=True)
class Fate:
    """What ended or changed the course of an infused person; days are elapsed days."""

    end: int  # last day on which data may stand
    end_reason: str  # "DEATH", "LOST", "WITHDRAWN" or "CUT-OFF"
    death_cause: str | None
    fatal_kind: str | None  # "CRS" or "ICANS" when a toxicity is the cause
    relapse: int | None
    relapse_unscheduled: bool
    failure: int | None  # the NR or PD assessment
    transplant: int | None
    salvage: int | None
    relapse_blasts: float
    relapse_extramedullary: bool
    death_minute: int

    @property
    def disease_from(self) -> int | None:
        """First day of relapsed, refractory or progressive disease as assessed."""
        return self.relapse if self.relapse is not None else self.failure


def fate(stream: Stream, answer: Response, visits: tuple[Visit, ...], elapsed: dict[int, int], cutoff: int,
         grade4: tuple[str, int] | None) -> Fate:
    """Draw what befalls an infused person.

    Args:
        stream: module 5 of the person.
        answer: the response.
        visits: planned visits; a missed one finds no relapse.
        elapsed: elapsed day of each visit number.
        cutoff: elapsed day of the data cut-off.
        grade4: kind and onset day of a CRS or ICANS of grade 4.
    """
    relapse = 28 + stream.exponential(LN2 / 240)
    wants_transplant, transplant = stream.u() < 0.25, 60 + stream.integer(0, 61)
    after_failure = stream.exponential(LN2 / 150)
    other_death = stream.exponential(0.0003)
    early, early_days = stream.u() < 0.2, 5 + stream.integer(0, 6)
    lost, withdrawn = 56 + stream.exponential(0.0004), stream.exponential(0.0002)
    found_after = stream.integer(0, 15)
    salvage_after, salvage = 7 + stream.integer(0, 14), stream.u() < 0.6
    u_infection, u_blasts, u_emd = stream.u(), stream.u(), stream.u()
    minute = stream.integer(0, 1440)

    first = elapsed[answer.first_visit]
    failure = None if answer.responder else first
    transplanted = answer.responder and wants_transplant and first < transplant < relapse
    if transplanted:
        relapse = transplant + 2 * (relapse - transplant)
    found, unscheduled = _found(answer, visits, elapsed, math.floor(relapse), found_after)
    disease = found if found is not None else failure
    deaths = [(_day(disease + 10 + after_failure), "疾病进展")] if disease is not None else []
    if found is None or math.floor(other_death) < found:
        deaths.append((_day(other_death), "感染" if u_infection < 0.6 else "其他"))
    if grade4 is not None and early:
        deaths.append((grade4[1] + early_days, "不良事件"))
    death, of_death = min(deaths)
    ends = [(death, 0, "DEATH"), (_day(lost), 1, "LOST"), (_day(withdrawn), 2, "WITHDRAWN"), (cutoff, 3, "CUT-OFF")]
    end, _, reason = min(ends)
    cause = of_death if reason == "DEATH" else None
    last = end - 1 if reason == "DEATH" else end

    def seen(day: int | None) -> int | None:
        return day if day is not None and day <= last else None

    relapse_seen, failure_seen = seen(found), seen(failure)
    refractory = failure_seen if answer.course == "NR" else None
    start = relapse_seen if relapse_seen is not None else refractory
    return Fate(
        end, reason, cause, grade4[0] if grade4 and cause == "不良事件" else None, relapse_seen, unscheduled,
        failure_seen, seen(transplant) if transplanted else None,
        seen(start + salvage_after) if salvage and start is not None else None,
        10 + 60 * u_blasts, u_emd < 0.15, minute,
    )


def _day(value: float) -> int:
    """The elapsed day in which a time falls; nobody leaves on the day of the infusion."""
    return max(1, math.floor(value))


def _found(answer: Response, visits: tuple[Visit, ...], elapsed: dict[int, int], relapse: int,
           after: int) -> tuple[int | None, bool]:
    """The day a relapse is found, and whether at an unscheduled visit; later than the first remission."""
    if not answer.responder:
        return None, False
    first = elapsed[answer.first_visit]
    onset = max(relapse, first + 1)
    unscheduled = onset + after
    planned = [elapsed[v.number] for v in visits
               if v.number in ASSESSMENT_VISITS and not v.missed and elapsed[v.number] >= onset]
    if planned and min(planned) <= unscheduled:
        return min(planned), False
    return unscheduled, True
