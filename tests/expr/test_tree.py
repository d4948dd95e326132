"""The tree that a text gives: precedence, names, offsets."""

import pytest

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
    names,
    negations,
    parse,
)


def bare(name, offset):
    return Name((name,), (False,), offset)


A = bare("A", 0)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("A - B - C", Binary("-", Binary("-", A, bare("B", 4), 0), bare("C", 8), 0)),
        ("A + B * C", Binary("+", A, Binary("*", bare("B", 4), bare("C", 8), 4), 0)),
        ("-A * B", Binary("*", Unary("-", bare("A", 1), 1), bare("B", 5), 1)),
        ("A || 'x' = B", Binary("=", Binary("||", A, Text("x", 5), 0), bare("B", 11), 0)),
        ("NOT A = 1", Unary("NOT", Binary("=", bare("A", 4), Number(1, 8), 4), 4)),
        ("NOT A IS NULL", IsNull(bare("A", 4), True, 4)),
        ("NOT A IN (1)", In(bare("A", 4), (Number(1, 10),), True, 4)),
        ("NOT (A IN (1))", Unary("NOT", In(bare("A", 5), (Number(1, 11),), False, 5), 5)),
        ("A NOT IN ('x', -2)", In(A, (Text("x", 10), Unary("-", Number(2, 16), 16)), True, 0)),
        ("A NOT BETWEEN 1 AND 2", Between(A, Number(1, 14), Number(2, 20), True, 0)),
        ("A NOT LIKE 'x%'", Like(A, "x%", True, 0)),
        ("A LIKE 'x_'", Like(A, "x_", False, 0)),
        ("A IS NOT NULL", IsNull(A, True, 0)),
        ("A IS DISTINCT FROM 'x'", IsDistinct(A, Text("x", 19), False, 0)),
        ("A IS NOT DISTINCT FROM 'x'", IsDistinct(A, Text("x", 23), True, 0)),
        ("UPPER(A)", Call("upper", (bare("A", 6),), 0)),
        ("A = 'it''s'", Binary("=", A, Text("it's", 4), 0)),
        (
            "CASE WHEN A > 1 THEN B ELSE NULL END",
            Case(((Binary(">", bare("A", 10), Number(1, 14), 10), bare("B", 21)),), Null(0), 10),
        ),
        (
            "A = 1 OR B = 2 AND C = 3",
            Binary(
                "OR",
                Binary("=", A, Number(1, 4), 0),
                Binary(
                    "AND", Binary("=", bare("B", 9), Number(2, 13), 9), Binary("=", bare("C", 19), Number(3, 23), 19), 9
                ),
                0,
            ),
        ),
    ],
)
def test_tree(text, tree):
    assert parse(text) == tree


def test_names_in_order_each_once():
    tree = parse("DM.SEX = 'M' AND raw.LABS.`X Y` > this.ADT + `IT.A` AND DM.SEX <> '中' OR 性别 IS NULL")
    assert [str(n) for n in names(tree)] == ["DM.SEX", "raw.LABS.`X Y`", "this.ADT", "`IT.A`", "性别"]
    assert [n.offset for n in names(tree)] == [0, 17, 34, 45, 73]
    assert names(tree)[3].parts == ("IT.A",)
    assert names(tree)[3].quoted == (True,)


def test_a_quoted_name_is_another_one():
    assert len(names(parse("`A.B` = A.B"))) == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("A <> 'x' AND B = 'y'", ["A"]),
        ("A NOT IN ('x')", ["A"]),
        ("NOT A IN ('x') OR NOT B = 'y' OR NOT (C = 'y')", ["A", "B", "C"]),
        ("upper(A) <> B", ["A", "B"]),
        ("coalesce(A, '') <> 'x'", []),
        ("A IS DISTINCT FROM 'x'", []),
        ("A IN ('x')", []),
        ("A IS NOT NULL AND B = '1' AND upper(A) <> 'x'", []),
        ("A <> 'x' AND (B = '1' AND A IS NOT NULL)", []),
        ("A IS NULL OR A NOT IN ('x')", []),
        ("A IS NOT NULL OR A <> 'x'", ["A"]),
        ("A IS NULL AND A <> 'x'", ["A"]),
        ("A IS NOT NULL AND B <> 'x'", ["B"]),
        ("(A IS NOT NULL OR B = '1') AND A <> 'x'", ["A"]),
    ],
)
def test_negations(text, found):
    assert [str(n) for n in negations(parse(text))] == found
