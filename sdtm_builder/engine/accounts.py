"""The accounts of a build: the fate of every raw row and column, records in and out of every step of every block."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import Location, fault
from ..model import RawTable
from ..model.summary import (
    BlockSummary,
    BuildSummary,
    ColumnFate,
    DatasetSummary,
    SourceSummary,
    StepCount,
)
from .columnuse import Uses, column_uses
from .finish import Built
from .frames import Frame
from .lineage import pointed
from .run import Run
from .tables import Table

fault(
    "column-unlisted",
    "note",
    "A raw column that no rule uses and no `unused` names",
    "Use it, or name it under `unused` of its source with a reason.",
)

Ints = NDArray[Any]
LISTED = 1_000
USED, JOINED, SUMMARISED = "used", "used by a join", "used by a summary"
OFFERED = "offered to a join, fits no record"
MADE, REGISTER = "read by a record maker", "used as register of subjects"
fault("unused-but-used", "warning", "A raw column that is declared unused and used by a rule", "Take it off `unused`.")

UNPLACED, UNUSED, UNLISTED = "unplaced", "unused", "unlisted"
NOT_READ = {
    "ragged": "in error: not as many cells as the header",
    "blank": "blank",
    "footer": "footer",
    "where-unknown": "in error: `where` of the source is unknown",
    "filtered": "left out by `where` of the source",
    "superseded": "superseded by a later row of their key",
    "duplicates": "duplicates dropped",
}
"""Rows that reading left out: name of the count -> fate."""


def summarise(
    run: Run,
    built: Sequence[Built],
    *,
    version: str,
    as_of: str,
    profile: str = "final",
    partial: Sequence[str] = (),
) -> BuildSummary:
    """Put the accounts of a build together; raw columns that nothing names are issues (`column-unlisted`).

    Parameters
    ----------
    run, built : the build and its finished datasets
    version, as_of, profile, partial : of the tool, the moment in its files, final or draft, datasets of `--only`
    """
    uses = column_uses(run.plan)
    for column, users in run.notes.columns.items():
        uses.setdefault(column, {}).update(users)
    study = run.study
    standards = {**{k.upper(): v for k, v in study.standards.items()}, **study.dictionaries}
    standards |= {f"CT {name.upper()}": date for name, date in study.ct.items()}
    return BuildSummary(
        study.id, study.study.get("title", ""), version, as_of, profile, tuple(partial),
        tuple(_dataset(run, b, built) for b in sorted(built, key=lambda b: b.standard != "sdtm")),
        tuple(source_summary(run, table, uses) for table in run.raw.values()),
        standards,
    )  # fmt: skip


# datasets


def _dataset(run: Run, built: Built, every: Sequence[Built]) -> DatasetSummary:
    plan = run.plan.datasets[built.parent or built.name]
    known = plan.plan.sdtmig.dataset(plan.spec.domain) if built.standard != "adam" else None
    klass = plan.spec.klass or (known.klass if known is not None else "")
    supplemental = [b for b in every if b.parent == built.name]
    names = [v.name for v in built.variables]
    subjects = built.column("USUBJID").data if "USUBJID" in names else np.zeros(0, np.int64)
    file = built.name.lower()
    return DatasetSummary(
        built.name, built.label, "RELATIONSHIP" if built.parent else klass, built.n,
        len(np.unique(subjects[subjects >= 0])), tuple(names),
        tuple(q for s in supplemental for q in s.qualifiers),
        () if built.parent else tuple(_block(run, plan.name, b) for b in plan.spec.blocks),
        (f"{built.standard}/{file}.xpt", f"{built.standard}/dataset-json/{file}.json"),
    )  # fmt: skip


def _block(run: Run, dataset: str, block: str) -> BlockSummary:
    spec = run.plan.datasets[dataset].blocks[block].spec
    sources = tuple(s.text for s in spec.sources)
    return block_summary(run.frame(dataset, block), sources)


def block_summary(frame: Frame, sources: tuple[str, ...]) -> BlockSummary:
    """A block's steps with what each left out."""
    read = frame.counts.get("read", frame.base.n)
    steps = [StepCount("read", read)]
    steps += [StepCount(left.step, left.records, left.why, left.after) for left in frame.left]
    return BlockSummary(frame.block, sources, read, tuple(steps), frame.n)


# rows


def source_summary(run: Run, table: RawTable, uses: Uses) -> SourceSummary:
    """The fate of each row and column of a raw source; the fates of rows add up to the rows read."""
    fates: dict[str, int] = {}
    for name, said in NOT_READ.items():
        if table.facts.get(name):
            fates[said] = int(table.facts[name])
    columns = tuple(_column(run, table, c, uses) for c in table.columns)
    names, fate, users = _row_fates(run, table)
    counts = np.bincount(fate, minlength=len(names))
    if columns and all(c.fate == UNUSED for c in columns):
        names[0] = f"declared unused: {columns[0].why}"
    for said, count in zip(names, counts.tolist(), strict=True):
        if count:
            fates[said] = fates.get(said, 0) + count
    lost = np.flatnonzero(fate == 0)[:LISTED] if names[0] == UNPLACED else np.zeros(0, np.int64)
    places = [table.rows.location(int(r)) for r in lost]
    parts = tuple((p.file, p.sheet) for p in table.rows.parts)
    rows = int(table.facts.get("read", len(table)))
    return SourceSummary(
        table.name, parts, rows, fates, columns, users, tuple((p.file, p.sheet, p.row) for p in places)
    )


