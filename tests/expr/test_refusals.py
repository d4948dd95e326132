"""What an expression may not hold: each refusal by its text, its rule, its place and a word of its message."""

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sdtm_builder.expr import check, names, parse
from sdtm_builder.expr.lexer import KEYWORDS

TEXT, SYNTAX, SIZE = "expression-text", "expression-syntax", "expression-size"
REFUSED, FUNCTION = "expression-refused", "expression-function"

TABLE = [
    ("A --B", TEXT, 2, "comments"),
    ("A - 1 /* why */", TEXT, 6, "comments"),
    ("A = 1;", TEXT, 5, "semicolon"),
    ("A; DROP TABLE B", TEXT, 1, "semicolon"),
    ('AESER = "Y"', TEXT, 8, "double quotes"),
    ("[Y] = 'a'", TEXT, 0, "square brackets"),
    ("A == 'x'", TEXT, 2, "=="),
    ("A != 'x'", TEXT, 2, "!="),
    ("A ^= 'x'", TEXT, 2, "^="),
    ("A <=> B", TEXT, 2, "<=>"),
    ("A =< 1", TEXT, 2, "=<"),
    ("A::int", TEXT, 1, "::"),
    ("A ->> 'x'", TEXT, 2, "->>"),
    ("A | B", TEXT, 2, "|"),
    ("A & B", TEXT, 2, "&"),
    ("A % 2", TEXT, 2, "%"),
    ("? = 1", TEXT, 0, "parameters"),
    (":p = 1", TEXT, 0, "parameters"),
    ("@v = 1", TEXT, 0, "parameters"),
    ("A = ‘x’", TEXT, 4, "quotes"),
    ("（A）", TEXT, 0, "full-width"),
    ("A = 'x' 'y'", TEXT, 8, "side by side"),
    ("x'ab' = A", TEXT, 0, "prefix"),
    ("A.", TEXT, 1, "point"),
    ("A\\B", TEXT, 1, "isn't part"),
    ("A = 'x", SYNTAX, 4, "isn't closed"),
    ("`A = 'x'", SYNTAX, 0, "isn't closed"),
    ("`` = 'x'", SYNTAX, 0, "empty"),
    ("2ND = 'x'", SYNTAX, 0, "neither a number nor a name"),
    ("1.2.3", SYNTAX, 0, "neither a number nor a name"),
    ("1e999", SYNTAX, 0, "too large"),
    ("", SYNTAX, 0, "empty"),
    ("   ", SYNTAX, 0, "empty"),
    ("Reported Term = 'x'", SYNTAX, 9, "operator is missing"),
    ("DATE '2020-01-01'", SYNTAX, 5, "operator is missing"),
    ("A =", SYNTAX, 2, "too early"),
    ("A = = B", SYNTAX, 4, "doesn't fit"),
    ("(A = 1", SYNTAX, 0, "without its )"),
    ("A = 1)", SYNTAX, 5, "without its ("),
    ("CASE WHEN A = 1 THEN 2", SYNTAX, 0, "without its END"),
    ("A = 1 END", SYNTAX, 6, "without its CASE"),
    ("A IS 'x'", REFUSED, 2, "IS"),
    ("A IS B", REFUSED, 2, "IS"),
    ("A IS NOT 5", REFUSED, 2, "IS"),
    ("A IS DISTINCT 5", REFUSED, 2, "IS"),
    ("ALL A", REFUSED, 0, "ALL"),
    ("DISTINCT A", REFUSED, 0, "DISTINCT"),
    ("A FROM B", REFUSED, 2, "FROM"),
    ("A NOT NULL", REFUSED, 6, "NOT NULL"),
    ("A < B < C", REFUSED, 0, "stands within a comparison"),
    ("A = B = C", REFUSED, 0, "stands within a comparison"),
    ("(A = B) = C", REFUSED, 1, "stands within a comparison"),
    ("A = B IS NULL", REFUSED, 0, "stands within a comparison"),
    ("A IN (1) IN (2)", REFUSED, 0, "stands within a comparison"),
    ("(A > 1) LIKE 'x'", REFUSED, 1, "stands within a comparison"),
    ("(A > 1) BETWEEN 0 AND 1", REFUSED, 1, "stands within a comparison"),
    ("A = NOT B", REFUSED, 4, "NOT"),
    ("A GLOB 'x*'", REFUSED, 2, "GLOB"),
    ("A REGEXP 'x'", REFUSED, 2, "REGEXP"),
    ("A MATCH 'x'", REFUSED, 2, "MATCH"),
    ("A ILIKE 'x'", REFUSED, 2, "ILIKE"),
    ("A = 'x' COLLATE NOCASE", REFUSED, 8, "COLLATE"),
    ("A LIKE 'x!%' ESCAPE '!'", REFUSED, 13, "ESCAPE"),
    ("CAST(A AS INTEGER)", FUNCTION, 0, "CAST()"),
    ("CURRENT_DATE", REFUSED, 0, "CURRENT_DATE"),
    ("A > CURRENT_TIMESTAMP", REFUSED, 4, "CURRENT_TIMESTAMP"),
    ("TRUE", REFUSED, 0, "TRUE"),
    ("(A, B) = (1, 2)", REFUSED, 2, "comma"),
    ("A, B", REFUSED, 1, "comma"),
    ("A IN (1, B)", REFUSED, 0, "literals"),
    ("A IN (1 + 1)", REFUSED, 0, "literals"),
    ("A IN (NULL)", REFUSED, 0, "literals"),
    ("A IN ()", REFUSED, 0, "literals"),
    ("A IN B", REFUSED, 2, "list"),
    ("A IN (SELECT B FROM C)", REFUSED, 6, "SELECT"),
    ("EXISTS (SELECT 1)", FUNCTION, 0, "EXISTS()"),
    ("(SELECT 1)", REFUSED, 1, "SELECT"),
    ("A AS B", REFUSED, 2, "AS"),
    ("A WHERE B = 1", REFUSED, 2, "WHERE"),
    ("A UNION SELECT B", REFUSED, 2, "UNION"),
    ("CASE A WHEN 1 THEN 2 END", REFUSED, 0, "WHEN"),
    ("*", REFUSED, 0, "star"),
    ("DM.*", TEXT, 2, "point"),
    ("A + + B", REFUSED, 4, "+"),
    ("A LIKE B", REFUSED, 0, "LIKE"),
    ("A LIKE ('x')", REFUSED, 0, "LIKE"),
    ("this.DM.AGE = 1", REFUSED, 0, "3 parts"),
    ("raw.A.B.C = 1", REFUSED, 0, "4 parts"),
    ("count(*)", FUNCTION, 0, "count()"),
    ("sum(A)", FUNCTION, 0, "sum()"),
    ("max(A, B)", FUNCTION, 0, "max()"),
    ("ifnull(A, B)", FUNCTION, 0, "ifnull()"),
    ("row_number() OVER (ORDER BY A)", FUNCTION, 0, "row_number()"),
    ("uper(A)", FUNCTION, 0, "uper()"),
    ("__import__('os').system('ls')", FUNCTION, 0, "__import__()"),
    ("eval('1')", FUNCTION, 0, "eval()"),
    ("os.system('ls')", FUNCTION, 0, "os.system()"),
    ("A.__class__()", FUNCTION, 0, "A.__class__()"),
    ("load_extension('x')", FUNCTION, 0, "load_extension()"),
    ("lambda: 1", TEXT, 6, "parameters"),
    ("substr(A, 1)", FUNCTION, 0, "2 arguments"),
    ("upper()", FUNCTION, 0, "0 arguments"),
    ("coalesce(A)", FUNCTION, 0, "1 argument"),
    ("round(A)", FUNCTION, 0, "1 argument"),
    ("A" * 2001, SIZE, 2000, "2,001 characters"),
    ("(" * 3000 + "A" + ")" * 3000, SIZE, 2000, "6,001 characters"),
    ("(" * 900 + "A" + ")" * 900, SIZE, 15, "15 levels"),
    ("(" * 16 + "A" + ")" * 16, SIZE, 15, "15 levels"),
    ("NOT " * 400 + "A = 1", SIZE, 60, "15 levels"),
    ("- " * 900 + "A", SIZE, 30, "15 levels"),
    ("NOT (" * 8 + "A = 1" + ")" * 8, SIZE, 39, "15 levels"),
    ("CASE WHEN A = 1 THEN " * 16 + "1" + " END" * 16, SIZE, 315, "15 levels"),
    (" + ".join(["A"] * 500), SIZE, 0, "too many operators"),
    (" OR ".join(["A = 1"] * 200), SIZE, 0, "too many operators"),
]


