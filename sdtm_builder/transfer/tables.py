"""The raw tables of a transfer, and which table of one transfer is which of another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ..compare.table import Column, Table
from ..issues import Issue
from ..model import RawTable, SourceColumn, Vector

_SUBJECT = re.compile(
    r"(?i)^(u?subj(id|ect)?[ _]?(id|no|nr|num(ber)?)?|pat(ient)?[ _]?(num(ber)?|id|no|nr)?"
    r"|screen(ing)?[ _]?(no|num(ber)?|id))$|受试者|患者编号"
)
_DATED = re.compile(r"[-_. ]?(?:19|20)\d{2}[-_.]?\d{2}(?:[-_.]?\d{2})?(?:[T_-]?\d{4,6})?(?!\d)")
HARMLESS = ("date-unknown", "time-unknown")
"""Rules of texts that a study declares to stand for an unknown date or time."""

Place = tuple[str, str]
"""A file, and a sheet of it, "" for a text file."""


@dataclass(frozen=True, eq=False)
class Form:
    """A raw table of a transfer.

    key : declared columns that tell its rows apart; () without a study file or declaration
    columns : declared types, codelists and limits
    subject : the number of each row's subject as the study has it; None: the texts of the likeliest column
    declared_subject : the column that it comes from, "" without one
    """

    raw: RawTable
    key: tuple[str, ...] = ()
    columns: Mapping[str, SourceColumn] = field(default_factory=dict)
    subject: Vector | None = None
    declared_subject: str = ""

    @property
    def name(self) -> str:
        """Its name as a raw source."""
        return self.raw.name

    def subjects(self) -> Vector | None:
        """The subject of each row, as text; None where no column says it."""
        if self.subject is not None:
            return self.subject
        return self.raw.texts[self.subject_column] if self.subject_column else None

    @property
    def subject_column(self) -> str:
        """The column that says whose a row is, "" where none does."""
        likely = next((c for c in self.raw.columns if _SUBJECT.search(c)), "")
        return self.declared_subject or likely

    def table(self) -> Table:
        """All cells as texts, as they are shown, to be compared."""
        columns = {name: Column(name, "Char", texts) for name, texts in self.raw.verbatim.items()}
        return Table(self.name, columns, len(self.raw), Path(self.raw.rows.parts[0].file), "raw")


@dataclass(frozen=True, eq=False)
class Transfer:
    """One transfer. places : its files and sheets, declared or not; issues : what reading it told;
    unread : texts about files that could not be read."""

    path: Path
    forms: Mapping[str, Form]
    places: frozenset[Place] = frozenset()
    issues: tuple[Issue, ...] = ()
    unread: tuple[str, ...] = ()

    def subjects(self) -> set[str]:
        """The subjects of all tables."""
        found: set[str] = set()
        for form in self.forms.values():
            numbers = form.subjects()
            if numbers is not None:
                found |= {str(numbers.distinct()[i]) for i in np.unique(numbers.data[numbers.data >= 0])}
        return found

    def unknown_texts(self) -> set[str]:
        """Texts that are declared to mean an unknown date or time."""
        return {issue.value for issue in self.issues if issue.rule in HARMLESS}


def undated(name: str) -> str:
    """A name without a date in it: `lab_2025-06-30.csv` is `lab.csv`."""
    return _DATED.sub("", name)


def paired(old: Iterable[str], new: Iterable[str]) -> dict[str, str]:
    """Names of the old side and those of the new one: equal ones, then those that only a date in them tells apart,
    where that leaves one on each side."""
    left, right = list(old), list(new)
    found = {name: name for name in left if name in right}
    rest_a, rest_b = ([n for n in names if n not in found] for names in (left, right))
    for name in rest_a:
        bare = undated(name)
        twins = [n for n in rest_a if undated(n) == bare], [n for n in rest_b if undated(n) == bare]
        if len(twins[0]) == len(twins[1]) == 1:
            found[name] = twins[1][0]
    return found