def _row_fates(run: Run, table: RawTable) -> tuple[list[str], Ints, tuple[str, ...]]:
    """(fates, number of each row's fate, datasets that used rows); 0 is unplaced.

    The first that holds counts: used, joined, summarised, in error, collapsed, filtered, without a result, offered to a
    join and fitting no record (`orphans: issue` makes an issue of each).
    """
    key, n = f"raw.{table.name}", len(table)
    names, fate = [UNPLACED], np.zeros(n, dtype=np.int64)
    users: dict[str, None] = {}

    def put(rows: Ints, name: str) -> None:
        if name not in names:
            names.append(name)
        fate[rows[fate[rows] == 0]] = names.index(name)

    for frame in run.frames.values():
        rows = _of_source(run, frame.base, key, frame.members.rows if frame.members is not None else frame.index)
        put(rows, USED)
        if len(rows):
            users.setdefault(frame.dataset)
    for dataset, rows in _origin_rows(run, key):
        put(rows, USED)
        users.setdefault(dataset)
    for dataset, rows in _joined_rows(run, key):
        put(rows, JOINED)
        users.setdefault(dataset)
    if table.name in run.notes.seen:
        put(np.flatnonzero(run.notes.seen[table.name]), SUMMARISED)
    if table.name in run.notes.handed:
        put(np.flatnonzero(run.notes.handed[table.name]), MADE)
    for name, rows in sorted(_left_rows(run, key), key=lambda item: item[0][0]):
        put(rows, name[1])
    subjects = run.study.subjects
    if subjects is not None and subjects.register.text == key:
        put(np.arange(n), REGISTER)
    if any(True for _ in _joined_rows(run, key)):
        put(np.arange(n), OFFERED)
    return names, fate, tuple(users)


def _of_source(run: Run, base: Table | None, key: str, rows: Ints) -> Ints:
    """Those rows of a table that are of one raw source, as its rows."""
    if base is None or key not in base.key.split("+"):
        return np.zeros(0, dtype=np.int64)
    parts = [theirs for name, theirs, _ in pointed(run, base, rows) if name == key]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _joined_rows(run: Run, key: str) -> Iterator[tuple[str, Ints]]:
    for frame in run.frames.values():
        plan = run.plan.datasets[frame.dataset]
        made = [run.made_join(frame.dataset, frame.block, name) for name in plan.joins]
        for joined in [*(j for n, j in frame.joins.items() if n in plan.blocks[frame.block].joins), *made]:
            if joined is not None and joined[0].key == key:
                yield frame.dataset, np.unique(joined[1][joined[1] >= 0])


def _origin_rows(run: Run, key: str) -> Iterator[tuple[str, Ints]]:
    """Rows behind the records that record makers gave."""
    for frame in run.frames.values():
        declared = run.plan.datasets[frame.dataset].blocks[frame.block].joins
        for name, (table, index) in frame.joins.items():
            if name not in declared and table.key == key:
                yield frame.dataset, np.unique(index[index >= 0])


def _left_rows(run: Run, key: str) -> Iterator[tuple[tuple[int, str], Ints]]:
    """((weight, fate), rows) of what steps left out; errors weigh most."""
    for frame in run.frames.values():
        for left in frame.left:
            rows = _of_source(run, left.base, key, left.rows)
            if len(rows):
                yield _fate(left.step, left.why), rows


def _fate(step: str, why: str) -> tuple[int, str]:
    if step in ("subjects", "topic") or why == "`where` is unknown":
        return 0, f"in error: {why}"
    if step == "one_per":
        return 1, "collapsed by one_per"
    return (3, "without a result") if step == "transpose" else (2, f"filtered: {why}")


# columns


def _column(run: Run, table: RawTable, column: str, uses: Uses) -> ColumnFate:
    spec = run.study.raw[table.name]
    filled = int(table.verbatim[column].present().sum())
    users = tuple(uses.get((table.name, column), ()))
    why = next((why for listed, why in spec.unused if column in {s.text for s in listed}), None)
    if users and why is not None:
        part = table.rows.parts[0]
        message = f"raw.{table.name}.{column} is declared unused, and used by {', '.join(users[:5])}."
        place = Location(file=part.file, sheet=part.sheet, column=column)
        run.log.add("unused-but-used", message, place, spec.mark.place, value=column)
    if users:
        return ColumnFate(column, USED, users, "", filled)
    if why is not None:
        return ColumnFate(column, UNUSED, (), why, filled)
    part = table.rows.parts[0]
    place = Location(file=part.file, sheet=part.sheet, column=column)
    message = f"raw.{table.name}.{column}: no rule uses it, `unused` does not name it ({filled:,} values)."
    run.log.add("column-unlisted", message, place, spec.mark.place, value=column)
    return ColumnFate(column, UNLISTED, (), "", filled)


__all__ = ["block_summary", "source_summary", "summarise"]
