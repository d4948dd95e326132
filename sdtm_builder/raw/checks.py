"""Rows of a raw table: total rows at the foot, rows of another study, duplicates, keys that repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..issues import IssueLog, Location, fault
from ..model import RawTable, Scalar, SourceSpec, Vector
from ..values.cells import PLACES, SINGLE_ISSUES, place
from .table import keep_rows

fault("row-unreadable", "warning", "A row at the foot that is no data by declaration: left out")
fault("footer-inside", "warning", "A row that `footer` holds for, and that has data below it: it is kept")
fault(
    "source-where-unknown",
    "warning",
    "A row for which the source's `where` is unknown: it is left out",
)
fault("duplicate-exact", "warning", "Rows that agree in all columns")
fault("record-superseded", "warning", "A row that a later row of its key takes the place of, by declaration: left out")
fault("duplicate-conflict", "error", "Rows of one key that differ: all are kept", "Query which one is right.")

Evaluate = Callable[[Scalar, RawTable], Vector]
"""An expression over a raw table's rows, as a TRUTH vector."""


def without_footer(table: RawTable, footer: Scalar, evaluate: Evaluate, log: IssueLog) -> RawTable:
    """Without the rows at the foot of each part for which `footer` is true; one with data below it stays."""
    hit = evaluate(footer, table).data == 1
    drop = np.zeros(len(table), dtype=bool)
    for part in range(len(table.rows.parts)):
        at = np.flatnonzero(table.rows.part == part)
        data = np.flatnonzero(~hit[at])
        drop[at[data[-1] + 1 if len(data) else 0 :]] = True
    drop &= hit
    _log_rows(log, "row-unreadable", table, drop, "left out as a row of the foot.", footer)
    _log_rows(log, "footer-inside", table, hit & ~drop, "has data below it.", footer)
    return keep_rows(table, ~drop, "footer")


def where_rows(table: RawTable, where: Scalar, evaluate: Evaluate, log: IssueLog) -> RawTable:
    """The rows for which `where` is true; others are counted as `filtered`, unknown ones as `where-unknown`."""
    truth = evaluate(where, table).data
    _log_rows(log, "source-where-unknown", table, truth == -1, "left out, `where` is unknown.", where)
    kept = keep_rows(table, truth != -1, "where-unknown")
    return keep_rows(kept, truth[truth != -1] == 1, "filtered")


def _log_rows(log: IssueLog, rule: str, table: RawTable, hit: NDArray[np.bool_], told: str, mark: Scalar) -> None:
    rows = np.flatnonzero(hit)
    for row in rows[:SINGLE_ISSUES]:
        log.add(rule, f"raw.{table.name}: {told}", place(table.rows, int(row)), mark.mark.place)
    rest = rows[SINGLE_ISSUES:]
    if len(rest):
        places = [place(table.rows, int(row)) for row in rest[:PLACES]]
        log.add(rule, f"raw.{table.name}: {told} ({len(rest):,} rows)", *places, mark.mark.place)


def equal_rows(columns: Sequence[Vector], n: int) -> NDArray[np.int64]:
    """For each row the first row that agrees with it in all columns; missing agrees with missing."""
    keys = np.zeros(n, dtype=np.int64)
    for column in columns:
        codes = _codes(column)
        width = int(codes.max(initial=-1)) + 2
        if keys.max(initial=0) > (1 << 62) // max(width, 1):
            keys = np.unique(keys, return_inverse=True)[1]
        keys = keys * width + codes + 1
    first, back = np.unique(keys, return_index=True, return_inverse=True)[1:]
    return np.asarray(first[back])


def _codes(column: Vector) -> NDArray[np.int64]:
    if column.is_text:
        return column.data.astype(np.int64)
    codes = np.unique(column.data, return_inverse=True, equal_nan=True)[1].astype(np.int64)
    return np.where(column.present(), codes, -1)


