"""Subject numbers of a raw table in the form of the register, by the source's pattern."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

from ..issues import IssueLog, fault
from ..model import Kind, RawTable, SourceSpec, Vector
from ..values.cells import log_cells
from ..values.fold import fold

fault("subject-pattern", "note", "A subject number in another form than most of its column, mapped by the pattern")
fault("subject-unreadable", "error", "A subject number that its source's pattern does not fit: no subject")
fault("subject-form", "error", "A `pattern` or `form` of subject numbers that can't be used")

_LONGEST = 2000
_FIELD = re.compile(r"\{([0-9]+)(?::0?([0-9]+))?\}")


def subject_numbers(table: RawTable, source: SourceSpec, log: IssueLog) -> Vector:
    """The register's number of each row's subject, TEXT; missing where the column is blank or fits no pattern.

    The pattern must fit the whole folded text; `form` puts its groups together (`S{1:03}`: group 1 in three digits),
    without it group 1, or the whole text, is the number. Issues: `subject-pattern`, `subject-unreadable`,
    `subject-form`; whether the number is in the register is asked where the register is known.
    """
    if source.subject is None or source.subject.text not in table.texts:
        return Vector.missing_of(Kind.TEXT, len(table))
    name = source.subject.text
    texts = table.texts[name]
    if source.subject_pattern is None:
        return texts.map_texts(fold)
    change = _change(source, log)
    if change is None:
        return Vector.missing_of(Kind.TEXT, len(table))
    found = [change(fold(text)) for text in texts.distinct()]
    missed = np.array([number is None for number in found] + [False], dtype=bool)[texts.data]
    told = f"{{!r}} does not fit {source.subject_pattern.text}."
    log_cells(
        log, "subject-unreadable", table.rows, name, missed, texts, lambda t: told.replace("{!r}", repr(t)),
        (source.subject_pattern.mark.place,),
    )  # fmt: skip
    shapes = [_shape(text) if number is not None else "" for text, number in zip(texts.distinct(), found, strict=True)]
    counts: dict[str, int] = {}
    uses = np.bincount(texts.data[texts.data >= 0], minlength=len(shapes))
    for shape, number in zip(shapes, uses.tolist(), strict=True):
        counts[shape] = counts.get(shape, 0) + number * (shape != "")
    usual = min(counts, key=lambda s: (-counts[s], s), default="")
    odd = np.array([shape not in ("", usual) for shape in shapes] + [False], dtype=bool)[texts.data]
    to = dict(zip(texts.distinct().tolist(), found, strict=True))
    log_cells(log, "subject-pattern", table.rows, name, odd, texts, lambda t: f"{t!r} is subject {to.get(t)}.")
    return Vector.of_codes(texts.data, found)


def _shape(text: str) -> str:
    """A text with 9 for each digit and A for each letter."""
    return re.sub("[0-9]", "9", re.sub("[A-Za-z]", "A", fold(text)))


def _change(source: SourceSpec, log: IssueLog) -> Callable[[str], str | None] | None:
    assert source.subject_pattern is not None
    mark = source.subject_pattern.mark.place
    try:
        pattern = re.compile(source.subject_pattern.text)
    except re.error as error:
        log.add("subject-form", f"pattern {source.subject_pattern.text}: {error}.", mark)
        return None
    form = source.subject_form.text if source.subject_form is not None else ("{1}" if pattern.groups else "{0}")
    wanted = [int(match[1]) for match in _FIELD.finditer(form)]
    rest = _FIELD.sub("", form)
    if not wanted or "{" in rest or "}" in rest or max(wanted) > pattern.groups:
        where = source.subject_form.mark.place if source.subject_form is not None else mark
        log.add("subject-form", f"form {form} needs groups that {pattern.pattern} has not.", where)
        return None

    def change(text: str) -> str | None:
        match = pattern.fullmatch(text) if len(text) <= _LONGEST else None
        if match is None or any(match[group] is None for group in wanted):
            return None
        return _FIELD.sub(lambda f: (match[int(f[1])] or "").zfill(int(f[2] or 0)), form)

    return change
