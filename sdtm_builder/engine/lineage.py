"""Writes the lineage of a build: for every record its rows, for every value its rule and what it was made of.

The folder holds `graph.json` (what makes each variable), `raw/SOURCE.parquet` (every cell as read, with `_file`,
`_sheet`, `_row`, `_usubjid`), `DATASET.parquet` (one row a record, in written order) and `DATASET.members.parquet`
(the rows of groups). Row numbers are those of the written files: rows of `raw/SOURCE.parquet`, records of
`DATASET.parquet`. A record's row has its variables and temporaries, and:

    @block              the block that made it          @base, @row     table and row that it was made from
    @entry              number of its transposed column @join:NAME      row that a join found
    @win:VAR, and with `:table`, `:column`  the record that gave a first, last, least or greatest value
    @group:VAR          its group in the members' file: what was counted, added up or chosen from
    @parent, @variable  of a supplemental qualifier: the parent's record and the variable that it holds

In the members' file `variable` "" with the record's own number as group has the rows of a grouped block's record.
The same build gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ..model import Kind, RawTable, Vector
from .finish import Built
from .frames import Frame
from .graphfile import graph_facts
from .run import Run
from .tables import DatasetView, RawView, Stacked, Table

Ints = NDArray[Any]
OWN = ("_file", "_sheet", "_row", "_usubjid")
ROW_GROUP = 1 << 20


def write_lineage(run: Run, built: Sequence[Built], folder: Path) -> list[Path]:
    """Write the lineage of finished datasets into a folder; the paths written, in their order."""
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in run.raw.items():
        path = folder / "raw" / f"{file_name(name)}.parquet"
        _write(path, _raw_columns(run, table))
        written.append(path)
    for dataset in built:
        path = folder / f"{file_name(dataset.name)}.parquet"
        if dataset.parent:
            _write(path, _supplemental_columns(dataset))
        else:
            members = _Members(run)
            _write(path, _record_columns(run, dataset, members))
            if members.parts:
                beside = folder / f"{file_name(dataset.name)}.members.parquet"
                pq.write_table(pa.concat_tables(members.parts), beside, **_settings())
                written.append(beside)
        written.append(path)
    for name, columns in run.given.items():
        path = folder / f"{file_name(name)}.parquet"
        _write(path, {c: arrow(v) for c, v in columns.items()})
        written.append(path)
    path = folder / "graph.json"
    path.write_text(json.dumps(graph_facts(run, built), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return [*written, path]


def file_name(name: str) -> str:
    """A name as that of a file."""
    return quote(name, safe=" ")


def arrow(values: Vector) -> pa.Array:
    """A column as Arrow has it; texts stay codes into their distinct values."""
    if values.is_text:
        return coded(values.data, values.distinct())
    if values.kind is Kind.NUMBER:
        return pa.array(values.data, from_pandas=True)
    kind = {Kind.DATE: pa.date32(), Kind.DATETIME: pa.timestamp("s"), Kind.TRUTH: pa.int8()}[values.kind]
    return pa.array(values.data, mask=~values.present()).cast(kind)


def coded(codes: Ints, texts: Iterable[str]) -> pa.Array:
    """Codes into texts, -1 null."""
    numbers = pa.array(codes.astype(np.int32, copy=False), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(numbers, pa.array(list(texts), type=pa.string()))


def _settings() -> dict[str, Any]:
    return {"compression": "zstd", "compression_level": 1, "write_statistics": False, "row_group_size": ROW_GROUP}


def _write(path: Path, columns: Mapping[str, pa.Array]) -> None:
    table = pa.table(dict(columns))
    texts = [f.name for f in table.schema if pa.types.is_dictionary(f.type)]
    pq.write_table(table, path, use_dictionary=texts, **_settings())


def _raw_columns(run: Run, table: RawTable) -> dict[str, pa.Array]:
    parts = table.rows.parts
    found = {
        "_file": coded(table.rows.part, [p.file for p in parts]),
        "_sheet": coded(table.rows.part, [p.sheet for p in parts]),
        "_row": pa.array(table.rows.number),
    }
    if table.name in run.subjects:
        found["_usubjid"] = arrow(run.subjects[table.name])
    shown = dict(table.verbatim)
    for made in reversed(table.facts.get("corrected", ())):
        shown[made.column] = made.before
    return {**found, **{raw_column(c): arrow(v) for c, v in shown.items()}}


def raw_column(name: str) -> str:
    """A raw column's name in its lineage file: as it is, but for one that has the name of a place."""
    return f"={name}" if name in OWN or name.startswith("=") else name