@pytest.mark.parametrize(("text", "rule", "offset", "word"), TABLE, ids=[row[0][:40] for row in TABLE])
def test_refused(text, rule, offset, word):
    faults = parse(text)
    assert isinstance(faults, list)
    assert (rule, offset) in [(f.rule, f.offset) for f in faults]
    assert word in next(f.message for f in faults if (f.rule, f.offset) == (rule, offset))


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("A != 1", "<>"),
        ("ifnull(A, 1)", "coalesce"),
        ("CAST(A AS INT)", "num(t)"),
        ("substring(A, 1, 2)", "substr"),
        ("uper(A)", "upper"),
        ("A IS 'x'", "[NOT] DISTINCT FROM"),
        ("Reported Term = 'x'", "`Reported Term`"),
        ("A GLOB 'x'", "backquotes"),
        ("max(A, B)", "greatest()"),
        ("CURRENT_DATE", "study.cutoff"),
    ],
)
def test_hint_says_what_to_write_instead(text, advice):
    faults = parse(text)
    assert isinstance(faults, list)
    assert any(advice in f.hint for f in faults)


def test_all_faults_at_once():
    faults = parse("ifnull(A, 1) = CURRENT_DATE AND B IS 'x'")
    assert isinstance(faults, list)
    assert [(f.rule, f.offset) for f in faults] == [(FUNCTION, 0), (REFUSED, 15), (REFUSED, 34)]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 15 + "A" + ")" * 15,
        " AND ".join(["A = 1"] * 100),
        "中心编号 = '01' AND 受试者编号 IS NULL",
        "`IT.AESER` = 'Yes'",
        "raw.LABS.COL = 'x'",
        "raw.LABS.`Odd Name` = 'x'",
        "row.number > 3 AND row.cell = 'x'",
        "`select` = 'x'",
        "A = 'it''s; -- \"quoted\" [x] /* no comment */'",
        "A IN (-1, 2.5, 1e3)",
        "x IS NOT DISTINCT FROM y",
        "COALESCE(A, B) is not null",
        "A -\n 1",
        "DM.END = 'x'",
    ],
)
def test_taken(text):
    assert not isinstance(parse(text), list)


@pytest.mark.parametrize("word", sorted(KEYWORDS))
def test_keyword_in_backquotes_or_after_a_point_is_a_name(word):
    assert parse(f"`{word}`").parts == (word,)
    assert parse(f"DM.{word}").parts == ("DM", word)


def test_sqlglot_is_imported_by_parse_alone():
    code = (
        "import sys, sdtm_builder.expr as e; assert not {'sqlglot', 'pandas'} & set(sys.modules);"
        "e.parse('1'); assert 'sqlglot' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


WORDS = [*sorted(KEYWORDS), *"()=<>+-*/,.'`", "<>", "||", "A", "DM.X", "'x'", "1", "upper(", "coalesce(", "中", "GLOB"]


@settings(max_examples=1500, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=9).map(" ".join) | st.text(max_size=12))
@example("CASE WHEN A THEN NULL END NULL")
@example("A BETWEEN NULL AND NOT")
def test_any_text_gives_a_tree_or_faults_with_places(text):
    result = parse(text)
    if isinstance(result, list):
        assert result
        assert all(f.message and 0 <= f.offset <= len(text) for f in result)
    else:
        assert check(result, lambda name: None, "value")
        assert all(str(name).strip("`") in text for name in names(result))
