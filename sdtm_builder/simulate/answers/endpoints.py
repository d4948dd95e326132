"""Time to event of one infused person, full follow-up and cut at week 24."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any, NamedTuple

from .course import FAILURES, REMISSIONS, Course
from .qpcr import QpcrSample

DLT_WINDOW, WEEK_12, WEEK_24 = timedelta(days=28), timedelta(days=84), timedelta(days=168)
LATEST_UNASSESSED_DEATH, INDUCTION_DAYS = timedelta(days=91), timedelta(days=125)
EVENT, NO_EVENT, NOT_ASSESSED, NEW_THERAPY, TRANSPLANT, LOST, WITHDRAWN, CUT = 0, 1, 2, 3, 4, 5, 6, 9
ENDED_EARLY = 2  # of DLT: follow-up ended before its window; of the duration of CRS: death
LEAVING = {"失访": LOST, "撤回知情同意": WITHDRAWN}
RESPONSES = REMISSIONS | {"PR"}


class Decided(NamedTuple):
    """Censoring, date, and the date that it counts from."""

    cnsr: int
    adt: date
    start: date


Pair = tuple[Decided | None, Decided | None]


def endpoints(course: Course, samples: list[QpcrSample]) -> dict[str, dict[str, Any]]:
    """Every parameter: `FULL` and `W24`, each null or censoring, date and days."""
    found: dict[str, Pair] = {
        "OS": _cut(overall_survival(course), course, ()),
        "PFS": _cut(_progression(course, course.start), course, _adequate(course)),
        "EFS": _cut(_event_free(course), course, _adequate(course)),
        "DOR": _duration_of_response(course),
        "TTDLT": (_first_dlt(course), None), "CRSTM": (_first_crs(course), None), "CRSDUR": (_crs_lasts(course), None),
        "PERS": (_persistence(course, samples), None),
    }
    return {name: {"FULL": _record(full), "W24": _record(cut)} for name, (full, cut) in found.items()}


def _record(decided: Decided | None) -> dict[str, Any] | None:
    if decided is None:
        return None
    return {"cnsr": decided.cnsr, "adt": decided.adt, "aval": (decided.adt - decided.start).days + 1}


def overall_survival(course: Course) -> Decided | None:
    """Death, else the last contact; nothing can be said of a death on an unknown day."""
    if course.death is not None:
        return Decided(EVENT, course.death, course.start)
    if course.dead or course.last_alive is None:
        return None
    return Decided(LEAVING.get(course.end_reason or "", NO_EVENT), course.last_alive, course.start)


def _adequate(course: Course) -> tuple[date, ...]:
    """Days of assessments after the infusion that could be evaluated."""
    return tuple(day for day, value in course.assessments if value != "NE" and day > course.start)


def _last(days: Iterable[date], until: date | None, otherwise: date) -> date:
    """The latest day up to a limit, both included; never before `otherwise`."""
    return max((day for day in days if until is None or day <= until), default=otherwise)


def _progression(course: Course, start: date) -> Decided | None:
    """Relapse, progression or death after `start`, by the order of decision of the analysis."""
    days = _adequate(course)
    failure = min((day for day, value in course.assessments if value in FAILURES and day > start), default=None)
    event = min((day for day in (failure, course.death) if day is not None), default=None)
    early = course.death is not None and course.death <= course.start + LATEST_UNASSESSED_DEATH
    if not days and not early:
        return Decided(NOT_ASSESSED, start, start)
    therapy = course.next_therapy
    if therapy is not None and (event is None or therapy < event):
        reason = TRANSPLANT if therapy == course.transplant else NEW_THERAPY
        return Decided(reason, max(start, _last(days, therapy, start)), start)
    if event is not None:
        return Decided(EVENT, event, start)
    if course.end_reason in LEAVING:
        return Decided(LEAVING[course.end_reason], _last(days, None, start), start)
    return None if course.dead else Decided(NO_EVENT, _last(days, None, start), start)


def _event_free(course: Course) -> Decided | None:
    """As progression, but no remission by the end of week 12 is an event on the day of the infusion."""
    until = min(day for day in (course.start + INDUCTION_DAYS, course.next_therapy) if day is not None)
    seen = [value for day, value in course.assessments if course.start < day <= until and value != "NE"]
    if seen and not REMISSIONS & set(seen):
        return Decided(EVENT, course.start, course.start)
    return _progression(course, course.start)


def _duration_of_response(course: Course) -> Pair:
    """From the first CR, CRi or PR not after the next therapy; no week 24 record of a response after week 24."""
    limit = course.next_therapy
    days = [day for day, value in course.assessments
            if value in RESPONSES and day > course.start and (limit is None or day <= limit)]
    if not days:
        return None, None
    full, cut = _cut(_progression(course, min(days)), course, _adequate(course))
    return full, cut if min(days) <= course.start + WEEK_24 else None


def _cut(full: Decided | None, course: Course, days: tuple[date, ...]) -> Pair:
    """The finished record and its cut at week 24: survival at that day, the others at the last assessment by then."""
    end = course.start + WEEK_24
    if full is None or full.adt <= end:
        return full, full
    return full, Decided(CUT, _last(days, end, full.start) if days else end, full.start)


def _first_dlt(course: Course) -> Decided:
    """The first DLT of the window; else the window's end, or the last contact before it."""
    end = course.start + DLT_WINDOW
    days = [day for day in course.dlts if course.start <= day <= end]
    if days:
        return Decided(EVENT, min(days), course.start)
    last = course.last_alive or course.start
    return Decided(ENDED_EARLY if last < end else NO_EVENT, min(end, last), course.start)


