"""Toxicity grades: both sides of every threshold of CTCAE v5, baselines, units, missing limits, own criteria."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdtm_builder.adam.criteria import SIDES, criteria_of, faults_of
from sdtm_builder.adam.toxicity import check_toxicity, packaged, toxicity
from sdtm_builder.model import Mark, Vector
from sdtm_builder.registry import TableRows

CTCAE = TableRows("CTCAE-5.0")


class Context:
    """What this derivation uses of a context."""

    def __init__(self, n):
        self.n, self.issues = n, []

    def issue(self, rule, rows, message, values=None, about=()):
        """Keep (rule, row)."""
        self.issues += [(rule, int(row)) for row in rows]


def numbers(values):
    return Vector.of_numbers([np.nan if v is None else float(v) for v in values])


def grades(rows, direction, criteria=CTCAE, **options):
    """Grades of (PARAMCD, unit, AVAL, LLN, ULN, BASE, BNRIND), and the rules of the issues."""
    code, unit, value, low, high, base, indicator = zip(*rows, strict=True)
    ctx = Context(len(rows))
    found = toxicity(
        ctx, numbers(value), criteria, direction, [numbers(low), numbers(high)], numbers(base),
        Vector.of_texts(indicator), Vector.of_texts(code), {"AVALU": Vector.of_texts(unit)}, **options,
    )  # fmt: skip
    return [found.text_at(i) or None for i in range(len(rows))], ctx.issues


def one(code, unit, direction, value, low=None, high=None, base=None, indicator=None):
    """The grade of one result."""
    (found,), _ = grades([(code, unit, value, low, high, base, indicator)], direction)
    return found


# Of each test: unit, LLN, ULN, then values with grades on both sides of each threshold, by the analysis plan.
LOW = [
    ("HGB", "g/L", 115, None, "115 0, 114.9 1, 100 1, 99.9 2, 80 2, 79.9 3, 20 3"),
    ("HGB", "g/dL", 11.5, None, "11.5 0, 11.4 1, 10 1, 9.9 2, 8 2, 7.9 3"),
    ("HGB", "mmol/L", 7.1, None, "7.1 0, 7.0 1, 6.2 1, 6.1 2, 4.9 2, 4.8 3"),
    ("WBC", "10^9/L", 3.5, None, "3.5 0, 3.49 1, 3 1, 2.99 2, 2 2, 1.99 3, 1 3, 0.99 4"),
    ("WBC", "/mm3", 3500, None, "3500 0, 3499 1, 3000 1, 2999 2, 2000 2, 1999 3, 1000 3, 999 4"),
    ("NEUT", "10^9/L", 1.8, None, "1.8 0, 1.799 1, 1.5 1, 1.499 2, 1 2, 0.999 3, 0.5 3, 0.499 4"),
    ("NEUT", "10^6/L", 1800, None, "1800 0, 1799 1, 1500 1, 1499 2, 1000 2, 999 3, 500 3, 499 4"),
    ("LYM", "10^9/L", 1.1, None, "1.1 0, 1.09 1, 0.8 1, 0.79 2, 0.5 2, 0.49 3, 0.2 3, 0.19 4"),
    ("LYM", "/uL", 1100, None, "1100 0, 1099 1, 800 1, 799 2, 500 2, 499 3, 200 3, 199 4"),
    ("PLAT", "10^9/L", 125, None, "125 0, 124 1, 75 1, 74 2, 50 2, 49 3, 25 3, 24 4"),
    ("PLAT", "/mm3", 125000, None, "125000 0, 124999 1, 75000 1, 74999 2, 50000 2, 49999 3, 25000 3, 24999 4"),
    ("FIBRINO", "g/L", 2, None, "2 0, 1.99 1, 1.5 1, 1.49 2, 1 2, 0.99 3, 0.5 3, 0.49 4"),
    ("FIBRINO", "g/L", 4, None, "1.01 3, 1 3, 0.99 4"),
    ("FIBRINO", "mg/dL", 200, None, "200 0, 199 1, 150 1, 149 2, 100 2, 99 3, 50 3, 49 4"),
    ("ALB", "g/L", 40, None, "40 0, 39 1, 30 1, 29 2, 20 2, 19 3"),
    ("ALB", "g/dL", 4, None, "4 0, 3.9 1, 3 1, 2.9 2, 2 2, 1.9 3"),
    ("CACORR", "mmol/L", 2.11, None, "2.11 0, 2.1 1, 2 1, 1.99 2, 1.75 2, 1.74 3, 1.5 3, 1.49 4"),
    ("CACORR", "mg/dL", 8.5, None, "8.5 0, 8.4 1, 8 1, 7.9 2, 7 2, 6.9 3, 6 3, 5.9 4"),
    ("K", "mmol/L", 3.5, None, "3.5 0, 3.49 1, 3 1, 2.99 3, 2.5 3, 2.49 4"),
    ("SODIUM", "mmol/L", 137, None, "137 0, 136 1, 130 1, 129 2, 125 2, 124 3, 120 3, 119 4"),
    ("MG", "mmol/L", 0.75, None, "0.75 0, 0.74 1, 0.5 1, 0.49 2, 0.4 2, 0.39 3, 0.3 3, 0.29 4"),
    ("MG", "mg/dL", 1.8, None, "1.8 0, 1.7 1, 1.2 1, 1.19 2, 0.9 2, 0.89 3, 0.7 3, 0.69 4"),
    ("GLUC", "mmol/L", 3.9, None, "3.9 0, 3.89 1, 3 1, 2.99 2, 2.2 2, 2.19 3, 1.7 3, 1.69 4"),
    ("GLUC", "mg/dL", 70, None, "70 0, 69 1, 55 1, 54 2, 40 2, 39 3, 30 3, 29 4"),
]
HIGH = [
    ("HGB", "g/L", None, 150, "150 0, 151 1, 170 1, 171 2, 190 2, 191 3"),
    ("HGB", "g/dL", None, 15, "15 0, 15.1 1, 17 1, 17.1 2, 19 2, 19.1 3"),
    ("WBC", "10^9/L", None, None, "11 0, 100 0, 100.01 3"),
    ("WBC", "/mm3", None, None, "100000 0, 100001 3"),
    ("LYM", "10^9/L", None, None, "4 0, 4.01 2, 20 2, 20.01 3"),
    ("LYM", "/mm3", None, None, "4000 0, 4001 2, 20000 2, 20001 3"),
    ("APTT", "s", None, 40, "40 0, 40.1 1, 60 1, 60.1 2, 100 2, 100.1 3"),
    ("INR", None, None, None, "1.2 0, 1.21 1, 1.5 1, 1.51 2, 2.5 2, 2.51 3"),
    ("ALT", "U/L", None, 50, "50 0, 51 1, 150 1, 151 2, 250 2, 251 3, 1000 3, 1001 4"),
    ("AST", "U/L", None, 40, "40 0, 41 1, 120 1, 121 2, 200 2, 201 3, 800 3, 801 4"),
    ("ALP", "U/L", None, 100, "100 0, 101 1, 250 1, 251 2, 500 2, 501 3, 2000 3, 2001 4"),
    ("GGT", "U/L", None, 60, "60 0, 61 1, 150 1, 151 2, 300 2, 301 3, 1200 3, 1201 4"),
    ("BILI", "umol/L", None, 20, "20 0, 20.1 1, 30 1, 30.1 2, 60 2, 60.1 3, 200 3, 200.1 4"),
    ("CREAT", "umol/L", None, 100, "100 0, 100.1 1, 150 1, 150.1 2, 300 2, 300.1 3, 600 3, 600.1 4"),
    ("CACORR", "mmol/L", None, 2.52, "2.52 0, 2.53 1, 2.9 1, 2.91 2, 3.1 2, 3.11 3, 3.4 3, 3.41 4"),
    ("CACORR", "mg/dL", None, 10.5, "10.5 0, 10.6 1, 11.5 1, 11.6 2, 12.5 2, 12.6 3, 13.5 3, 13.6 4"),
    ("K", "mmol/L", None, 5.3, "5.3 0, 5.31 1, 5.5 1, 5.51 2, 6 2, 6.01 3, 7 3, 7.01 4"),
    ("SODIUM", "mmol/L", None, 147, "147 0, 148 1, 150 1, 151 2, 155 2, 156 3, 160 3, 161 4"),
    ("MG", "mmol/L", None, 1.02, "1.02 0, 1.03 1, 1.23 1, 1.24 3, 3.3 3, 3.31 4"),
    ("MG", "mg/dL", None, 2.5, "2.5 0, 2.6 1, 3 1, 3.1 3, 8 3, 8.1 4"),
    ("URATE", "umol/L", None, 428, "428 0, 429 1, 2000 1"),
    ("LDH", "U/L", None, 250, "250 0, 251 1, 9000 1"),
]


def cases(table):
    return [(c, u, lo, hi, *pair.split()) for c, u, lo, hi, text in table for pair in text.split(", ")]


@pytest.mark.parametrize(("direction", "table"), [("low", LOW), ("high", HIGH)])
def test_both_sides_of_every_threshold(direction, table):
    rows = cases(table)
    found, issues = grades([(c, u, v, lo, hi, None, None) for c, u, lo, hi, v, _ in rows], direction)
    wrong = [(row, got) for row, got in zip(rows, found, strict=True) if got != row[5]]
    assert (wrong, issues) == ([], [])


def test_every_packaged_criterion_has_its_cases():
    for direction, table in (("low", LOW), ("high", HIGH)):
        made = criteria_of(packaged("CTCAE-5.0"), direction)
        assert made.parameters == {row[0] for row in table}
    assert faults_of(packaged("CTCAE-5.0")) == []


@pytest.mark.parametrize(
    ("code", "ulns", "steps"),
    [
        ("ALT", 50, "149 0, 150 1, 300 1, 301 2, 500 2, 501 3, 2000 3, 2001 4"),
        ("AST", 50, "149 0, 150 1, 300 1, 301 2, 500 2, 501 3, 2000 3, 2001 4"),
        ("ALP", 50, "199 0, 200 1, 250 1, 251 2, 500 2, 501 3, 2000 3, 2001 4"),
        ("GGT", 50, "199 0, 200 1, 250 1, 251 2, 500 2, 501 3, 2000 3, 2001 4"),
        ("BILI", 50, "100 0, 100.1 1, 150 1, 150.1 2, 300 2, 300.1 3, 1000 3, 1000.1 4"),
    ],
)
def test_multiples_of_a_high_baseline_of_100(code, ulns, steps):
    for value, grade in (pair.split() for pair in steps.split(", ")):
        assert one(code, "U/L", "high", value, None, ulns, 100, "HIGH") == grade, value


def test_a_low_or_missing_baseline_counts_as_normal():
    baselines = [(100, "HIGH"), (100, "NORMAL"), (5, "LOW"), (None, None), (100, None)]
    found = [one("ALT", "U/L", "high", 120, 10, 50, base, said) for base, said in baselines]
    assert found == ["0", "1", "1", "1", "1"]


def test_fibrinogen_falls_from_a_low_baseline():
    values = [2.5, 2, 1.99, 1.61, 1.6, 1.51, 1.5, 1.01, 1, 0.99, 0.51, 0.5, 0.49]
    found = [one("FIBRINO", "g/L", "low", v, 3, None, 2, "LOW") for v in values]
    assert found == ["0", "0", "1", "1", "1", "1", "2", "2", "3", "3", "3", "4", "4"]
    assert one("FIBRINO", "g/L", "low", 3, 3, None, 3.2, "LOW") == "0"  # a fall, but within the range


@pytest.mark.parametrize(
    ("value", "base", "grade"),
    [(90, 50, "2"), (75, 50, "0"), (75.1, 50, "2"), (150, 50, "2"), (150.1, 50, "3"), (301, 250, "3"), (90, None, "0")],
)
def test_creatinine_by_limit_or_baseline_the_worse(value, base, grade):
    assert one("CREAT", "umol/L", "high", value, None, 100, base, None) == grade


def test_a_missing_limit_leaves_open_only_the_grades_that_need_it():
    assert one("HGB", "g/L", "low", 120) is None
    assert one("HGB", "g/L", "low", 90) == "2"
    assert one("K", "mmol/L", "high", 5.4) is None
    assert one("K", "mmol/L", "high", 6.5) == "3"
    assert one("WBC", "10^9/L", "high", 12) == "0"
    assert one("CREAT", "umol/L", "high", 200, None, None, 50, None) is None  # grade 3 by baseline, 4 is open
    assert one("ALT", "U/L", "high", 160, None, None, 100, "HIGH") == "1"


def test_no_result_no_criteria_no_unit():
    rows = [("HGB", "g/L", None, 115, 150, None, None), ("PHOS", "mmol/L", 1, 0.8, 1.5, None, None),
            ("HGB", "mg/L", 90, 115, 150, None, None), ("HGB", None, 90, 115, 150, None, None)]  # fmt: skip
    assert grades(rows, "low") == ([None] * 4, [("toxicity-unit", 2), ("toxicity-unit", 3)])
    assert grades(rows[:2], "low", unmatched="issue")[1] == [("toxicity-ungraded", 1)]


def test_the_term_that_is_graded():
    rows = [("HGB", "g/L", None, None, None, None, None), ("ALT", "U/L", 5, None, 50, None, None)]
    assert grades(rows, "low", take="term")[0] == ["Anemia", None]
    assert grades(rows, "high", take="term")[0] == ["Hemoglobin increased", "Alanine aminotransferase increased"]


def test_ten_significant_digits():
    assert one("ALT", "U/L", "high", 0.3, None, 0.1) == "1"  # 3 x 0.1 is a little more than 0.3
    assert one("ALT", "U/L", "high", 3 * 0.1, None, 0.1) == "1"
    assert one("GLUC", "mmol/L", "low", 2.9999999999, 3.9) == "1"  # eleven nines round to 3
    assert one("GLUC", "mmol/L", "low", 2.999999999, 3.9) == "2"


def test_the_unit_stands_in_the_parentheses_of_param():
    found = toxicity(
        Context(3), numbers([95, 95, 9.5]), CTCAE, "low", [numbers([115, 115, 11]), numbers([None] * 3)], None, None,
        Vector.of_texts(["HGB"] * 3),
        {"PARAM": Vector.of_texts(["Hemoglobin (g/L)", "Hemoglobin", "Hemoglobin (blood) (g/dL)"])},
    )  # fmt: skip
    assert [found.text_at(i) for i in range(3)] == ["2", "", "2"]


def own(*rows):
    header = ("PARAMCD", "direction", "unit", "grade", *SIDES)
    columns = {c: [row[i] for row in rows] for i, c in enumerate(header)}
    return TableRows("", columns, [Mark("my.csv", at) for at in range(2, len(rows) + 2)])


def test_criteria_of_the_study():
    mine = own(
        ("CRP", "high", "mg/L", "1", "ULN", "", "", "2*ULN+5"), ("CRP", "high", "mg/L", "5", "2*ULN+5", "", "", "")
    )
    rows = [("CRP", "mg/L", v, None, 10, None, None) for v in (10, 10.1, 25, 25.1)]
    assert grades(rows, "high", mine) == (["0", "1", "1", "5"], [])
    assert list(check_toxicity({"criteria": mine, "direction": "high"})) == []


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (("crp", "high", "mg/L", "1", "ULN", "", "", ""), "is no PARAMCD"),
        (("CRP", "up", "mg/L", "1", "ULN", "", "", ""), "direction is low or high"),
        (("CRP", "high", "mg/L", "0", "ULN", "", "", ""), "grade is 1 to 5"),
        (("CRP", "high", "mg/L", "1", "", "", "", ""), "has no bound"),
        (("CRP", "high", "mg/L", "1", "2 ULN", "", "", ""), "`2 ULN` is no bound"),
        (("CRP", "high", "mg/L", "1", "8", "", "8", ""), "no value is between 8 and 8"),
    ],
)
def test_faults_of_criteria(row, told):
    sound = ("CRP", "low", "mg/L", "1", "", "", "LLN", "")
    ((at, message),) = faults_of(own(sound, row))
    assert (at, told in message) == (1, True), message


def test_faults_of_several_rows():
    row = ("CRP", "high", "mg/L|mg/dL", "1", "ULN", "", "", "")
    assert [
        (at, "twice" in told) for at, told in faults_of(own(row, ("CRP", "high", "mg/dL", "1", "ULN", "", "", "")))
    ] == [(1, True)]
    any_unit = ("CRP", "high", "*", "2", "2*ULN", "", "", "")
    assert [(at, "any unit" in told) for at, told in faults_of(own(row, any_unit))] == [(0, True)]
    lacking = TableRows("", {"PARAMCD": ["CRP"], "grade": ["1"]})
    assert faults_of(lacking)[0][0] == -1
    assert faults_of(own())[0] == (-1, "the criteria have no rows.")


def test_arguments_that_cannot_be():
    told = [message for _, _, message in check_toxicity({"criteria": TableRows("CTCAE-6"), "direction": "low"})]
    assert len(told) == 1
    assert "CTCAE-5.0" in told[0]
    wanted = check_toxicity({"criteria": CTCAE, "direction": "high", "baseline": "BASE", "baseline_range": ""})
    assert ["`toxicity` needs `baseline_range`" in message for _, _, message in wanted] == [True]


# a second grading, by hand and in decimal arithmetic, of the rows of the table


def naive(row, direction):
    code, unit, value, low, high, base, indicator = row
    if value is None:
        return None
    abnormal = indicator == ("LOW" if direction == "low" else "HIGH")
    table = packaged("CTCAE-5.0").columns
    held, unknown, any_row = 0, 0, False
    for cells in zip(*table.values(), strict=True):
        said = dict(zip(table, cells, strict=True))
        if said["PARAMCD"] != code or said["direction"] != direction:
            continue
        if said["unit"] != "*" and unit not in said["unit"].split("|"):
            continue
        any_row = True
        if said["baseline"] and (said["baseline"] == "abnormal") != abnormal:
            continue
        results = []
        for side in SIDES:
            for bound in filter(None, (part.strip() for part in said[side].split(";"))):
                times, _, rest = bound.rpartition("*")
                name, _, plus = rest.partition("+")
                limit = {"LLN": low, "ULN": high, "BASE": base}.get(name, name)
                if name == "BASE" and base is None:
                    results.append(False)
                elif limit is None:
                    results.append(None)
                else:
                    at = Decimal(times or "1") * Decimal(str(limit)) + Decimal(plus or "0")
                    mine = Decimal(str(value))
                    results.append(
                        {"above": mine > at, "at_least": mine >= at, "below": mine < at, "at_most": mine <= at}[side]
                    )
        if False in results:
            continue
        if None in results:
            unknown = max(unknown, int(said["grade"]))
        else:
            held = max(held, int(said["grade"]))
    if not any_row or unknown > held:
        return None
    return str(held)


UNITS = {(row[0], row[1]) for row in LOW + HIGH}
amount = st.one_of(
    st.none(), st.integers(1, 4000).map(lambda i: i / 100), st.integers(1, 400), st.sampled_from([1.5, 3, 0.5])
)
record = st.builds(
    lambda test, value, low, high, base, said: (*test, value, low, high, base, said),
    st.sampled_from(sorted(UNITS, key=str)), amount, amount, amount, amount,
    st.sampled_from([None, "LOW", "NORMAL", "HIGH"]),
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(record, min_size=1, max_size=12), st.sampled_from(["low", "high"]))
def test_whole_columns_as_one_record_after_the_other(rows, direction):
    assert grades(rows, direction)[0] == [naive(row, direction) for row in rows]
