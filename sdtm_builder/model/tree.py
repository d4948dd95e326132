"""YAML as a tree that knows its places: maps, lists and scalars, every scalar a text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from .names import Mark, Scalar


@dataclass(frozen=True, slots=True)
class ListNode:
    """A YAML list."""

    items: tuple[Node, ...]
    mark: Mark

    def __iter__(self) -> Iterator[Node]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True, slots=True)
class MapNode:
    """A YAML map in the order written; `keys` has the place of each key."""

    items: Mapping[str, Node]
    keys: Mapping[str, Mark]
    mark: Mark = field(default_factory=Mark)

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return self.items.get(key)

    def __contains__(self, key: object) -> bool:
        return key in self.items

    def __iter__(self) -> Iterator[str]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


Node = Scalar | ListNode | MapNode
