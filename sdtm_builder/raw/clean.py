"""Cells made clean: blanks, control characters, undecodable bytes, Excel errors, tokens of `missing`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, fault
from ..model import RawTable, Rows, SourceColumn, Vector
from ..values.cells import log_cells
from ..values.fold import any_unclean, clean, fold
from .cellforms import ERROR, FORMULA, NUMBER
from .csvfile import REPLACEMENT

fault("excel-error", "error", "An error of Excel in a cell: the value is missing", "Mend the sheet it came from.")
fault("formula-text", "note", "A text that begins with =, kept as a text")
fault(
    "formula-unknown",
    "error",
    "A formula whose result the file does not hold: the value is missing",
    "Open the file in Excel and save it, so that results are stored.",
)
fault("missing-token", "note", "A text that means no value by declaration")
fault("integer-repaired", "note", "A whole number that an export spoilt, put right by declaration")
fault("integer-unreadable", "error", "A text that is no whole number of the declared width: it stays as it is")

EXCEL_ERRORS = frozenset(
    ("#N/A", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#VALUE!", "#NULL!", "#SPILL!", "#CALC!", "#FIELD!", "#BLOCKED!")
) | {"#GETTING_DATA", "#ERROR"}
_INTEGER = re.compile(r"([0-9]+)(?:\.0*)?")


def clean_column(column: Vector) -> tuple[Vector, dict[str, NDArray[np.bool_]]]:
    """A column as it is kept, and by rule the rows where something was done or seen.

    Rules: `whitespace`, `control-character`, `encoding-error`, `excel-error`, `formula-text`.
    """
    texts = column.distinct()
    listed = texts.tolist()
    seen: dict[str, NDArray[np.bool_]] = {}
    new: list[str] = listed
    if any_unclean(listed):
        cleaned = [clean(text) for text in listed]
        new = [one.text for one in cleaned]
        _mark(seen, "whitespace", column, (one.trimmed and bool(one.text) for one in cleaned))
        _mark(seen, "control-character", column, (one.controls and bool(one.text) for one in cleaned))
        _mark(seen, "encoding-error", column, (REPLACEMENT in text for text in listed))
    if not EXCEL_ERRORS.isdisjoint(new):
        _mark(seen, "excel-error", column, (text in EXCEL_ERRORS for text in new))
    if "|=" in "|" + "|".join(new):
        _mark(seen, "formula-text", column, (text.startswith("=") for text in new))
    kept = column if new is listed else Vector.of_codes(column.data, new)
    return kept, seen


def _mark(seen: dict[str, NDArray[np.bool_]], rule: str, column: Vector, flags: Iterable[bool]) -> None:
    hit = np.fromiter(flags, dtype=bool)
    if hit.any():
        seen[rule] = np.append(hit, False)[column.data]


_MESSAGES = {
    "whitespace": "blanks at the ends of {!r} taken away.",
    "control-character": "line breaks or control characters of {!r} made blanks.",
    "encoding-error": "{!r} has bytes that are no characters; the value is missing.",
    "excel-error": "{} is an error of Excel; the value is missing.",
    "formula-text": "{!r} is kept as a text.",
}


def log_cleaning(log: IssueLog, rows: Rows, name: str, column: Vector, seen: Mapping[str, NDArray[np.bool_]]) -> None:
    """The issues of `clean_column`; column: as it stood in the file."""
    for rule in sorted(seen):
        log_cells(log, rule, rows, name, seen[rule], column, _MESSAGES[rule].format)


def formulas(cells: NDArray[np.int8] | None, rows: Rows, name: str, column: Vector, log: IssueLog) -> None:
    """`formula-unknown` at the cells that are formulas without a stored result."""
    if cells is not None and (cells == FORMULA).any():
        log_cells(log, "formula-unknown", rows, name, cells == FORMULA, column, lambda _: "the result is not stored.")


def without_errors(column: Vector, cells: NDArray[np.int8] | None, seen: Mapping[str, NDArray[np.bool_]]) -> Vector:
    """The column with Excel's errors and undecodable cells missing."""
    drop = np.zeros(len(column), dtype=bool) if cells is None else cells == ERROR
    for rule in ("excel-error", "encoding-error"):
        drop = drop | seen[rule] if rule in seen else drop
    return column.where(~drop) if drop.any() else column


def without_tokens(column: Vector, tokens: frozenset[str]) -> Vector:
    """The column with the texts that mean no value missing. tokens : folded."""
    if not tokens:
        return column
    texts = column.distinct().tolist()
    plain = "".join(texts).isascii()
    if plain and tokens.isdisjoint(texts):
        return column
    drop = np.fromiter((text in tokens or fold(text) in tokens for text in texts), dtype=bool, count=len(texts))
    return column.where(~np.append(drop, False)[column.data])


def tokens_of(study: Iterable[str], source: Iterable[str] | None, column: SourceColumn | None) -> frozenset[str]:
    """The tokens of a column, folded: the source's over the study's, and the column's own beside them."""
    tokens = [*(study if source is None else source), *(column.missing if column else ())]
    return frozenset(folded for folded in map(fold, tokens) if folded)


def repaired_integers(
    column: Vector, width: int, rows: Rows, name: str, cells: NDArray[np.int8] | None, log: IssueLog
) -> Vector:
    """20080826.0 as 20080826, and with the zeros that were lost in front up to `width` (0: none)."""
    texts = column.distinct()
    new: list[str | None] = []
    for text in texts:
        match = _INTEGER.fullmatch(fold(text))
        good = match is not None and (not width or len(match[1].lstrip("0")) <= width)
        new.append(match[1].zfill(width) if match is not None and good else None)
    bad = np.array([text is None for text in new] + [False], dtype=bool)[column.data]
    mended = np.array([a is not None and a != b for a, b in zip(new, texts, strict=True)] + [False])[column.data]
    if cells is not None:
        mended &= cells != NUMBER  # a number never had zeros to show
    log_cells(log, "integer-unreadable", rows, name, bad, column, "{!r} is no such whole number.".format)
    log_cells(log, "integer-repaired", rows, name, mended, column, "{!r} put right.".format)
    kept = [text if fixed is None else fixed for text, fixed in zip(texts.tolist(), new, strict=True)]
    return Vector.of_codes(column.data, kept)


def note_missing_tokens(table: RawTable, log: IssueLog, skip: Mapping[str, NDArray[np.bool_]] | None = None) -> None:
    """`missing-token` at each cell that is no value by declaration.

    To be called when it is known which cells a rule has used otherwise: `skip` has those (column -> mask), for
    instance `ND` that meant NOT DONE.
    """
    for name, shown in table.verbatim.items():
        hit = shown.present() & ~table.texts[name].present()
        cells = table.cells.get(name)
        hit &= ~_errors(shown) if cells is None else ~_errors(shown) & (cells != ERROR)
        if skip and name in skip:
            hit &= ~skip[name]
        log_cells(log, "missing-token", table.rows, name, hit, shown, "{!r} is no value by declaration.".format)


def _errors(column: Vector) -> NDArray[np.bool_]:
    flags = [text in EXCEL_ERRORS or REPLACEMENT in text for text in column.distinct()]
    return np.array([*flags, False], dtype=bool)[column.data]
