"""Findings of an acceptance: their kinds and weights, and those about files, sheets, columns, headers, rows, keys."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..issues import Location, Severity
from ..model import Header
from ..report.texts import counted
from .change import FormChange, key_text
from .tables import Form, Transfer, paired

ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
KINDS: dict[str, tuple[Severity, str]] = {
    "file-gone": (ERROR, "A file that the last transfer had"),
    "sheet-gone": (ERROR, "A sheet that the last transfer had"),
    "form-gone": (ERROR, "A form that could be read before, and is not there now"),
    "column-gone": (ERROR, "A column that the last transfer had"),
    "subject-gone": (ERROR, "A subject of the last transfer without a row in this one"),
    "key-repeated": (ERROR, "A declared key that several rows have now"),
    "key-missing": (ERROR, "A row without a value of its declared key"),
    "value-unread": (ERROR, "A text that its declared type or codelist does not have, and that was not there before"),
    "reading": (WARNING, "What reading a file or its header told now and not before"),
    "value-outside": (WARNING, "A number outside its declared limits that was not there before"),
    "type-changed": (WARNING, "A column that held numbers or dates alone before"),
    "date-form-new": (WARNING, "Dates written in a way that the column had not before"),
    "cells-as-text": (WARNING, "Numbers that are stored as texts now"),
    "rows-gone": (WARNING, "Rows of the last transfer that this one has not"),
    "form-new": (WARNING, "A form that was not there before"),
    "file-new": (WARNING, "A file that was not there before"),
    "sheet-new": (WARNING, "A sheet that was not there before"),
    "column-new": (WARNING, "A column that was not there before: no mapping uses it"),
    "header-changed": (WARNING, "A header row, label or unit that reads otherwise"),
    "file-renamed": (NOTE, "A file or form taken for the one of another date"),
    "header-moved": (NOTE, "A header that stands in another row"),
    "column-moved": (NOTE, "Columns in another order"),
    "value-new": (NOTE, "A value that a column of few values had not before"),
    "range-wider": (NOTE, "Numbers outside the range of the last transfer"),
    "rows-new": (NOTE, "Rows that the last transfer had not"),
    "cells-changed": (NOTE, "Cells that read otherwise on rows of both transfers"),
    "subject-new": (NOTE, "A subject that the last transfer had not"),
}
"""Kinds of findings: how much they weigh, what they mean."""
LISTED = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at. form, column : where it belongs, "" to none; place : the first cell, row or sheet of it;
    count : of how many cells, rows or subjects it tells; before, after : what stood and stands there."""

    kind: str
    message: str
    form: str = ""
    column: str = ""
    place: Location = Location()
    before: str = ""
    after: str = ""
    count: int = 1
    weight: Severity | None = None

    @property
    def severity(self) -> Severity:
        """How much it weighs."""
        return self.weight if self.weight is not None else KINDS[self.kind][0]


def of_places(old: Transfer, new: Transfer) -> Iterator[Finding]:
    """Files and sheets that came, went, or have another date in their name."""
    files = paired(sorted({f for f, _ in old.places}), sorted({f for f, _ in new.places}))
    back = {b: a for a, b in files.items()}
    for file in sorted({f for f, _ in old.places} - set(files)):
        yield Finding("file-gone", f"{file} is not there.", place=Location(file=file), before=file)
    for file in sorted({f for f, _ in new.places} - set(back)):
        yield Finding("file-new", f"{file} came.", place=Location(file=file), after=file)
    for a, b in files.items():
        if a != b:
            yield Finding("file-renamed", f"{b} is taken for {a}.", place=Location(file=b), before=a, after=b)
    sheets = {(files[f], s) for f, s in old.places if f in files}
    for file, sheet in sorted(sheets - new.places):
        place = Location(file=file, sheet=sheet)
        yield Finding("sheet-gone", f"Sheet {sheet} is not there.", place=place, before=sheet)
    for file, sheet in sorted(p for p in new.places - sheets if p[0] in back):
        yield Finding("sheet-new", f"Sheet {sheet} came.", place=Location(file=file, sheet=sheet), after=sheet)