def duplicates(table: RawTable, source: SourceSpec, log: IssueLog) -> tuple[RawTable, NDArray[np.int64]]:
    """`duplicate-exact` for rows that agree but for the columns to ignore; with `drop` the first of them stays.

    The second result is, for each row kept, the first row equal to it.
    """
    ignored = {scalar.text for scalar in source.duplicates_ignore}
    columns = [column for name, column in table.verbatim.items() if name not in ignored]
    first = equal_rows(columns, len(table))
    told = "first kept, others left out" if source.duplicates == "drop" else "all kept"
    for group in _groups(first):
        _log_group(log, "duplicate-exact", table, group, f"raw.{table.name}: {len(group)} equal rows, {told}.")
    if source.duplicates != "drop":
        return table, first
    keep = first == np.arange(len(table))
    kept = keep_rows(table, keep, "duplicates")
    return kept, np.arange(len(kept))


def key_conflicts(table: RawTable, source: SourceSpec, first: NDArray[np.int64], log: IssueLog) -> None:
    """`duplicate-conflict` for rows of one key that are no duplicates of each other.

    The key's typed values count; missing is a value. first : of `duplicates`.
    """
    names = [scalar.text for scalar in source.key if scalar.text in table.values]
    if not names or len(names) < len(source.key):
        return
    distinct = np.flatnonzero(first == np.arange(len(table)))
    columns = [table.values[name].take(distinct) for name in names]
    mark = source.key[0].mark.place
    for group in _groups(equal_rows(columns, len(distinct))):
        rows = distinct[group]
        key = ", ".join(f"{name}={table.values[name].text_at(int(rows[0]))}" for name in names)
        told = f"raw.{table.name}: {len(rows)} rows of one key differ ({key})."
        _log_group(log, "duplicate-conflict", table, rows, told, key, (mark,))


def without_superseded(table: RawTable, source: SourceSpec, evaluate: Evaluate, log: IssueLog) -> RawTable:
    """Without the rows that a later row of their key takes the place of: the last for which `supersedes` is true.

    Later is further down, in a later sheet or file. The issue names the row that stays first, then those left out.
    """
    names = [scalar.text for scalar in source.key if scalar.text in table.values]
    if source.supersedes is None or not names or len(names) < len(source.key):
        return table
    over = evaluate(source.supersedes, table).data == 1
    drop = np.zeros(len(table), dtype=bool)
    for rows in _groups(equal_rows([table.values[name] for name in names], len(table))):
        winners = np.flatnonzero(over[rows])
        gone = rows[: winners[-1]] if len(winners) else rows[:0]
        if not len(gone):
            continue
        drop[gone] = True
        key = ", ".join(f"{name}={table.values[name].text_at(int(rows[0]))}" for name in names)
        told = f"raw.{table.name}: this row takes the place of {len(gone)} above it ({key})."
        kept = np.concatenate([rows[winners[-1] : winners[-1] + 1], gone])
        _log_group(log, "record-superseded", table, kept, told, key, (source.supersedes.mark.place,))
    return keep_rows(table, ~drop, "superseded")


def _groups(first: NDArray[np.int64]) -> Iterator[NDArray[np.intp]]:
    """The rows of each group of two and more, by its first row."""
    counts = np.bincount(first, minlength=len(first))
    several = np.flatnonzero(counts[first] > 1) if len(first) else np.empty(0, np.intp)
    order = several[np.argsort(first[several], kind="stable")]
    starts = np.flatnonzero(np.diff(first[order], prepend=-1))
    yield from np.split(order, starts[1:]) if len(order) else ()


def _log_group(
    log: IssueLog, rule: str, table: RawTable, rows: NDArray[np.intp], told: str, value: str = "",
    extra: tuple[Location, ...] = (),
) -> None:  # fmt: skip
    places = [place(table.rows, int(row)) for row in rows[:PLACES]]
    log.add(rule, told, *places, *extra, value=value)
