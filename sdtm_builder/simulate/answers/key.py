"""The answers of all persons, from one set of tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..tables import Workbook
from .cells import Tables
from .course import Course, Person, courses
from .endpoints import endpoints
from .labs import LAB_ANSWERS_NEED, lab_answers
from .qpcr import SHEET, parameters, qpcr_samples


@dataclass
class Answers:
    """By USUBJID; empty when a sheet that they need isn't written."""

    courses: dict[str, Course] = field(default_factory=dict)
    endpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    pk: dict[str, dict[str, Any]] = field(default_factory=dict)
    labs: dict[str, dict[str, Any]] = field(default_factory=dict)


def answers(book: Workbook, persons: Iterable[Person], labs: bool = True) -> Answers:
    """Compute what the tables answer.

    Args:
        book: the tables, before the flaws or after them.
        persons: whom to look at; endpoints, kinetics and grades are of the infused.
        labs: whether grades are wanted.
    """
    found = Answers()
    tables = Tables(book)
    for course in courses(book, persons):
        person, infusion = course.person, course.infusion
        found.courses[person.usubjid] = course
        if infusion is None or SHEET not in tables.names:
            continue
        samples = qpcr_samples(tables, person.numbers, infusion)
        found.endpoints[person.usubjid] = endpoints(course, samples)
        kinetics = parameters(samples)
        if kinetics is not None:
            found.pk[person.usubjid] = kinetics
        if labs and tables.names >= LAB_ANSWERS_NEED:
            found.labs[person.usubjid] = lab_answers(tables, person, infusion)
    return found


def of_subject(course: Course | None, kinetics: Mapping[str, Any] | None) -> dict[str, Any]:
    """What stands beside the other facts of a subject."""
    pk = kinetics or {}
    return {
        "bor": course.best_response if course is not None and course.infusion is not None else None,
        "last_alive": course.last_alive if course is not None else None,
        "cmax": pk.get("CMAX"), "tmax": pk.get("TMAX"), "tlast": pk.get("TLST"),
    }
