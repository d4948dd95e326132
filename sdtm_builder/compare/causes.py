"""Why a value of a build is another than before: raw cells, rules, or other rows that it depends on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .pointers import Bits, Half, Halves, Rows
from .rules import entry_of, said_of

RAW, RULE, ROWS = 1, 2, 4
"""A raw cell behind the value changed; a rule behind it; rows that it counts, chooses or finds came, went or moved."""

Mask = NDArray[np.bool_]


class Causes:
    """For each new record the causes behind a variable, found along the lineage on whole columns."""

    def __init__(self, halves: Halves) -> None:
        self.halves = halves
        self._found: dict[tuple[str, str], Bits] = {}
        self._open: set[tuple[str, str]] = set()

    def of(self, table: str, column: str) -> Bits:
        """The causes behind a column of `raw.SOURCE` or a variable of a dataset, for each new row."""
        key = (table, column)
        if key in self._found:
            return self._found[key]
        if key in self._open:
            return np.zeros(self._count(table), np.uint8)
        self._open.add(key)
        found = self._raw(table[4:], column) if table.startswith("raw.") else self._dataset(table, column)
        self._open.discard(key)
        self._found[key] = found
        return found

    def _count(self, table: str) -> int:
        return self.halves.new.lineage.count(table)

    def _new(self, dataset: str) -> Mapping[str, Any]:
        return self.halves.new.lineage.datasets[dataset]

    # raw tables

    def _raw(self, source: str, column: str) -> Bits:
        change = self.halves.raw.get(source)
        if change is None:
            return np.full(self._count(f"raw.{source}"), RAW, np.uint8)
        found = np.zeros(change.new.records, np.uint8)
        name = column if column in change.changed else f"={column}"
        if name in change.changed:
            found[change.changed[name]] |= RAW
        elif column in change.old.columns:
            found |= RAW
        found[self._corrected(source, column)] |= RULE
        return found

    def _corrected(self, source: str, column: str) -> Rows:
        """New rows of a source whose cell is corrected otherwise than before."""
        said: list[dict[int, str]] = []
        change = self.halves.raw[source]
        for half, to in ((self.halves.old, change.to_new), (self.halves.new, None)):
            mine: dict[int, str] = {}
            for one in half.lineage.graph["sources"].get(source, {}).get("corrected", ()):
                if one["column"] == column:
                    mine |= {int(r) if to is None else int(to[r]): one["value"] for r in one["rows"]}
            said.append(mine)
        before, after = said
        rows = [r for r in before.keys() | after.keys() if r >= 0 and before.get(r) != after.get(r)]
        return np.array(sorted(rows), dtype=np.int64)

    def row_changed(self, table: str) -> Bits:
        """For each new row of a raw table or dataset the causes behind any of its columns."""
        key = (table, "")
        if key not in self._found:
            found = np.zeros(self._count(table), np.uint8)
            self._found[key] = found
            if table.startswith("raw."):
                change = self.halves.raw.get(table[4:])
                names = list(change.changed) if change is not None else [""]
            else:
                names = list(self._new(table)["variables"])
            for name in names:
                found |= self.of(table, name.removeprefix("="))
        return self._found[key]

    # datasets

    def _dataset(self, dataset: str, variable: str) -> Bits:
        known = self._new(dataset)
        n = self._count(dataset)
        if dataset not in self.halves.datasets:
            return np.full(n, RULE, np.uint8)
        if known.get("given"):
            return self._given(dataset, variable)
        if "parent" in known:
            return self._supplemental(dataset, known, variable)
        found = np.zeros(n, np.uint8)
        for rows, facts, before, names in self._parts(dataset, variable):
            if before != names:
                found[rows] |= RULE
            found[rows] |= self._behind(dataset, variable, facts, rows)
        if self.halves.new.lineage.has(dataset, f"@win:{variable}"):
            found |= self._winners(dataset, variable)
        if self.halves.new.lineage.has(dataset, f"@group:{variable}"):
            found |= self._groups(dataset, variable)
        return found

    def _given(self, dataset: str, variable: str) -> Bits:
        """A ready dataset: its values are the input themselves."""
        forth = self.halves.datasets[dataset]
        before, after = self.halves.old.texts(dataset, variable), self.halves.new.texts(dataset, variable)
        number = {text: i for i, text in enumerate(before.distinct())}
        codes = np.array([number.get(t, -2) for t in after.distinct()] + [-1])
        same = (before.take(forth).data == codes[after.data]) & (forth >= 0)
        return np.where(same, 0, RAW).astype(np.uint8)

    def _supplemental(self, dataset: str, known: Mapping[str, Any], column: str) -> Bits:
        """Of a qualifier's value, those of the variable that it holds; of IDVARVAL, those of the parent's variable; of
        what the parent has too, the parent's; all others are said by the specification."""
        new = self.halves.new
        parents = new.numbers(dataset, "@parent")
        if column in ("QVAL", "IDVARVAL"):
            which = new.texts(dataset, "@variable" if column == "QVAL" else "IDVAR")
        elif new.lineage.has(known["parent"], column):
            return self.of(known["parent"], column)[parents]
        else:
            return np.full(len(parents), RULE, np.uint8)
        found = np.zeros(len(parents), np.uint8)
        for code, variable in enumerate(which.distinct()):
            at = np.flatnonzero(which.data == code)
            found[at] = self.of(known["parent"], str(variable))[parents[at]]
        return found

    def _parts(self, dataset: str, variable: str) -> Iterator[tuple[Rows, Mapping[str, Any], Any, Any]]:
        """Records that one rule makes: (records, its facts, what the old build says of it, what the new)."""
        new = self._new(dataset)
        old = self.halves.old.lineage.datasets.get(dataset, {})
        half = self.halves.new
        blocks, entries = half.texts(dataset, "@block"), half.numbers(dataset, "@entry")
        tests = half.texts(dataset, new["topic_code"]) if new.get("tests") else None
        parts = (blocks.data.astype(np.int64) * 100_000 + entries + 1) * 100_000
        if tests is not None:
            parts = parts + tests.data + 1
        _, first, which = np.unique(parts, return_index=True, return_inverse=True)
        order = np.argsort(which, kind="stable")
        for rows in np.split(order, np.cumsum(np.bincount(which))[:-1]) if len(first) else ():
            row = int(rows[0])
            block, number = blocks.text_at(row), int(entries[row])
            code = tests.text_at(row) if tests is not None else ""
            entry = entry_of(new, block, number)
            facts, after = said_of(new, block, entry, code, variable)
            same = entry_of(old, block, -1, entry["testcd"] if entry else "", entry["column"] if entry else "")
            _, before = said_of(old, block, same, code, variable)
            yield rows, facts, before, after

    def _behind(self, dataset: str, variable: str, facts: Mapping[str, Any], rows: Rows) -> Bits:
        """The causes behind the names of a rule, for some records."""
        found = np.zeros(len(rows), np.uint8)
        known = self._new(dataset)
        made = facts.get("made")
        if made in ("code of a transposed column", "not done", "record maker"):
            found |= self._base_row(dataset, rows)
        for name in facts.get("names", ()):
            kind, column = name["is"], name["column"]
            if kind == "variable":
                found |= self.of(dataset, column)[rows]
            elif kind == "column":
                found |= self._of_base(dataset, column, rows)
            elif kind == "joined":
                found |= self._joined(dataset, name["join"], column, rows)
            elif kind == "of subject":
                found |= self._of_subject(dataset, name["table"], column, rows)
            elif kind == "row":
                found |= self._row_fact(dataset, column, rows)
        alone = not any(self.halves.new.lineage.has(dataset, f"@{k}:{variable}") for k in ("win", "group"))
        if alone:
            for use in facts.get("uses", ()):
                found |= self._subject_wide(dataset, use["table"].partition("/")[0], use["columns"], rows)
        if facts.get("ordered") or (facts.get("whole") and not facts.get("uses")):
            found |= self._subject_wide(dataset, dataset, known.get("keys", ()), rows, ROWS)
        return found

    def _pointed(self, dataset: str, table_column: str, row_column: str, column: str, rows: Rows) -> Bits:
        """The causes behind a column of the rows that records point to; ROWS where it is another row than before."""
        found = np.zeros(len(self.halves.datasets[dataset]), np.uint8)
        for table, at, theirs in self.halves.new.pointer(dataset, table_column, row_column).parts():
            if table.startswith("raw.") or table in self.halves.new.lineage.datasets:
                bits = self.of(table, column) if column else self.row_changed(table)
                found[at] |= bits[theirs]
        moved = self.halves.moved(dataset, table_column, row_column)
        found[moved & (found & RAW == 0)] |= ROWS
        return np.asarray(found[rows])

    def _of_base(self, dataset: str, column: str, rows: Rows) -> Bits:
        members = self._base_members(dataset)
        found = self._pointed(dataset, "@base", "@row", column, rows)
        if members is not None:
            found |= members.of(self, dataset, column)[rows]
        return found | self._origins(dataset, rows)

    def _base_row(self, dataset: str, rows: Rows) -> Bits:
        """The causes behind the cell of a transposed column, or behind the row that a record was made from."""
        half, known = self.halves.new, self._new(dataset)
        blocks, entries = half.texts(dataset, "@block"), half.numbers(dataset, "@entry")
        found = np.zeros(len(rows), np.uint8)
        pairs = blocks.data[rows].astype(np.int64) * 100_000 + entries[rows] + 1
        for pair in np.unique(pairs):
            at = np.flatnonzero(pairs == pair)
            row = int(rows[at[0]])
            entry = entry_of(known, blocks.text_at(row), int(entries[row]))
            found[at] |= self._of_base(dataset, entry["column"] if entry else "", rows[at])
        return found

    def _origins(self, dataset: str, rows: Rows) -> Bits:
        """The causes behind the rows from which a record maker made records."""
        found = np.zeros(len(rows), np.uint8)
        for block in self._new(dataset)["blocks"].values():
            for name in block.get("make", {}).get("origins", ()):
                found |= self._pointed(dataset, f"@join:{name}:table", f"@join:{name}", "", rows)
        return found

    def _base_members(self, dataset: str) -> _Members | None:
        if not any("group" in block for block in self._new(dataset)["blocks"].values()):
            return None
        return _Members(self.halves, dataset, "", np.arange(self._count(dataset)))

    def _joined(self, dataset: str, join: str, column: str, rows: Rows) -> Bits:
        return self._pointed(dataset, f"@join:{join}:table", f"@join:{join}", column, rows)

    def _row_fact(self, dataset: str, what: str, rows: Rows) -> Bits:
        if what == "cell":
            return self._base_row(dataset, rows)
        found = np.zeros(len(self.halves.datasets[dataset]), np.uint8)
        for table, at, theirs in self.halves.new.pointer(dataset, "@base", "@row").parts():
            if not table.startswith("raw."):
                continue
            source = self.halves.new.lineage.graph["sources"].get(table[4:], {})
            wanted = {"USUBJID": ("subject",), "file": (), "sheet": (), "number": ()}.get(what, ("visit", "date"))
            for key in wanted:
                if key in source:
                    found[at] |= self.of(table, source[key])[theirs]
        return np.asarray(found[rows])

    def _of_subject(self, dataset: str, table: str, column: str, rows: Rows) -> Bits:
        """The causes behind a variable of the subject's record; ROWS where that record came or went."""
        if table not in self.halves.new.lineage.datasets:
            return np.zeros(len(rows), np.uint8)
        return self._subject_wide(dataset, table, (column,), rows)

    def _subject_wide(
        self, dataset: str, table: str, columns: Any, rows: Rows, as_one: int = 0
    ) -> Bits:
        """The causes behind some columns of all the subject's rows of a table, and ROWS where one came or went.

        as_one : cause that stands for any of them, where they matter by their order alone
        """
        half = self.halves.new
        if not table.startswith("raw.") and table not in half.lineage.datasets:
            return np.zeros(len(rows), np.uint8)
        theirs, mine = half.subjects(table), half.subjects(dataset)
        bits = np.zeros(self._count(table), np.uint8)
        for column in columns:
            if half.lineage.has(table, column) or half.lineage.has(table, f"={column}"):
                bits |= self.of(table, column)
        if as_one:
            bits = np.where(bits > 0, as_one, 0).astype(np.uint8)
        forth = self.halves.to_old(table)
        if forth is not None:
            bits[forth < 0] |= ROWS
        of_text: dict[str, int] = {}
        by_code = np.zeros(len(theirs.distinct()) + 1, np.uint8)
        np.bitwise_or.at(by_code, theirs.data, bits)
        for code, text in enumerate(theirs.distinct()):
            of_text[text] = int(by_code[code])
        for text in self._gone_subjects(table):
            of_text[text] = of_text.get(text, 0) | ROWS
        spread = np.array([of_text.get(text, 0) for text in mine.distinct()] + [0], dtype=np.uint8)
        return np.asarray(spread[mine.data[rows]])

    def _gone_subjects(self, table: str) -> set[str]:
        back = self.halves.to_new(table)
        if back is None:
            return set()
        before = self.halves.old.subjects(table)
        codes = np.unique(before.data[back < 0])
        return {str(before.distinct()[c]) for c in codes if c >= 0}

    def _winners(self, dataset: str, variable: str) -> Bits:
        """The causes behind the value that was chosen; ROWS where another row was chosen than before."""
        half, n = self.halves.new, self._count(dataset)
        taken = half.texts(dataset, f"@win:{variable}:column")
        found = np.zeros(n, np.uint8)
        for code, column in enumerate(taken.distinct()):
            rows = np.flatnonzero(taken.data == code)
            found[rows] |= self._pointed(dataset, f"@win:{variable}:table", f"@win:{variable}", str(column), rows)
        gone = np.flatnonzero(taken.data < 0)
        found[gone] |= np.where(self.halves.moved(dataset, f"@win:{variable}:table", f"@win:{variable}")[gone], ROWS, 0
                                ).astype(np.uint8)  # fmt: skip
        return found

    def _groups(self, dataset: str, variable: str) -> Bits:
        group = self.halves.new.numbers(dataset, f"@group:{variable}")
        return _Members(self.halves, dataset, variable, group).of(self, dataset, "")


