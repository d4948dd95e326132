"""Which kinds of values an expression combines, checked before data is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from ..model import Kind
from . import faults
from .functions import DATE_PARTS, SIGNATURES
from .literals import date_days, is_text, number_of, whole_of
from .patterns import pattern_fault, pattern_hint
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
    spine,
)

_IS_NULL = "Use IS NULL or IS NOT NULL."
_FULL = "Write a full date: '2022-10-31'. For a part of a date: iso_part(d, 'year')."
_NUMBER_ADVICE = "Use num(t), or declare the column as a number; a number literal has no quotes."
_ADVICE = {
    frozenset([Kind.TEXT, Kind.NUMBER]): _NUMBER_ADVICE,
    frozenset([Kind.TEXT, Kind.DATE]): "Use iso_date(t), or declare the column as a date.",
    frozenset([Kind.TEXT, Kind.DTC]): "Use iso_date(t), or text(d) to compare as texts.",
    frozenset(
        [Kind.DTC, Kind.DATETIME]
    ): "Datetimes compare with datetimes only: `to_datetime`, or iso_date() of both.",
    frozenset([Kind.DATE, Kind.DATETIME]): "Datetimes compare with datetimes only: use iso_date(d) of the datetime.",
    frozenset([Kind.TEXT, Kind.DATETIME]): "Datetimes compare with datetimes only: use iso_date(d), or `to_datetime`.",
    frozenset([Kind.DATE, Kind.DTC]): "Use iso_date(d) of the dtc, or text(x) of both.",
    frozenset([Kind.NUMBER, Kind.DATE]): "A difference of dates is a number of days: ADT - TRTSDT > 7.",
}
_DTC_ADVICE = "Use iso_date(d); a partial date is missing then."
_TEXT_ADVICE = "Use text(x)."


def check(
    expr: Expr, kind_of: Callable[[Name], Kind | None], want: Literal["truth", "value"]
) -> tuple[Kind | None, list[ExprFault]]:
    """The kind of an expression, and where it combines kinds that don't go together.

    Parameters
    ----------
    expr : as `parse` gives it
    kind_of : the kind of a name; None for a name that doesn't exist (the caller reports it; nothing follows from it)
    want : ``truth`` for `where`, `when`, `yes_if`, `expect`; ``value`` for `expr`

    Returns
    -------
    The kind, None if it can't be said; and the faults, by offset.
    """
    checker = _Checker(kind_of)
    if want == "truth":
        checker.truth(expr, "the whole expression")
        kind: Kind | None = Kind.TRUTH
    else:
        kind = checker.value(expr)
        if isinstance(expr, Null):
            checker.refuse("NULL alone has no kind", "A rule that gives nothing isn't needed.", expr.offset)
    return (None if checker.wrong else kind), sorted(checker.wrong, key=lambda f: f.offset)


class _Checker:
    def __init__(self, kind_of: Callable[[Name], Kind | None]) -> None:
        self.kind_of = kind_of
        self.wrong: list[ExprFault] = []

    def refuse(self, message: str, hint: str, offset: int, rule: str = faults.KIND) -> None:
        """Note a fault."""
        self.wrong.append(ExprFault(rule, message, hint, offset))

    def truth(self, expr: Expr, where: str) -> None:
        """Check what must be true or false."""
        if isinstance(expr, Binary) and expr.op in ("AND", "OR"):
            first, nodes = _chain(expr, ("AND", "OR"))
            self.truth(first, f"the left side of {nodes[0].op}")
            for node in nodes:
                self.truth(node.right, f"the right side of {node.op}")
            return
        kind = self.kind(expr)
        if kind not in (None, Kind.TRUTH) or isinstance(expr, Null):
            what = "NULL" if isinstance(expr, Null) else f"a {kind}"
            self.refuse(f"{where} is {what}, not a condition", "Write a comparison, as AESER = 'Y'.", expr.offset)

    def value(self, expr: Expr) -> Kind | None:
        """Check what must be a value."""
        kind = self.kind(expr)
        if kind is Kind.TRUTH:
            self.refuse(
                "a condition stands where a value is wanted", "`yes_if` gives Y or N; or use CASE WHEN.", expr.offset
            )
            return None
        return kind

    def kind(self, expr: Expr) -> Kind | None:
        """The kind of any expression; None if unknown, after a fault, and for NULL."""
        match expr:
            case Name():
                return self.kind_of(expr)
            case Text():
                return Kind.TEXT
            case Number():
                return Kind.NUMBER
            case Null():
                return None
            case Unary(op="NOT", operand=operand):
                self.truth(operand, "what follows NOT")
                return Kind.TRUTH
            case Unary(operand=operand):
                self.number(operand, "what follows the minus")
                return Kind.NUMBER
            case Binary():
                return self.binary(expr)
            case Case():
                return self.case(expr)
            case Call():
                return self.call(expr)
            case In(operand=operand, items=items):
                self.comparable((operand, *items), expr.offset)
            case Between(operand=operand, low=low, high=high):
                self.comparable((operand, low, high), expr.offset)
            case IsDistinct(left=left, right=right):
                self.comparable((left, right), expr.offset)
            case Like(operand=operand):
                self.text(operand, "LIKE")
            case IsNull(operand=operand):
                self.value(operand)
        return Kind.TRUTH

    def binary(self, expr: Binary) -> Kind | None:
        """An infix operator; chains of one level without recursion."""
        if expr.op in ("AND", "OR"):
            self.truth(expr, "")
            return Kind.TRUTH
        if expr.op in COMPARISONS:
            self.comparable((expr.left, expr.right), expr.offset)
            return Kind.TRUTH
        first, nodes = _chain(expr, ("+", "-", "*", "/", "||"))
        kind = self.value(first)
        left = first
        for node in nodes:
            kind = self.infix(node, left, kind)
            left = node
        return kind

    def infix(self, node: Binary, left: Expr, kind: Kind | None) -> Kind | None:
        """The kind of one arithmetic operator or `||`, that of the left side known."""
        right = self.value(node.right)
        pairs = ((left, kind), (node.right, right))
        for side, _ in pairs:
            if isinstance(side, Null):
                self.refuse(f"NULL beside {node.op} makes everything missing", "Leave it out.", side.offset)
        if node.op == "||":
            for side, is_kind in pairs:
                self.is_text_kind(side, is_kind, "||")
            return Kind.TEXT
        if node.op in ("+", "-") and Kind.DATE in (kind, right):
            return self.days(node, left, kind, right)
        for side, is_kind in pairs if kind is not right else pairs[:1]:
            self.is_number(side, is_kind, f"{node.op} takes numbers")
        return Kind.NUMBER

    def days(self, node: Binary, left: Expr, kind: Kind | None, right: Kind | None) -> Kind | None:
        """A date plus or minus a number of days, or a difference of dates."""
        if kind is Kind.DATE and right is Kind.DATE:
            if node.op == "+":
                self.refuse("dates can't be added", "A date plus a whole number is a date.", node.offset)
                return None
            return Kind.NUMBER
        if right is Kind.DATE and node.op == "-":
            if kind is not None:
                self.refuse(f"a date can't be taken from a {kind}", "date - date, or date - number.", node.offset)
            return None
        number, is_kind = (node.right, right) if kind is Kind.DATE else (left, kind)
        if is_kind is Kind.DTC:
            self.refuse("there is no arithmetic on a dtc", _DTC_ADVICE, number.offset)
            return None
        if is_kind is None:
            return None
        if is_kind is not Kind.NUMBER:
            self.refuse(f"a date and a {is_kind} don't add up", "date + whole number, date - date.", number.offset)
            return None
        if number_of(number) is not None and whole_of(number) is None:
            self.refuse("a date takes whole days", "Round the number first.", number.offset)
        return Kind.DATE

    def is_number(self, expr: Expr, kind: Kind | None, what: str) -> None:
        """Refuse what isn't a number."""
        if kind is None or kind is Kind.NUMBER:
            return
        hint = {
            Kind.TEXT: _NUMBER_ADVICE,
            Kind.DTC: _DTC_ADVICE,
            Kind.DATETIME: "Use iso_date(d): a difference of dates is a number of days.",
        }.get(kind, "")
        if kind is Kind.DTC:
            what = f"there is no arithmetic on a dtc; {what}"
        self.refuse(f"{what}, and this is a {kind}", hint, expr.offset)

    def number(self, expr: Expr, what: str) -> None:
        """Check what must be a number."""
        if isinstance(expr, Null):
            self.refuse(f"{what} is NULL", "Leave it out.", expr.offset)
        self.is_number(expr, self.value(expr), f"{what} must be a number")

    def is_text_kind(self, expr: Expr, kind: Kind | None, what: str) -> None:
        """Refuse what isn't a text."""
        if kind is not None and kind is not Kind.TEXT:
            self.refuse(f"{what} takes texts, and this is a {kind}", _TEXT_ADVICE, expr.offset)

    def text(self, expr: Expr, what: str) -> None:
        """Check what must be a text."""
        if isinstance(expr, Null):
            self.refuse(f"{what} takes texts, and this is NULL", "Leave it out.", expr.offset)
        self.is_text_kind(expr, self.value(expr), what)

    def comparable(self, operands: Sequence[Expr], offset: int) -> None:
        """Check operands of a comparison: one kind, a dtc with dates, literals as full dates beside those."""
        for operand in operands:
            if isinstance(operand, Null):
                self.refuse("a comparison with NULL is never true", _IS_NULL, operand.offset or offset)
            elif isinstance(operand, Text) and not operand.value:
                self.refuse("'' is missing, and a comparison with it is never true", _IS_NULL, operand.offset)
        self.unify(operands, dates_mix=True)

    def unify(self, operands: Sequence[Expr], dates_mix: bool = False) -> Kind | None:
        """The one kind of operands; text literals count as dates beside dates, NULL as anything."""
        kinds = [self.value(operand) for operand in operands]
        columns = [k for k, o in zip(kinds, operands, strict=True) if k is not None and not is_text(o)]
        dated = next((k for k in columns if k in (Kind.DATE, Kind.DTC)), None)
        first: Kind | None = dated or (columns[0] if columns else None)
        for operand, kind in zip(operands, kinds, strict=True):
            if kind is None:
                continue
            if isinstance(operand, Text) and dated is not None:
                if date_days(operand.value) is None:
                    hint = _FULL if operand.value else "Use NULL."
                    self.refuse(f"'{operand.value}' beside a {dated} is no full ISO date", hint, operand.offset)
                continue
            first = first or kind
            if kind is first or (dates_mix and {kind, first} == {Kind.DATE, Kind.DTC}):
                continue
            hint = _ADVICE.get(frozenset([kind, first]), "Only values of one kind go together.")
            if isinstance(operand, Text) and first is Kind.NUMBER:
                hint = "A number has no quotes."
            self.refuse(f"a {kind} stands beside a {first}", hint, operand.offset)
            return None
        return first

    def case(self, expr: Case) -> Kind | None:
        """CASE: conditions after WHEN, values of one kind."""
        for when, _ in expr.branches:
            self.truth(when, "what follows WHEN")
        values = [then for _, then in expr.branches] + ([] if expr.default is None else [expr.default])
        return self.some(values, "CASE", expr.offset)

    def some(self, values: Sequence[Expr], what: str, offset: int) -> Kind | None:
        """Values of one kind, of which at least one isn't NULL."""
        if all(isinstance(v, Null) for v in values):
            self.refuse(f"{what} gives nothing but NULL", "Name a value.", offset)
        return self.unify(values)

    def call(self, expr: Call) -> Kind | None:
        """A function: the kinds of its arguments, and its own."""
        name, arguments = expr.function, expr.arguments
        if name in ("coalesce", "nullif", "least", "greatest"):
            return self.choice(expr)
        if any(isinstance(argument, Null) for argument in arguments):
            hint = f"It is called as {SIGNATURES[name].form}."
            self.refuse(f"{name}() of NULL is missing", hint, expr.offset, faults.FUNCTION)
            return None
        first = arguments[0]
        if name in ("round", "floor", "abs"):
            self.number(first, f"the argument of {name}()")
            if name == "round":
                self.literal_whole(arguments[1], "round(x, n)", -15, 15)
            return Kind.NUMBER
        if name == "text":
            return self.as_text(arguments)
        if name in ("iso_date", "iso_part"):
            return self.iso(expr)
        self.text(first, f"{name}()")
        if name in ("regexp_like", "regexp_substr"):
            self.pattern(arguments[1])
            return Kind.TRUTH if name == "regexp_like" else Kind.TEXT
        if name == "substr":
            self.number(arguments[1], "`from` of substr()")
            self.number(arguments[2], "`n` of substr()")
            for argument, low in ((arguments[1], 1), (arguments[2], 0)):
                if number_of(argument) is not None:
                    self.literal_whole(argument, "substr(t, from, n)", low, 100_000)
        elif name == "replace":
            self.text(arguments[1], "replace()")
            self.text(arguments[2], "replace()")
            if isinstance(arguments[1], Text) and not arguments[1].value:
                self.refuse(
                    "`old` of replace() is empty", "Name what to replace.", arguments[1].offset, faults.FUNCTION
                )
        elif name == "left_pad":
            self.literal_whole(arguments[1], "left_pad(t, n, c)", 1, 200)
            if not (isinstance(arguments[2], Text) and len(arguments[2].value) == 1):
                hint = "As left_pad(t, 3, '0')."
                self.refuse("`c` of left_pad() is one character in quotes", hint, arguments[2].offset, faults.FUNCTION)
        return Kind.NUMBER if name in ("length", "num") else Kind.TEXT

    def choice(self, expr: Call) -> Kind | None:
        """coalesce, nullif, least, greatest: arguments of one kind."""
        name = expr.function
        if name == "nullif":
            self.comparable(expr.arguments, expr.offset)
            return None if self.wrong else self.kind_quietly(expr.arguments)
        kind = self.some(expr.arguments, f"{name}()", expr.offset)
        if kind is Kind.DTC and name != "coalesce":
            self.refuse(f"{name}() doesn't take a dtc", _DTC_ADVICE, expr.offset)
            return None
        return kind

    def kind_quietly(self, arguments: Sequence[Expr]) -> Kind | None:
        """The kind of nullif(a, b), that of a; a literal `a` beside a date is a date."""
        quiet = _Checker(self.kind_of)
        kinds = [quiet.kind(a) for a in arguments]
        return kinds[1] if is_text(arguments[0]) else kinds[0]

    def as_text(self, arguments: Sequence[Expr]) -> Kind:
        """text(x), text(x, digits)."""
        kind = self.value(arguments[0])
        if len(arguments) == 2:
            self.is_number(arguments[0], kind, "text(x, digits) takes a number")
            self.literal_whole(arguments[1], "text(x, digits)", 0, 15)
        return Kind.TEXT

    def iso(self, expr: Call) -> Kind | None:
        """iso_date(d), iso_part(d, 'year')."""
        first = expr.arguments[0]
        kind = self.value(first)
        if kind is Kind.NUMBER:
            hint = "A serial number of Excel is read by the `date` rule."
            self.refuse(f"{expr.function}() doesn't take a number", hint, first.offset)
        if expr.function == "iso_date":
            return Kind.DATE
        part = expr.arguments[1]
        if not (isinstance(part, Text) and part.value in DATE_PARTS):
            hint = "One of " + ", ".join(f"'{p}'" for p in DATE_PARTS) + "."
            self.refuse("iso_part() takes a part of a date in quotes", hint, part.offset, faults.FUNCTION)
        return Kind.NUMBER

    def pattern(self, expr: Expr) -> None:
        """The pattern of regexp_like and regexp_substr."""
        if not isinstance(expr, Text):
            self.refuse("a pattern is a text in single quotes", "", expr.offset, faults.PATTERN)
            return
        reason = pattern_fault(expr.value)
        if reason:
            self.refuse(f"the pattern is refused: {reason}", pattern_hint(reason), expr.offset, faults.PATTERN)

    def literal_whole(self, expr: Expr, form: str, low: int, high: int) -> None:
        """Check a whole number written as such."""
        value = whole_of(expr)
        if value is None or not low <= value <= high:
            message = f"{form} takes a whole number from {low} to {high} here"
            self.refuse(message, "", expr.offset, faults.FUNCTION)


def _chain(expr: Binary, operators: tuple[str, ...]) -> tuple[Expr, list[Binary]]:
    """The left spine of an operator as far as it has these operators: the first operand, the nodes outward."""
    _, nodes = spine(expr)
    start = len(nodes)
    while start and nodes[start - 1].op in operators:
        start -= 1
    return nodes[start].left, nodes[start:]
