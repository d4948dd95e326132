"""A person with everything that the forms are written from."""

from __future__ import annotations

from dataclasses import dataclass, field

from .events import Event, events
from .kinetics import CytokineSample, KineticSample, cytokine_samples, kinetic_samples
from .medication import Course, courses
from .rng import EVENTS, Stream
from .subject import Subject


@dataclass
class PersonRecord:
    """A person, their events, medication, and samples of the vendors."""

    subject: Subject
    events: list[Event] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    kinetics: list[KineticSample] = field(default_factory=list)
    cytokines: list[CytokineSample] = field(default_factory=list)


def record_of(seed: int, subject: Subject) -> PersonRecord:
    """The record of a person: events drawn, medication by rule."""
    found = events(subject, Stream(seed, EVENTS, subject.k, subject.copy))
    return PersonRecord(subject, found, courses(subject, found), kinetic_samples(seed, subject),
                        cytokine_samples(seed, subject))
