"""Checks a tree against the description of keys: records every fault and gives back what is sound of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date

from ..issues import IssueLog
from ..model import ListNode, MapNode, Mark, Node, Scalar
from .faults import listed, near, near_hint, report
from .operations import META, OperationForm, operations_in
from .schema_dataset import BLOCK
from .shapes import (
    NAME,
    Branches,
    Form,
    Leaf,
    ListOf,
    RuleShape,
    Shape,
    accepts,
    chosen_of,
    shape_of,
    singular,
)
from .yaml_tree import is_empty, kind_of

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_TRUTHS = ("true", "false", "yes", "no")


class Checker:
    """Walks a tree with the description of its keys.

    Parameters
    ----------
    operations : all operations with their options
    log : takes the faults
    functions : the study's Python functions, called `py.NAME`; their options are checked where they are imported
    makers : record makers with their arguments, or None where these are checked elsewhere
    """

    def __init__(
        self,
        operations: Mapping[str, OperationForm],
        log: IssueLog,
        functions: Iterable[str] = (),
        makers: Mapping[str, OperationForm] | None = None,
    ) -> None:
        self.operations = operations
        self.log = log
        self.functions = tuple(functions)
        self.makers = makers

    def check(self, node: Node, shape: Shape, said: str = "this") -> Node | None:
        """The sound part of a node, lists always as lists; None if nothing is left. `said` names the place."""
        if isinstance(shape, RuleShape):
            return self.rule(node, shape, said)
        if is_empty(node):
            self.fault("empty-value", node.mark, f"{said} has no value.")
            return None
        if not accepts(shape, node):
            self.fault("wrong-kind", node.mark, f"{said} takes {singular(shape)}, not {kind_of(node)}.", "")
            return None
        shape = chosen_of(shape, node)
        if isinstance(shape, Leaf) and isinstance(node, Scalar):
            return self.leaf(node, shape, said)
        if isinstance(shape, ListOf):
            return self.list_of(node, shape, said)
        if isinstance(shape, Form) and isinstance(node, MapNode):
            return self.form(node, shape)
        if isinstance(shape, Branches):
            return self.branches(node)
        return node

    def fault(self, rule: str, mark: Mark, message: str, hint: str | None = None) -> None:
        """Record a fault."""
        report(self.log, rule, mark, message, hint)

    def leaf(self, node: Scalar, shape: Leaf, said: str) -> Scalar | None:
        """A text that is of its kind."""
        text, problem, hint = node.text, "", ""
        if shape.choices and text not in shape.choices:
            problem, hint = singular(shape), near_hint(text, shape.choices)
            hint = hint if hint.startswith("Near") else ""
        elif shape.kind == "number" and not _NUMBER.fullmatch(text):
            problem = "a number"
        elif shape.kind == "integer" and not re.fullmatch(r"-?\d+", text):
            problem = "a whole number"
        elif shape.kind == "boolean" and text.lower() not in _TRUTHS:
            problem = "true or false"
        elif shape.kind == "date" and not _is_date(text):
            problem = "a date (yyyy-mm-dd)"
        if problem:
            self.fault("bad-value", node.mark, f"{said} takes {problem}, not `{text}`.", hint)
            return None
        if shape.kind in ("name", "order", "expression") and not text.strip():
            self.fault("empty-value", node.mark, f"{said} takes {singular(shape)}, not an empty text.", "")
            return None
        if shape.naming and not shape.naming.fits(text):
            self.fault("bad-name", node.mark, f"`{text}` is not {shape.naming.said}.", "")
            return None
        return node

    def list_of(self, node: Node, shape: ListOf, said: str) -> ListNode | None:
        """The sound items of a list, or of one item without brackets."""
        items = node.items if isinstance(node, ListNode) else (node,)
        if shape.length and len(items) != shape.length:
            self.fault("bad-value", node.mark, f"{said} takes {singular(shape)}, here are {len(items)}.", "")
            return None
        if shape.length and isinstance(shape.item, Leaf) and shape.item.kind == "number":
            return self.bounds(items, node.mark, said)
        sound = [self.check(item, shape.item, f"an item of {said}") for item in items]
        kept = tuple(item for item in sound if item is not None)
        return ListNode(kept, node.mark) if kept or not items else None

    def bounds(self, items: tuple[Node, ...], mark: Mark, said: str) -> ListNode | None:
        """[low, high], either perhaps `""`, low not above high."""
        values: list[float | None] = []
        for item in items:
            if isinstance(item, Scalar) and not item.plain and not item.text:
                values.append(None)
            elif isinstance(item, Scalar) and _NUMBER.fullmatch(item.text):
                values.append(float(item.text))
            else:
                hint = 'Write `""` for an open side.'
                written = f"`{item.text}`" if isinstance(item, Scalar) and item.text else kind_of(item)
                self.fault("bad-value", item.mark, f"{said} takes two numbers, not {written}.", hint)
                return None
        low, high = values
        if low is not None and high is not None and low > high:
            self.fault("bad-value", mark, f"the low end of {said} is above its high end.", "")
            return None
        return ListNode(items, mark)

    def form(self, node: MapNode, shape: Form) -> MapNode:
        """The keys of a map that are known, each sound."""
        items: dict[str, Node] = {}
        makes = shape is BLOCK and "make" in node
        for key, value in node.items.items():
            child = shape.child(key)
            if child is None and makes:
                items[key] = value
            elif child is None:
                self.unknown_key(node, key, shape.keys, shape.title, shape.others is not None)
            elif key not in shape.keys and not shape.naming.fits(key):
                self.odd_key(node, key, shape)
            else:
                sound = self.check(value, child, f"`{key}`")
                if sound is not None:
                    items[key] = sound
        self.required(node, shape)
        if makes:
            self.maker(node)
        return MapNode(items, {k: node.keys[k] for k in items}, node.mark)

    def required(self, node: MapNode, shape: Form) -> None:
        """Record keys that must be there and are not."""
        lacking = [key for key, known in shape.keys.items() if known.required and key not in node]
        if lacking:
            self.fault("missing-key", node.mark, f"{shape.title} needs {listed(lacking)}.", "")
        groups = [group for group in shape.any_of if not set(group) & set(node.items)]
        for group in groups:
            self.fault("missing-key", node.mark, f"{shape.title} needs {listed(group, 'or')}.", "")

    def maker(self, node: MapNode) -> None:
        """The arguments of a record maker, where makers are known."""
        name = node.get("make")
        if self.makers is None or not isinstance(name, Scalar) or name.text.startswith("py."):
            return
        form = self.makers.get(name.text)
        if form is None:
            self.fault("bad-value", name.mark, f"`{name.text}` is no record maker.", near_hint(name.text, self.makers))
            return
        arguments = {k: v for k, v in node.items.items() if k not in BLOCK.keys}
        for key, value in arguments.items():
            if key not in form.options:
                self.unknown_key(node, key, form.options, f"`{name.text}`", False)
            else:
                self.check(value, shape_of(form.options[key]), f"`{key}`")
        lacking = [key for key in form.required if key not in node]
        if lacking:
            self.fault("missing-key", node.mark, f"`{name.text}` needs {listed(lacking)}.", "")

    def odd_key(self, node: MapNode, key: str, shape: Form) -> None:
        """A key of a map of free names that is neither known nor of the form these have."""
        if self.cut_text(node, key, shape.title):
            return
        if shape.keys and near(key, shape.keys):
            self.unknown_key(node, key, shape.keys, shape.title, True)
            return
        self.fault("bad-name", node.keys[key], f"`{key}` is not {shape.naming.said}.", "")

    def unknown_key(self, node: MapNode, key: str, known: Iterable[str], title: str, free: bool) -> None:
        """A key without meaning here; if it looks like the rest of the text before it, say so."""
        if self.cut_text(node, key, title):
            return
        hint = near_hint(key, known)
        self.fault("unknown-key", node.keys[key], f"`{key}` is no key of {title}.", hint)

    def cut_text(self, node: MapNode, key: str, title: str) -> bool:
        """Whether the key is what a comma cut off an unquoted text; then that is the fault."""
        keys = list(node.items)
        at = keys.index(key)
        before = node.items[keys[at - 1]] if at else None
        if not isinstance(before, Scalar) or not before.plain or not is_empty(node.items[key]):
            return False
        mark, place = before.mark, node.keys[key]
        if mark.file != place.file or mark.line != place.line:
            return False
        gap = place.column - mark.column - len(before.text)
        whole = f"{before.text},{' ' * (gap - 1)}{key}"
        hint = f'If it belongs to the text before the comma, quote it: "{whole}".'
        self.fault("unknown-key", place, f"`{key}` is no key of {title}.", hint)
        return True

    def rule(self, node: Node, shape: RuleShape, said: str) -> Node | None:
        """A bare name, or a map with one operation and its options."""
        if is_empty(node):
            self.fault("empty-operation", node.mark, f"{said} has no rule.")
            return None
        if isinstance(node, ListNode):
            self.fault("wrong-kind", node.mark, f"{said} takes a rule, not a list.", "One rule gives one variable.")
            return None
        if isinstance(node, Scalar):
            return self.check(node, NAME, said)
        extra: dict[str, Shape] = {k: v.shape for k, v in META.items()} if shape.meta else {}
        if shape.blocks:
            extra["blocks"] = ListOf(NAME, single=False)
        return self.operation(node, extra, "a rule", "a rule", {})

    def operation(
        self, node: MapNode, extra: Mapping[str, Shape], title: str, bare: str, kept: dict[str, Node]
    ) -> MapNode | None:
        """The one operation of a map, its argument and options; `extra` are keys that may stand beside it."""
        found = operations_in(node, self.operations, self.functions)
        if len(found) > 1:
            hint = "A constant beside a column is a `case`." if set(found) == {"from", "value"} else "Keep one."
            self.fault("two-operations", node.mark, f"{title} has one operation, this one has {listed(found)}.", hint)
            return None
        if not found:
            self.no_operation(node, extra, title)
            return None
        name = found[0]
        form = self.operations.get(name)
        options = {k: shape_of(v) for k, v in form.options.items()} if form else {}
        for key, value in node.items.items():
            if key in kept:
                continue
            sound = self.argument(node, key, value, name, form, options, extra, bare)
            if sound is not None:
                kept[key] = sound
        if form:
            lacking = [key for key in form.required if key not in node]
            if lacking:
                self.fault("missing-key", node.mark, f"`{name}` needs {listed(lacking)}.", "")
        return MapNode(kept, {k: node.keys[k] for k in kept}, node.mark) if name in kept else None

    def argument(
        self,
        node: MapNode,
        key: str,
        value: Node,
        name: str,
        form: OperationForm | None,
        options: Mapping[str, Shape],
        extra: Mapping[str, Shape],
        bare: str,
    ) -> Node | None:
        """The value of one key of a rule with the operation `name`."""
        if key == name:
            if is_empty(value):
                self.fault("empty-operation", node.keys[key], f"`{key}` says nothing.")
                return None
            return self.check(value, shape_of(form.main), f"`{key}`") if form else value
        shape = options.get(key, extra.get(key))
        if shape is not None:
            return self.check(value, shape, f"`{key}`")
        if form is None:
            return value
        title = bare if bare != "a rule" else f"a rule with `{name}`"
        self.unknown_key(node, key, [*options, *extra], title, False)
        return None

    def no_operation(self, node: MapNode, extra: Mapping[str, Shape], title: str) -> None:
        """A map that stands for a rule and has no operation."""
        keys = [key for key in node if key not in extra]
        if any(self.cut_text(node, key, title) for key in keys):
            return
        has = f"; it has {listed(keys)}" if keys else ""
        odd = [key for key in keys if near(key, self.operations)]
        hint = near_hint(odd[0], self.operations) if odd else "A constant is {value: ...}, a column a bare name."
        self.fault("no-operation", node.mark, f"{title} needs an operation{has}.", hint)

    def branches(self, node: Node) -> ListNode | None:
        """The branches of a `case`."""
        items = node.items if isinstance(node, ListNode) else (node,)
        sound: list[Node] = []
        for position, item in enumerate(items):
            if not isinstance(item, MapNode):
                what = f"a branch is a map of `when` and a rule, not {kind_of(item)}."
                self.fault("wrong-kind", item.mark, what, "")
                continue
            when = item.get("when")
            if when is None and position < len(items) - 1:
                self.fault("branch-without-when", item.mark, "only the last branch may lack `when`.", "")
            condition = self.check(when, Leaf("expression"), "`when`") if when is not None else None
            kept: dict[str, Node] = {"when": condition or when} if when is not None else {}
            rest = self.operation(item, {"when": Leaf("expression")}, "a branch", "a branch", kept)
            if rest is not None and (when is None or condition is not None):
                sound.append(rest)
        return ListNode(tuple(sound), node.mark) if sound else None


def _is_date(text: str) -> bool:
    try:
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False
