"""Which kinds go together, and what the message advises."""

import pytest

from sdtm_builder.expr import check, parse
from sdtm_builder.model import Kind

from .helpers import fault_of

KINDS = {
    "t": Kind.TEXT,
    "u": Kind.TEXT,
    "x": Kind.NUMBER,
    "y": Kind.NUMBER,
    "d": Kind.DATE,
    "e": Kind.DATE,
    "dt": Kind.DATETIME,
    "du": Kind.DATETIME,
    "c": Kind.DTC,
    "b": Kind.DTC,
}


def kind_of(text, want="value"):
    return check(parse(text), lambda name: KINDS.get(str(name)), want)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("t", Kind.TEXT),
        ("t || 'a' || u", Kind.TEXT),
        ("x + 1 - y * 2 / -x", Kind.NUMBER),
        ("d + 1", Kind.DATE),
        ("1 + d", Kind.DATE),
        ("d - x", Kind.DATE),
        ("d - e", Kind.NUMBER),
        ("d - e + 1", Kind.NUMBER),
        ("d + 1 - e", Kind.NUMBER),
        ("coalesce(d, '2022-10-31')", Kind.DATE),
        ("coalesce('2022-10-31', d)", Kind.DATE),
        ("coalesce(c, '2022-10-31')", Kind.DTC),
        ("coalesce(t, NULL)", Kind.TEXT),
        ("coalesce(NULL, x)", Kind.NUMBER),
        ("least(d, e, '2022-10-31')", Kind.DATE),
        ("greatest(dt, du)", Kind.DATETIME),
        ("nullif(d, '2022-10-31')", Kind.DATE),
        ("nullif(c, d)", Kind.DTC),
        ("nullif(t, 'x')", Kind.TEXT),
        ("iso_date(c)", Kind.DATE),
        ("iso_date(t)", Kind.DATE),
        ("iso_date(dt)", Kind.DATE),
        ("iso_date(c) + 29", Kind.DATE),
        ("iso_part(c, 'year')", Kind.NUMBER),
        ("text(x, 2) || text(c) || text(d)", Kind.TEXT),
        ("CASE WHEN t = 'a' THEN x ELSE NULL END", Kind.NUMBER),
        ("CASE WHEN t = 'a' THEN '2022-10-31' ELSE d END", Kind.DATE),
        ("regexp_substr(t, '[0-9]+')", Kind.TEXT),
        ("length(t) + num(t)", Kind.NUMBER),
        ("unknown", None),
        ("coalesce(unknown, t)", Kind.TEXT),
    ],
)
def test_kind_of_a_value(text, kind):
    assert kind_of(text) == (kind, [])


@pytest.mark.parametrize(
    "text",
    [
        "t = u",
        "t < 'x'",
        "x >= 1",
        "d = e",
        "d BETWEEN '2022-01-01' AND e",
        "'2022-01-01' <= d",
        "c < '2022-01-01'",
        "c < b",
        "c < d",
        "d IS DISTINCT FROM c",
        "c IN ('2022-01-01')",
        "dt < du",
        "t LIKE 'a%'",
        "x IN (1, -2)",
        "NOT t = 'a' AND (x IS NULL OR regexp_like(t, '^a$'))",
        "d - e > 7",
        "unknown = t AND unknown > 1 AND NOT unknown IN (1)",
    ],
)
def test_conditions(text):
    assert kind_of(text, "truth") == (Kind.TRUTH, [])


K, F, P = "expression-kind", "expression-function", "expression-pattern"


