"""Progression-free survival and its cut against a naive program over random courses of few subjects."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .test_time_to_event import PROGRESSION, WEEK_4
from .tte_kit import decided

START = date(2024, 1, 1)
NAMES = ("USUBJID", "PARAMCD", "ADT", "CNSR", "SRCDOM", "SRCVAR")


class Course(NamedTuple):
    """Days after the start: of death, of the next therapy, and of assessments with their levels."""

    death: int | None
    next: int | None
    responses: tuple[tuple[int, int], ...]


def day(number: int | None) -> str:
    return "" if number is None else str(START + timedelta(days=number))


def naive(course: Course) -> tuple[str, str, str, str]:
    """The table, read aloud."""
    relapses = [d for d, level in course.responses if level == 5 and d > 0]
    adequate = [d for d, level in course.responses if level <= 5 and d > 0]
    dated = [(d, rank) for rank, d in enumerate([min(relapses, default=None), course.death]) if d is not None]
    event = min(dated, default=None)
    if not adequate and course.death is None:
        return day(0), "2", "ADSL", "TRTSDT"
    if course.next is not None and (event is None or course.next < event[0]):
        before = [d for d in adequate if d <= course.next]
        return (day(max(before)), "3", "ADRS", "ADT") if before else (day(0), "3", "ADSL", "TRTSDT")
    if event is not None:
        return (day(event[0]), "0", "ADRS", "ADT") if event[1] == 0 else (day(event[0]), "0", "ADSL", "DTHDT")
    return day(max(adequate)), "1", "ADRS", "ADT"


def naive_cut(course: Course) -> tuple[str, str, str, str]:
    full = naive(course)
    if full[0] <= day(28):
        return full
    seen = [d for d, level in course.responses if level <= 5 and 0 < d <= 28]
    return (day(max(seen)), "9", "ADRS", "ADT") if seen else (day(0), "9", "ADSL", "TRTSDT")


DAYS = st.integers(min_value=1, max_value=45)
COURSES = st.builds(
    Course,
    st.none() | DAYS,
    st.none() | DAYS,
    st.lists(st.tuples(st.integers(-2, 45), st.sampled_from([1, 2, 4, 5, 5, 7])), max_size=6).map(tuple),
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(COURSES, min_size=1, max_size=12))
def test_naive_twin(courses: list[Course]) -> None:
    subjects = "".join(f"{i:02},Y,{START},{day(c.death)},{day(c.next)},\n" for i, c in enumerate(courses))
    responses = "".join(f"{i:02},{day(d)},{level}\n" for i, c in enumerate(courses) for d, level in c.responses)
    with tempfile.TemporaryDirectory() as folder:
        found, _ = decided(Path(folder), PROGRESSION + WEEK_4, subjects, responses, NAMES)
    wanted = []
    for number, course in enumerate(courses):
        wanted.append((f"{number:02}", "PFS", *naive(course)))
        wanted.append((f"{number:02}", "PFSW4", *naive_cut(course)))
    assert found == wanted
