"""Conditions of the language as checks of define.xml, where these can say the same."""

from __future__ import annotations

from collections.abc import Iterator

from .. import expr
from ..model.metadata import ConditionMeta
from ..values.numbers import number_text

COMPARATORS = {"=": "EQ", "<>": "NE", "<": "LT", "<=": "LE", ">": "GT", ">=": "GE"}
TURNED = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def conditions_of(text: str) -> tuple[ConditionMeta, ...] | None:
    """The checks that all hold where the condition is true; None where define.xml has no checks for it.

    Comparisons of a variable with a literal, and IN, joined by AND. Others (OR, IS NULL, functions, two variables)
    have no form in a WhereClauseDef.
    """
    if not text:
        return ()
    parsed = expr.parse(text)
    if isinstance(parsed, list):
        return None
    found = [_check(part) for part in _parts(parsed)]
    if any(one is None for one in found):
        return None
    return tuple(one for one in found if one is not None)


def literals_of(text: str, variable: str) -> list[str]:
    """Literals of which one must be the variable's value where the condition is true (`=`, `IN`); none of OR or NOT."""
    parsed = expr.parse(text)
    if isinstance(parsed, list):
        return []
    checks = [one for one in map(_check, _parts(parsed)) if one is not None and one.variable == variable]
    return [value for one in checks if one.comparator in ("EQ", "IN") for value in one.values]


def _parts(tree: expr.Expr) -> Iterator[expr.Expr]:
    if isinstance(tree, expr.Binary) and tree.op == "AND":
        yield from _parts(tree.left)
        yield from _parts(tree.right)
    else:
        yield tree


def _check(tree: expr.Expr) -> ConditionMeta | None:
    if isinstance(tree, expr.Binary) and tree.op in COMPARATORS:
        left, right, op = tree.left, tree.right, tree.op
        if not isinstance(left, expr.Name):
            left, right, op = right, left, TURNED[op]
        value = _literal(right)
        if isinstance(left, expr.Name) and len(left.parts) == 1 and value is not None:
            return ConditionMeta(left.parts[0], COMPARATORS[op], (value,))
    if isinstance(tree, expr.In) and isinstance(tree.operand, expr.Name) and len(tree.operand.parts) == 1:
        values = [_literal(item) for item in tree.items]
        if all(v is not None for v in values):
            comparator = "NOTIN" if tree.negated else "IN"
            return ConditionMeta(tree.operand.parts[0], comparator, tuple(v for v in values if v is not None))
    return None


def _literal(tree: expr.Expr) -> str | None:
    if isinstance(tree, expr.Text):
        return tree.value or None
    if isinstance(tree, expr.Number):
        return number_text(tree.value)
    if isinstance(tree, expr.Unary) and tree.op == "-" and isinstance(tree.operand, expr.Number):
        return number_text(-tree.operand.value)
    return None