# records


def _record_columns(run: Run, built: Built, members: _Members) -> dict[str, pa.Array]:
    plan = run.plan.datasets[built.name]
    blocks = list(plan.spec.blocks)
    frames = [run.frame(built.name, b) for b in blocks]
    rows = built.rows
    place = np.empty(len(rows), dtype=np.int64)
    place[rows] = np.arange(len(rows))
    number = np.repeat(np.arange(len(frames)), [f.n for f in frames])
    found: dict[str, pa.Array] = {"@block": coded(number[rows], blocks)}
    found |= _pointer_columns(run, "@base", "@row", [(f.base, f.index) for f in frames], rows)
    if any(f.entry is not None for f in frames):
        entry = np.concatenate([f.entry if f.entry is not None else np.full(f.n, -1) for f in frames])[rows]
        found["@entry"] = pa.array(entry.astype(np.int16), mask=entry < 0)
    start = 0
    for frame in frames:
        if frame.members is not None:
            mine = place[start : start + frame.n]
            members.add("", mine, frame.members.start, frame.base, frame.members.rows)
        start += frame.n
    found |= _join_columns(run, built.name, frames, rows)
    found |= _note_columns(run, built.name, frames, rows, members)
    written = {v.name: v.values for v in built.variables}
    for name in plan.names:
        if name not in written and run.is_made(built.name, name):
            written[name] = run.variable(built.name, "", name).take(rows)
    return found | {name: arrow(v) for name, v in written.items()}


def _supplemental_columns(built: Built) -> dict[str, pa.Array]:
    assert built.members is not None
    parents, which = built.members
    found = {"@parent": pa.array(parents.astype(np.int32)), "@variable": coded(which, built.qualifiers.values())}
    return found | {v.name: arrow(v.values) for v in built.variables}


def _join_columns(run: Run, dataset: str, frames: Sequence[Frame], rows: Ints) -> dict[str, pa.Array]:
    plan = run.plan.datasets[dataset]
    names = [*dict.fromkeys(n for f in frames for n in f.joins), *plan.joins]
    found: dict[str, pa.Array] = {}
    for name in dict.fromkeys(names):
        parts: list[tuple[Table | None, Ints]] = []
        for frame in frames:
            joined = frame.joins.get(name) or run.made_join(dataset, frame.block, name)
            parts.append(joined if joined is not None else (None, np.full(frame.n, -1, np.int64)))
        if any(table is not None for table, _ in parts):
            found |= _pointer_columns(run, f"@join:{name}:table", f"@join:{name}", parts, rows)
    return found


def _note_columns(
    run: Run, dataset: str, frames: Sequence[Frame], rows: Ints, members: _Members
) -> dict[str, pa.Array]:
    found: dict[str, pa.Array] = {}
    for name in dict.fromkeys(v for d, _, v in run.notes.winners if d == dataset):
        found |= _winner_columns(run, dataset, name, frames, rows)
    for name in dict.fromkeys(v for d, _, v in run.notes.gathered if d == dataset):
        groups, shift = [], 0
        whole = run.notes.gathered.get((dataset, "", name))
        for noted, n in [(whole, len(rows))] if whole is not None else [
            (run.notes.gathered.get((dataset, f.block, name)), f.n) for f in frames
        ]:  # fmt: skip
            groups.append(np.full(n, -1) if noted is None else np.where(noted.group >= 0, noted.group + shift, -1))
            if noted is not None:
                size = len(noted.start) - 1
                members.add_noted(name, np.arange(shift, shift + size), noted)
                shift += size
        group = np.concatenate(groups)[rows]
        found[f"@group:{name}"] = pa.array(group.astype(np.int32), mask=group < 0)
    return found


def _winner_columns(run: Run, dataset: str, name: str, frames: Sequence[Frame], rows: Ints) -> dict[str, pa.Array]:
    tables: list[str] = []
    columns: list[str] = []
    parts = []
    for frame in frames:
        noted = run.notes.winners.get((dataset, frame.block, name))
        table, column = np.full(frame.n, -1, np.int64), np.full(frame.n, -1, np.int64)
        row = np.full(frame.n, -1, np.int64)
        for number, (key, taken) in enumerate(noted.tables if noted is not None else ()):
            assert noted is not None
            hit = np.flatnonzero((noted.table == number) & (noted.rows >= 0))
            for one, theirs, at in pointed(run, table_of(run, key), noted.rows[hit].astype(np.int64)):
                table[hit[at]], row[hit[at]] = _code(tables, one), theirs
            column[hit] = _code(columns, taken)
        parts.append((table, column, row))
    table, column, row = (np.concatenate([p[i] for p in parts])[rows] for i in range(3))
    return {
        f"@win:{name}": pa.array(row.astype(np.int32), mask=row < 0),
        f"@win:{name}:table": coded(table, tables),
        f"@win:{name}:column": coded(column, columns),
    }