class _Members:
    """The rows of groups of both builds. group : of each new record, -1 for none."""

    def __init__(self, halves: Halves, dataset: str, variable: str, group: Rows) -> None:
        self.halves, self.variable, self.group = halves, variable, group
        self.new = halves.new.members(dataset, variable)
        self.old = halves.old.members(dataset, variable) if dataset in halves.old.lineage.datasets else []
        column = f"@group:{variable}"
        count = halves.old.lineage.count(dataset)
        self.before = halves.old.numbers(dataset, column) if variable else np.arange(count)

    def of(self, causes: Causes, dataset: str, column: str) -> Bits:
        """For each new record the causes behind a column of its group's rows, or behind the one taken, and ROWS where
        the group has other rows than before."""
        size = int(max(self.group.max(initial=-1), *(g.max(initial=-1) for _, _, g, _ in self.new), -1)) + 1
        bits = np.zeros(size + 1, np.uint8)
        for table, taken, groups, rows in self.new:
            name = column or taken
            known = table.startswith("raw.") or table in self.halves.new.lineage.datasets
            if known and (name or self.variable):
                np.bitwise_or.at(bits, groups, (causes.of(table, name) if name else causes.row_changed(table))[rows])
        found = bits[self.group]
        found[self.group < 0] = 0
        forth = self.halves.datasets[dataset]
        there = forth >= 0
        other = np.zeros(len(forth), dtype=bool)
        after = self._marks(self.new, self.halves.to_old, self.group)
        before = self._marks(self.old, None, self.before)
        other[there] = after[there] != before[forth[there]]
        found[other] |= ROWS
        return found

    def _marks(self, parts: list[tuple[str, str, Rows, Rows]], to_old: Any, group: Rows) -> NDArray[np.uint64]:
        """A number for each record that stands for the set of its group's rows, in the old numbering."""
        size = int(max(group.max(initial=-1), *(g.max(initial=-1) for _, _, g, _ in parts), -1)) + 1
        total = np.zeros(size + 1, np.uint64)
        for table, _, groups, rows in parts:
            forth = to_old(table) if to_old is not None else None
            mine = rows if forth is None else np.where(forth[rows] < 0, -2 - rows, forth[rows])
            np.add.at(total, groups, _mixed(mine, table))
        found = total[group]
        found[group < 0] = 0
        return np.asarray(found)


def _mixed(rows: Rows, table: str) -> NDArray[np.uint64]:
    """Row numbers spread over 64 bits (splitmix64), so that the sum of a set's stands for the set."""
    with np.errstate(over="ignore"):
        x = rows.astype(np.uint64) + np.uint64(sum(ord(c) * 0x9E3779B97F4A7C15 * (i + 1) for i, c in enumerate(table))
                                               % 2**64)  # fmt: skip
        x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return np.asarray(x ^ (x >> np.uint64(31)))


__all__ = ["RAW", "ROWS", "RULE", "Causes", "Half"]
