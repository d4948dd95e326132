"""What lies behind single changes, in words: raw cells with their texts before and after, rules before and after."""

from __future__ import annotations

from collections.abc import Sequence

from ..lineage.node import Node
from ..lineage.trace import Tracer
from .pointers import Half, Halves
from .rawdiff import RawChange
from .rules import Changed
from .table import Table

MOST = 5
"""Raw cells told of a value; the others are counted."""


class Behind:
    """Traces values in both builds and tells what of the raw cells and rules behind them is another."""

    def __init__(self, halves: Halves, rules: Sequence[Changed]) -> None:
        self.halves = halves
        self.rules: dict[str, list[Changed]] = {}
        for one in rules:
            self.rules.setdefault(one.name, []).append(one)
        self._places: dict[tuple[str, bool], dict[tuple[str, str, int], int]] = {}

    def value(self, dataset: str, variable: str, old_row: int, new_row: int) -> list[str]:
        """What changed behind a value of both builds."""
        after = self._node(self.halves.new, dataset, variable, new_row)
        before = self._node(self.halves.old, dataset, variable, old_row)
        return [*self._rules(after), *_few([*self._changed(after), *self._gone(before)])]

    def came(self, dataset: str, row: int) -> list[str]:
        """Raw rows behind a record that came, and what of them is new."""
        return _few(list(dict.fromkeys(self._rows(dataset, row, True))))

    def went(self, dataset: str, row: int) -> list[str]:
        """Raw rows behind a record that went, and what became of them."""
        return _few(list(dict.fromkeys(self._rows(dataset, row, False))))

    def _node(self, half: Half, dataset: str, variable: str, row: int) -> Node:
        return Tracer(half.lineage).variable(dataset, row, variable)

    def _rules(self, node: Node) -> list[str]:
        """Rules below a node that are others than before."""
        said: dict[str, None] = {}
        for one in node.walk():
            if one.kind != "variable":
                continue
            for change in self.rules.get(one.name, ()):
                if change.block.partition(",")[0] in (one.block, "") or change.block.startswith("test "):
                    said[rule_text(change)] = None
        return list(said)

    def _changed(self, node: Node) -> list[str]:
        """Raw cells below a node of the new build whose row came or whose text is another than before."""
        said: dict[str, None] = {}
        for cell in node.cells():
            for change in self.halves.raw.values():
                row = self._index(change, True).get((cell.file, cell.sheet, cell.row), -1)
                if row < 0:
                    continue
                place = str(change.place(change.new, row))
                if change.to_old[row] < 0:
                    said[f"{place}: the row came"] = None
                name = cell.name if cell.name in change.changed else f"={cell.name}"
                if change.to_old[row] >= 0 and name in change.changed and change.changed[name][row]:
                    found = change.cell(row, name) if name in change.old.columns else None
                    before = found.before if found is not None else ""
                    said[f"{place}, {cell.name}: {_quoted(before)} -> {_quoted(cell.value)}"] = None
        return list(said)

    def _gone(self, node: Node) -> list[str]:
        """Raw rows below a node of the old build that went."""
        said: dict[str, None] = {}
        for cell in node.cells():
            for change in self.halves.raw.values():
                row = self._index(change, False).get((cell.file, cell.sheet, cell.row), -1)
                if row >= 0 and change.to_new[row] < 0:
                    said[f"{change.place(change.old, row)}: the row went"] = None
        return list(said)

    def _index(self, change: RawChange, new: bool) -> dict[tuple[str, str, int], int]:
        """Place of each row of a source -> its number in the lineage."""
        key = (change.source, new)
        if key not in self._places:
            table: Table = change.new if new else change.old
            files, sheets, rows = (table.columns[n].values.strings() for n in ("_file", "_sheet", "_row"))
            places = zip(files, sheets, rows, strict=True)
            self._places[key] = {(f or "", s or "", int(r)): i for i, (f, s, r) in enumerate(places)}
        return self._places[key]

    def _rows(self, dataset: str, row: int, new: bool) -> list[str]:
        half = self.halves.new if new else self.halves.old
        known = half.lineage.datasets[dataset]
        if "parent" in known:
            variable = half.texts(dataset, "@variable").text_at(row)
            parent = int(half.numbers(dataset, "@parent")[row])
            node = self._node(half, known["parent"], variable, parent)
            said = [*self._rules(node), *(self._changed(node) if new else self._gone(node))]
            return said or self._rows(known["parent"], parent, new)
        said = []
        table, at = half.texts(dataset, "@base").text_at(row), int(half.numbers(dataset, "@row")[row])
        made = [(table, at)] if at >= 0 else []
        made += [(name, r) for name, _, groups, rows in half.members(dataset, "") for r in rows[groups == row].tolist()]
        for name, one in made:
            if name.startswith("raw."):
                said += self._row(name[4:], one, new)
            elif name in half.lineage.datasets:
                said += self._rows(name, one, new)
        for change in self.rules.get(dataset, ()):
            if change.block == half.texts(dataset, "@block").text_at(row):
                said.append(rule_text(change))
        return said

    def _row(self, source: str, row: int, new: bool) -> list[str]:
        """What became of a raw row."""
        change = self.halves.raw.get(source)
        if change is None:
            return [f"raw.{source} is in one build alone"]
        table, other = (change.new, change.to_old) if new else (change.old, change.to_new)
        place = str(change.place(table, row))
        if other[row] < 0:
            return [f"{place}: the row {'came' if new else 'went'}"]
        one = row if new else int(other[row])
        names = [n for n, mask in change.changed.items() if mask[one] and n in change.old.columns]
        cells = [change.cell(one, n) for n in names]
        return [f"{c.new}, {c.column}: {_quoted(c.before)} -> {_quoted(c.after)}" for c in cells]


def rule_text(change: Changed) -> str:
    """A rule that differs, on one line."""
    where = f" [{change.place}]" if change.place else ""
    return f"rule {change.name} ({change.block}): {change.before or 'none'} -> {change.after or 'none'}{where}"


def _few(lines: Sequence[str]) -> list[str]:
    if len(lines) <= MOST:
        return list(lines)
    return [*lines[:MOST], f"and {len(lines) - MOST} more"]


def _quoted(text: str) -> str:
    return f'"{text}"' if text else "missing"
