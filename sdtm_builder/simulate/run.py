"""`simulate`: from a seed and a choice of flaws to the raw files and their answer key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from .answers import Answers, Person, answers, with_causes
from .escalation import Walk
from .flaws import REGISTRY, Caused, Planted, Planting, plant_flaws
from .flaws.base import Place
from .forms import ENCODINGS, FORMS, all_sheets
from .record import PersonRecord, record_of
from .subject import Subject, subjects
from .tables import Sheet, Workbook
from .truth import STUDY, write_truth
from .workbook import write_csv, write_workbook

DEFAULT_SEED = 68
MODEL_VERSION = "1"
TRUTH_FILE = "truth.json"


@dataclass
class SimulationResult:
    """What was simulated and written.

    Attributes:
        walks: the 3+3 walk of each copy.
        persons: all persons, copy by copy, by k.
        rows: records of each `file/sheet` before and after the flaws.
        flaws: the flaws as planted, with file, sheet, Excel row and column of each cell.
        skipped: flaws, or parts of them, that this seed has no host for.
        caused: findings that follow from a flaw elsewhere.
        answers: what analysis must find in the tables without the flaws.
        endpoints: time to event by person, as the flaws leave it.
        files: the files written.
    """

    seed: int
    cohorts: int
    cutoff: date
    walks: list[Walk]
    persons: list[PersonRecord]
    rows: dict[str, tuple[int, int]] = field(default_factory=dict)
    flaws: list[dict[str, Any]] = field(default_factory=list)
    skipped: list[dict[str, str]] = field(default_factory=list)
    caused: list[dict[str, Any]] = field(default_factory=list)
    answers: Answers = field(default_factory=Answers)
    endpoints: dict[str, dict[str, Any]] = field(default_factory=dict)
    files: list[Path] = field(default_factory=list)


def simulate(seed: int = DEFAULT_SEED, flaws: str | Sequence[str] = "all", cohorts: int = 1, *, out: Path,
             forms: Iterable[str] | None = None) -> SimulationResult:
    """Simulate the study and write its raw files.

    Args:
        seed: root seed; the same seed and flaws give the same bytes.
        flaws: `all`, `none`, or ids such as `["F02", "F37"]`.
        cohorts: whole copies of all cohorts, 1 or more.
        out: folder to write to; it is made when absent.
        forms: sheets to write, of FORMS; all when None. Draws don't depend on it.

    Returns:
        What was written, and the flaws with their cells.

    Raises:
        ValueError: an unknown flaw or form, or fewer than one copy.
    """
    wanted = flaw_ids(flaws)
    names = list(FORMS) if forms is None else list(forms)
    unknown = sorted(set(names) - set(FORMS))
    if unknown:
        raise ValueError(f"unknown form {', '.join(unknown)}; permitted: {', '.join(FORMS)}")
    if cohorts < 1:
        raise ValueError(f"cohorts is {cohorts}; permitted: 1 or more")
    walks: list[Walk] = []
    records: list[PersonRecord] = []
    for found, persons in subjects(seed, cohorts):
        walks.append(found)
        records += [record_of(seed, person) for person in persons]
    cutoffs = {copy: found.cutoff for copy, found in enumerate(walks)}
    book = all_sheets(records, cutoffs, names)
    result = SimulationResult(seed, cohorts, max(cutoffs.values()), walks, records)
    people = [Person(f"{STUDY}-01-{r.subject.numbers[0]}", r.subject.numbers, cutoffs[r.subject.copy]) for r in records]
    result.answers = answers(book, people)
    before = {name: len(sheet.rows) for name, sheet in book.items()}
    planting = _planting(book, records)
    plant_flaws(planting, wanted)
    _resolve(result, planting)
    result.endpoints = _left(result, book, people)
    result.rows = {_place_name(sheet): (before.get(name, 0), len(sheet.rows)) for name, sheet in book.items()}
    result.files = _write(book, out)
    write_truth(out / TRUTH_FILE, result, MODEL_VERSION)
    result.files.append(out / TRUTH_FILE)
    return result


def _left(result: SimulationResult, book: Workbook, people: Sequence[Person]) -> dict[str, dict[str, Any]]:
    """Endpoints as the flaws leave them; a record given to nobody (F27) was that of the number it had."""
    truth = result.answers.endpoints
    if not truth or not result.flaws:
        return truth
    of_number = {number: person.usubjid for person in people for number in person.numbers}
    changed = [flaw | {"person": flaw["subject"] or of_number.get(str(flaw["clean"]))} for flaw in result.flaws]
    touched = {flaw["person"] for flaw in changed}
    left = answers(book, [person for person in people if person.usubjid in touched], labs=False)
    of_touched = {usubjid: truth[usubjid] for usubjid in left.endpoints if usubjid in truth}
    return truth | with_causes(of_touched, left.endpoints, changed)


def _place_name(sheet: Sheet) -> str:
    """`edc.xlsx/AE`; the file alone for a csv."""
    return sheet.file if sheet.file in ENCODINGS else f"{sheet.file}/{sheet.name}"


def _write(book: Workbook, out: Path) -> list[Path]:
    """Write every file that has a sheet wanted."""
    out.mkdir(parents=True, exist_ok=True)
    files: dict[str, list[Sheet]] = {}
    for sheet in book.values():
        files.setdefault(sheet.file, []).append(sheet)
    for file, sheets in files.items():
        if file in ENCODINGS:
            write_csv(out / file, sheets[0], ENCODINGS[file])
        else:
            write_workbook(out / file, sheets)
    return [out / file for file in files]


def flaw_ids(flaws: str | Sequence[str]) -> list[str]:
    """Ids of a choice of flaws: `all`, `none`, one id or several.

    Raises:
        ValueError: an id that the registry doesn't have.
    """
    if flaws == "all":
        return sorted(REGISTRY)
    if flaws == "none":
        return []
    wanted = [flaws] if isinstance(flaws, str) else list(flaws)
    unknown = sorted(set(wanted) - set(REGISTRY))
    if unknown:
        raise ValueError(f"unknown flaw {', '.join(unknown)}; permitted: all, none, {', '.join(sorted(REGISTRY))}")
    return wanted


def _planting(book: Workbook, records: Sequence[PersonRecord]) -> Planting:
    """Flaws are planted in the first copy alone."""
    first: dict[str, Subject] = {r.subject.number: r.subject for r in records if r.subject.copy == 0}
    happened = {r.subject.number: r.events for r in records if r.subject.copy == 0}
    return Planting(book, first, happened)


def _cell(sheet: Sheet, row: int, column: str) -> dict[str, Any]:
    """A cell as the answer key names it; a csv has no sheet, a row as a whole no column."""
    name = None if sheet.file in ENCODINGS else sheet.name
    return {"file": sheet.file, "sheet": name, "row": row, "column": sheet.heading(column) or None}


def _resolve(result: SimulationResult, planting: Planting) -> None:
    """Turn rows into row numbers, now that no more are inserted or removed."""
    numbers = {name: sheet.row_numbers() for name, sheet in planting.book.items()}

    def cells(places: Sequence[Place]) -> list[dict[str, Any]]:
        return [_cell(planting.book[name], numbers[name][id(row)], column) for name, row, column in places]

    def flaw(planted: Planted) -> dict[str, Any]:
        return {"id": planted.id, "seq": planted.seq, "cells": cells(planted.places), "subject": planted.subject,
                "raw": planted.raw, "clean": planted.clean, "expect": planted.expect, "action": planted.action,
                "severity": planted.severity, "rule": planted.rule}

    def caused(found: Caused) -> dict[str, Any]:
        return {"rule": found.rule, "cells": cells(found.places), "subject": found.subject,
                "caused_by": found.caused_by}

    result.flaws = [flaw(planted) for planted in planting.planted]
    result.skipped = [{"id": flaw_id, "why": why} for flaw_id, why in planting.skipped]
    result.caused = [caused(found) for found in planting.caused]
