"""Prints a merged tree as YAML, with the origin of each line beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..model import DatasetSpec, ListNode, MapNode, Mark, Node, Scalar, StudySpec
from .yaml_tree import is_empty, marks_of

_WIDTH = 100
_SAFE = re.compile(r"[^\W_](?:[\w .()/+=<>^%*°²-]*[\w).%*+/-])?")
_Line = tuple[str, Mark | None]


def show(what: DatasetSpec | StudySpec | MapNode) -> str:
    """The YAML that `extends` and `like` expand to; each line ends with `# file:line` of where it was last said.

    Parameters
    ----------
    what : a dataset or study as loaded, or a tree

    Returns
    -------
    YAML that reads as the same tree; a line that overrides an inherited one names that one too.
    """
    tree = what if isinstance(what, MapNode) else what.tree
    if tree is None:
        return ""
    lines = list(_map_lines(tree, ""))
    width = min(max((len(text) for text, _ in lines), default=0), _WIDTH)
    printed = []
    for text, mark in lines:
        origin = "" if mark is None else f"  # {mark}" + (f" over {mark.overrides}" if mark.overrides else "")
        printed.append(f"{text:<{width}}{origin}".rstrip())
    return "\n".join(printed) + "\n"


def _map_lines(node: MapNode, indent: str) -> Iterator[_Line]:
    for key, value in node.items.items():
        mark = node.keys[key]
        head = f"{indent}{quoted(key)}:"
        yield from _value_lines(head, value, mark, indent)


def _value_lines(head: str, value: Node, mark: Mark, indent: str) -> Iterator[_Line]:
    """`head` (a key, or the dash of an item) and its value: on one line if all of it was said on that line."""
    flow = _flow(value)
    if isinstance(value, Scalar) or not value.items or (_one_line(value, mark) and len(head) + len(flow) < _WIDTH):
        yield f"{head} {flow}", value.mark if value.mark.overrides else mark
    elif isinstance(value, MapNode):
        yield head, mark
        yield from _map_lines(value, indent + "  ")
    else:
        yield head, mark
        for item in value.items:
            yield from _value_lines(f"{indent}  -", item, item.mark, indent + "  ")


def _one_line(node: Node, mark: Mark) -> bool:
    """Whether a node and its key were said in one line of one file, and nothing in it overrides."""
    return all((m.file, m.line) == (mark.file, mark.line) for m in marks_of(node)) and not any(
        m.overrides for m in list(marks_of(node))[1:]
    )


def _flow(node: Node) -> str:
    if isinstance(node, MapNode):
        return "{" + ", ".join(f"{quoted(k)}: {_flow(v)}" for k, v in node.items.items()) + "}"
    if isinstance(node, ListNode):
        return "[" + ", ".join(_flow(item) for item in node.items) + "]"
    return "" if is_empty(node) else quoted(node.text)


def quoted(text: str) -> str:
    """A text as YAML: bare if nothing in it could be read otherwise, else between double quotes."""
    if _SAFE.fullmatch(text) and "  " not in text:
        return text
    bare = re.fullmatch(r"--[A-Z][A-Z0-9_]*", text)
    if bare:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'
