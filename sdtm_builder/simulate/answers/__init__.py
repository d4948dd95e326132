"""What analysis must find in the raw tables: response, endpoints, kinetics and grades, from the tables alone."""

from __future__ import annotations

from .course import Course, Person, courses
from .endpoints import with_causes
from .key import Answers, answers, of_subject

__all__ = ["Answers", "Course", "Person", "answers", "courses", "of_subject", "with_causes"]
