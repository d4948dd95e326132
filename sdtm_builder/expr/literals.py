"""Literals beside values of another kind: full ISO dates and whole numbers."""

from __future__ import annotations

import datetime
import re

from .tree import Expr, Number, Text, Unary

_FULL_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
EPOCH = datetime.date(1970, 1, 1).toordinal()


def date_days(text: str) -> int | None:
    """The days since 1970-01-01 of a full ISO date such as 2022-10-31; None if it is something else."""
    if not _FULL_DATE.fullmatch(text):
        return None
    try:
        return datetime.date.fromisoformat(text).toordinal() - EPOCH
    except ValueError:
        return None


def number_of(expr: Expr) -> float | None:
    """The value of a number literal with or without a minus; None for anything else."""
    if isinstance(expr, Number):
        return expr.value
    if isinstance(expr, Unary) and expr.op == "-" and isinstance(expr.operand, Number):
        return -expr.operand.value
    return None


def whole_of(expr: Expr) -> int | None:
    """The value of a literal that is a whole number; None for anything else."""
    value = number_of(expr)
    return int(value) if value is not None and value == int(value) else None


def is_text(expr: Expr) -> bool:
    """Whether this is a text literal."""
    return isinstance(expr, Text)