def of_columns(old: Form, new: Form) -> Iterator[Finding]:
    """Columns that came, went or moved, and headers that read otherwise."""
    at = _top(new)
    for name in (c for c in old.raw.columns if c not in new.raw.columns):
        yield Finding("column-gone", f"Column {name} is not there.", new.name, name, at, before=name)
    for name in (c for c in new.raw.columns if c not in old.raw.columns):
        yield Finding("column-new", f"Column {name} came.", new.name, name, at, after=name)
    both = [c for c in old.raw.columns if c in new.raw.columns]
    if both != [c for c in new.raw.columns if c in both]:
        first = next(a for a, b in zip(both, (c for c in new.raw.columns if c in both), strict=True) if a != b)
        yield Finding("column-moved", f"The columns stand in another order from {first} on.", new.name, first, at)
    moved: set[tuple[int, int]] = set()
    for name in both:
        one, two = _header(old, name), _header(new, name)
        if one is None or two is None:
            continue
        for row in {**one.texts, **two.texts}:
            before, after = one.texts.get(row, ""), two.texts.get(row, "")
            if before != after:
                told = f"The {row} of {name} was {before!r} and is {after!r}."
                yield Finding("header-changed", told, new.name, name, at, before, after)
        if one.first and two.first and one.first != two.first and (one.first, two.first) not in moved:
            moved.add((one.first, two.first))
            told = f"The header stood in row {one.first} and stands in row {two.first}."
            yield Finding("header-moved", told, new.name, "", at, str(one.first), str(two.first))


def of_rows(change: FormChange) -> Iterator[Finding]:
    """Rows that came and went, cells that changed, declared keys that don't hold."""
    old, new, matched = change.old.raw, change.new.raw, change.matched
    for kind, raw, rows, told in (
        ("rows-gone", old, matched.only_a, "of the last transfer not there"), ("rows-new", new, matched.only_b, "came"),
    ):  # fmt: skip
        if len(rows):
            said, place = f"{counted(len(rows), 'row')} {told}.", raw.rows.location(int(rows[0]))
            yield Finding(kind, said, change.name, "", place, str(len(old)), str(len(new)), len(rows))
    if change.count:
        names = sorted(change.changed, key=lambda n: -len(change.changed[n]))
        said = ", ".join(f"{n} {len(change.changed[n]):,}" for n in names[:5]) + (" ..." if len(names) > 5 else "")
        first = next(change.cells(1))
        told = f"{counted(change.count, 'cell')} changed: {said}."
        yield Finding("cells-changed", told, change.name, first.column, first.new, first.before, first.after,
                      change.count)  # fmt: skip
    yield from _of_keys(change)


def _of_keys(change: FormChange) -> Iterator[Finding]:
    form = change.new
    groups: dict[str, list[int]] = {}
    for row in change.repeated.tolist():
        groups.setdefault(key_text(form, form.key, row), []).append(row)
    for key, rows in list(groups.items())[:LISTED]:
        told = f"{counted(len(rows), 'row')} {'have' if len(rows) > 1 else 'has'} the repeated key {key}."
        yield Finding("key-repeated", told, form.name, form.key[0], form.raw.rows.location(rows[0]), count=len(rows))
    if len(groups) > LISTED:
        rest = len(groups) - LISTED
        yield Finding(
            "key-repeated", f"{counted(rest, 'further key')} that repeat.", form.name, form.key[0], count=rest
        )
    for key in form.key if all(k in form.raw.texts for k in form.key) else ():
        gaps = (~form.raw.texts[key].present()).nonzero()[0]
        had = int((~change.old.raw.texts[key].present()).sum()) if key in change.old.raw.texts else 0
        if len(gaps) > had:
            told = f"{counted(len(gaps), 'row')} without {key}, {had:,} before."
            place = form.raw.rows.location(int(gaps[0]), key)
            yield Finding("key-missing", told, form.name, key, place, str(had), str(len(gaps)), len(gaps))


def of_subjects(old: set[str], new: set[str]) -> Iterator[Finding]:
    """Subjects that went and came."""
    for kind, names, told in (("subject-gone", old - new, "has no row now"), ("subject-new", new - old, "came")):
        for name in sorted(names):
            yield Finding(kind, f"Subject {name} {told}.")


def of_reading(old: Transfer, new: Transfer) -> Iterator[Finding]:
    """What reading a file, sheet or header told now and not before; single cells are told by their values."""
    known = {(issue.rule, issue.message) for issue in old.issues}
    for issue in new.issues:
        places = [p for p in issue.locations if p.file]
        if issue.severity is NOTE or (places and places[0].row) or (issue.rule, issue.message) in known:
            continue
        place = places[0] if places else Location()
        yield Finding("reading", f"{issue.rule}: {issue.message}", place=place, weight=issue.severity)


def _top(form: Form) -> Location:
    part = form.raw.rows.parts[0]
    return Location(file=part.file, sheet=part.sheet)


def _header(form: Form, column: str) -> Header | None:
    return next((p.headers[column] for p in form.raw.rows.parts if column in p.headers), None)


def ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Heaviest first, then in the order of KINDS, then as found."""
    rank = {kind: at for at, kind in enumerate(KINDS)}
    return sorted(findings, key=lambda f: (-f.severity.rank, rank[f.kind]))
