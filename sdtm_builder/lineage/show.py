"""A trace as lines of text, as a tree of rich, as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .node import Node

if TYPE_CHECKING:
    from rich.tree import Tree


def label(node: Node) -> str:
    """One node on one line, without those below it."""
    if node.kind == "cell":
        place = ", ".join([node.file, *([f"sheet {node.sheet}"] if node.sheet else []), f"row {node.row}"])
        text = f"{node.name} = {shown(node.value)}  [{place}, column {node.name}]"
        if node.name.startswith("raw."):
            text = f"{node.name}  [{place}]"
    elif node.kind in ("variable", "constant"):
        text = f"{node.name} = {shown(node.value)}"
    else:
        text = f"{node.name} {node.value}".rstrip()
    if node.kind in ("variable", "records") and node.record:
        text += f"  ({node.record})"
    return f"{text}  - {node.note}" if node.note else text


def shown(value: str) -> str:
    """A value between quotes, or that it is missing."""
    return f'"{value}"' if value else "missing"


def details(node: Node) -> list[str]:
    """What stands below a node's line: its rule with its place, the block, the method."""
    found = []
    if node.rule:
        found.append(f"rule {node.rule}" + (f"  [{node.place}]" if node.place else ""))
    elif node.place:
        found.append(node.place)
    if node.method and node.method.rstrip(".") != node.rule:
        found.append(f"method {node.method}")
    return found


def lines(node: Node, before: str = "", under: str = "") -> Iterator[str]:
    """The whole tree as plain lines."""
    yield f"{before}{label(node)}"
    bar = f"{under}|  " if node.children else f"{under}   "
    for said in details(node):
        yield f"{bar}{said}"
    for number, child in enumerate(node.children):
        last = number == len(node.children) - 1
        yield from lines(child, f"{under}+- ", under + ("   " if last else "|  "))


def rich_tree(node: Node) -> Tree:
    """The whole tree for a terminal."""
    from rich.text import Text
    from rich.tree import Tree

    def text(one: Node) -> Text:
        made = Text(label(one), style="bold" if one.kind in ("variable", "cell") else "")
        for said in details(one):
            made.append(f"\n{said}", style="dim")
        return made

    def add(branch: Tree, one: Node) -> None:
        for child in one.children:
            add(branch.add(text(child)), child)

    tree = Tree(text(node))
    add(tree, node)
    return tree


def as_json(node: Node) -> str:
    """The whole tree as JSON."""
    return json.dumps(node.facts(), ensure_ascii=False, indent=2)
