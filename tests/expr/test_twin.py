"""Random expressions: the columns must equal a slow interpreter that takes one row at a time."""

from __future__ import annotations

import datetime
import math
import re
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.expr import (
    Between,
    Binary,
    Call,
    Case,
    In,
    IsDistinct,
    IsNull,
    Like,
    Name,
    Null,
    Number,
    Text,
    Unary,
    check,
    evaluate,
    parse,
)
from sdtm_builder.model import Kind

from .helpers import column, python

KINDS = {
    "t": Kind.TEXT,
    "u": Kind.TEXT,
    "x": Kind.NUMBER,
    "y": Kind.NUMBER,
    "d": Kind.DATE,
    "e": Kind.DATE,
}
WORDS = ["a", "B", "ab", "b1", "12", " c ", "中", "2.5"]
NUMBERS = [0, 1, -1, 2, 2.5, -0.5, 100, 1.005]
DAYS = ["2020-02-28", "2020-03-01", "1969-12-31", "2000-01-01"]


# --- texts of expressions -----------------------------------------------------------------------------------------

words = st.sampled_from(WORDS)
numbers = st.sampled_from([str(n) for n in NUMBERS if n >= 0])


def texts(inner):
    number, truth = inner["number"], inner["truth"]
    text = inner["text"]
    return st.one_of(
        st.sampled_from(["t", "u"]),
        words.map(lambda w: f"'{w}'"),
        st.tuples(text, text).map(lambda p: f"({p[0]} || {p[1]})"),
        st.tuples(st.sampled_from(["upper", "lower", "trim"]), text).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(text, st.integers(1, 3), st.integers(0, 3)).map(lambda p: f"substr({p[0]}, {p[1]}, {p[2]})"),
        st.tuples(text, words, text).map(lambda p: f"replace({p[0]}, '{p[1]}', {p[2]})"),
        text.map(lambda a: f"left_pad({a}, 4, '*')"),
        text.map(lambda a: f"coalesce({a}, '')"),
        st.tuples(text, text).map(lambda p: f"coalesce({p[0]}, {p[1]})"),
        st.tuples(text, text).map(lambda p: f"nullif({p[0]}, {p[1]})"),
        st.tuples(text, text).map(lambda p: f"least({p[0]}, {p[1]})"),
        st.tuples(text, text).map(lambda p: f"greatest({p[0]}, {p[1]})"),
        st.tuples(truth, text, text).map(lambda p: f"CASE WHEN {p[0]} THEN {p[1]} ELSE {p[2]} END"),
        st.tuples(truth, truth, text).map(lambda p: f"CASE WHEN {p[0]} THEN NULL WHEN {p[1]} THEN {p[2]} END"),
        number.map(lambda a: f"text({a}, 1)"),
        text.map(lambda a: f"regexp_substr({a}, '[a-z]([0-9])?')"),
    )


def quantities(inner):
    number, text, truth, date = inner["number"], inner["text"], inner["truth"], inner["date"]
    return st.one_of(
        st.sampled_from(["x", "y"]),
        numbers,
        st.tuples(number, st.sampled_from("+-*/"), number).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        number.map(lambda a: f"(-{a})"),
        st.tuples(number, st.integers(-1, 2)).map(lambda p: f"round({p[0]}, {p[1]})"),
        st.tuples(st.sampled_from(["floor", "abs"]), number).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(st.sampled_from(["least", "greatest", "coalesce", "nullif"]), number, number).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        text.map(lambda a: f"length({a})"),
        text.map(lambda a: f"num({a})"),
        st.tuples(date, date).map(lambda p: f"({p[0]} - {p[1]})"),
        st.tuples(truth, number, number).map(lambda p: f"CASE WHEN {p[0]} THEN {p[1]} ELSE {p[2]} END"),
        date.map(lambda a: f"iso_part({a}, 'month')"),
    )


def days(inner):
    date, truth = inner["date"], inner["truth"]
    return st.one_of(
        st.sampled_from(["d", "e"]),
        st.tuples(date, st.sampled_from("+-"), st.integers(0, 500)).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        st.tuples(date, st.sampled_from(["x", "y"])).map(lambda p: f"({p[0]} + {p[1]})"),
        st.tuples(st.sampled_from(["least", "greatest", "coalesce"]), date, date).map(
            lambda p: f"{p[0]}({p[1]}, {p[2]})"
        ),
        st.tuples(truth, date).map(lambda p: f"CASE WHEN {p[0]} THEN {p[1]} END"),
    )


