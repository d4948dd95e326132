"""A proposed part of a study file put into one that is there: what it has stays, to the letter."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from .yamltext import comment

_KEY = re.compile(
    r"""(?P<indent> *)(?P<key>"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s#:&*!|>{}\[\]-][^:#]*?)"""
    r"""\s*:(?:\s|$)(?P<rest>.*)"""
)
_SETTLE = re.compile(r"# SETTLE (?P<key>[^\s:]+):")


class MergeError(Exception):
    """A file into which nothing can be put; the text says why."""


@dataclass
class _Node:
    """A key with the comments above it and what stands below it; a line that is no key has no `key`."""

    lines: list[str]
    key: str = ""
    value: str = ""
    indent: int = 0
    children: list[_Node] = field(default_factory=list)

    def child(self, key: str) -> _Node | None:
        return next((c for c in self.children if c.key == key), None)

    def text(self) -> Iterator[str]:
        yield from self.lines
        for child in self.children:
            yield from child.text()


def merged(there: str, proposed: str) -> str:
    """The text of a study file with what `proposed` has beside it.

    Keys that are there keep their values; a proposal that differs, and one below a value in braces, becomes a comment
    with SETTLE. Comments that are there already are not repeated.

    Raises:
        MergeError: the file is no YAML of nested keys, or would not mean the same.
    """
    old, new = _tree(there), _tree(proposed)
    before = _meaning(there)
    if not isinstance(before, dict):
        raise MergeError("it is no YAML file of keys")
    _merge(old, new)
    text = "\n".join(old.text())
    text += "" if text.endswith("\n") else "\n"
    if not _within(before, _meaning(text)):
        raise MergeError("what is there would not mean the same any more")
    return text


def _meaning(text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, yaml.BaseLoader) or {}
    except yaml.YAMLError as error:
        raise MergeError(f"it can't be read: {error}") from error


def _within(before: Any, after: Any) -> bool:
    """Whether all that a file said is said after it, too."""
    if isinstance(before, dict) and isinstance(after, dict):
        return all(key in after and _within(value, after[key]) for key, value in before.items())
    return bool(before == after) or (before == "" and isinstance(after, dict))


def _tree(text: str) -> _Node:
    root = _Node([], indent=-1)
    open_nodes, above = [root], list[str]()
    for line in text.rstrip("\n").split("\n"):
        match = _KEY.fullmatch(line)
        if match is None and (not line.strip() or line.lstrip().startswith("#")):
            above.append(line)
            continue
        indent = len(line) - len(line.lstrip())
        above = _leave(open_nodes, above, indent)
        while open_nodes[-1].indent >= indent:
            open_nodes.pop()
        key, value = (_plain(match["key"]), _value(match["rest"])) if match is not None else ("", line.strip())
        node = _Node([*above, line], key, value, indent)
        above = []
        open_nodes[-1].children.append(node)
        open_nodes.append(node)
    _leave(open_nodes, above, -1)
    return root


def _leave(open_nodes: Sequence[_Node], above: list[str], indent: int) -> list[str]:
    """Comments that stand deeper than the next key belong to what is above them; the others are returned."""
    left = list(above)
    while left and (depth := len(left[0]) - len(left[0].lstrip())) > indent and left[0].strip():
        owner = next(node for node in reversed(open_nodes) if node.indent < depth)
        owner.children.append(_Node([left.pop(0)], indent=depth))
    if indent < 0 and left:
        open_nodes[0].children.append(_Node(left, indent=0))
        return []
    return left


def _plain(key: str) -> str:
    import yaml

    return str(yaml.load(key, yaml.BaseLoader))


def _value(rest: str) -> str:
    return re.sub(r"(^|\s)#.*$", "", rest).strip()


def _merge(old: _Node, new: _Node) -> None:
    """Put the children of one node below another, after those that are there."""
    there = {line.strip() for line in old.text()}
    depth = next((c.indent for c in old.children if c.key), old.indent + 2 if old.indent >= 0 else 0)
    for child in new.children:
        mine = old.child(child.key) if child.key else None
        if not child.key:
            lines = [line for line in child.lines if line.strip() not in there and not _settled(line, old)]
            old.children += [_Node(_shifted(lines, depth), indent=depth)] if lines else []
        elif mine is None:
            child.lines = [line for line in child.lines if not _settled(line, old)]
            old.children.append(_Node(_shifted(list(child.text()), depth), child.key, child.value, depth))
        elif child.children and not mine.value:
            _merge(mine, child)
        elif child.children or child.value != mine.value:
            lines = [line.strip() for line in child.text() if not line.lstrip().startswith("#")]
            told = comment(f"SETTLE proposed: {' '.join(lines)}", " " * depth)
            old.children += [] if told.strip() in there else [_Node([told], indent=depth)]


def _settled(line: str, old: _Node) -> bool:
    match = _SETTLE.match(line.strip())
    return match is not None and old.child(match["key"]) is not None


def _shifted(lines: Sequence[str], depth: int) -> list[str]:
    """Lines moved so that the first one stands at a depth."""
    filled = [line for line in lines if line.strip()]
    by = depth - min((len(line) - len(line.lstrip()) for line in filled), default=depth)
    return [(" " * by + line if by >= 0 else line[-by:]) if line.strip() else line for line in lines]
