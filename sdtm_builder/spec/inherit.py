"""Inheritance within trees: merging one map over another, taking items away, and `like` between siblings."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from ..issues import IssueLog
from ..model import ListNode, MapNode, Mark, Node, Scalar
from .faults import near_hint, report
from .shapes import Anything, Form, Shape, chosen_of
from .yaml_tree import is_empty

_STEP = re.compile(r'"([^"]+)"|([^."]+)')


def merge(base: Node, over: Node, shape: Shape | None) -> Node:
    """One node over an inherited one: maps by key, as far as the description of keys says that they are maps.

    Lists, texts and rules are replaced whole. What is replaced leaves its place in `Mark.overrides`.
    """
    if isinstance(base, MapNode) and isinstance(over, MapNode) and _merges(shape, base, over):
        chosen = chosen_of(shape, over) if shape is not None else None
        items = dict(base.items)
        keys = dict(base.keys)
        for key, value in over.items.items():
            if key not in items:
                items[key], keys[key] = value, over.keys[key]
                continue
            child = chosen.child(key) if isinstance(chosen, Form) else None
            child = Anything() if child is None and _is_open(chosen) else child
            items[key] = merge(items[key], value, child)
            replaced = bool(items[key].mark.overrides)
            keys[key] = _over(over.keys[key], keys[key]) if replaced else over.keys[key]
        return MapNode(items, keys, over.mark)
    return replace(over, mark=_over(over.mark, base.mark))


def _merges(shape: Shape | None, base: MapNode, over: MapNode) -> bool:
    if shape is None:
        return False
    if isinstance(shape, Anything):
        return True
    first, second = chosen_of(shape, base), chosen_of(shape, over)
    return first == second and isinstance(second, Form | Anything)


def _is_open(shape: Shape | None) -> bool:
    """Whether arguments that the description leaves open (of record makers) may stand in such a map."""
    return isinstance(shape, Anything) or (isinstance(shape, Form) and "make" in shape.keys)


def _over(mark: Mark, inherited: Mark) -> Mark:
    return replace(mark, overrides=f"{inherited.file}:{inherited.line}")


def steps_of(path: str) -> list[str] | None:
    """The steps of a dotted path; a step that holds a dot stands in double quotes. None if it is no path."""
    steps: list[str] = []
    position = 0
    while True:
        found = _STEP.match(path, position)
        if found is None:
            return None
        steps.append(found[1] or found[2])
        position = found.end()
        if position == len(path):
            return steps
        if path[position] != ".":
            return None
        position += 1


def remove(tree: MapNode, paths: Iterable[Scalar], log: IssueLog) -> MapNode:
    """The tree without the items that the paths name; the last step may also be an item of a list of texts."""
    for path in paths:
        steps = steps_of(path.text)
        if steps is None:
            hint = "Steps are divided by dots; one that holds a dot stands in double quotes."
            report(log, "bad-value", path.mark, f"`{path.text}` is no path.", hint)
            continue
        gone = _without(tree, steps, path, log)
        tree = gone if isinstance(gone, MapNode) else tree
    return tree


def _without(node: Node, steps: list[str], path: Scalar, log: IssueLog) -> Node:
    step, rest = steps[0], steps[1:]
    if isinstance(node, MapNode) and step in node:
        items = dict(node.items)
        if rest:
            items[step] = _without(items[step], rest, path, log)
        else:
            del items[step]
        return MapNode(items, {k: node.keys[k] for k in items}, node.mark)
    if isinstance(node, ListNode) and not rest:
        kept = tuple(i for i in node.items if not (isinstance(i, Scalar) and i.text == step))
        if len(kept) < len(node.items):
            return ListNode(kept, node.mark)
    known = list(node) if isinstance(node, MapNode) else [str(i) for i in getattr(node, "items", ())]
    report(log, "remove-missing", path.mark, f"nothing inherited is called `{path.text}`.", near_hint(step, known))
    return node


def texts_of(node: Node | None, said: str, log: IssueLog) -> tuple[Scalar, ...]:
    """The texts of a list, or one text without brackets; anything else is a fault."""
    if node is None:
        return ()
    items = node.items if isinstance(node, ListNode) else (node,)
    if is_empty(node):
        report(log, "empty-value", node.mark, f"{said} has no value.")
        return ()
    texts = tuple(item for item in items if isinstance(item, Scalar))
    if len(texts) < len(items) or isinstance(node, MapNode):
        report(log, "wrong-kind", node.mark, f"{said} takes a list of texts.", "")
        return ()
    return texts


def expand_like(node: Node, shape: Shape | None, log: IssueLog) -> Node:
    """The tree with every `like` replaced by what it brings, in maps whose items may say it."""
    if shape is None or not isinstance(node, MapNode):
        return node
    form = chosen_of(shape, node)
    if not isinstance(form, Form):
        return node
    if form.like:
        node = _Siblings(node, form, log).expanded()
    items = {key: expand_like(value, form.child(key), log) for key, value in node.items.items()}
    return MapNode(items, node.keys, node.mark)


class _Siblings:
    """The items of one map while their `like` is followed."""

    def __init__(self, node: MapNode, form: Form, log: IssueLog) -> None:
        self.node = node
        self.form = form
        self.log = log
        self.done: dict[str, Node] = {}
        self.trail: list[str] = []

    def expanded(self) -> MapNode:
        for name in self.node:
            self.resolve(name)
        return MapNode({name: self.done[name] for name in self.node}, self.node.keys, self.node.mark)

    def resolve(self, name: str) -> Node:
        if name in self.done:
            return self.done[name]
        item = self.node.items[name]
        if name in self.form.keys or not isinstance(item, MapNode) or "like" not in item:
            if name not in self.form.keys and isinstance(item, MapNode) and "remove" in item:
                report(self.log, "remove-alone", item.keys["remove"], "`remove` stands here without `like`.")
                item = _less(item, "remove")
            self.done[name] = item
            return item
        self.trail.append(name)
        self.done[name] = self.merged(name, item)
        self.trail.pop()
        return self.done[name]

    def merged(self, name: str, item: MapNode) -> Node:
        own = _less(item, "like", "remove")
        target = item.items["like"]
        known = [n for n in self.node if n != name and n not in self.form.keys]
        if not isinstance(target, Scalar) or target.text not in known:
            if isinstance(target, Scalar) and target.text == name:
                report(self.log, "like-cycle", target.mark, f"`{name}` is like itself.")
            else:
                text = target.text if isinstance(target, Scalar) else ""
                said = f"`{text}` is no sibling of `{name}`." if text else "`like` takes the name of a sibling."
                report(self.log, "like-unknown", target.mark, said, near_hint(text, known))
            return own
        if target.text in self.trail:
            chain = " -> ".join([*self.trail[self.trail.index(target.text) :], target.text])
            report(self.log, "like-cycle", target.mark, f"`like` goes in a circle: {chain}.")
            return own
        base = self.resolve(target.text)
        if isinstance(base, MapNode):
            base = remove(base, texts_of(item.get("remove"), "`remove`", self.log), self.log)
        return merge(base, own, self.form.others)


def _less(node: MapNode, *keys: str) -> MapNode:
    items = {k: v for k, v in node.items.items() if k not in keys}
    return MapNode(items, {k: node.keys[k] for k in items}, node.mark)
