"""What expressions give, on literal columns: operators, functions, missing values, issues."""

import pytest

from sdtm_builder.model import Kind

from .helpers import column, run

T, N, D, DT, C = Kind.TEXT, Kind.NUMBER, Kind.DATE, Kind.DATETIME, Kind.DTC


def values(text, n=None, **columns):
    made = {name: column(kind, cells) for name, (kind, cells) in columns.items()}
    size = n or max((len(v) for v in made.values()), default=1)
    result, issues = run(text, size, **made)
    assert issues == []
    return result


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("upper(t)", ["AB C", None, "É中"]),
        ("lower(t)", ["ab c", None, "é中"]),
        ("trim('  a b  ')", ["a b"] * 3),
        ("trim('   ')", [None] * 3),
        ("substr(t, 2, 2)", ["b ", None, "中"]),
        ("substr(t, 3, 5)", [" C", None, None]),
        ("substr(t, 1, 0)", [None, None, None]),
        ("substr(t, length(t), 1)", ["C", None, "中"]),
        ("replace(t, 'b', 'xx')", ["Axx C", None, "é中"]),
        ("replace(t, 'é中', '')", ["Ab C", None, None]),
        ("replace(t, t, 'q')", ["q", None, "q"]),
        ("left_pad(t, 5, '0')", ["0Ab C", None, "000é中"]),
        ("left_pad(t, 3, '0')", ["Ab C", None, "0é中"]),
        ("length(t)", [4, None, 2]),
        ("length(coalesce(t, ''))", [4, 0, 2]),
        ("t || '-' || u", ["Ab C-x", None, None]),
        ("t || coalesce(' (' || u || ')', '')", ["Ab C (x)", None, "é中"]),
        ("'' || ''", [None] * 3),
        ("''", [None] * 3),
        ("coalesce(t, u, 'z')", ["Ab C", "y", "é中"]),
        ("coalesce(u, NULL)", ["x", "y", None]),
        ("nullif(t, 'Ab C')", [None, None, "é中"]),
        ("nullif(t, u)", ["Ab C", None, "é中"]),
        ("least(t, u)", ["Ab C", "y", "é中"]),
        ("greatest(t, u)", ["x", "y", "é中"]),
        ("least(t, 'B')", ["Ab C", "B", "B"]),
        ("regexp_substr(t, '[A-Za-z]+')", ["Ab", None, None]),
        ("regexp_substr(t, '([A-Z])$')", ["C", None, None]),
        ("regexp_substr(t, 'C(x?)')", [None, None, None]),
        ("regexp_like(t, '^A.*')", [True, None, False]),
        ("regexp_like(t, 'C')", [True, None, False]),
        ("CASE WHEN u = 'x' THEN t WHEN u = 'y' THEN 'why' ELSE '?' END", ["Ab C", "why", "?"]),
        ("CASE WHEN u <> 'x' THEN t END", [None, None, None]),
        ("text(t)", ["Ab C", None, "é中"]),
    ],
)
def test_texts(text, expected):
    assert values(text, t=(T, ["Ab C", None, "é中"]), u=(T, ["x", "y", None])) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y", [3.5, None, None]),
        ("x - y - 1", [0.5, None, None]),
        ("x - (y - 1)", [2.5, None, None]),
        ("x * y", [2.5, None, None]),
        ("x / 2", [1.25, -0.25, None]),
        ("7 / 2", [3.5] * 3),
        ("-x", [-2.5, 0.5, None]),
        ("- -x", [2.5, -0.5, None]),
        ("2 + 3 * 4", [14] * 3),
        ("abs(x)", [2.5, 0.5, None]),
        ("floor(x)", [2, -1, None]),
        ("round(x, 0)", [3, -1, None]),
        ("least(x, y)", [1, -0.5, 4]),
        ("greatest(x, y)", [2.5, -0.5, 4]),
        ("least(NULL, y)", [1, None, 4]),
        ("coalesce(y, x)", [1, -0.5, 4]),
        ("nullif(x, -0.5)", [2.5, None, None]),
        ("text(x)", ["2.5", "-0.5", None]),
        ("text(x, 2)", ["2.50", "-0.50", None]),
        ("text(x, 0)", ["3", "-1", None]),
        ("text(round(-0.4, 0))", ["0"] * 3),
        ("text(100000000)", ["100000000"] * 3),
        ("text(0.1 + 0.2)", ["0.30000000000000004"] * 3),
        ("text(y)", ["1", None, "4"]),
    ],
)
def test_numbers(text, expected):
    assert values(text, x=(N, [2.5, -0.5, None]), y=(N, [1, None, 4])) == expected


