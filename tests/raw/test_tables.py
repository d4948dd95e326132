"""Cleaning, tokens, typed columns, rows left out, keys, subjects."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.issues import IssueLog
from sdtm_builder.model import MISSING_DATE, Kind, Vector
from sdtm_builder.raw.checks import equal_rows
from sdtm_builder.raw.clean import note_missing_tokens
from sdtm_builder.raw.subjects import subject_numbers
from sdtm_builder.raw.table import FACTS, keep_rows
from sdtm_builder.raw.typed import serial_epochs

from .conftest import DAY, column, texts


def test_blanks_and_controls(raw):
    table = raw.read(raw.book({"S": [["A"], [" x"], ["y\u00a0"], ["\u3000z"], ["a\nb"], ["a  b"], ["   "], ["２级"]]}))
    assert texts(table, "A") == ["x", "y", "z", "a b", "a  b", "２级"]
    assert raw.issues == [
        ("control-character", "S!5 A"),
        ("whitespace", "S!2 A"),
        ("whitespace", "S!3 A"),
        ("whitespace", "S!4 A"),
    ]


def test_many_cells_are_few_issues_that_count(raw):
    rows = "".join(f"{i}, x\n" for i in range(3000))
    raw.read(raw.csv("N,A\n" + rows))
    issues = list(raw.log)
    assert [i.rule for i in issues] == ["whitespace"]
    assert "(3,000 cells)" in issues[0].message
    assert len(issues[0].locations) == 1000
    rows = "".join(f"{i}, x{i}\n" for i in range(3000))
    raw.read(raw.csv("N,A\n" + rows))
    assert len(raw.log) == 201
    assert "2,800 distinct texts" in list(raw.log)[-1].message


def test_tokens_of_study_source_and_column(raw):
    file = raw.csv("A,B\n.,N/A\n－,x\nNA,NA\n")
    table = raw.read(file, missing=(".", "-", "N/A"))
    assert (texts(table, "A"), texts(table, "B")) == ([None, None, "NA"], [None, "x", "NA"])
    assert table.verbatim["A"].strings().tolist() == [".", "－", "NA"]
    assert raw.rules == []
    log = IssueLog()
    note_missing_tokens(table, log, {"B": np.array([True, False, False])})
    assert [(i.rule, i.locations[0].row, i.value) for i in log] == [
        ("missing-token", 2, "."),
        ("missing-token", 3, "－"),
    ]
    table = raw.read(file, missing=(".", "-", "N/A"), **{"columns": [column("A", missing=("NA",))]})
    assert (texts(table, "A"), texts(table, "B")) == ([None, None, None], [None, "x", "NA"])


def test_source_tokens_stand_over_the_study(raw):
    from dataclasses import replace

    from sdtm_builder.raw.read import read_sources

    spec = replace(raw.spec(raw.csv("A,B\n.,1\nx,2\n")), missing=("x",))
    table = read_sources({"T": spec}, raw.folder, (), (".",), raw.log)["T"]
    assert texts(table, "A") == [".", None]


def test_numbers(raw):
    file = raw.csv('A,B\n３７．５,1\n"35,2",2\n1.2E+03,3\n<1.5,4\n900,5\n,6\n')
    table = raw.read(file, columns=[column("A", type="number", limits=(30.0, 1300.0))])
    assert table.values["A"].kind is Kind.NUMBER
    assert table.values["A"].data.tolist()[0::2] == [37.5, 1200.0, 900.0]
    assert texts(table, "A") == ["３７．５", "35,2", "1.2E+03", "<1.5", "900", None]
    assert raw.issues == [
        ("width-folded", "2 A"),
        ("number-format", "4 A"),
        ("number-unreadable", "3 A"),
        ("number-unreadable", "5 A"),
    ]
    assert [i.locations[-1].line for i in raw.log] == [9] * 4
    signs = column("A", type="number", decimal=",", thousands=".", limits=(10.0, None))
    table = raw.read(raw.csv('A\n"1.234,5"\n9\n'), columns=[signs])
    assert table.values["A"].data.tolist() == [1234.5, 9.0]
    assert raw.issues == [("number-format", "2 A"), ("value-implausible", "3 A")]


def test_dates_and_times(raw):
    rows = [["D", "T"], ["05-Mar-2021", "10:30"], ["06-Mar-2021", "8:5"], [DAY, "25:10"], [44293, "UN:UN"],
            ["UN-Apr-2021", None], ["31-Feb-2022", None], ["03/04/2022", None], ["2021/4/9", None]]  # fmt: skip
    columns = [column("D", type="date"), column("T", type="time", formats=["HH:mm", "H:m"])]
    table = raw.read(raw.book({"S": rows}), columns=columns, formats=["dd-MMM-yyyy", "yyyy/M/d", "excel"])
    assert table.values["D"].kind is Kind.DTC
    assert table.values["D"].strings().tolist() == [
        "2021-03-05", "2021-03-06", "2021-04-07", "2021-04-07", "2021-04", None, None, "2021-04-09",
    ]  # fmt: skip
    assert table.values["T"].strings().tolist()[:4] == ["10:30", "08:05", None, None]
    assert raw.issues == [
        ("date-ambiguous", "S!8 D"),
        ("date-format", "S!9 D"),
        ("date-invalid", "S!7 D"),
        ("date-partial", "S!6 D"),
        ("date-serial", "S!5 D"),
        ("time-format", "S!3 T"),
        ("time-invalid", "S!4 T"),
        ("time-unknown", "S!5 T"),
    ]
    assert texts(table, "D")[2:4] == ["2021-04-07", "44293"]


def test_a_serial_of_1904(raw):
    table = raw.read(
        raw.book({"S": [["D"], [42831]]}, epoch1904=True), columns=[column("D", type="date", formats=["excel"])]
    )
    assert table.values["D"].strings().tolist() == ["2021-04-07"]
    assert serial_epochs(table).tolist() == [1904]


def test_a_number_where_a_date_should_be(raw):
    raw.read(raw.book({"S": [["D"], [44293]]}), columns=[column("D", type="date", formats=["yyyy-MM-dd"])])
    assert raw.issues == [("date-unreadable", "S!2 D")]
    assert "[yyyy-MM-dd]" in next(iter(raw.log)).message


def test_codelists(raw):
    seen = []

    def terms(name, distinct):
        seen.append((name, distinct.tolist()))
        return [{"男": "M", "Male": "M", "女": "F"}.get(text) for text in distinct]

    table = raw.read(
        raw.csv("SEX,N\n男,1\nMale,2\nX,3\n女,4\n男,5\n"), codelist_of=terms, columns=[column("SEX", codelist="SEX")]
    )
    assert table.values["SEX"].strings().tolist() == ["M", "M", None, "F", "M"]
    assert table.values["SEX"].distinct().tolist() == ["M", "F"]
    assert seen == [("SEX", ["男", "Male", "X", "女"])]
    assert raw.issues == [("codelist-unread", "4 SEX")]


def test_integers(raw):
    table = raw.read(
        raw.csv("SDT,STM,N\n20080826.0,830.0,a\n20080827,0915,b\nx,12345,c\n"), integers={"SDT": 8, "STM": 4}
    )
    assert texts(table, "SDT") == ["20080826", "20080827", "x"]
    assert texts(table, "STM") == ["0830", "0915", "12345"]
    assert table.verbatim["SDT"].strings().tolist()[0] == "20080826.0"
    assert raw.issues == [
        ("integer-unreadable", "4 SDT"), ("integer-repaired", "2 SDT"),
        ("integer-unreadable", "4 STM"), ("integer-repaired", "2 STM"),
    ]  # fmt: skip


def evaluate(text, table):
    """A stand-in for the expression language: `COL IS NULL` and `COL = x`."""
    if text.text.endswith(" IS NULL"):
        return Vector(Kind.TRUTH, (~table.values[text.text[:-8]].present()).astype(np.int8))
    name, _, value = text.text.partition(" = ")
    column = table.values[name]
    truth = np.array([v == value for v in column.strings()], dtype=np.int8)
    return Vector(Kind.TRUTH, np.where(column.present(), truth, -1).astype(np.int8))


def test_footer_and_where(raw):
    file = raw.csv("SUBJ,N,ST\nS1,1,X\n,2,X\nS2,3,Y\nS3,4,\nS4,5,X\n,total,\n,sum,\n")
    table = raw.read(
        file, footer="SUBJ IS NULL", where="ST = X", evaluate=evaluate, columns=[column("N", type="number")]
    )
    assert texts(table, "SUBJ") == ["S1", None, "S4"]
    assert raw.issues == [
        ("row-unreadable", "7"), ("row-unreadable", "8"), ("footer-inside", "3"), ("source-where-unknown", "5"),
    ]  # fmt: skip
    facts = table.facts
    assert [facts[k] for k in FACTS] == [7, 0, 0, 2, 1, 1, 0, 0, 3]
    assert facts["left_out"]["footer"].tolist() == [[0, 7], [0, 8]]


def test_the_foot_of_each_sheet(raw):
    sheets = {s: [["SUBJ", "N"], ["S1", s], [None, "total"]] for s in ("A", "B")}
    table = raw.read(raw.book(sheets), sheet="*", footer="SUBJ IS NULL", evaluate=evaluate)
    assert texts(table, "N") == ["A", "B"]
    assert raw.issues == [("row-unreadable", "A!3"), ("row-unreadable", "B!3")]


def test_a_later_row_takes_the_place_of_those_of_its_key(raw):
    file = raw.csv("S,NR,V,ST\nA,1,84,ok\nA,2,90,ok\nA,1,85,new\nA,2,91,ok\nA,1,86,new\nA,3,7,new\nA,1,87,ok\n")
    table = raw.read(file, key=["S", "NR"], supersedes="ST = new", evaluate=evaluate)
    assert texts(table, "V") == ["90", "91", "86", "7", "87"]
    assert raw.issues == [
        ("record-superseded", "6", "2", "4"),  # the row that stays first
        ("duplicate-conflict", "3", "5"),
        ("duplicate-conflict", "6", "8"),      # a row below it without the word supersedes nothing
    ]  # fmt: skip
    assert table.facts["superseded"] == 2
    assert table.facts["left_out"]["superseded"].tolist() == [[0, 2], [0, 4]]
    assert next(iter(raw.log)).severity == "warning"


def test_a_later_sheet_supersedes(raw):
    book = raw.book({"A": [["S", "V", "ST"], ["1", "5", "ok"]], "B": [["S", "V", "ST"], ["1", "6", "new"]]})
    table = raw.read(book, sheet="*", key=["S"], supersedes="ST = new", evaluate=evaluate)
    assert texts(table, "V") == ["6"]
    assert raw.issues == [("record-superseded", "B!2", "A!2")]


def test_duplicates_are_dropped_or_kept_and_named(raw):
    file = raw.csv("S,N,ROWNO\nA,1,1\nB,1,2\nA,1,3\nA,1,4\nA,2,5\n")
    table = raw.read(file, duplicates="drop", duplicates_ignore=["ROWNO"])
    assert texts(table, "ROWNO") == ["1", "2", "5"]
    assert raw.issues == [("duplicate-exact", "2", "4", "5")]
    assert table.facts["duplicates"] == 2
    table = raw.read(file, duplicates="keep", duplicates_ignore=["ROWNO"], key=["S", "N"])
    assert len(table) == 5
    assert raw.issues == [("duplicate-exact", "2", "4", "5")]


def test_a_key_that_repeats_names_all_rows(raw):
    raw.read(raw.csv("S,N,V\nA,1,x\nB,1,x\nA,1,y\nA,2,z\n,3,a\n,3,b\n"), key=["S", "N"])
    assert raw.issues == [("duplicate-conflict", "2", "4"), ("duplicate-conflict", "6", "7")]
    assert [i.value for i in raw.log] == ["S=A, N=1", "S=, N=3"]


def test_a_key_counts_typed(raw):
    file = raw.csv("N,V\n1,x\n1.0,y\n2,z\n")
    raw.read(file, key=["N"], columns=[column("N", type="number")])
    assert raw.issues == [("duplicate-conflict", "2", "3")]
    raw.read(file, key=["N"])
    assert raw.issues == []


@given(
    st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([1.0, 2.0, float("nan")]), st.integers(0, 2)))
)
def test_equal_rows_is_the_naive_twin(rows):
    columns = [
        Vector.of_texts(r[0] for r in rows),
        Vector.of_numbers([r[1] for r in rows]),
        Vector(Kind.DATE, np.array([MISSING_DATE if r[2] == 0 else r[2] for r in rows], dtype=np.int32)),
    ]
    keys = [tuple(str(v) for v in row) for row in rows]
    assert equal_rows(columns, len(rows)).tolist() == [keys.index(key) for key in keys]


def test_keep_rows_counts(raw):
    table = raw.read(raw.csv("A\n1\n2\n3\n"))
    some = keep_rows(keep_rows(table, np.array([True, False, True]), "out"), np.array([False, True]), "out")
    assert texts(some, "A") == ["3"]
    assert some.facts["out"] == 2
    assert some.facts["left_out"]["out"].tolist() == [[0, 3], [0, 2]]
    assert some.rows.number.tolist() == [4]


PATTERN = "(?:01-)?S-?0*([1-9][0-9]*)"


@pytest.mark.parametrize(
    ("form", "numbers"),
    [("S{1:03}", ["S001", "S002", "S010", "S003", None, None]), (None, ["1", "2", "10", "3", None, None])],
)
def test_subjects(raw, form, numbers):
    keys = {"subject": "SUBJ", "subject_pattern": PATTERN} | ({"subject_form": form} if form else {})
    file = raw.csv("SUBJ,N\n01-S001,1\n01-S002,2\nS-010,3\n01-S3,4\nX1,5\n,6\n")
    table = raw.read(file, **keys)
    log = IssueLog()
    assert subject_numbers(table, raw.spec(file, **keys), log).strings().tolist() == numbers
    assert [(i.rule, i.locations[0].row, i.value) for i in log] == [
        ("subject-unreadable", 6, "X1"),
        ("subject-pattern", 4, "S-010"),
        ("subject-pattern", 5, "01-S3"),
    ]


def test_subjects_without_pattern_are_folded(raw):
    file = raw.csv("SUBJ\nS001\nＳ００２\n")
    numbers = subject_numbers(raw.read(file, subject="SUBJ"), raw.spec(file, subject="SUBJ"), IssueLog())
    assert numbers.strings().tolist() == ["S001", "S002"]


@pytest.mark.parametrize(
    ("pattern", "form"), [("S(", None), ("S([0-9]+)", "S{2}"), ("S([0-9]+)", "S"), ("S(.)", "{1:x}")]
)
def test_bad_patterns_and_forms(raw, pattern, form):
    keys = {"subject": "A", "subject_pattern": pattern} | ({"subject_form": form} if form else {})
    file = raw.csv("A\nS1\n")
    log = IssueLog()
    assert subject_numbers(raw.read(file, **keys), raw.spec(file, **keys), log).strings().tolist() == [None]
    assert [i.rule for i in log] == ["subject-form"]
