"""Columns for tests, and what an expression makes of them."""

from __future__ import annotations

import numpy as np

from sdtm_builder.expr import Name, check, evaluate, parse
from sdtm_builder.expr.literals import date_days
from sdtm_builder.model import MISSING_DATE, MISSING_TIME, Kind, Vector


def column(kind: Kind, values: list) -> Vector:
    """A column of Python values; dates as ISO text, datetimes too, None missing."""
    if kind in (Kind.TEXT, Kind.DTC):
        return Vector.of_texts(values, kind)
    if kind is Kind.NUMBER:
        return Vector.of_numbers([np.nan if v is None else v for v in values])
    if kind is Kind.DATE:
        return Vector(kind, np.array([MISSING_DATE if v is None else date_days(v) for v in values], dtype=np.int32))
    seconds = [MISSING_TIME if v is None else int(np.datetime64(v, "s").astype(np.int64)) for v in values]
    return Vector(kind, np.array(seconds, dtype=np.int64))


def python(vector: Vector) -> list:
    """The values of a column: None missing or unknown, dates and datetimes as ISO text."""
    present = vector.present()
    if vector.kind is Kind.TRUTH:
        return [None if v < 0 else bool(v) for v in vector.data.tolist()]
    if vector.kind is Kind.NUMBER:
        return [float(v) if p else None for v, p in zip(vector.data, present, strict=True)]
    return [vector.text_at(i) if p else None for i, p in enumerate(present)]


def run(text: str, n: int = 1, **columns: Vector) -> tuple[list, list[tuple[str, list[int], str]]]:
    """The values of an expression over columns, and its issues as (rule, rows, message)."""
    tree = parse(text)
    assert not isinstance(tree, list), tree

    def kind_of(name: Name) -> Kind:
        return columns[str(name).replace(".", "_")].kind

    kind, faults = check(tree, kind_of, "truth" if is_truth(text, columns) else "value")
    assert faults == []
    issues: list[tuple[str, list[int], str]] = []

    def on_issue(rule: str, rows: np.ndarray, message: str) -> None:
        issues.append((rule, np.flatnonzero(rows).tolist(), message))

    result = evaluate(tree, lambda name: columns[str(name).replace(".", "_")], n, on_issue)
    assert result.kind is kind
    assert len(result) == n
    if result.is_text:
        assert all(result.distinct())
    return python(result), issues


def is_truth(text: str, columns: dict[str, Vector]) -> bool:
    """Whether an expression is a condition."""
    tree = parse(text)
    assert not isinstance(tree, list)
    return check(tree, lambda name: columns[str(name).replace(".", "_")].kind, "value")[1] != []


def fault_of(text: str, want: str = "value", **kinds: Kind) -> list[tuple[str, str, str]]:
    """Rule, message and hint of the faults of an expression, found in the text, the tree or the kinds."""
    tree = parse(text)
    found = tree if isinstance(tree, list) else check(tree, lambda name: kinds.get(str(name)), want)[1]
    return [(f.rule, f.message, f.hint) for f in found]