@pytest.mark.parametrize(
    ("value", "digits", "expected"),
    [
        ("2.345", 2, 2.35),
        ("-2.345", 2, -2.35),
        ("-0.5", 0, -1.0),
        ("0.5", 0, 1.0),
        ("1.5", 0, 2.0),
        ("2.5", 0, 3.0),
        ("1.005", 2, 1.01),
        ("0.285", 2, 0.29),
        ("1.115", 2, 1.12),
        ("2.3449999", 2, 2.34),
        ("1250", -2, 1300.0),
        ("8.5e-7", 7, 9e-7),
        ("123456789.125", 2, 123456789.13),
    ],
)
def test_round_half_up_on_the_decimal(value, digits, expected):
    assert values(f"round({value}, {digits})") == [expected]


def test_num_reads_digits_sign_point_exponent():
    texts = ["12", " -1.50 ", "+.5", "1e3", "１２．５", None]
    assert values("num(t)", t=(T, texts)) == [12, -1.5, 0.5, 1000, 12.5, None]


def test_num_of_anything_else_is_missing_and_an_issue():
    texts = column(T, ["12", "<5", "1,5", "", "nan", "inf", "0x1", "1e999", "<5"])
    result, issues = run("num(t)", 9, t=texts)
    assert result == [12] + [None] * 8
    assert [(rule, rows) for rule, rows, _ in issues] == [("number-unreadable", [1, 2, 4, 5, 6, 7, 8])]
    assert '"<5"' in issues[0][2]
    assert '"1,5"' in issues[0][2]


def test_division_by_zero_is_missing_and_an_issue():
    result, issues = run("x / y", 4, x=column(N, [1, 2, None, 0]), y=column(N, [0, 4, 0, 0]))
    assert result == [None, 0.5, None, None]
    assert [(rule, rows) for rule, rows, _ in issues] == [("division-by-zero", [0, 3])]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("CASE WHEN y <> 0 THEN x / y ELSE 0 END", []),
        ("CASE WHEN y = 0 THEN 0 WHEN x / y > 1 THEN 1 END", []),
        ("y <> 0 AND x / y > 1", []),
        ("y = 0 OR x / y > 1", []),
        ("NOT (y = 0 OR x / y > 1)", []),
        ("coalesce(x, x / y)", []),
        ("x / y > 1 AND y <> 0", [0]),
        ("coalesce(x / y, 1)", [0]),
        ("CASE WHEN y = 0 THEN x / y END", [0]),
    ],
)
def test_issues_of_what_is_already_decided_are_not_reported(text, rows):
    _, issues = run(text, 2, x=column(N, [1, 4]), y=column(N, [0, 2]))
    assert [r for _, r, _ in issues] == ([rows] if rows else [])


def test_results_beyond_a_number_are_missing_and_an_issue():
    result, issues = run("x * 1e300", 2, x=column(N, [1e300, 1]))
    assert result == [None, 1e300]
    assert [(rule, rows) for rule, rows, _ in issues] == [("number-too-large", [0])]


@pytest.mark.parametrize(
    ("text", "rule", "rows", "expected"),
    [
        ("substr('abc', x, 1)", "function-argument", [0, 1], [None, None, "c", None]),
        ("substr('abc', 1, -x)", "function-argument", [1, 2], [None, None, None, None]),
        ("replace('abc', coalesce(nullif('b', 'b'), ''), 'x')", "function-argument", [0, 1, 2, 3], [None] * 4),
        ("d + x", "date-plus-fraction", [1], ["2020-02-28", None, "2020-03-02", None]),
        ("d + x * 10000000", "number-too-large", [1, 2], ["2020-02-28", None, None, None]),
    ],
)
def test_arguments_that_do_not_work(text, rule, rows, expected):
    columns = {"x": column(N, [0, 1.5, 3, None]), "d": column(D, ["2020-02-28"] * 3 + [None])}
    result, issues = run(text, 4, **columns)
    assert result == expected
    assert [(r, w) for r, w, _ in issues] == [(rule, rows)]