def conditions(inner):
    compare = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
    truth, text, number, date = inner["truth"], inner["text"], inner["number"], inner["date"]
    pair = st.one_of(st.tuples(text, text), st.tuples(number, number), st.tuples(date, date))
    negation = st.sampled_from(["", "NOT "])
    return st.one_of(
        st.tuples(pair, compare).map(lambda p: f"{p[0][0]} {p[1]} {p[0][1]}"),
        st.tuples(date, compare, st.sampled_from(DAYS)).map(lambda p: f"{p[0]} {p[1]} '{p[2]}'"),
        st.tuples(truth, st.sampled_from(["AND", "OR"]), truth).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
        truth.map(lambda a: f"(NOT {a})"),
        st.tuples(st.one_of(text, number, date), negation).map(lambda p: f"{p[0]} IS {p[1]}NULL"),
        st.tuples(pair, negation).map(lambda p: f"{p[0][0]} IS {p[1]}DISTINCT FROM {p[0][1]}"),
        st.tuples(number, negation, number, number).map(lambda p: f"{p[0]} {p[1]}BETWEEN {p[2]} AND {p[3]}"),
        st.tuples(text, negation, words, words).map(lambda p: f"{p[0]} {p[1]}IN ('{p[2]}', '{p[3]}')"),
        st.tuples(number, negation, numbers).map(lambda p: f"{p[0]} {p[1]}IN ({p[2]}, -1)"),
        st.tuples(text, negation, st.text("ab1%_", max_size=5)).map(lambda p: f"{p[0]} {p[1]}LIKE '{p[2]}'"),
        text.map(lambda a: f"regexp_like({a}, '^[a-z]+[0-9]?$')"),
    )


def grown(levels: int) -> dict:
    inner = {
        "text": st.sampled_from(["t", "u", "'a'"]),
        "number": st.sampled_from(["x", "y", "1"]),
        "date": st.sampled_from(["d", "e"]),
        "truth": st.sampled_from(["t = 'a'", "x > y", "d <= e", "u IS NULL"]),
    }
    for _ in range(levels):
        inner = {"text": texts(inner), "number": quantities(inner), "date": days(inner), "truth": conditions(inner)}
    return inner


OTHER = {"t": "u", "u": "t", "x": "y", "y": "x", "d": "e", "e": "d"}
LOGIC = st.recursive(
    st.tuples(st.sampled_from("tuxyde"), st.sampled_from(["=", "<>", "<", ">="])).map(
        lambda p: f"{p[0]} {p[1]} {OTHER[p[0]]}"
    )
    | st.sampled_from(["t = 'a'", "x > 0", "y IS NULL", "t IN ('a', 'B')", "x BETWEEN 0 AND y", "t < u"]),
    lambda inner: (
        st.tuples(inner, st.sampled_from(["AND", "OR"]), inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})")
        | inner.map(lambda a: f"NOT ({a})")
    ),
    max_leaves=5,
)
EXPRESSIONS = {**grown(2), "deep": st.one_of(*grown(3).values()), "logic": LOGIC}

# --- one row at a time --------------------------------------------------------------------------------------------


def row_value(node, row):
    """The value in one row: None missing; a text, float, date or truth."""
    match node:
        case Name():
            return row[str(node)]
        case Text(value=value):
            return value
        case Number(value=value):
            return value
        case Null():
            return None
        case Unary(op="NOT", operand=operand):
            return negate(row_value(operand, row))
        case Unary(operand=operand):
            value = row_value(operand, row)
            return None if value is None else -value
        case Binary(op="AND"):
            sides = [row_value(node.left, row), row_value(node.right, row)]
            return False if False in sides else None if None in sides else True
        case Binary(op="OR"):
            sides = [row_value(node.left, row), row_value(node.right, row)]
            return True if True in sides else None if None in sides else False
        case Binary():
            return infix(node.op, row_value(node.left, row), row_value(node.right, row))
        case In(operand=operand, items=items, negated=negated):
            value = row_value(operand, row)
            found = None if value is None else value in [row_value(i, row) for i in items]
            return negate(found) if negated else found
        case Between(operand=operand, low=low, high=high, negated=negated):
            value = row_value(operand, row)
            sides = [infix(">=", value, row_value(low, row)), infix("<=", value, row_value(high, row))]
            found = False if False in sides else None if None in sides else True
            return negate(found) if negated else found
        case Like(operand=operand, pattern=pattern, negated=negated):
            value = row_value(operand, row)
            found = None if value is None else like(pattern, value)
            return negate(found) if negated else found
        case IsNull(operand=operand, negated=negated):
            return (row_value(operand, row) is None) != negated
        case IsDistinct(left=left, right=right, negated=negated):
            return (row_value(left, row) != row_value(right, row)) != negated
        case Case(branches=branches, default=default):
            for when, then in branches:
                if row_value(when, row) is True:
                    return row_value(then, row)
            return None if default is None else row_value(default, row)
        case Call(function=function, arguments=arguments):
            return function_value(function, [row_value(a, row) for a in arguments])