@pytest.mark.parametrize(
    ("text", "want", "rule", "word", "advice"),
    [
        ("t = 5", "truth", K, "number stands beside a text", "num(t)"),
        ("x = '5'", "truth", K, "text stands beside a number", "no quotes"),
        ("x = t", "truth", K, "text stands beside a number", "num(t)"),
        ("t = d", "truth", K, "text stands beside a date", "iso_date(t)"),
        ("t = c", "truth", K, "text stands beside a dtc", "iso_date(t)"),
        ("d < '2022-10'", "truth", K, "no full ISO date", "'2022-10-31'"),
        ("d < '31.10.2022'", "truth", K, "no full ISO date", "'2022-10-31'"),
        ("c < '2022'", "truth", K, "no full ISO date", "iso_part"),
        ("c = '2022-02-30'", "truth", K, "no full ISO date", ""),
        ("c IN ('2022-10-31', '2022')", "truth", K, "no full ISO date", ""),
        ("d BETWEEN '2022' AND e", "truth", K, "no full ISO date", ""),
        ("dt < d", "truth", K, "beside a", "iso_date(d)"),
        ("dt < c", "truth", K, "beside a", "datetimes only"),
        ("dt < '2022-10-31'", "truth", K, "beside a datetime", "datetimes only"),
        ("d = 5", "truth", K, "number stands beside a date", "number of days"),
        ("t = NULL", "truth", K, "NULL", "IS NULL"),
        ("t <> NULL", "truth", K, "NULL", "IS NULL"),
        ("t = ''", "truth", K, "''", "IS NULL"),
        ("t IN ('', 'x')", "truth", K, "''", "IS NULL"),
        ("c + 1", "value", K, "dtc", "iso_date"),
        ("c - b", "value", K, "dtc", "iso_date"),
        ("d - c", "value", K, "dtc", "iso_date"),
        ("dt - du", "value", K, "datetime", "iso_date"),
        ("dt + 1", "value", K, "datetime", "iso_date"),
        ("d + e", "value", K, "can't be added", ""),
        ("1 - d", "value", K, "can't be taken", ""),
        ("d + 1.5", "value", K, "whole days", ""),
        ("d * 2", "value", K, "takes numbers", ""),
        ("t + 1", "value", K, "takes numbers", "num(t)"),
        ("-t", "value", K, "must be a number", "num(t)"),
        ("t || x", "value", K, "takes texts", "text(x)"),
        ("t || c", "value", K, "takes texts", "text(x)"),
        ("t || NULL", "value", K, "NULL", ""),
        ("upper(x)", "value", K, "takes texts", "text(x)"),
        ("length(c)", "value", K, "takes texts", "text(x)"),
        ("c LIKE '2022%'", "truth", K, "takes texts", "text(x)"),
        ("round(t, 1)", "value", K, "must be a number", "num(t)"),
        ("coalesce(t, x)", "value", K, "beside", "num(t)"),
        ("coalesce(c, d)", "value", K, "beside", "iso_date"),
        ("coalesce(NULL, NULL)", "value", K, "nothing but NULL", ""),
        ("least(c, b)", "value", K, "doesn't take a dtc", "iso_date"),
        ("nullif(t, 1)", "value", K, "beside", ""),
        ("iso_date(x)", "value", K, "doesn't take a number", "`date`"),
        ("CASE WHEN t = 'a' THEN x ELSE t END", "value", K, "beside", ""),
        ("CASE WHEN t THEN x END", "value", K, "not a condition", ""),
        ("CASE WHEN x = 1 THEN NULL END", "value", K, "nothing but NULL", ""),
        ("NULL", "value", K, "NULL", ""),
        ("t = 'a'", "value", K, "value is wanted", "yes_if"),
        ("coalesce(t = 'a', t)", "value", K, "value is wanted", ""),
        ("t", "truth", K, "not a condition", "comparison"),
        ("t = 'a' AND x", "truth", K, "right side of AND", ""),
        ("x OR t = 'a'", "truth", K, "left side of OR", ""),
        ("NOT x", "truth", K, "follows NOT", ""),
        ("t = 'a' OR NULL", "truth", K, "NULL", ""),
        ("round(x, y)", "value", F, "whole number", ""),
        ("round(x, 1.5)", "value", F, "whole number", ""),
        ("text(x, -1)", "value", F, "whole number", ""),
        ("text(t, 1)", "value", K, "takes a number", ""),
        ("substr(t, 0, 1)", "value", F, "whole number", ""),
        ("left_pad(t, 3, '00')", "value", F, "one character", "left_pad"),
        ("left_pad(t, 3, '')", "value", F, "one character", ""),
        ("replace(t, '', 'x')", "value", F, "empty", ""),
        ("iso_part(c, 'week')", "value", F, "part of a date", "'year'"),
        ("upper(NULL)", "value", F, "NULL", ""),
        ("regexp_like(t, u)", "truth", P, "single quotes", ""),
        ("regexp_like(t, '(a+)+')", "truth", P, "repeat inside a repeat", ""),
    ],
)
def test_kinds_that_do_not_go_together(text, want, rule, word, advice):
    found = fault_of(text, want, **KINDS)
    assert [f[0] for f in found if word in f[1] and advice in f[2]] == [rule], found


def test_an_unknown_name_has_no_consequences():
    assert fault_of("zzz + 1 > 'x' || zzz", "truth") == [
        (
            "expression-kind",
            "a text stands beside a number",
            "Use num(t), or declare the column as a number; a number literal has no quotes.",
        )
    ]
    for text in (
        "zzz + 1",
        "zzz || 'a'",
        "zzz - zzz",
        "d - zzz",
        "zzz - d",
        "round(zzz, 1)",
        "upper(zzz)",
        "iso_date(zzz)",
    ):
        assert fault_of(text, "value", **KINDS) == [], text
    for text in ("zzz", "zzz = 1", "zzz LIKE 'a'", "zzz IN ('a')", "zzz BETWEEN 1 AND 2", "NOT zzz", "zzz = d"):
        assert fault_of(text, "truth", **KINDS) == [], text


def test_all_faults_of_a_tree():
    assert [f[0] for f in fault_of("t = 5 AND x = '5' OR upper(x) = round(t, y)", "truth", **KINDS)] == [
        K,
        K,
        K,
        K,
        K,
        F,
    ]
