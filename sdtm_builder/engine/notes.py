"""What a build remembers for its lineage: which records gave a summary's value, which a step left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Key = tuple[str, str, str]
Ints = NDArray[Any]
Source = tuple[str, str]  # a table and the column of it that was taken, "" where none was


@dataclass(frozen=True)
class Left:
    """What a step of a block left out: the step, why, how many records, the source rows behind them.

    after : how many records there are after the step, where that isn't those before it less `records`
    base : the table whose rows these are
    """

    step: str
    why: str
    records: int
    rows: Ints
    after: int | None = None
    base: Any = None


@dataclass(frozen=True)
class Winners:
    """Which record of another table gave a summary's value (`rows`, -1 none), table by number."""

    tables: tuple[Source, ...]
    table: Ints
    rows: Ints

    def at(self, rows: Ints) -> Winners:
        """The same for some of the records."""
        return Winners(self.tables, self.table[rows], self.rows[rows])


@dataclass(frozen=True)
class Gathered:
    """Which records of other tables a value was counted, added up or chosen from.

    group : of each record, -1 none; the members of group g are `rows[start[g]:start[g+1]]` of the tables `table`
    table : number of each member's table, None where there is one table
    """

    tables: tuple[Source, ...]
    group: Ints
    start: Ints
    rows: Ints
    table: Ints | None = None

    def at(self, rows: Ints) -> Gathered:
        """The same for some of the records."""
        return Gathered(self.tables, self.group[rows], self.start, self.rows, self.table)


@dataclass
class Notes:
    """Notes of one build, by (dataset, block, variable); block "" where a rule sees the whole dataset.

    seen : for each raw source that a summary looked at, its rows that did count
    handed : the same of record makers; columns : (source, column) that they read -> their datasets
    """

    winners: dict[Key, Winners] = field(default_factory=dict)
    gathered: dict[Key, Gathered] = field(default_factory=dict)
    seen: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    handed: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    columns: dict[tuple[str, str], dict[str, None]] = field(default_factory=dict)

    def won(self, key: Key, n: int, at: Ints, tables: Sequence[Source], table: Ints, rows: Ints) -> None:
        """Winners at the records `at` of n; other branches of the same rule may have theirs elsewhere."""
        before = self.winners.get(key)
        if before is None or len(before.rows) != n:
            before = Winners((), np.full(n, -1, np.int16), np.full(n, -1, np.int32))
        number = [_number(before.tables, tables, t) for t in range(len(tables))]
        all_tables = tuple(dict.fromkeys([*before.tables, *tables]))
        to = np.array([*number, -1], dtype=np.int16)
        new_table, new_rows = before.table.copy(), before.rows.copy()
        new_table[at], new_rows[at] = to[table], rows
        self.winners[key] = Winners(all_tables, new_table, new_rows)

    def gather(
        self, key: Key, n: int, at: Ints, tables: Sequence[Source], group: Ints, member: Ints, table: Ints, rows: Ints
    ) -> None:
        """Members: `member` is the group of each pair, `table` and `rows` its record; `group` that of records `at`."""
        size = int(max(group.max(initial=-1), member.max(initial=-1))) + 1
        order = np.argsort(member, kind="stable")
        start = np.concatenate([[0], np.cumsum(np.bincount(member, minlength=size))]).astype(np.int64)
        which = table[order].astype(np.int16) if len(tables) > 1 else None
        made = Gathered(tuple(tables), np.full(n, -1, np.int32), start, rows[order].astype(np.int32), which)
        made.group[at] = group
        before = self.gathered.get(key)
        self.gathered[key] = made if before is None or len(before.group) != n else _joined(before, made)

    def look(self, source: str, n: int, rows: Ints) -> None:
        """Rows of a raw source that counted for a summary."""
        self.seen.setdefault(source, np.zeros(n, dtype=bool))[rows] = True

    def hand(self, source: str, n: int, rows: Ints) -> None:
        """Rows of a raw source that a record maker was given."""
        self.handed.setdefault(source, np.zeros(n, dtype=bool))[rows] = True

    def keep(self, key: Key, rows: Ints) -> None:
        """After some of the records were left out: the notes of those that stay."""
        if key in self.winners:
            self.winners[key] = self.winners[key].at(rows)
        if key in self.gathered:
            self.gathered[key] = self.gathered[key].at(rows)


def _number(before: Sequence[Source], tables: Sequence[Source], place: int) -> int:
    return list(dict.fromkeys([*before, *tables])).index(tables[place])


def _joined(first: Gathered, second: Gathered) -> Gathered:
    tables = tuple(dict.fromkeys([*first.tables, *second.tables]))
    shift = len(first.start) - 1
    group = np.where(second.group >= 0, second.group + shift, first.group).astype(np.int32)
    start = np.concatenate([first.start, second.start[1:] + first.start[-1]])
    parts = []
    for one in (first, second):
        to = np.array([tables.index(t) for t in one.tables], dtype=np.int16)
        parts.append(to[one.table] if one.table is not None else np.full(len(one.rows), to[0], np.int16))
    table = np.concatenate(parts) if len(tables) > 1 else None
    return Gathered(tables, group, start, np.concatenate([first.rows, second.rows]), table)
