"""From text to tree: sqlglot gives the grammar, the tokens give the leaves, and every node must be a known one."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from . import faults
from .functions import SIGNATURES
from .layout import refusals
from .lexer import MAX_HEIGHT, Token, tokens_of
from .tree import (
    COMPARISONS,
    Between,
    Binary,
    Call,
    Case,
    Expr,
    ExprFault,
    In,
    IsDistinct,
    IsNull,
    Like,
    Name,
    Null,
    Number,
    Text,
    Unary,
    height,
    walk,
)

if TYPE_CHECKING:
    from sqlglot import exp

_BINARY = {
    "And": "AND",
    "Or": "OR",
    "EQ": "=",
    "NEQ": "<>",
    "LT": "<",
    "LTE": "<=",
    "GT": ">",
    "GTE": ">=",
    "Add": "+",
    "Sub": "-",
    "Mul": "*",
    "Div": "/",
    "DPipe": "||",
}
# what sqlglot may set in a node beside its operands; anything else set is refused
_ARGS = {
    **{node: {"this", "expression"} for node in _BINARY},
    "Div": {"this", "expression", "typed", "safe"},
    "DPipe": {"this", "expression", "safe"},
    "Column": {"this"},
    "Identifier": {"this", "quoted"},
    "Literal": {"this", "is_string"},
    "Null": set(),
    "Paren": {"this"},
    "Neg": {"this"},
    "Not": {"this"},
    "In": {"this", "expressions"},
    "Between": {"this", "low", "high"},
    "Like": {"this", "expression", "negate"},
    "Is": {"this", "expression"},
    "NullSafeEQ": {"this", "expression"},
    "NullSafeNEQ": {"this", "expression"},
    "Case": {"ifs", "default"},
    "If": {"this", "true"},
    "Anonymous": {"this", "expressions"},
}
_LEAVES = {"Identifier": "n", "Literal": "", "Anonymous": "f"}
_CHAINED = "a comparison stands within a comparison: its left or right side is true or false, not a value"
_LITERALS = "IN takes literals: texts in single quotes, or numbers. A list of columns is several = with OR."


@functools.lru_cache(maxsize=4096)
def _parse(text: str) -> Expr | tuple[ExprFault, ...]:
    tokens, wrong = tokens_of(text)
    if not any(f.rule in (faults.SIZE, faults.TEXT, faults.SYNTAX) for f in wrong):
        wrong += refusals(tokens)
    if wrong:
        return tuple(sorted(wrong, key=lambda f: f.offset))
    tree = _grammar(text, tokens)
    if isinstance(tree, ExprFault):
        return (tree,)
    reader = _Reader(tokens)
    read = reader.read(tree)
    if not reader.wrong:
        reader.nothing_lost(read)
    return tuple(sorted(reader.wrong, key=lambda f: f.offset)) or read


def parse(text: str) -> Expr | list[ExprFault]:
    """The tree of an expression, or everything that is wrong with it.

    Parameters
    ----------
    text : SQL scalar expression of the mapping language, at most 2,000 characters and 15 levels deep;
        `--VAR` of defaults is replaced before

    Returns
    -------
    The tree, or a list of at least one fault, by offset. Names aren't resolved, kinds not checked (`check`).
    """
    result = _parse(text)
    return list(result) if isinstance(result, tuple) else result


def _grammar(text: str, tokens: list[Token]) -> exp.Expression | ExprFault:
    """The tree that sqlglot makes of the tokens; names, functions and literals stand there as their numbers.

    So sqlglot sees its keywords and operators alone: no column's name, function or text can mean something to it.
    """
    import sqlglot
    from sqlglot import exp
    from sqlglot.errors import ParseError, TokenError

    words = ["SELECT"]
    for i, token in enumerate(tokens):
        words.append(
            {"name": f"n{i}", "function": f"f{i}", "text": f"'{i}'", "number": str(i)}.get(token.kind, token.value)
        )
    try:
        trees = sqlglot.parse(" ".join(words), read="sqlite")
    except ParseError as error:
        return _syntax(text, tokens, words, error.errors[0].get("col") if error.errors else None)
    except TokenError:
        return ExprFault(faults.SYNTAX, "the expression isn't well formed", "", 0)
    except RecursionError:
        return ExprFault(faults.SIZE, "the expression is too deeply nested", "Give parts of it names of their own.", 0)
    tree = trees[0] if len(trees) == 1 else None
    if not isinstance(tree, exp.Select) or {k for k, v in tree.args.items() if v} != {"expressions"}:
        return ExprFault(faults.REFUSED, "this is more than one expression", "", 0)
    if len(tree.expressions) != 1:
        return ExprFault(faults.REFUSED, "this is more than one expression", "", 0)
    only = tree.expressions[0]
    return only if isinstance(only, exp.Expression) else ExprFault(faults.SYNTAX, "this is no expression", "", 0)


def _syntax(text: str, tokens: list[Token], words: list[str], column: int | None) -> ExprFault:
    """A syntax fault at the token that ends at a column of the text given to sqlglot."""
    end = len(words[0])
    last = tokens[-1]
    for token, word in zip(tokens, words[1:], strict=True):
        end += 1 + len(word)
        if column is not None and end >= column:
            last = token
            break
    what = "the expression ends too early" if last is tokens[-1] else f"{_shown(text, last)} doesn't fit here"
    return ExprFault(faults.SYNTAX, what, "An operand or an operator is missing.", last.offset)


def _shown(text: str, token: Token) -> str:
    return f"'{token.value}'" if token.kind == "text" else text[token.offset : token.offset + len(token.value)]


class _Reader:
    """Turns sqlglot's nodes into ours; what isn't on the list is a fault."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.wrong: list[ExprFault] = []

    def nothing_lost(self, expr: Expr) -> None:
        """Every name, function and literal of the text is in the tree, once: the parser dropped nothing."""
        in_tree = sorted(n.offset for n in walk(expr) if isinstance(n, Name | Text | Number | Call))
        patterns = [n for n in walk(expr) if isinstance(n, Like)]
        leaves = [t for t in self.tokens if t.kind in ("name", "text", "number", "function")]
        if height(expr) > MAX_HEIGHT:
            self.refuse("too many operators follow each other", "Use IN, or names for parts of it.", 0, faults.SIZE)
        if len(in_tree) + len(patterns) != len(leaves) or not set(in_tree) <= {t.offset for t in leaves}:
            self.refuse("a part of the expression has no meaning in it", "", 0)

    def refuse(self, message: str, hint: str, offset: int, rule: str = faults.REFUSED) -> None:
        """Note a fault."""
        self.wrong.append(ExprFault(rule, message, hint, offset))

    def offset(self, node: exp.Expr) -> int:
        """The first place of a node's leaves in the text."""
        indexes = [self.index(leaf) for leaf in node.walk() if type(leaf).__name__ in _LEAVES]
        return min((self.tokens[i].offset for i in indexes if i is not None), default=0)

    def index(self, node: exp.Expr) -> int | None:
        """The number of the token that a leaf stands for; None if sqlglot took a keyword for a name."""
        number = str(node.this).lstrip(_LEAVES[type(node).__name__])
        return int(number) if number.isdecimal() and int(number) < len(self.tokens) else None

    def read(self, node: exp.Expression) -> Expr:
        """One node; the left spine of chains without recursion."""
        chain: list[exp.Expression] = []
        while type(node).__name__ in _BINARY and self.known(node):
            chain.append(node)
            node = node.this
        expr = self.one(node)
        for above in reversed(chain):
            op = _BINARY[type(above).__name__]
            right = self.read(above.expression)
            if op in COMPARISONS:
                self.no_truth(expr, right)
            expr = Binary(op, expr, right, expr.offset)
        return expr

    def known(self, node: exp.Expression) -> bool:
        """Whether a node is on the list, with nothing set that we don't look at."""
        allowed = _ARGS.get(type(node).__name__)
        return allowed is not None and {k for k, v in node.args.items() if v} <= allowed

    def one(self, node: exp.Expression) -> Expr:
        """A node that isn't an infix operator."""
        kind = type(node).__name__
        if not self.known(node):
            offset = self.offset(node)
            hint = "Tuples aren't compared; compare each value." if kind == "Tuple" else ""
            if kind == "In":
                hint = _LITERALS
            self.refuse(f"{kind.upper()} isn't used so in expressions", hint, offset)
            return Null(offset)
        if kind == "Paren":
            return self.read(node.this)
        if kind in ("Column", "Literal"):
            return self.leaf(node)
        if kind == "Null":
            return Null(0)
        if kind == "Anonymous":
            return self.call(node)
        if kind == "Case":
            return self.case(node)
        if kind in ("Neg", "Not"):
            return self.unary(node)
        if kind == "If" or kind == "Identifier":
            return self.malformed(node)
        return self.predicate(node, kind)

    def malformed(self, node: exp.Expression) -> Expr:
        """Refuse what the parser takes for something that the text doesn't say."""
        hint = "An operand or an operator is missing."
        self.refuse("the expression isn't well formed", hint, self.offset(node), faults.SYNTAX)
        return Null(0)

    def leaf(self, node: exp.Expression) -> Expr:
        """A name, text or number, as its token says."""
        index = self.index(node.this if type(node).__name__ == "Column" else node)
        if index is None:
            return self.malformed(node)
        token = self.tokens[index]
        if token.kind == "name":
            return Name(token.parts, token.quoted, token.offset)
        if token.kind == "text":
            return Text(token.value, token.offset)
        return Number(float(token.value), token.offset)

    def unary(self, node: exp.Expression) -> Expr:
        """Minus, or NOT; NOT over IN, BETWEEN, LIKE, IS becomes their own negation."""
        operand = self.read(node.this)
        if type(node).__name__ == "Neg":
            return Unary("-", operand, operand.offset)
        if type(node.this).__name__ != "Paren":
            match operand:
                case In(operand=inner, items=items, negated=False):
                    return In(inner, items, True, operand.offset)
                case Between(operand=inner, low=low, high=high, negated=False):
                    return Between(inner, low, high, True, operand.offset)
                case IsNull(operand=inner, negated=False):
                    return IsNull(inner, True, operand.offset)
        return Unary("NOT", operand, operand.offset)

    def predicate(self, node: exp.Expression, kind: str) -> Expr:
        """IN, BETWEEN, LIKE, IS NULL, IS DISTINCT FROM."""
        operand = self.read(node.this)
        if kind == "Between":
            low, high = self.read(node.args["low"]), self.read(node.args["high"])
            self.no_truth(operand, low, high)
            return Between(operand, low, high, False, operand.offset)
        if kind == "In":
            items = tuple(self.read(item) for item in node.expressions)
            self.no_truth(operand)
            if not items or not all(_is_literal(item) for item in items):
                self.refuse("IN is followed by something other than literals", _LITERALS, operand.offset)
            return In(operand, items, False, operand.offset)
        right = self.read(node.expression)
        if kind == "Like":
            self.no_truth(operand)
            if not isinstance(right, Text) or type(node.expression).__name__ == "Paren":
                hint = "LIKE takes a text in single quotes, with % and _. Within another column: replace(), or a join."
                self.refuse("LIKE is followed by something other than a text", hint, operand.offset)
                return Null(operand.offset)
            return Like(operand, right.value, bool(node.args.get("negate")), operand.offset)
        if kind == "Is":
            if not isinstance(right, Null):
                hint = "Use = or <>, or IS DISTINCT FROM."
                self.refuse("IS compares with NULL alone", hint, operand.offset)
            self.no_truth(operand)
            return IsNull(operand, False, operand.offset)
        self.no_truth(operand, right)
        return IsDistinct(operand, right, kind == "NullSafeEQ", operand.offset)

    def no_truth(self, *operands: Expr) -> None:
        """Refuse a comparison, NOT, AND, OR as the operand of a comparison."""
        for operand in operands:
            truth = isinstance(operand, In | Between | Like | IsNull | IsDistinct) or (
                isinstance(operand, Binary | Unary) and operand.op in (*COMPARISONS, "AND", "OR", "NOT")
            )
            if truth:
                self.refuse(_CHAINED, "Link comparisons by AND: a < b AND b < c.", operand.offset)

    def case(self, node: exp.Expression) -> Expr:
        """CASE WHEN; it begins at its first leaf."""
        ifs = node.args.get("ifs") or []
        branches = tuple(
            (self.read(i.this), self.read(i.args["true"])) for i in ifs if self.known(i) and i.args.get("true")
        )
        if len(branches) != len(ifs) or not ifs:
            self.refuse(
                "CASE isn't well formed", "Write CASE WHEN x = 'A' THEN ... END.", self.offset(node), faults.SYNTAX
            )
        default = node.args.get("default")
        return Case(branches, None if default is None else self.read(default), self.offset(node))

    def call(self, node: exp.Expression) -> Expr:
        """A function with the number of arguments that it takes."""
        index = self.index(node)
        if index is None:
            return self.malformed(node)
        token = self.tokens[index]
        arguments = tuple(self.read(argument) for argument in node.expressions)
        signature = SIGNATURES[token.value]
        count = len(arguments)
        if count < signature.least or (signature.most is not None and count > signature.most):
            few = f"{token.value}() has {count} argument{'' if count == 1 else 's'}"
            self.refuse(few, f"It is called as {signature.form}.", token.offset, faults.FUNCTION)
        return Call(token.value, arguments, token.offset)


def _is_literal(expr: Expr) -> bool:
    return isinstance(expr, Text | Number) or (
        isinstance(expr, Unary) and expr.op == "-" and isinstance(expr.operand, Number)
    )
