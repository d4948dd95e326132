"""Findings about the values of a column: types, ways of writing dates, texts that codelists and limits do not have."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..model import CELL_KINDS, RawTable, SourceColumn, Vector
from ..model.column import number_text
from ..report.texts import counted
from ..values.fold import fold
from ..values.numbers import read_number
from .findings import LISTED, Finding
from .tables import Form

CODED = 30
"""A column of at most so many distinct texts, each met three times on average, is taken for one of a list."""
_DATE = re.compile(
    r"(?:\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?|\d{1,2}[-/. ](?:\d{1,2}|[A-Za-z]{3})[-/. ](?:\d{4}|\d{2}))"
    r"(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?"
)
Mask = NDArray[np.bool_]


def of_values(old: Form, new: Form, unknown_old: set[str], unknown_new: set[str]) -> Iterator[Finding]:
    """Findings about the columns of both transfers.

    unknown_old, unknown_new : texts that are declared to mean an unknown date or time
    """
    for name in (c for c in new.raw.columns if c in old.raw.columns):
        declared = new.columns.get(name)
        if declared is not None and (declared.codelist is not None or declared.type in ("number", "date", "time")):
            yield from _declared(old, new, declared, unknown_old, unknown_new)
        yield from _of_type(old, new, name, declared is not None and declared.type in ("number", "date", "time"))
        is_key = name in new.key or name == new.subject_column
        if not is_key and (declared is None or declared.codelist is None):
            yield from _undeclared(old, new, name)


def texts_used(vector: Vector) -> list[str]:
    """The distinct texts that occur."""
    return [str(vector.distinct()[i]) for i in np.unique(vector.data[vector.data >= 0])]


def _declared(
    old: Form, new: Form, column: SourceColumn, unknown_old: set[str], unknown_new: set[str]
) -> Iterator[Finding]:
    name = column.name
    what = f"no term or synonym of {column.codelist.text}" if column.codelist is not None else f"no {column.type}"
    unread = [_unread(form.raw, column, texts) for form, texts in ((old, unknown_old), (new, unknown_new))]
    yield from _newly(old, new, name, "value-unread", unread[0], unread[1], f"is {what}")
    if column.limits is not None and column.type == "number" and column.codelist is None:
        low, high = column.limits
        span = f"[{'' if low is None else f'{low:g}'}, {'' if high is None else f'{high:g}'}]"
        outside = [_outside(form.raw.values[name], low, high) for form in (old, new)]
        yield from _newly(old, new, name, "value-outside", outside[0], outside[1], f"lies outside {span}")


def _unread(raw: RawTable, column: SourceColumn, unknown: set[str]) -> Mask:
    texts = raw.texts[column.name]
    free = [fold(t) in column.free or (column.codelist is None and t in unknown) for t in texts.distinct()]
    return np.asarray(
        texts.present() & ~raw.values[column.name].present() & ~np.array([*free, False], dtype=bool)[texts.data]
    )


def _outside(values: Vector, low: float | None, high: float | None) -> Mask:
    numbers = values.data
    with np.errstate(invalid="ignore"):
        found = np.zeros(len(numbers), dtype=bool)
        found |= numbers < low if low is not None else False
        found |= numbers > high if high is not None else False
    return found


def _newly(old: Form, new: Form, name: str, kind: str, was: Mask, now: Mask, told: str) -> Iterator[Finding]:
    """One finding a text at `now` that was not at `was` in the last transfer; the rest of many as one."""
    before = old.raw.texts[name]
    known = set(texts_used(Vector(before.kind, np.where(was, before.data, -1), before.texts)))
    texts = new.raw.texts[name]
    codes = np.where(now, texts.data, -1)
    fresh = [i for i in np.unique(codes[codes >= 0]) if str(texts.distinct()[i]) not in known]
    for code in fresh[:LISTED]:
        rows = np.flatnonzero(codes == code)
        text, place = str(texts.distinct()[code]), new.raw.rows.location(int(rows[0]), name)
        said = f"{text!r} {told}." + (f" ({len(rows):,} cells)" if len(rows) > 1 else "")
        yield Finding(kind, said, new.name, name, place, "", text, len(rows))
    if len(fresh) > LISTED:
        rows = np.flatnonzero(np.isin(codes, fresh[LISTED:]))
        said = f"{counted(len(fresh) - LISTED, 'further text')} in {counted(len(rows), 'cell')}."
        yield Finding(kind, said, new.name, name, new.raw.rows.location(int(rows[0]), name), count=len(rows))


def _of_type(old: Form, new: Form, name: str, is_declared: bool) -> Iterator[Finding]:
    one, two = content_type(old.raw.texts[name]), content_type(new.raw.texts[name])
    texts = new.raw.texts[name]
    if not is_declared and one in ("number", "date") and two not in (one, "empty"):
        odd = [i for i in np.unique(texts.data[texts.data >= 0]) if text_type(str(texts.distinct()[i])) != one]
        hits = np.flatnonzero(np.isin(texts.data, odd))
        row = int(hits[0])
        told = f"{name} held {one}s alone, {texts.text_at(row)!r} is none ({counted(len(hits), 'cell')})."
        place = new.raw.rows.location(row, name)
        yield Finding("type-changed", told, new.name, name, place, one, texts.text_at(row), len(hits))
    if one == two == "date":
        known = {shape(t) for t in texts_used(old.raw.texts[name])}
        shapes = [shape(str(t)) for t in texts.distinct()]
        for fresh in sorted({shape(t) for t in texts_used(texts)} - known):
            hits = np.flatnonzero(np.array([*(s == fresh for s in shapes), False])[texts.data])
            row = int(hits[0])
            told = f"Dates like {texts.text_at(row)!r} ({counted(len(hits), 'cell')}) were not there before."
            place = new.raw.rows.location(row, name)
            yield Finding("date-form-new", told, new.name, name, place, "", texts.text_at(row), len(hits))
    if one == two == "number" and _cells(old.raw, name) == "number" and _cells(new.raw, name) == "text":
        told = f"The numbers of {name} are stored as texts."
        yield Finding("cells-as-text", told, new.name, name, new.raw.rows.location(0, name), "number", "text")


def _undeclared(old: Form, new: Form, name: str) -> Iterator[Finding]:
    before, after = old.raw.texts[name], new.raw.texts[name]
    known = texts_used(before)
    if known and content_type(before) == content_type(after) == "number":
        yield from _of_range(old, new, name)
    elif known and len(known) <= CODED and int(before.present().sum()) >= 3 * len(known):
        yield from _newly(old, new, name, "value-new", before.present(), after.present(), "was not there before")


def _of_range(old: Form, new: Form, name: str) -> Iterator[Finding]:
    spans = []
    for form in (old, new):
        numbers = [n for t in texts_used(form.raw.texts[name]) if (n := read_number(t)) is not None]
        spans.append((min(numbers), max(numbers)))
    (low, high), (least, most) = spans
    if least >= low and most <= high:
        return
    texts = new.raw.texts[name]
    beyond = [i for i, t in enumerate(texts.distinct()) if not low <= (read_number(str(t)) or 0.0) <= high]
    hits = np.flatnonzero(np.isin(texts.data, beyond))
    shown = [f"{number_text(a)} to {number_text(b)}" for a, b in spans]
    told = f"{name} ran from {shown[0]} and runs from {shown[1]} ({counted(len(hits), 'cell')} beyond)."
    place = new.raw.rows.location(int(hits[0]), name)
    yield Finding("range-wider", told, new.name, name, place, shown[0], shown[1], len(hits))


def content_type(texts: Vector) -> str:
    """`number` or `date` where every text is one, `empty`, else `text`."""
    kinds = {text_type(text) for text in texts_used(texts)}
    return kinds.pop() if len(kinds) == 1 else "text" if kinds else "empty"


def text_type(text: str) -> str:
    """`number`, `date` or `text`."""
    if read_number(text) is not None:
        return "number"
    return "date" if _DATE.fullmatch(fold(text)) else "text"


def shape(text: str) -> str:
    """How a date is written: 9999 for a year of four digits, 9 for shorter numbers, AAA for the name of a month."""
    short = re.sub(r"(?<!\d)\d{1,2}(?!\d)", "9", fold(text))
    return re.sub(r"[A-Za-z]", "A", re.sub(r"\d{4}", "9999", short))


def _cells(raw: RawTable, name: str) -> str:
    """The commonest kind of the column's filled cells in a workbook; `text` where all are texts."""
    cells, present = raw.cells.get(name), raw.texts[name].present()
    if cells is None or not present.any():
        return "text"
    return CELL_KINDS[int(np.bincount(cells[present]).argmax())]
