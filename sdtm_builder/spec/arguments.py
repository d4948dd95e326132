"""Reads what a checked node holds: texts, names with an order, pairs, bounds, truths."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..model import ListNode, MapNode, Node, OrderItem, Scalar

_DESC = re.compile(r"(.*\S)\s+desc", re.DOTALL)


def scalars(node: Node | None) -> tuple[Scalar, ...]:
    """The texts of a list, or the one text that stands for it; nothing for None or a map."""
    if isinstance(node, Scalar):
        return (node,)
    if isinstance(node, ListNode):
        return tuple(item for item in node.items if isinstance(item, Scalar))
    return ()


def texts(node: Node | None) -> tuple[str, ...]:
    """The same as plain texts."""
    return tuple(item.text for item in scalars(node))


def scalar(node: Node | None) -> Scalar | None:
    """The text that a node is, None for anything else."""
    return node if isinstance(node, Scalar) else None


def text(node: Node | None, otherwise: str = "") -> str:
    """The text that a node is, or another for anything else."""
    return node.text if isinstance(node, Scalar) else otherwise


def order_items(node: Node | None) -> tuple[OrderItem, ...]:
    """Names to sort by, each perhaps with ` desc` after it."""
    items = []
    for one in scalars(node):
        found = _DESC.fullmatch(one.text)
        name = Scalar(found[1], one.mark, one.plain) if found else one
        items.append(OrderItem(name, descending=found is not None))
    return tuple(items)


def pairs(node: Node | None) -> tuple[tuple[Scalar, Scalar], ...]:
    """(left, right) of a map; of a list or one name, the name on both sides."""
    if isinstance(node, MapNode):
        return tuple((Scalar(k, node.keys[k]), v) for k, v in node.items.items() if isinstance(v, Scalar))
    return tuple((one, one) for one in scalars(node))


def scalar_map(node: Node | None) -> dict[str, Scalar]:
    """Key -> text of a map; values that are no texts are left out."""
    return {k: v for k, v in entries(node).items() if isinstance(v, Scalar)}


def text_map(node: Node | None) -> dict[str, str]:
    """Key -> plain text of a map."""
    return {k: v.text for k, v in scalar_map(node).items()}


def entries(node: Node | None) -> Mapping[str, Node]:
    """Key -> node of a map, nothing for anything else."""
    return node.items if isinstance(node, MapNode) else {}


def child(node: Node | None, *keys: str) -> Node | None:
    """The node under a path of keys, None if there is none."""
    for key in keys:
        node = node.items.get(key) if isinstance(node, MapNode) else None
    return node


def bounds(node: Node | None) -> tuple[float | None, float | None] | None:
    """[low, high] as numbers, an open side None."""
    found = texts(node)
    if len(found) != 2:
        return None
    low, high = (float(one) if one else None for one in found)
    return low, high


def whole(node: Node | None) -> int | None:
    """A whole number, None for anything else."""
    found = text(node)
    return int(found) if found else None


def truth(node: Node | None) -> bool | None:
    """true or yes, false or no; None for anything else."""
    return {"true": True, "yes": True, "false": False, "no": False}.get(text(node).lower())