def _first_crs(course: Course) -> Decided:
    end = course.start + WEEK_12
    if course.crs and course.crs[0].start <= end:
        return Decided(EVENT, course.crs[0].start, course.start)
    return Decided(NO_EVENT, min(end, course.last_alive or course.start), course.start)


def _crs_lasts(course: Course) -> Decided | None:
    """Duration of the first CRS; a fatal one has not resolved."""
    if not course.crs:
        return None
    first = course.crs[0]
    if first.end is not None and not first.fatal:
        return Decided(EVENT, first.end, first.start)
    day = course.death if course.dead else course.last_alive
    return None if day is None else Decided(ENDED_EARLY if course.dead else NO_EVENT, day, first.start)


def _persistence(course: Course, samples: list[QpcrSample]) -> Decided | None:
    """The last quantifiable qPCR: an event when a later sample is not quantifiable."""
    later = [sample for sample in samples if sample.days > 0]
    if not later:
        return None
    quantified = [sample for sample in later if sample.copies is not None]
    if not quantified:
        return Decided(EVENT, course.start, course.start)
    last = quantified[-1]
    return Decided(NO_EVENT if last is later[-1] else EVENT, last.at.date(), course.start)


# Where each parameter looks first for the flaw that changed it, then anywhere.
LOOKS = {
    "OS": ("DD", "SURV", "VISIT"), "PFS": ("RS", "TR", "DD"), "EFS": ("RS", "TR", "DD"), "DOR": ("RS", "TR", "DD"),
    "TTDLT": ("AE",), "CRSTM": ("AE",), "CRSDUR": ("AE", "DD"), "PERS": ("carT_qpcr",),
}
READ_COLUMNS = frozenset({
    "DDDAT", "RSDAT", "TRDAT", "AESTDAT", "AEENDAT", "DLTYN", "PREVAENO", "受试者", "SVDAT", "VISDAT", "CMSTDAT",
    "BMDAT", "采样日期",
})


def with_causes(clean: Mapping[str, dict[str, Any]], left: Mapping[str, dict[str, Any]],
                flaws: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The endpoints that the rules give from what the flaws leave; where they differ from the truth, with the flaw.

    Args:
        clean: by person, from the tables before the flaws.
        left: by person, from the tables after them.
        flaws: as truth.json has them, each with `person`, whose data it changed.
    """
    of: dict[str, list[Mapping[str, Any]]] = {}
    for flaw in flaws:
        of.setdefault(str(flaw["person"]), []).append(flaw)
    found: dict[str, dict[str, Any]] = {}
    for usubjid, truth in clean.items():
        found[usubjid] = {name: value if left[usubjid][name] == value else
                          left[usubjid][name] | {"cause": _cause(name, of.get(usubjid, []))}
                          for name, value in truth.items()}
    return found


def _cause(name: str, flaws: list[Mapping[str, Any]]) -> str | None:
    """The flaw whose cell the parameter reads: one of its own sheets before others."""
    places = [(flaw["id"], cell["sheet"] or str(cell["file"]).removesuffix(".csv"))
              for flaw in flaws for cell in flaw["cells"] if cell["column"] in READ_COLUMNS]
    rank = {sheet: place for place, sheet in enumerate(LOOKS[name])}
    return min(places, key=lambda place: (rank.get(place[1], len(rank)), place[0]))[0] if places else None
