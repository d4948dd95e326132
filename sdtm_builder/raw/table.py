"""Parts put together into one raw table, cleaned; rows kept and left out, counted by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, fault
from ..model import Kind, RawTable, Rows, SourceSpec, Vector
from .cellforms import DATE, DATETIME
from .clean import clean_column, formulas, log_cleaning, repaired_integers, tokens_of, without_errors, without_tokens
from .part import RawPart

fault(
    "column-missing-in-part",
    "note",
    "A column that one file or sheet of a table lacks: missing there",
)

fault(
    "midnight-dates",
    "note",
    "A column whose date-times are all at midnight: they are read as dates, without a time that nobody collected",
    "If the times are true, give them in a column of their own, and name it with `time`.",
)

STAMPS = ("file", "sheet")
_MIDNIGHT = re.compile(r"T00:00(:00)?$")
FACTS = ("read", "ragged", "blank", "footer", "where-unknown", "filtered", "superseded", "duplicates", "kept")
"""Counts of every table: `read` is the sum of the others."""


def assemble(source: SourceSpec, parts: Sequence[RawPart], study_missing: Iterable[str], log: IssueLog) -> RawTable:
    """One table of the parts in their order, its cells cleaned; `values` are the texts until columns are typed.

    Rows without any text are left out and counted as `blank`. Issues: `column-missing-in-part`, `table-empty`, and
    those of cleaning.
    """
    rows = Rows(
        tuple(part.part for part in parts),
        np.repeat(np.arange(len(parts), dtype=np.int32), [len(part.number) for part in parts]),
        np.concatenate([part.number for part in parts]),
    )
    names = list(dict.fromkeys(name for part in parts for name in part.columns))
    _log_missing_in_parts(source, parts, names, log)
    shown = {name: Vector.concat([_of_part(part, name) for part in parts]) for name in names}
    cells = {name: _cells(parts, name) for name in names if any(name in part.cells for part in parts)}
    for name in cells:
        shown[name], cells[name] = _dates_at_midnight(source, rows, name, shown[name], cells[name], log)
    facts: dict[str, Any] = {
        **dict.fromkeys(FACTS, 0),
        "read": len(rows.number) + sum(part.ragged for part in parts),
        "ragged": sum(part.ragged for part in parts),
        "epochs": tuple(part.epoch for part in parts),
    }
    table = RawTable(source.name, shown, shown, shown, rows, cells, facts)
    table = _without_blank_rows(_cleaned(table, source, tuple(study_missing), log))
    if not len(table):
        at = rows.parts[0]
        told = f"raw.{source.name} has no rows of data."
        log.add("table-empty", told, Location(file=at.file, sheet=at.sheet), source.mark.place)
    return _stamped(table, source)


def _without_blank_rows(table: RawTable) -> RawTable:
    filled = np.zeros(len(table), dtype=bool)
    for name, column in table.verbatim.items():
        filled |= column.present()
        if name in table.cells:
            filled |= table.cells[name] > 0
    return keep_rows(table, filled, "blank")


def _of_part(part: RawPart, name: str) -> Vector:
    vector = part.columns.get(name)
    return Vector.missing_of(Kind.TEXT, len(part.number)) if vector is None else vector


def _cells(parts: Sequence[RawPart], name: str) -> NDArray[np.int8]:
    return np.concatenate(
        [part.cells[name] if name in part.cells else np.zeros(len(part.number), np.int8) for part in parts]
    )


def _dates_at_midnight(
    source: SourceSpec, rows: Rows, name: str, column: Vector, kinds: NDArray[np.int8], log: IssueLog
) -> tuple[Vector, NDArray[np.int8]]:
    """The column without its times where each of them is midnight: exports write dates so, and no clock was read."""
    timed = (kinds == DATETIME) & column.present()
    used = np.unique(column.data[timed])
    if not len(used) or not all(_MIDNIGHT.search(column.distinct()[code]) for code in used):
        return column, kinds
    dates = [_MIDNIGHT.sub("", text) if code in set(used.tolist()) else text
             for code, text in enumerate(column.distinct())]  # fmt: skip
    first = int(np.flatnonzero(timed)[0])
    part = rows.parts[rows.part[first]]
    at = Location(file=part.file, sheet=part.sheet, row=int(rows.number[first]), column=name)
    told = f"all {int(timed.sum()):,} date-times of {name} are at midnight: they are dates."
    log.add("midnight-dates", told, at, source.mark.place)
    return Vector.of_codes(column.data, dates), np.where(kinds == DATETIME, DATE, kinds).astype(np.int8)


def _log_missing_in_parts(source: SourceSpec, parts: Sequence[RawPart], names: Sequence[str], log: IssueLog) -> None:
    for part in parts:
        at = Location(file=part.part.file, sheet=part.part.sheet)
        for name in names:
            if name not in part.columns:
                told = f"raw.{source.name}: no column {name} here."
                log.add("column-missing-in-part", told, at, source.mark.place, value=name)


def _cleaned(table: RawTable, source: SourceSpec, study_missing: tuple[str, ...], log: IssueLog) -> RawTable:
    verbatim: dict[str, Vector] = {}
    texts: dict[str, Vector] = {}
    for name, column in table.verbatim.items():
        cells = table.cells.get(name)
        verbatim[name], seen = clean_column(column)
        log_cleaning(log, table.rows, name, column, seen)
        formulas(cells, table.rows, name, column, log)
        kept = without_errors(verbatim[name], cells, seen)
        kept = without_tokens(kept, tokens_of(study_missing, source.missing, source.columns.get(name)))
        if name in source.integers:
            kept = repaired_integers(kept, source.integers[name], table.rows, name, cells, log)
        texts[name] = kept
    return replace(table, verbatim=verbatim, texts=texts, values=dict(texts))


def _stamped(table: RawTable, source: SourceSpec) -> RawTable:
    """With the columns of `stamp`: the sheet's name, or the file's without its folder."""
    made = {}
    for name, what in source.stamp.items():
        told = [part.sheet if what == "sheet" else PurePosixPath(part.file).name for part in table.rows.parts]
        made[name] = Vector.of_codes(table.rows.part, told)
    if not made:
        return table
    return replace(
        table, verbatim={**table.verbatim, **made}, texts={**table.texts, **made}, values={**table.values, **made}
    )


def keep_rows(table: RawTable, mask: NDArray[np.bool_], fact: str) -> RawTable:
    """The rows of a mask; the others are counted in `facts[fact]`, and named in `facts["left_out"][fact]`.

    `left_out` has (index of the part, row number) for each, so that every raw row is accounted for.
    """
    if mask.all():
        return replace(table, facts={**table.facts, fact: table.facts.get(fact, 0)})
    gone = np.flatnonzero(~mask)
    places = np.column_stack([table.rows.part[gone], table.rows.number[gone]])
    before: Mapping[str, NDArray[np.int32]] = table.facts.get("left_out", {})
    listed = np.concatenate([before[fact], places]) if fact in before else places
    facts = {
        **table.facts,
        fact: table.facts.get(fact, 0) + len(gone),
        "left_out": {**before, fact: listed},
    }
    kept = np.flatnonzero(mask)
    rows = Rows(table.rows.parts, table.rows.part[kept], table.rows.number[kept])
    return RawTable(
        table.name,
        _take(table.verbatim, kept),
        _take(table.texts, kept),
        _take(table.values, kept),
        rows,
        {name: codes[kept] for name, codes in table.cells.items()},
        facts,
    )


def _take(columns: Mapping[str, Vector], rows: NDArray[np.intp]) -> dict[str, Vector]:
    return {name: Vector(column.kind, column.data[rows], column.texts) for name, column in columns.items()}
