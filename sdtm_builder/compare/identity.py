"""Which record of one build is which of another: by the raw row that it was made from, else by keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..values.codes import Codes
from .codes import combine
from .keys import find_keys
from .match import Matched, match_records, pair_in_order, paired, table_rows
from .pointers import Half, Halves
from .table import Table


def match_builds(halves: Halves, tables: Mapping[str, tuple[Table, Table]]) -> dict[str, Matched]:
    """Match the records of every dataset of both builds; `halves.datasets` is filled.

    A record is the same as before where it is made by the same block and transposed column from the same row; a
    supplemental qualifier where it is one of the same record; all others by the dataset's keys.
    """
    return _Matching(halves, tables).all()


class _Matching:
    def __init__(self, halves: Halves, tables: Mapping[str, tuple[Table, Table]]) -> None:
        self.halves, self.tables = halves, tables
        self.found: dict[str, Matched] = {}
        self.open: set[str] = set()

    def all(self) -> dict[str, Matched]:
        for name in self.tables:
            self.match(name)
        return self.found

    def match(self, name: str) -> None:
        """Match a dataset, after those that it is made from."""
        if name in self.found or name in self.open or name not in self.tables:
            return
        self.open.add(name)
        known = self.halves.new.lineage.datasets[name]
        self.match(known.get("parent", ""))
        for block in known.get("blocks", {}).values():
            for source in block["sources"]:
                self.match(source.partition("/")[0].partition(".")[0])
        old, new = self.tables[name]
        first = self._by_parent(name) if "parent" in known else self._by_origin(name) if "blocks" in known else None
        pairs = [first] if first is not None else []
        pairs.append(self._by_keys(old, new, known.get("keys", ()), pairs))
        matched = paired(pairs, old.records, new.records)
        self.found[name] = matched
        forth = np.full(new.records, -1, np.int64)
        forth[matched.rows_b] = matched.rows_a
        self.halves.datasets[name] = forth
        self.open.discard(name)

    def _by_keys(
        self, old: Table, new: Table, keys: Sequence[str], done: Sequence[tuple[Codes, Codes]]
    ) -> tuple[Codes, Codes]:
        """Records that are not matched yet, by keys."""
        left, right = np.ones(old.records, dtype=bool), np.ones(new.records, dtype=bool)
        for one, two in done:
            left[one], right[two] = False, False
        rows_a, rows_b = np.flatnonzero(left), np.flatnonzero(right)
        both = [n for n in old.columns if n in new.columns]
        names = [k for k in keys if k in both] or list(find_keys(old, new, both).names)
        if not names or not len(rows_a) or not len(rows_b):
            none = np.zeros(0, np.int64)
            return none, none
        found = match_records(table_rows(old, rows_a, both), table_rows(new, rows_b, both), names, both)
        return rows_a[found.rows_a], rows_b[found.rows_b]

    def _by_origin(self, name: str) -> tuple[Codes, Codes]:
        """Records that the same block made from the same row."""
        halves = self.halves
        old, new = halves.old, halves.new
        texts: dict[str, int] = {}
        sides = []
        for half, mapped in ((old, False), (new, True)):
            known = half.lineage.datasets[name]
            if "blocks" not in known:
                none = np.zeros(0, np.int64)
                return none, none
            pointer = half.pointer(name, "@base", "@row")
            tables, rows = np.full(len(pointer.rows), -1, np.int64), np.full(len(pointer.rows), -1, np.int64)
            for table, at, theirs in pointer.parts():
                forth = halves.to_old(table) if mapped else None
                if table.startswith("made:") or (mapped and forth is None):
                    continue
                tables[at] = _code(texts, table)
                rows[at] = theirs if forth is None else forth[theirs]
            self._put_groups(half, name, known, tables, rows, texts)
            sides.append((tables, rows, self._ways(half, name, known, texts)))
        (tables_a, rows_a, ways_a), (tables_b, rows_b, ways_b) = sides
        size = max(int(rows_a.max(initial=0)), int(rows_b.max(initial=0))) + 1
        parts = [(np.concatenate([tables_a, tables_b]), len(texts)), (np.concatenate([rows_a, rows_b]), size),
                 (np.concatenate([ways_a, ways_b]), len(texts))]  # fmt: skip
        codes, _ = combine(parts)
        good_a, good_b = np.flatnonzero(rows_a >= 0), np.flatnonzero(rows_b >= 0)
        one, two = pair_in_order(codes[: len(rows_a)][good_a], codes[len(rows_a) :][good_b])
        return good_a[one], good_b[two]

    def _put_groups(
        self, half: Half, name: str, known: Mapping[str, Any], tables: Codes, rows: Codes, texts: dict[str, int]
    ) -> None:
        """For records that are groups of rows: the number of the old record that holds the first row known to it."""
        blocks = half.texts(name, "@block")
        codes = [i for i, b in enumerate(blocks.distinct()) if "group" in known["blocks"][b]]
        grouped = np.flatnonzero(np.isin(blocks.data, codes))
        if not len(grouped):
            return
        tables[grouped], rows[grouped] = _code(texts, "group"), -1
        if half is self.halves.old:
            rows[grouped] = grouped
            return
        holder = {
            table: dict(zip(theirs.tolist(), groups.tolist(), strict=True))
            for table, _, groups, theirs in self.halves.old.members(name, "")
        }
        for table, _, groups, theirs in half.members(name, ""):
            forth = self.halves.to_old(table)
            before = [] if forth is None else forth[theirs].tolist()
            for group, row in zip(groups.tolist(), before, strict=forth is not None):
                if rows[group] < 0 and row >= 0:
                    rows[group] = holder.get(table, {}).get(row, -1)

    def _ways(self, half: Half, name: str, known: Mapping[str, Any], texts: dict[str, int]) -> Codes:
        """The block and transposed column of each record, as codes of their names."""
        blocks, entries = half.texts(name, "@block"), half.numbers(name, "@entry")
        most = int(entries.max(initial=-1)) + 2
        grid = np.full((len(blocks.distinct()), most), -1, np.int64)
        for i, block in enumerate(blocks.distinct()):
            grid[i, 0] = _code(texts, f"block {block}")
            for number, entry in enumerate(known["blocks"][block].get("entries", ())[: most - 1]):
                grid[i, number + 1] = _code(texts, f"block {block} {entry['testcd']} {entry['column']}")
        return np.asarray(grid[blocks.data, entries + 1]) if len(blocks.data) else np.zeros(0, np.int64)

    def _by_parent(self, name: str) -> tuple[Codes, Codes]:
        """Qualifiers of the same record and variable."""
        old, new = self.halves.old, self.halves.new
        parent = self.halves.new.lineage.datasets[name]["parent"]
        forth = self.halves.datasets.get(parent)
        none = np.zeros(0, np.int64)
        if forth is None or not old.lineage.has(name, "@parent"):
            return none, none
        texts: dict[str, int] = {}
        which = []
        for half in (old, new):
            said = half.texts(name, "@variable")
            codes = np.array([_code(texts, str(t)) for t in said.distinct()] + [-1], dtype=np.int64)
            which.append(codes[said.data])
        rows_a, rows_b = old.numbers(name, "@parent"), forth[new.numbers(name, "@parent")]
        size = max(int(rows_a.max(initial=0)), int(rows_b.max(initial=0))) + 1
        codes, _ = combine([(np.concatenate([rows_a, rows_b]), size), (np.concatenate(which), len(texts))])
        good = np.flatnonzero(rows_b >= 0)
        one, two = pair_in_order(codes[: len(rows_a)], codes[len(rows_a) :][good])
        return one, good[two]


def _code(texts: dict[str, int], text: str) -> int:
    return texts.setdefault(text, len(texts))
