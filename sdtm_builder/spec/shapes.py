"""The shapes of which the description of all keys is made: leaves, lists, forms, alternatives, rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ..model import ListNode, MapNode, Node, Scalar

RESERVED = ("raw", "row", "study", "this", "py")


@dataclass(frozen=True, slots=True)
class Naming:
    """How the keys of a map, or a name, must look: a pattern of the whole text, and the same in words."""

    pattern: str
    said: str

    def fits(self, text: str) -> bool:
        """Whether the whole text is of this form."""
        return re.fullmatch(self.pattern, text) is not None


_LOWER = rf"(?!(?:{'|'.join(RESERVED)})$)[a-z][a-z0-9_]*"
ANY = Naming(r"[\s\S]+", "a name (it is empty)")
DATASET = Naming(r"[A-Z][A-Z0-9]{1,7}", "a dataset: 2 to 8 upper-case letters and digits")
VARIABLE = Naming(r"[A-Z][A-Z0-9_]{0,7}", "a variable: up to 8 upper-case letters, digits and _")
LOCAL = Naming(_LOWER, f"a name of this file: lower-case letters, digits and _, not one of {', '.join(RESERVED)}")
PLACE = Naming(
    rf"[A-Z][A-Z0-9_]{{0,7}}|{_LOWER}",
    "a variable (up to 8 upper-case letters, digits and _) or a temporary (lower case)",
)
DEFAULT = Naming(r"(?:--)?[A-Z][A-Z0-9_]{0,7}", "a variable, `--` standing for the domain's letters")
SOURCE = Naming(r"[A-Za-z][A-Za-z0-9_]*", "a name of letters, digits and _")
CODE = Naming(r"[A-Z][A-Z0-9_]{0,7}", "a code: up to 8 upper-case letters, digits and _, no digit first")
CONSTANT = Naming(r"[A-Za-z][A-Za-z0-9_]*", "a name of letters, digits and _")
UPPER = Naming(r"[A-Z][A-Z0-9_]{0,7}", "a variable: up to 8 upper-case letters, digits and _")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A text. `kind`: name, literal, expression, number, integer, boolean, date, order; `choices` if one of few."""

    kind: str
    choices: tuple[str, ...] = ()
    naming: Naming | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; `single` lets one item stand without brackets, `length` fixes the number of items."""

    item: Shape
    single: bool = True
    length: int = 0


@dataclass(frozen=True, slots=True)
class Key:
    """What one key takes, whether it must be there, its default in words, and what it means."""

    shape: Shape
    about: str = ""
    required: bool = False
    default: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A map: keys that are known, and others of one form. `like` says that the other keys' items may say `like`.

    `title` is how messages call it ("a branch"); `any_of` are groups of keys of which one must be there.
    """

    title: str
    keys: Mapping[str, Key] = field(default_factory=dict)
    others: Shape | None = None
    naming: Naming = ANY
    like: bool = False
    any_of: tuple[tuple[str, ...], ...] = ()
    about: str = ""

    def child(self, key: str) -> Shape | None:
        """The shape of the value of a key, None if the key has no place here."""
        known = self.keys.get(key)
        return known.shape if known else self.others


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives, told apart by whether a text, a list or a map was written."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True, slots=True)
class RuleShape:
    """A rule: a bare name, or one operation with its options. `meta` allows metadata, `blocks` the key `blocks`."""

    meta: bool = True
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class Branches:
    """The branches of a `case`: each has `when` and one rule without metadata."""


@dataclass(frozen=True, slots=True)
class Anything:
    """Whatever the reader of this place declares elsewhere."""


Shape = Leaf | ListOf | Form | Either | RuleShape | Branches | Anything

NAME = Leaf("name")
LITERAL = Leaf("literal")
EXPRESSION = Leaf("expression")
NUMBER = Leaf("number")
INTEGER = Leaf("integer")
BOOLEAN = Leaf("boolean")
DATE = Leaf("date")
NAMES = ListOf(NAME)
LITERALS = ListOf(LITERAL)
ORDER = ListOf(Leaf("order"))
CODELIST = Either((NAME, ListOf(LITERAL, single=False)))
RANGE = ListOf(NUMBER, single=False, length=2)


def choice(*texts: str) -> Leaf:
    """One of a few literal texts."""
    return Leaf("literal", texts)