def negate(value):
    return None if value is None else not value


def like(pattern, text):
    if not pattern:
        return not text
    if pattern[0] == "%":
        return any(like(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in ("_", text[0]) and like(pattern[1:], text[1:])


def infix(op, a, b):
    if a is None or b is None:
        return None
    if isinstance(a, datetime.date) and isinstance(b, str):
        b = datetime.date.fromisoformat(b)
    if op in ("=", "<>", "<", "<=", ">", ">="):
        return {"=": a == b, "<>": a != b, "<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
    if op == "||":
        return a + b
    if isinstance(a, datetime.date):
        if isinstance(b, datetime.date):
            return float((a - b).days)
        if b != int(b):
            return None
        try:
            return a + datetime.timedelta(days=int(b) if op == "+" else -int(b))
        except OverflowError:
            return None
    if op == "/":
        return None if b == 0 else finite(a / b)
    return finite({"+": a + b, "-": a - b, "*": a * b}[op])


def finite(value):
    return value if math.isfinite(value) else None


def half_up(value, digits):
    return Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def function_value(function, values):
    present = [v for v in values if v is not None]
    if function == "coalesce":
        return present[0] if present else None
    if function in ("least", "greatest"):
        return (min if function == "least" else max)(present) if present else None
    if function == "nullif":
        return None if values[0] is None or values[0] == values[1] else values[0]
    if len(present) < len(values):
        return None
    first = values[0]
    match function:
        case "upper" | "lower":
            return getattr(first, function)() or None
        case "trim":
            return first.strip() or None
        case "substr":
            return first[int(values[1]) - 1 :][: int(values[2])] or None
        case "replace":
            return first.replace(values[1], values[2]) or None
        case "left_pad":
            return values[2] * (int(values[1]) - len(first)) + first or None
        case "length":
            return float(len(first))
        case "num":
            stripped = first.strip()
            return float(stripped) if re.fullmatch(r"-?[0-9]+(\.[0-9]*)?|-?\.[0-9]+", stripped) else None
        case "round":
            return float(half_up(first, int(values[1])))
        case "floor" | "abs":
            return float(math.floor(first) if function == "floor" else abs(first))
        case "text":
            rounded = half_up(first, int(values[1]))
            return str(abs(rounded) if rounded == 0 else rounded)
        case "iso_part":
            return float(first.month)
        case "regexp_like":
            return re.search(values[1], first) is not None
        case "regexp_substr":
            found = re.search(values[1], first)
            return found[1] or None if found else None
    raise AssertionError(function)


@pytest.mark.parametrize("sort", EXPRESSIONS)
@settings(max_examples=250, deadline=None)
@given(
    st.data(),
    st.lists(
        st.tuples(
            *[st.sampled_from([None, *WORDS])] * 2,
            *[st.sampled_from([None, *NUMBERS])] * 2,
            *[st.sampled_from([None, *DAYS])] * 2,
        ),
        min_size=5,
        max_size=10,
    ),
)
def test_columns_equal_one_row_at_a_time(sort, data, rows):
    text = data.draw(EXPRESSIONS[sort])
    tree = parse(text)
    assert not isinstance(tree, list), tree
    value_kind, faults = check(tree, lambda name: KINDS[str(name)], "value")
    kind = value_kind
    if faults:
        kind, faults = check(tree, lambda name: KINDS[str(name)], "truth")
    assert faults == []
    columns = {name: column(kind_, [row[i] for row in rows]) for i, (name, kind_) in enumerate(KINDS.items())}
    result = evaluate(tree, lambda name: columns[str(name)], len(rows), lambda *issue: None)
    assert result.kind is kind
    for i, cells in enumerate(rows):
        row = dict(zip(KINDS, cells, strict=True))
        for name in ("d", "e"):
            row[name] = None if row[name] is None else datetime.date.fromisoformat(row[name])
        expected = row_value(tree, row)
        if isinstance(expected, datetime.date):
            expected = expected.isoformat()
        got = python(result)[i]
        if isinstance(expected, float) and got is not None:
            assert got == expected, (text, row)
        else:
            assert got == (None if expected == "" else expected), (text, row)
