"""Analyses and populations as the study file says them, with places; and the variables that they name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .. import expr
from ..model import ListNode, MapNode, Mark, Node, Scalar, StudySpec

COMMON = ("title", "method", "dataset", "where", "population", "by", "order", "split", "total", "reason", "purpose",
          "footnotes", "documents", "comment")  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One analysis or population: its keys as nodes, and where it stands."""

    id: str
    items: Mapping[str, Node]
    mark: Mark

    def scalar(self, key: str) -> Scalar | None:
        """The text of a key with its place."""
        found = self.items.get(key)
        return found if isinstance(found, Scalar) else None

    def text(self, key: str) -> str:
        """The text of a key, "" if it is not said."""
        found = self.scalar(key)
        return found.text if found is not None else ""

    def texts(self, key: str) -> list[str]:
        """One text or a list of them."""
        return [s.text for s in scalars(self.items.get(key))]

    @property
    def arguments(self) -> dict[str, Node]:
        """What is said beside the keys that every analysis has."""
        return {k: v for k, v in self.items.items() if k not in COMMON}


def analyses_of(study: StudySpec) -> list[Said]:
    """The analyses of a study in their order."""
    return list(_said(study.analyses))


def populations_of(study: StudySpec) -> dict[str, Said]:
    """The populations of a study by id."""
    return {one.id: one for one in _said(study.populations)}


def _said(node: MapNode | None) -> Iterator[Said]:
    for name, item in node.items.items() if node is not None else ():
        if isinstance(item, MapNode):
            yield Said(name, item.items, node.keys[name] if node is not None else item.mark)


def scalars(node: Node | None) -> list[Scalar]:
    """One scalar or the scalars of a list."""
    if isinstance(node, Scalar):
        return [node]
    return [n for n in node.items if isinstance(n, Scalar)] if isinstance(node, ListNode) else []


def entries(node: Node | None) -> Mapping[str, Node]:
    """The items of a map."""
    return node.items if isinstance(node, MapNode) else {}


def names_in(text: str) -> list[str]:
    """Variables that an expression names, in their order; none of one that cannot be parsed."""
    parsed = expr.parse(text)
    if isinstance(parsed, list):
        return []
    return list(dict.fromkeys(n.parts[0] for n in expr.names(parsed) if len(n.parts) == 1))