def map_of(value: Shape, title: str, naming: Naming = ANY, like: bool = False) -> Form:
    """A map whose keys are free names of one form and whose values have one shape."""
    return Form(title, {}, value, naming, like)


_SIMPLE: dict[str, Shape] = {
    "name": NAME,
    "names": NAMES,
    "literal": LITERAL,
    "literals": LITERALS,
    "expression": EXPRESSION,
    "number": NUMBER,
    "integer": INTEGER,
    "boolean": BOOLEAN,
    "date": DATE,
    "order": ORDER,
    "codelist": CODELIST,
    "range": RANGE,
    "rule": RuleShape(meta=False),
    "branches": Branches(),
    "any": Anything(),
}


def shape_of(kind: str | Shape) -> Shape:
    """The shape that a kind in words means; a shape is given back as it is.

    Parameters
    ----------
    kind : name, names, literal, literals, expression, number, integer, boolean, date, order, codelist, range, rule,
        branches, any; ``choice(a, b)``; ``list-of KIND`` (one item may lack brackets); ``map-of KIND``;
        ``KIND or KIND``, told apart by text, list and map

    Raises
    ------
    ValueError : no such kind, a programmer's mistake
    """
    if not isinstance(kind, str):
        return kind
    text = kind.strip()
    if " or " in text:
        return Either(tuple(shape_of(part) for part in text.split(" or ")))
    if text in _SIMPLE:
        return _SIMPLE[text]
    if text.startswith("list-of "):
        return ListOf(shape_of(text.removeprefix("list-of ")))
    if text.startswith("map-of "):
        value = shape_of(text.removeprefix("map-of "))
        return map_of(value, f"a map of {plural(value)}")
    chosen = re.fullmatch(r"choice\((.+)\)", text)
    if chosen:
        return choice(*(part.strip() for part in chosen[1].split(",")))
    raise ValueError(f"no kind of argument: {kind!r}")


def accepts(shape: Shape, node: Node) -> bool:
    """Whether a text, a list or a map is what this shape takes (its content is looked at later)."""
    if isinstance(shape, Leaf):
        return isinstance(node, Scalar)
    if isinstance(shape, ListOf):
        return isinstance(node, ListNode) or (shape.single and accepts(shape.item, node))
    if isinstance(shape, Form):
        return isinstance(node, MapNode)
    if isinstance(shape, Either):
        return any(accepts(one, node) for one in shape.shapes)
    if isinstance(shape, RuleShape):
        return not isinstance(node, ListNode)
    if isinstance(shape, Branches):
        return not isinstance(node, Scalar)
    return True


def chosen_of(shape: Shape, node: Node) -> Shape:
    """Of alternatives the first that takes such a node, else the first; any other shape itself."""
    if not isinstance(shape, Either):
        return shape
    fits = [one for one in shape.shapes if accepts(one, node)]
    return chosen_of(fits[0] if fits else shape.shapes[0], node)


_ONE = {
    "name": "a name",
    "literal": "a text",
    "expression": "an expression",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "date": "a date (yyyy-mm-dd)",
    "order": "a name, perhaps with `desc`",
}
_MANY = {
    "name": "names",
    "literal": "texts",
    "expression": "expressions",
    "number": "numbers",
    "integer": "whole numbers",
    "boolean": "truths",
    "date": "dates",
    "order": "names, each perhaps with `desc`",
}


def singular(shape: Shape) -> str:
    """A shape in words: "a list of names"."""
    if isinstance(shape, Leaf):
        return "one of " + ", ".join(f"`{c}`" for c in shape.choices) if shape.choices else _ONE[shape.kind]
    if isinstance(shape, ListOf):
        if shape.length:
            return f"a list of {shape.length} {plural(shape.item)}"
        return f"a list of {plural(shape.item)}"
    if isinstance(shape, Form):
        return shape.title
    if isinstance(shape, Either):
        return " or ".join(dict.fromkeys(singular(one) for one in shape.shapes))
    if isinstance(shape, RuleShape):
        return "a rule"
    return "a list of branches" if isinstance(shape, Branches) else "what is declared for it"


def plural(shape: Shape) -> str:
    """A shape in words after "a list of"."""
    if isinstance(shape, Leaf):
        return "these: " + ", ".join(f"`{c}`" for c in shape.choices) if shape.choices else _MANY[shape.kind]
    if isinstance(shape, RuleShape):
        return "rules"
    return f"maps, each {singular(shape)}" if isinstance(shape, Form) else f"items, each {singular(shape)}"
