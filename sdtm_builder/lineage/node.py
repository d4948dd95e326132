"""One step of a trace: a value, what made it, and what that was made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Node:
    """A value with its origin.

    kind : `variable`, `cell` (of a raw file), `constant`, `join`, `summary`, `group`, `records`, `note`
    name : what it is (`DM.RFXSTDTC`, `ECSTDAT`); value : its text, "" missing
    record : the record's keys; rule, method, place : what makes it and where that is said (`file:line`)
    file, sheet, row : of a cell; note : what else is to be said
    """

    kind: str
    name: str
    value: str = ""
    record: str = ""
    block: str = ""
    rule: str = ""
    method: str = ""
    place: str = ""
    file: str = ""
    sheet: str = ""
    row: int = 0
    note: str = ""
    children: list[Node] = field(default_factory=list)

    def facts(self) -> dict[str, Any]:
        """As plain data, without what is empty; a variable's and a cell's value always stands."""
        found: dict[str, Any] = {}
        for key in self.__dataclass_fields__:
            said = getattr(self, key)
            if key == "children":
                if said:
                    found[key] = [child.facts() for child in said]
            elif said or (key == "value" and self.kind in ("variable", "cell")):
                found[key] = said
        return found

    def walk(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()

    def cells(self) -> list[Node]:
        """The raw cells below this node, each once."""
        seen = {(n.file, n.sheet, n.row, n.name): n for n in self.walk() if n.kind == "cell"}
        return list(seen.values())
