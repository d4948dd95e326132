"""One raw column described: type, filling, values, ranges, dates, characters, codelists, what it may be of a record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ..model import CELL_KINDS
from ..model.column import number_text
from ..values.fold import fold, has_wide
from ..values.numbers import read_number
from .dateforms import DateFacts, date_facts, is_time
from .tables import Table
from .terms import Candidate, CtIndex

TOP = 20
MOST = 0.9
"""A column has a type if so large a share of its filled cells can be read so."""
CODED = 60
"""Columns with more distinct values are not looked for in codelists."""

_SUBJECT = re.compile(
    r"(?i)^(u?subj(id|ect)?(_?(id|no|nr|num(ber)?|key|name))?|pat(ient)?_?(num(ber)?|id|no|nr)?"
    r"|screen(ing)?_?(no|num(ber)?|id))$|受试者|患者编号"
)
_VISIT = re.compile(
    r"(?i)^(visit|vis(it)?_?(code|name|num|no|id)|instance(_?name)?|event(_?name)?|folder_?name)$|^访视$|访视(代码|名称|号)"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Least, median and greatest of the numbers, and the most decimals written."""

    least: float
    median: float
    greatest: float
    decimals: int


@dataclass(frozen=True, slots=True)
class Characters:
    """Cells with blanks at the ends, full-width forms, control characters, characters beyond ASCII; longest text."""

    blanks: int
    wide: int
    control: int
    beyond_ascii: int
    longest: int


@dataclass(frozen=True, slots=True)
class ColumnProfile:
    """What a column holds. `type`: empty, integer, number, date, datetime, time or text; `misfits`: texts of another
    type, first 5 with counts. `values`: most frequent first, at most 20. `cells`: kinds of workbook cells that are no
    texts. `roles`: subject or visit -> the evidence."""

    name: str
    label: str
    unit: str
    type: str
    filled: int
    missing: int
    distinct: int
    values: tuple[tuple[str, int], ...]
    misfits: tuple[tuple[str, int], ...]
    cells: Mapping[str, int]
    numbers: Numbers | None
    dates: DateFacts | None
    characters: Characters
    codelists: tuple[Candidate, ...]
    roles: Mapping[str, str]


def describe(table: Table, name: str, index: CtIndex) -> ColumnProfile:
    """Describe a column of a table; each distinct text is looked at once."""
    vector = table.raw.texts[name]
    rows = len(vector)
    used = np.bincount(vector.data[vector.data >= 0], minlength=len(vector.distinct()))
    counts = {str(vector.distinct()[i]): int(used[i]) for i in np.flatnonzero(used)}
    filled = sum(counts.values())
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    kind, fits = _type(counts, filled)
    dates = date_facts(counts)[0] if kind in ("date", "datetime") else None
    label = table.head(name, "label")
    coded = kind in ("text", "integer") and 0 < len(counts) <= CODED and max(map(len, counts)) <= 200
    coded = coded and any(not re.fullmatch(r"[0-9.,+-]+", fold(t)) for t in counts)
    return ColumnProfile(
        name, label, table.head(name, "unit"), kind, filled, rows - filled, len(counts), tuple(ordered[:TOP]),
        tuple((t, n) for t, n in ordered if not fits.get(t, True))[:5], _cells(table, name),
        _numbers(counts) if kind in ("integer", "number") else None, dates, _characters(counts, table, name),
        tuple(index.candidates(counts)) if coded else (), _roles(name, label, filled, rows, len(counts), kind),
    )  # fmt: skip


def _type(counts: Mapping[str, int], filled: int) -> tuple[str, Mapping[str, bool]]:
    """The type, and of each text whether it fits."""
    if not filled:
        return "empty", {}
    numeric = {t: read_number(t) is not None for t in counts}
    clock = {t: is_time(t) for t in counts}
    if _share(counts, clock) >= MOST * filled:
        return "time", clock
    packed = {t: re.fullmatch(r"(19|20)[0-9]{6}", fold(t)) is not None for t in counts}
    if _share(counts, numeric) >= MOST * filled and _share(counts, packed) < filled:
        whole = all(float(read_number(t) or 0).is_integer() and "." not in fold(t) for t, ok in numeric.items() if ok)
        return ("integer" if whole else "number"), numeric
    facts, read = date_facts(counts)
    if facts.read >= MOST * filled and any("d" in f.format for f in facts.formats):
        return ("datetime" if facts.times >= MOST * facts.read else "date"), {t: t in read for t in counts}
    return "text", {}


def _share(counts: Mapping[str, int], fits: Mapping[str, bool]) -> int:
    return sum(n for t, n in counts.items() if fits[t])


def _numbers(counts: Mapping[str, int]) -> Numbers:
    pairs = [(number, n, t) for t, n in counts.items() if (number := read_number(t)) is not None]
    values = np.repeat([p[0] for p in pairs], [p[1] for p in pairs])
    decimals = max((len(fold(t).partition(".")[2]) for _, _, t in pairs), default=0)
    return Numbers(float(values.min()), float(np.median(values)), float(values.max()), decimals)


def _characters(counts: Mapping[str, int], table: Table, name: str) -> Characters:
    def cells(odd: Mapping[str, bool]) -> int:
        return sum(n for t, n in counts.items() if odd[t])

    return Characters(
        table.cleaned.get(("whitespace", name), 0), cells({t: has_wide(t) for t in counts}),
        table.cleaned.get(("control-character", name), 0), cells({t: not t.isascii() for t in counts}),
        max(map(len, counts), default=0),
    )  # fmt: skip


def _cells(table: Table, name: str) -> Mapping[str, int]:
    kinds = table.raw.cells.get(name)
    if kinds is None:
        return {}
    counts = np.bincount(kinds, minlength=len(CELL_KINDS))
    return {CELL_KINDS[i]: int(counts[i]) for i in range(1, len(CELL_KINDS)) if counts[i]}


def _roles(name: str, label: str, filled: int, rows: int, distinct: int, kind: str) -> Mapping[str, str]:
    """What a column may be of a record, by its name or label, where its content allows it."""
    roles = {}
    heads = [("name", re.sub(r"^\w{1,4}\.", "", name)), ("label", label)]
    for role, pattern, fits in (
        ("subject", _SUBJECT, filled >= MOST * rows and kind != "date" and distinct > 0),
        ("visit", _VISIT, 0 < distinct <= 200 and kind not in ("date", "datetime", "time")),
    ):
        by = next((f"{what} {text!r}" for what, text in heads if text and pattern.search(text)), "")
        if by and fits:
            roles[role] = f"{by}; {distinct:,} distinct in {rows:,} rows"
    return roles


def shown(number: float) -> str:
    """A number as text."""
    return number_text(number)