def test_a_text_too_long_for_a_pattern_is_not_searched():
    texts = column(T, ["a" * 2000, "a" * 2001])
    like, issues = run("regexp_like(t, 'a')", 2, t=texts)
    part, again = run("regexp_substr(t, 'a')", 2, t=texts)
    assert (like, part) == ([True, None], ["a", None])
    assert [(r, w) for r, w, _ in issues + again] == [("text-too-long-for-pattern", [1])] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("d + 1", ["2020-02-29", None, "1970-01-01"]),
        ("1 + d", ["2020-02-29", None, "1970-01-01"]),
        ("d - 59", ["2019-12-31", None, "1969-11-02"]),
        ("d - e", [-2, None, None]),
        ("d - e + 1", [-1, None, None]),
        ("text(d)", ["2020-02-28", None, "1969-12-31"]),
        ("d = '2020-02-28'", [True, None, False]),
        ("'2020-02-28' > d", [False, None, True]),
        ("d IN ('2020-02-28', '1969-12-31')", [True, None, True]),
        ("d NOT IN ('2020-02-28')", [False, None, True]),
        ("d BETWEEN '1969-12-31' AND e", [True, None, None]),
        ("d IS DISTINCT FROM '2020-02-28'", [False, True, True]),
        ("least(d, e)", ["2020-02-28", "2020-01-01", "1969-12-31"]),
        ("greatest(d, e, '2020-02-29')", ["2020-03-01", "2020-02-29", "2020-02-29"]),
        ("coalesce(d, '2022-10-31')", ["2020-02-28", "2022-10-31", "1969-12-31"]),
        ("CASE WHEN d IS NULL THEN '2022-10-31' ELSE d END", ["2020-02-28", "2022-10-31", "1969-12-31"]),
        ("CASE WHEN d IS NULL THEN NULL ELSE d END", ["2020-02-28", None, "1969-12-31"]),
        ("nullif(d, '2020-02-28')", [None, None, "1969-12-31"]),
        ("iso_part(d, 'year')", [2020, None, 1969]),
        ("iso_part(d, 'month')", [2, None, 12]),
        ("iso_part(d, 'day')", [28, None, 31]),
        ("iso_part(d, 'hour')", [None, None, None]),
    ],
)
def test_dates(text, expected):
    columns = {"d": (D, ["2020-02-28", None, "1969-12-31"]), "e": (D, ["2020-03-01", "2020-01-01", None])}
    assert values(text, **columns) == expected


def test_datetimes():
    columns = {
        "a": (DT, ["2020-02-28T10:15:30", None, "1969-12-31T23:59:59"]),
        "b": (DT, ["2020-02-28T10:15:31", "2020-01-01T00:00:00", "1969-12-31T23:59:59"]),
    }
    assert values("a < b", **columns) == [True, None, False]
    assert values("a = b", **columns) == [False, None, True]
    assert values("iso_date(a)", **columns) == ["2020-02-28", None, "1969-12-31"]
    assert values("iso_part(a, 'hour')", **columns) == [10, None, 23]
    assert values("iso_part(a, 'minute')", **columns) == [15, None, 59]
    assert values("iso_part(a, 'day')", **columns) == [28, None, 31]
    assert values("text(a)", **columns) == ["2020-02-28T10:15:30", None, "1969-12-31T23:59:59"]
    assert values("greatest(a, b)", **columns)[1] == "2020-01-01T00:00:00"


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("a%", [True, True, False, None, False]),
        ("%c", [True, False, True, None, False]),
        ("a%c", [True, False, False, None, False]),
        ("a_c", [True, False, False, None, False]),
        ("abc", [True, False, False, None, False]),
        ("%", [True, True, True, None, True]),
        ("%%b%%", [True, True, False, None, False]),
        ("_b%", [True, True, False, None, False]),
        ("%.%", [False, True, False, None, False]),
        ("A%", [False, False, True, None, False]),
        ("%\n%", [False, False, False, None, True]),
        ("", [False, False, False, None, False]),
    ],
)
def test_like(pattern, expected):
    columns = {"t": (T, ["abc", "ab.d", "Ac", None, "x\ny"])}
    assert values(f"t LIKE '{pattern}'", **columns) == expected
    assert values(f"t NOT LIKE '{pattern}'", **columns) == [None if v is None else not v for v in expected]


