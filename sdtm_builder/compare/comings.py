"""Why records of a build came or went: their rows came, went or changed, or the rules that make records did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .causes import RAW, RULE, Causes
from .pointers import Bits, Half, Halves, Rows
from .rules import records_of


class Comings:
    """For each new record, and each old one, the causes of its coming or going."""

    def __init__(self, halves: Halves, causes: Causes) -> None:
        self.halves, self.causes = halves, causes
        self._found: dict[tuple[str, bool], Bits] = {}

    def came(self, dataset: str) -> Bits:
        """For each new record the causes why it is there; 0 where they can't be told, or the old build has it."""
        return self._of(dataset, True)

    def went(self, dataset: str) -> Bits:
        """For each old record the causes why it is there no more."""
        return self._of(dataset, False)

    def _of(self, dataset: str, new: bool) -> Bits:
        key = (dataset, new)
        if key in self._found:
            return self._found[key]
        half = self.halves.new if new else self.halves.old
        known = half.lineage.datasets[dataset]
        found = np.zeros(half.lineage.count(dataset), np.uint8)
        self._found[key] = found
        if "parent" in known:
            rows = half.numbers(dataset, "@parent")
            found |= self._rows_of(known["parent"], new)[rows]
            found |= self._qualifiers(dataset, half, new)
        elif "blocks" in known:
            found |= self._blocks(dataset, half)
            for table, at, rows in self._made_from(half, dataset, known):
                if table.startswith("raw.") or table in half.lineage.datasets:
                    np.bitwise_or.at(found, at, self._rows_of(table, new)[rows])
        forth = self.halves.to_old(dataset) if new else self.halves.to_new(dataset)
        if forth is not None:
            found[forth >= 0] = 0
        return found

    def _rows_of(self, table: str, new: bool) -> Bits:
        """RAW for rows of a raw table that came, went or changed; for records of a dataset the causes of theirs."""
        half = self.halves.new if new else self.halves.old
        other = self.halves.to_old(table) if new else self.halves.to_new(table)
        count = half.lineage.count(table)
        if other is None:
            return np.full(count, RAW if table.startswith("raw.") else RULE, np.uint8)
        found = np.zeros(count, np.uint8)
        there = other >= 0
        rows = np.arange(count) if new else other
        changed = self.causes.row_changed(table)
        found[there] = changed[rows[there]]
        if table.startswith("raw."):
            found[~there] |= RAW
        else:
            found[~there] |= self._of(table, new)[~there]
        return found

    def _blocks(self, dataset: str, half: Half) -> Bits:
        """RULE for records of blocks whose rules on records differ, or that one build alone has."""
        old, new = (h.lineage.datasets.get(dataset, {}) for h in (self.halves.old, self.halves.new))
        blocks = half.texts(dataset, "@block")
        differ = [records_of(old, b) != records_of(new, b) for b in blocks.distinct()]
        bits = np.array([RULE if d else 0 for d in differ] + [0], dtype=np.uint8)
        return np.asarray(bits[blocks.data])

    def _made_from(self, half: Half, dataset: str, known: Any) -> Iterator[tuple[str, Rows, Rows]]:
        """Tables, records, and the rows of the table that the records are made from."""
        yield from half.pointer(dataset, "@base", "@row").parts()
        for table, _, groups, rows in half.members(dataset, ""):
            yield table, groups, rows
        for name in [n for block in known["blocks"].values() for n in block.get("make", {}).get("origins", ())]:
            yield from half.pointer(dataset, f"@join:{name}:table", f"@join:{name}").parts()

    def _qualifiers(self, dataset: str, half: Half, new: bool) -> Bits:
        """The causes behind the variable that a qualifier holds."""
        rows, which = half.numbers(dataset, "@parent"), half.texts(dataset, "@variable")
        parent = half.lineage.datasets[dataset]["parent"]
        forth = np.arange(half.lineage.count(parent)) if new else self.halves.to_new(parent)
        found = np.zeros(len(rows), np.uint8)
        if forth is None:
            return found
        theirs = forth[rows]
        for code, variable in enumerate(which.distinct()):
            at = np.flatnonzero((which.data == code) & (theirs >= 0))
            known = self.halves.new.lineage.has(parent, str(variable))
            found[at] |= self.causes.of(parent, str(variable))[theirs[at]] if known else RULE
        return found
