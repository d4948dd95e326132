"""Expressions of the mapping language: parsed, checked for kinds, evaluated on whole columns.

`parse` gives a tree or faults, `check` the kind of the tree, `evaluate` its values. pandas isn't needed, and sqlglot
is imported by `parse` alone.
"""

from .evaluate import evaluate
from .grammar import parse
from .kinds import check
from .patterns import pattern_fault, pattern_hint
from .tree import (
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
    names,
    negations,
)

__all__ = [
    "Between",
    "Binary",
    "Call",
    "Case",
    "Expr",
    "ExprFault",
    "In",
    "IsDistinct",
    "IsNull",
    "Like",
    "Name",
    "Null",
    "Number",
    "Text",
    "Unary",
    "check",
    "evaluate",
    "names",
    "negations",
    "parse",
    "pattern_fault",
    "pattern_hint",
]