def test_like_ends_with_many_percent_signs():
    assert values(f"t LIKE '{'%a' * 60}%b'", t=(T, ["a" * 20000])) == [False]


def test_three_valued_logic():
    columns = {"a": (N, [1, 1, 1, 0, 0, 0, None, None, None]), "b": (N, [1, 0, None] * 3)}
    t, f, u = True, False, None
    assert values("a = 1 AND b = 1", **columns) == [t, f, u, f, f, f, u, f, u]
    assert values("a = 1 OR b = 1", **columns) == [t, t, t, t, f, u, t, u, u]
    assert values("NOT a = 1", **columns) == [f, f, f, t, t, t, u, u, u]
    assert values("a IS DISTINCT FROM b", **columns) == [f, t, t, t, f, t, t, t, f]
    assert values("a IS NOT DISTINCT FROM b", **columns) == [t, f, f, f, t, f, f, f, t]
    assert values("a IN (1, 5)", **columns) == [t, t, t, f, f, f, u, u, u]
    assert values("a BETWEEN b AND 5", **columns) == [t, t, u, f, t, u, u, u, u]
    assert values("a BETWEEN b AND -5", **columns) == [f, f, f, f, f, f, u, u, u]


def test_texts_of_two_columns_compare_by_code_points():
    columns = {"a": (T, ["b", "B", "中", None]), "b": (T, ["a", "a", "é", "x"])}
    assert values("a > b", **columns) == [True, False, True, None]
    assert values("a = b OR a = a", **columns) == [True, True, True, None]


@pytest.mark.parametrize(
    ("a", "b", "less", "less_or_equal", "equal"),
    [
        ("2003", "2004", True, True, False),
        ("2004", "2003", False, False, False),
        ("2003", "2003", None, None, None),
        ("2003", "2003-05-01", None, None, None),
        ("2003-05", "2003-06-01", True, True, False),
        ("2003-05-01", "2003-05-01", False, True, True),
        ("2003-05-01", "2003-05-02", True, True, False),
        ("2003-05-01", "2003-05-01T10:00", None, None, None),
        ("2003-05-01T10:00", "2003-05-01T10:00", False, True, True),
        ("2003-05-01T10:00", "2003-05-01T10:00:00", False, None, None),
        ("2003-05-01T10:00:00", "2003-05-01T10:00", None, True, None),
        ("2003-05-01T10:00", "2003-05-01T10:01:00", True, True, False),
        ("2003---15", "2003-12-16", True, True, False),
        ("2003---15", "2003-01-14", False, False, False),
        ("2003---15", "2003-06-15", None, None, None),
        ("--05-01", "2003-05-01", None, None, None),
        ("--05-01", "--05-01", None, None, None),
        ("2003-05-01T-:30", "2003-05-01T-:30", None, None, None),
        ("2003-05-01/2003-05-03", "2003-05-01", None, None, None),
        ("2003-05-01/2003-05-03", "2003-05-04", True, True, False),
        (None, "2003", None, None, None),
    ],
)
def test_dtc_are_intervals(a, b, less, less_or_equal, equal):
    columns = {"a": (C, [a]), "b": (C, [b])}
    negated = None if equal is None else not equal
    assert values("a < b", **columns) == values("b > a", **columns) == [less]
    assert values("a <= b", **columns) == values("b >= a", **columns) == [less_or_equal]
    assert values("a = b", **columns) == values("b = a", **columns) == [equal]
    assert values("a <> b", **columns) == [negated]