def _code(names: list[str], name: str) -> int:
    if name not in names:
        names.append(name)
    return names.index(name)


def _pointer_columns(
    run: Run, table_name: str, row_name: str, parts: Sequence[tuple[Table | None, Ints]], rows: Ints
) -> dict[str, pa.Array]:
    """Two columns: name of the table and row of it, for records of several blocks, in written order."""
    names: list[str] = []
    tables, numbers = [], []
    for table, index in parts:
        which = np.full(len(index), -1, np.int64)
        row = np.full(len(index), -1, np.int64)
        hit = np.flatnonzero(index >= 0) if table is not None else np.zeros(0, np.int64)
        for one, theirs, at in pointed(run, table, index[hit]) if table is not None else ():
            which[hit[at]], row[hit[at]] = _code(names, one), theirs
        tables.append(which)
        numbers.append(row)
    number = np.concatenate(numbers)[rows] if numbers else np.zeros(0, np.int64)
    table_codes = np.concatenate(tables)[rows] if tables else np.zeros(0, np.int64)
    return {
        table_name: coded(table_codes, names),
        row_name: pa.array(number.astype(np.int32), mask=number < 0),
    }


def pointed(run: Run, table: Table, rows: Ints) -> list[tuple[str, Ints, Ints]]:
    """Rows of a table in the numbering of written files: (table, rows there, which of `rows` these are)."""
    everything = np.arange(len(rows))
    if isinstance(table, Stacked):
        which = np.searchsorted(table.offsets, rows, side="right") - 1
        found = []
        for number in np.unique(which):
            at = np.flatnonzero(which == number)
            for one, theirs, inner in pointed(run, table.tables[number], rows[at] - table.offsets[number]):
                found.append((one, theirs, at[inner]))
        return found
    if isinstance(table, DatasetView) and table.dataset in run.plan.datasets:
        before = 0
        for block in run.plan.datasets[table.dataset].spec.blocks if table.block else ():
            if block == table.block:
                break
            before += run.frame(table.dataset, block).n
        return [(table.dataset, run.order(table.dataset)[rows + before], everything)]
    return [(table.key, rows, everything)]


def table_of(run: Run, key: str) -> Table:
    """A table by its key, several with + between them as one."""
    if "+" not in key or key.removeprefix("raw.") in run.raw:
        return run.table(key)
    return Stacked([run.table(k) for k in key.split("+")])


class _Members:
    """The members' file in the making."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.parts: list[pa.Table] = []

    def add(self, variable: str, groups: Ints, start: Ints, table: Table, rows: Ints, column: str = "") -> None:
        """Groups of rows of one table; groups without a row are left out."""
        group_of = np.repeat(np.arange(len(start) - 1), np.diff(start))
        for name, theirs, at in pointed(self.run, table, rows.astype(np.int64)):
            mine = group_of[at]
            size = np.bincount(mine, minlength=len(start) - 1)
            full = np.flatnonzero(size)
            offsets = np.concatenate([[0], np.cumsum(size[full])]).astype(np.int32)
            order = np.lexsort((theirs, mine))
            lists = pa.ListArray.from_arrays(pa.array(offsets), pa.array(theirs[order].astype(np.int32)))
            said = {"variable": variable, "table": name, "column": column}
            made = {key: pa.repeat(pa.scalar(text), len(full)) for key, text in said.items()}
            made |= {"group": pa.array(groups[full].astype(np.int32)), "rows": lists}
            self.parts.append(pa.table(made))

    def add_noted(self, variable: str, groups: Ints, noted: Any) -> None:
        """What a count, sum or flag looked at."""
        for number, (key, column) in enumerate(noted.tables):
            table = table_of(self.run, key)
            if noted.table is None:
                self.add(variable, groups, noted.start, table, noted.rows, column)
                continue
            hit = noted.table == number
            group_of = np.repeat(np.arange(len(noted.start) - 1), np.diff(noted.start))[hit]
            size = np.bincount(group_of, minlength=len(noted.start) - 1)
            start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
            self.add(variable, groups, start, table, noted.rows[hit], column)


__all__ = ["RawView", "arrow", "file_name", "pointed", "raw_column", "write_lineage"]
