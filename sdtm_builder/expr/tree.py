"""The nodes of an expression, each with its offset in the text, and what can be read off the tree alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """A name as written: `DM.RFSTDTC` has the parts DM and RFSTDTC; `quoted` says which stood in backquotes."""

    parts: tuple[str, ...]
    quoted: tuple[bool, ...]
    offset: int

    def __str__(self) -> str:
        return ".".join(f"`{p}`" if q else p for p, q in zip(self.parts, self.quoted, strict=True))


@dataclass(frozen=True, slots=True)
class Text:
    """A text literal, without its quotes."""

    value: str
    offset: int


@dataclass(frozen=True, slots=True)
class Number:
    """A number literal; never negative (a sign is a `Unary`)."""

    value: float
    offset: int


@dataclass(frozen=True, slots=True)
class Null:
    """NULL, a missing value of any kind."""

    offset: int


@dataclass(frozen=True, slots=True)
class Unary:
    """`op` is NOT or `-`."""

    op: str
    operand: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class Binary:
    """`op` is AND, OR, =, <>, <, <=, >, >=, +, -, *, / or ||. `offset` is where the left operand begins."""

    op: str
    left: Expr
    right: Expr
    offset: int


@dataclass(frozen=True, slots=True)
class In:
    """`operand [NOT] IN (literals)`; a literal is a Text, a Number or a Unary minus of a Number."""

    operand: Expr
    items: tuple[Expr, ...]
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Between:
    """`operand [NOT] BETWEEN low AND high`, both ends included."""

    operand: Expr
    low: Expr
    high: Expr
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Like:
    """`operand [NOT] LIKE 'pattern'`, with case, `%` and `_`."""

    operand: Expr
    pattern: str
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class IsNull:
    """`operand IS [NOT] NULL`."""

    operand: Expr
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class IsDistinct:
    """`left IS [NOT] DISTINCT FROM right`: a comparison in which missing equals missing."""

    left: Expr
    right: Expr
    negated: bool
    offset: int


@dataclass(frozen=True, slots=True)
class Case:
    """`CASE WHEN truth THEN value ... [ELSE value] END`."""

    branches: tuple[tuple[Expr, Expr], ...]
    default: Expr | None
    offset: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function in lower case with its arguments."""

    function: str
    arguments: tuple[Expr, ...]
    offset: int


Expr = Name | Text | Number | Null | Unary | Binary | In | Between | Like | IsNull | IsDistinct | Case | Call

COMPARISONS = ("=", "<>", "<", "<=", ">", ">=")


@dataclass(frozen=True, slots=True)
class ExprFault:
    """What is wrong with an expression: the rule's id, what, what to do, and where in the text (from 0)."""

    rule: str
    message: str
    hint: str = ""
    offset: int = 0


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside, in the order of the text."""
    match expr:
        case Name() | Text() | Number() | Null():
            return ()
        case Unary(operand=operand) | Like(operand=operand) | IsNull(operand=operand):
            return (operand,)
        case Binary(left=left, right=right) | IsDistinct(left=left, right=right):
            return (left, right)
        case In(operand=operand, items=items):
            return (operand, *items)
        case Between(operand=operand, low=low, high=high):
            return (operand, low, high)
        case Call(arguments=arguments):
            return arguments
        case Case(branches=branches, default=default):
            flat = tuple(part for branch in branches for part in branch)
            return flat if default is None else (*flat, default)


def walk(expr: Expr) -> Iterator[Expr]:
    """All nodes, outer before inner, in the order of the text; without recursion, since chains may be long."""
    waiting = [expr]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(children(node)))


def height(expr: Expr) -> int:
    """How many nodes lie on the longest way down."""
    most = 0
    waiting = [(expr, 1)]
    while waiting:
        node, depth = waiting.pop()
        most = max(most, depth)
        waiting.extend((child, depth + 1) for child in children(node))
    return most


def spine(expr: Binary) -> tuple[Expr, list[Binary]]:
    """A chain such as `a AND b AND c`: its first operand, and the nodes from the innermost outward.

    Trees are deep only to the left, so whoever recurses into right operands alone stays within the nesting limit.
    """
    nodes: list[Binary] = []
    node: Expr = expr
    while isinstance(node, Binary):
        nodes.append(node)
        node = node.left
    return node, nodes[::-1]


def names(expr: Expr) -> list[Name]:
    """The names in the order of the text, each once (at its first place)."""
    found: dict[tuple[tuple[str, ...], tuple[bool, ...]], Name] = {}
    for node in walk(expr):
        if isinstance(node, Name):
            found.setdefault((node.parts, node.quoted), node)
    return list(found.values())


def _with_known(expr: Expr) -> Iterator[tuple[Expr, frozenset[tuple[str, ...]]]]:
    """All nodes as `walk` has them, each with the names that are not missing where it counts."""
    waiting: list[tuple[Expr, frozenset[tuple[str, ...]], str]] = [(expr, frozenset(), "")]
    while waiting:
        node, known, above = waiting.pop()
        yield node, known
        op = node.op if isinstance(node, Binary) and node.op in ("AND", "OR") else ""
        if op and op != above:
            known = known.union(_told(node, op))
        waiting.extend((child, known, op) for child in reversed(children(node)))


def _told(chain: Expr, op: str) -> Iterator[tuple[str, ...]]:
    """The names of which an AND says that they are not missing, or an OR that they may be."""
    waiting = [chain]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Binary) and part.op == op:
            waiting += [part.left, part.right]
        elif isinstance(part, IsNull) and part.negated == (op == "AND") and isinstance(part.operand, Name):
            yield part.operand.parts


def negations(expr: Expr) -> list[Name]:
    """The names compared by `<>` or `NOT IN`, for which missing values give unknown, and IS DISTINCT FROM a choice.

    `NOT a = 'x'` and `NOT a IN (...)` count, being the same. A name within coalesce() doesn't, nor one beside which
    stands that it is not missing (`a IS NOT NULL AND a <> 'x'`) or what holds if it is (`a IS NULL OR a <> 'x'`).
    """
    found: dict[tuple[tuple[str, ...], tuple[bool, ...]], Name] = {}

    def take(known: frozenset[tuple[str, ...]], *operands: Expr) -> None:
        waiting = list(reversed(operands))
        while waiting:
            node = waiting.pop()
            if isinstance(node, Name) and node.parts in known:
                continue
            if isinstance(node, Name):
                found.setdefault((node.parts, node.quoted), node)
            elif not (isinstance(node, Call) and node.function == "coalesce"):
                waiting.extend(reversed(children(node)))

    for node, known in _with_known(expr):
        match node:
            case Binary(op="<>", left=left, right=right):
                take(known, left, right)
            case In(operand=operand, negated=True):
                take(known, operand)
            case Unary(op="NOT", operand=Binary(op="=", left=left, right=right)):
                take(known, left, right)
            case Unary(op="NOT", operand=In(operand=operand, negated=False)):
                take(known, operand)
    return list(found.values())