@pytest.mark.parametrize(
    ("dtc", "less", "equal"),
    [
        ("2003-05-01", False, True),
        ("2003-05-01T23:59", False, True),
        ("2003-05-01T-:30", False, True),
        ("2003-04-30T23:59", True, False),
        ("2003-05", False, None),
        ("2003-04", True, False),
        ("2003-06", False, False),
        ("--05-01", None, None),
        (None, None, None),
    ],
)
def test_beside_a_date_a_dtc_is_an_interval_of_days(dtc, less, equal):
    columns = {"c": (C, [dtc]), "d": (D, ["2003-05-01"])}
    assert values("c < d", **columns) == values("c < '2003-05-01'", **columns) == [less]
    assert values("c = d", **columns) == values("c IN ('2003-05-01')", **columns) == [equal]
    assert values("c BETWEEN d AND d", **columns) == [equal]


def test_dtc_distinct_and_functions():
    columns = {"a": (C, ["2003", "2003-05-01", None, "2003"]), "b": (C, ["2003", "2003-05-02", None, None])}
    assert values("a IS NOT DISTINCT FROM b", **columns) == [True, False, True, False]
    assert values("a IS DISTINCT FROM '2003-05-01'", **columns) == [True, False, True, True]
    assert values("coalesce(b, a)", **columns) == ["2003", "2003-05-02", None, "2003"]
    assert values("coalesce(b, '2022-10-31')", **columns) == ["2003", "2003-05-02", "2022-10-31", "2022-10-31"]
    assert values("nullif(a, b)", **columns) == ["2003", "2003-05-01", None, "2003"]
    assert values("nullif(a, '2003-05-01')", **columns) == ["2003", None, None, "2003"]
    assert values("text(a) || '?'", **columns) == ["2003?", "2003-05-01?", None, "2003?"]
    assert values("iso_date(b) + 1", **columns) == [None, "2003-05-03", None, None]
    assert values("iso_part(b, 'month')", **columns) == [None, 5, None, None]
    assert values("iso_part(c, 'day')", c=(C, ["2003---15", "2003-05-01T10:00"])) == [15, 1]
    assert values("iso_part(c, 'hour')", c=(C, ["2003---15", "2003-05-01T10:00"])) == [None, 10]
    assert values("iso_date(t)", t=(T, ["2003-05-01T10:00", "2003-05", None])) == ["2003-05-01", None, None]


def test_a_text_that_is_no_date_is_an_issue():
    columns = {"c": column(C, ["2003-02-30", "2003", "01MAY2003"]), "d": column(D, ["2003-05-01"] * 3)}
    for text in ("c < d", "iso_date(c)", "iso_part(c, 'year')", "c = c", "c IN ('2003-05-01')"):
        result, issues = run(text, 3, **columns)
        assert (result[0], result[2]) == (None, None)
        assert [(rule, rows) for rule, rows, _ in issues] == [("dtc-invalid", [0, 2])]


def test_no_rows():
    columns = {"t": (T, []), "c": (C, []), "x": (N, []), "d": (D, [])}
    made = {name: column(kind, cells) for name, (kind, cells) in columns.items()}
    for text in (
        "t || 'a'",
        "c < d",
        "iso_date(c)",
        "x / 0",
        "coalesce(t, 'a')",
        "t = 'a'",
        "least(t, 'x')",
        "text(x)",
    ):
        assert run(text, 0, **made) == ([], [])


def test_a_name_is_asked_for_once():
    from sdtm_builder.expr import evaluate, parse

    asked = []

    def value_of(name):
        asked.append(str(name))
        return column(N, [1.0])

    evaluate(parse("x + x * x > y"), value_of, 1, lambda *issue: None)
    assert asked == ["x", "y"]


@pytest.mark.parametrize("largest", [1.0, 1e9])
def test_text_with_digits_is_the_same_however_large_the_column_gets(largest):
    numbers = [2.345, -2.345, 0.285, -0.004, 0.0, None, largest]
    expected = ["2.35", "-2.35", "0.29", "0.00", "0.00", None, f"{largest:.0f}.00"]
    assert values("text(x, 2)", x=(N, numbers)) == expected
