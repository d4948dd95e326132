"""Evaluates a checked expression on whole columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_DATE, Kind, Vector
from . import faults
from .calls import Mask, OnIssue, Reporter, call
from .compare import Truth, compare, invalid_dates, same, truth_and, truth_not, truth_of, truth_or
from .like import like
from .literals import date_days, number_of
from .texts import combine, constant_text, per_text, stack, strip_empty
from .tree import (
    COMPARISONS,
    Between,
    Binary,
    Call,
    Case,
    Expr,
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

_FIRST_DAY = date_days("0001-01-01") or 0
_LAST_DAY = date_days("9999-12-31") or 0


def evaluate(expr: Expr, value_of: Callable[[Name], Vector], n: int, on_issue: OnIssue) -> Vector:
    """The values of an expression, in all rows at once.

    Parameters
    ----------
    expr : as `parse` gives it, without faults by `check` for the kinds that `value_of` gives
    value_of : the column of a name, of n rows; asked once a name
    n : rows
    on_issue : called as (rule id, mask of rows, message) for what couldn't be computed; those values are missing.
        Rows that a CASE branch, AND or OR has already decided aren't reported. Rules: division-by-zero,
        number-unreadable, number-too-large, date-plus-fraction, function-argument, dtc-invalid,
        text-too-long-for-pattern

    Returns
    -------
    Kind TRUTH for a condition, else the value's kind. Text: '' has become missing.
    """
    result = _Evaluator(value_of, n, on_issue).value(expr, np.ones(n, dtype=bool))
    return strip_empty(result) if result.is_text else result


class _Evaluator:
    def __init__(self, value_of: Callable[[Name], Vector], n: int, on_issue: OnIssue) -> None:
        self.value_of = value_of
        self.n = n
        self.report = Reporter(on_issue)
        self.columns: dict[tuple[tuple[str, ...], tuple[bool, ...]], Vector] = {}

    def truth(self, expr: Expr, live: Mask) -> Truth:
        """A condition; issues are reported for `live` rows alone."""
        if isinstance(expr, Binary) and expr.op in ("AND", "OR"):
            return self.logic(expr, live)
        return np.asarray(self.value(expr, live).data, dtype=np.int8)

    def logic(self, expr: Binary, live: Mask) -> Truth:
        """AND and OR; the right side counts where the left hasn't decided."""
        first, nodes = spine(expr)
        start = next((i for i, node in enumerate(nodes) if node.op in ("AND", "OR")), 0)
        left = nodes[start - 1] if start else first
        result = self.truth(left, live)
        for node in nodes[start:]:
            decided = 0 if node.op == "AND" else 1
            right = self.truth(node.right, live & (result != decided))
            result = truth_and(result, right) if node.op == "AND" else truth_or(result, right)
        return result

    def value(self, expr: Expr, live: Mask) -> Vector:
        """Any expression as a column."""
        match expr:
            case Name():
                return self.column(expr)
            case Text(value=text):
                return constant_text(text, self.n)
            case Number(value=number):
                return Vector.constant(number, self.n)
            case Null():
                return Vector.missing_of(Kind.TEXT, self.n)
            case Binary(op="AND" | "OR"):
                return _truths(self.logic(expr, live))
            case Binary(op=op, left=left, right=right) if op in COMPARISONS:
                a, b = self.operands((left, right), live)
                return _truths(compare(op, a, b))
            case Binary():
                return self.chain(expr, live)
            case Unary(op="NOT", operand=operand):
                return _truths(truth_not(self.truth(operand, live)))
            case Unary(operand=operand):
                return Vector.of_numbers(0.0 - self.value(operand, live).data)
            case Case():
                return self.case(expr, live)
            case Call(function=function, arguments=arguments):
                return self.function(function, arguments, live)
        return _truths(self.predicate(expr, live))

    def column(self, name: Name) -> Vector:
        """The column of a name."""
        key = (name.parts, name.quoted)
        if key not in self.columns:
            self.columns[key] = self.value_of(name)
        return self.columns[key]

    def predicate(self, expr: Expr, live: Mask) -> Truth:
        """IN, BETWEEN, LIKE, IS NULL, IS DISTINCT FROM."""
        match expr:
            case In(operand=operand, items=items, negated=negated):
                found = self.is_in(operand, items, live)
            case Between(operand=operand, low=low, high=high, negated=negated):
                value, least, most = self.operands((operand, low, high), live)
                found = truth_and(compare(">=", value, least), compare("<=", value, most))
            case Like(operand=operand, pattern=pattern, negated=negated):
                found = per_text(self.value(operand, live), like(pattern), -1, np.int8)
            case IsNull(operand=operand, negated=negated):
                found = (~self.value(operand, live).present()).astype(np.int8)
            case IsDistinct(left=left, right=right, negated=negated):
                a, b = self.operands((left, right), live)
                found = (~same(a, b)).astype(np.int8)
            case _:
                raise TypeError(f"{type(expr).__name__} is no condition")
        return truth_not(found) if negated else found

    def is_in(self, operand: Expr, items: tuple[Expr, ...], live: Mask) -> Truth:
        """A value among literals."""
        value = self.value(operand, live)
        if value.kind is Kind.NUMBER:
            return truth_of(np.isin(value.data, [number_of(i) or 0.0 for i in items]), value.present())
        texts = {i.value for i in items if isinstance(i, Text)}
        if value.kind is Kind.TEXT:
            return per_text(value, lambda t: t in texts, -1, np.int8)
        days = [date_days(text) or 0 for text in sorted(texts)]
        if value.kind is Kind.DATE:
            return truth_of(np.isin(value.data, days), value.present())
        self.dates((value,), live)
        found = np.zeros(self.n, dtype=np.int8)
        for day in days:
            found = truth_or(found, compare("=", value, Vector.constant(day, self.n, Kind.DATE)))
        return found

    def operands(self, exprs: Sequence[Expr], live: Mask, as_dtc: bool = False) -> list[Vector]:
        """Columns that go together: text literals are dates beside dates, NULL is of the others' kind.

        as_dtc : a literal beside a dtc stays a dtc (a value is wanted), rather than becoming a date (a comparison)
        """
        values = [self.value(expr, live) for expr in exprs]
        return self.unified(exprs, values, as_dtc, live)

    def unified(self, exprs: Sequence[Expr], values: list[Vector], as_dtc: bool, live: Mask) -> list[Vector]:
        """`operands` of values at hand."""
        kinds = [v.kind for e, v in zip(exprs, values, strict=True) if not isinstance(e, Text | Null)]
        kind = kinds[0] if kinds else Kind.TEXT
        dated = next((k for k in kinds if k in (Kind.DATE, Kind.DTC)), None)
        for i, expr in enumerate(exprs):
            if isinstance(expr, Null):
                values[i] = Vector.missing_of(kind, self.n)
            elif isinstance(expr, Text) and dated is Kind.DTC and as_dtc:
                values[i] = values[i].as_kind(Kind.DTC)
            elif isinstance(expr, Text) and dated is not None:
                days = date_days(expr.value)
                values[i] = Vector.constant(MISSING_DATE if days is None else days, self.n, Kind.DATE)
        if not as_dtc:
            self.dates(values, live)
        return values

    def dates(self, values: Sequence[Vector], live: Mask) -> None:
        """Report texts of dtc columns that are no dates."""
        for value in {id(v): v for v in values}.values():
            if value.kind is Kind.DTC:
                wrong = live & invalid_dates(value)
                self.report.texts(faults.NOT_ISO, wrong, value, "not an ISO 8601 date: ")

    def chain(self, expr: Binary, live: Mask) -> Vector:
        """Arithmetic and `||` from left to right."""
        first, nodes = spine(expr)
        start = len(nodes)
        while start and nodes[start - 1].op in ("+", "-", "*", "/", "||"):
            start -= 1
        result = self.value(nodes[start].left if start < len(nodes) else first, live)
        rest = nodes[start:]
        while rest:
            joined = [result]
            while rest and rest[0].op == "||":
                joined.append(self.value(rest.pop(0).right, live))
            if len(joined) > 1:
                result = combine(joined, lambda *texts: "".join(texts))
            else:
                node = rest.pop(0)
                result = self.arithmetic(node.op, result, self.value(node.right, live), live)
        return result

    def arithmetic(self, op: str, a: Vector, b: Vector, live: Mask) -> Vector:
        """+ - * / of numbers, and of dates with numbers or dates."""
        if Kind.DATE in (a.kind, b.kind):
            return self.days(op, a, b, live)
        known = a.present() & b.present()
        with np.errstate(all="ignore"):
            result = {"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide}[op](a.data, b.data)
        if op == "/":
            zero = known & (b.data == 0)
            self.report(faults.DIVISION, live & zero, "division by 0")
            known &= ~zero
        large = known & ~np.isfinite(result)
        self.report(faults.OVERFLOW, live & large, f"the result of {op} is too large")
        return Vector.of_numbers(np.where(known & ~large, result, np.nan) + 0.0)

    def days(self, op: str, a: Vector, b: Vector, live: Mask) -> Vector:
        """date + number, number + date, date - number: a date; date - date: days."""
        known = a.present() & b.present()
        if a.kind is b.kind:
            return Vector.of_numbers(np.where(known, a.data.astype(np.float64) - b.data, np.nan))
        left, right = a.data.astype(np.float64), b.data.astype(np.float64)
        day = left - right if op == "-" else left + right
        added = right if a.kind is Kind.DATE else left
        with np.errstate(invalid="ignore"):
            part = known & (added != np.floor(added))
            far = known & ~part & ((day < _FIRST_DAY) | (day > _LAST_DAY))
        self.report(faults.FRACTION, live & part, "a number that isn't whole is added to a date")
        self.report(faults.OVERFLOW, live & far, "the date would be outside the years 1 to 9999")
        good = known & ~part & ~far
        return Vector(Kind.DATE, np.where(good, np.where(good, day, 0), MISSING_DATE).astype(np.int32))

    def case(self, expr: Case, live: Mask) -> Vector:
        """CASE: the first true branch; a branch reports issues only where it is taken."""
        choice = np.full(self.n, -1, dtype=np.int64)
        exprs: list[Expr] = []
        values: list[Vector] = []
        open_rows = live.copy()
        undecided = np.ones(self.n, dtype=bool)
        for i, (when, then) in enumerate(expr.branches):
            taken = undecided & (self.truth(when, open_rows) == 1)
            choice[taken] = i
            exprs.append(then)
            values.append(self.value(then, open_rows & taken))
            undecided &= ~taken
            open_rows &= ~taken
        if expr.default is not None:
            choice[undecided] = len(exprs)
            exprs.append(expr.default)
            values.append(self.value(expr.default, open_rows))
        return stack(self.unified(exprs, values, True, live), choice)

    def function(self, name: str, arguments: tuple[Expr, ...], live: Mask) -> Vector:
        """A function of the table."""
        if name == "coalesce":
            return self.coalesce(arguments, live)
        if name in ("least", "greatest"):
            return call(name, arguments, self.operands(arguments, live, True), live, self.report)
        if name == "nullif":
            return self.nullif(arguments, live)
        values = [self.value(argument, live) for argument in arguments]
        return call(name, arguments, values, live, self.report)

    def coalesce(self, arguments: tuple[Expr, ...], live: Mask) -> Vector:
        """The first value that isn't missing; later arguments report issues only where they are needed."""
        choice = np.full(self.n, -1, dtype=np.int64)
        values: list[Vector] = []
        for i, argument in enumerate(arguments):
            value = self.value(argument, live & (choice < 0))
            choice[(choice < 0) & value.present()] = i
            values.append(value)
        return stack(self.unified(arguments, values, True, live), choice)

    def nullif(self, arguments: tuple[Expr, ...], live: Mask) -> Vector:
        """The first argument, missing where it is surely equal to the second."""
        values = [self.value(argument, live) for argument in arguments]
        a, b = self.unified(arguments, list(values), False, live)
        kept = a if isinstance(arguments[0], Text) else values[0]
        return kept.where(compare("=", a, b) != 1)


def _truths(values: NDArray[Any]) -> Vector:
    return Vector(Kind.TRUTH, values)
