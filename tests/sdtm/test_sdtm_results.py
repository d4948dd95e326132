"""Standard results: conversion, exact rounding, limits, units, codelists; against decimal arithmetic."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sdtm_support import Codelist, FakeContext, conversion, numbers, shown, test_spec, texts

from sdtm_builder.model import ListNode, Mark, Scalar
from sdtm_builder.sdtm.results import Converter, plain, read_results
from sdtm_builder.sdtm.standard_result import standard_result

TESTS = (
    test_spec("BILI", unit="umol/L", digits=1, limits=(0.0, 500.0), possible=(0.0, 5000.0)),
    test_spec("HGB", unit="g/L", digits=0),
    test_spec("TEMP", unit="C", digits=1),
    test_spec("WEIGHT", unit="kg", digits=2),
    test_spec("INTLK6", unit="ng/L", digits=1),
    test_spec("INR", digits=2),
    test_spec("ALT", unit="U/L", digits=0),
    test_spec("CA", unit="mmol/L", digits=2),
)


def standard(testcd, result, unit=None, *, tests=TESTS, conversions=(), codelists=None, status=None):
    """(text, number, unit, rules) of one result."""
    ctx = FakeContext(1, tests=tests, conversions=conversions, codelists=codelists)
    given_ = (texts(result), texts(testcd), texts(unit), None, None, texts(status))
    found = [shown(standard_result(ctx, what, *given_))[0] for what in ("text", "number", "unit")]
    return (*found, sorted({rule for rule, _, _ in ctx.issues}))


@pytest.mark.parametrize(
    ("testcd", "result", "unit", "expected"),
    [
        ("BILI", "0.6", "mg/dL", ("10.3", 10.3, "umol/L", [])),
        ("BILI", "12", "umol/L", ("12", 12, "umol/L", [])),
        ("BILI", "12.04", "umol/L", ("12", 12, "umol/L", [])),
        ("BILI", "12.05", "umol/L", ("12.1", 12.1, "umol/L", [])),
        ("HGB", "12.35", "g/dL", ("124", 124, "g/L", [])),
        ("HGB", "12.45", "g/dL", ("125", 125, "g/L", [])),
        ("TEMP", "98.6", "F", ("37", 37, "C", [])),
        ("TEMP", "31.91", "F", ("-0.1", -0.1, "C", [])),
        ("TEMP", "31.95", "F", ("0", 0, "C", [])),
        ("WEIGHT", "150", "LB", ("68.04", 68.04, "kg", [])),
        ("INTLK6", "<1.5", "ng/L", ("<1.5", None, "ng/L", ["result-limit"])),
        ("INTLK6", "> 5000", "ng/L", (">5000", None, "ng/L", ["result-limit"])),
        ("INTLK6", "<=1.50", "pg/mL", ("<=1.5", None, "ng/L", ["result-limit"])),
        ("BILI", "<0.1", "mg/dL", ("<1.7", None, "umol/L", ["result-limit"])),
        ("INR", "1.005", None, ("1.01", 1.01, None, [])),
        ("ALT", "31", "IU/L", ("31", 31, "U/L", [])),
        ("CA", "9.1", "mg/dL", ("2.27", 2.27, "mmol/L", [])),
        ("CA", "4.5", "mEq/L", ("2.25", 2.25, "mmol/L", [])),
        ("CA", "0.0227", "mol/L", ("22.7", 22.7, "mmol/L", [])),
        ("PULSE", "072.50", "beats/min", ("72.5", 72.5, "beats/min", [])),
        ("PULSE", "1.2E3", "beats/min", ("1200", 1200, "beats/min", ["number-format"])),
        ("PULSE", "-0.0", None, ("0", 0, None, [])),
        ("PULSE", "NOT CLEAR", "beats/min", ("NOT CLEAR", None, "beats/min", [])),
        ("BILI", None, "mg/dL", (None, None, None, [])),
    ],
)
def test_standard_result(testcd, result, unit, expected):
    assert standard(testcd, result, unit) == expected


@pytest.mark.parametrize(
    ("testcd", "result", "unit", "expected"),
    [
        ("CA", "9.1", None, (None, None, None, ["unit-missing"])),
        ("CA", "9.1", "mg/100g", (None, None, None, ["unit-unknown"])),
        ("CA", "<9.1", "mg/100g", (None, None, None, ["unit-unknown"])),
        ("HGB", "8.0", "mmol/L", (None, None, None, ["unit-unknown"])),
        ("CA", "HEMOLYSED", "mg/dL", ("HEMOLYSED", None, "mmol/L", ["number-unreadable"])),
        ("CA", "1,234", "mg/dL", (None, None, None, ["number-unreadable"])),
        ("CA", "0.9 H", "mg/dL", (None, None, None, ["number-unreadable"])),
        ("CA", "2.3 H", "mmol/L", (None, None, None, ["number-unreadable"])),
        ("INR", "１.1*", None, (None, None, None, ["number-unreadable"])),
        ("PULSE", "0-2", "beats/min", ("0-2", None, "beats/min", ["number-in-text"])),
        ("PULSE", "1:40", None, ("1:40", None, None, [])),
        ("CA", "HEMOLYSED", None, ("HEMOLYSED", None, None, ["number-unreadable"])),
        ("BILI", "501", "umol/L", ("501", 501, "umol/L", ["value-implausible"])),
        ("BILI", "500", "umol/L", ("500", 500, "umol/L", [])),
        ("BILI", "30", "mg/dL", ("513.1", 513.1, "umol/L", ["unit-implausible"])),  # 30 umol/L would not surprise
        ("BILI", "501", "mg/dL", ("8569.1", None, "umol/L", ["value-impossible"])),
        ("BILI", "1.2E+02", "umol/L", ("120", 120, "umol/L", ["number-format"])),
        ("BILI", "１.2Ｅ1", "umol/L", ("12", 12, "umol/L", ["number-format"])),
        ("BILI", "-1", "umol/L", ("-1", None, "umol/L", ["value-impossible"])),
        ("BILI", "5001", "umol/L", ("5001", None, "umol/L", ["value-impossible"])),
    ],
)
def test_what_is_wrong(testcd, result, unit, expected):
    assert standard(testcd, result, unit) == expected


def test_messages_name_the_test_and_what_is_wrong():
    ctx = FakeContext(4, tests=TESTS)
    columns = (texts("9", "9", "<9", "501"), texts("CA", "CA", "CA", "BILI"), texts(None, "mg/100g", "mg/dL", "umol/L"))
    standard_result(ctx, "number", *columns, None, None, None)
    assert ctx.issues == [
        ("unit-missing", 0, "A result of CA has no unit, and the standard unit is mmol/L."),
        ("unit-unknown", 1, 'The unit "mg/100g" of CA does not convert to mmol/L.'),
        ("result-limit", 2, 'The result "<9" of CA is a limit.'),
        ("value-implausible", 3, 'The result "501" of BILI is outside 0 to 500 umol/L.'),
    ]


def test_messages_tell_texts_from_numbers_within_texts():
    ctx = FakeContext(3, tests=TESTS)
    columns = (texts("HEMOLYSED", "0.9 H", "0-2"), texts("CA", "CA", "PULSE"), texts("mg/dL", "mg/dL", "/HPF"))
    standard_result(ctx, "number", *columns, None, None, None)
    assert ctx.issues == [
        ("number-unreadable", 0, 'The result "HEMOLYSED" of CA is no number.'),
        ("number-unreadable", 1, 'The result "0.9 H" of CA is no number: no standard result.'),
        ("number-in-text", 2, 'The result "0-2" of PULSE in /HPF holds a number that is not read.'),
    ]


def test_nothing_of_a_record_that_was_not_done():
    assert standard("CA", "9.1", "mg/dL", status="NOT DONE") == (None, None, None, [])


@pytest.mark.parametrize(
    ("factor", "conversions", "expected"),
    [
        ("", [("mg/dL", "umol/L", "20")], "20"),
        ("", [("mg/dL", "umol/L", "20", None, ("BILI",)), ("mg/dL", "umol/L", "30")], "20"),
        ("17.1", [], "17.1"),
        ("17.1", [("mg/dL", "umol/L", "20", None, ("BILI",))], "20"),
        ("17.1", [("mg/dL", "umol/L", "17.2")], "17.1"),
        ("", [("mg%", "umol/L", "20")], "20"),
        ("", [("mg/dL", "umol/L", "2", "0.5")], "2.5"),
        ("88.4", [], None),  # meant for another unit or test: the table has 17.104
    ],
)
def test_order_of_conversions(factor, conversions, expected):
    tests = (test_spec("BILI", unit="umol/L", factor=factor),)
    found = standard("BILI", "1", "mg/dL", tests=tests, conversions=[conversion(*c) for c in conversions])
    assert found[0] == expected
    assert found[3] == ([] if expected else ["unit-unknown"])


def test_the_factor_of_a_test_is_not_for_a_unit_that_nobody_knows():
    tests = (test_spec("XYZ", unit="mmol/L", factor="0.25"),)
    assert standard("XYZ", "4", "mg/dL", tests=tests)[:3] == ("1", 1, "mmol/L")
    assert standard("XYZ", "4", "mg/100g", tests=tests) == (None, None, None, ["unit-unknown"])


def test_without_digits_a_converted_number_keeps_15_digits_and_a_collected_one_all():
    tests = (test_spec("TEMP", unit="C"),)
    assert standard("TEMP", "99", "F", tests=tests)[0] == "37.2222222222222"
    assert standard("TEMP", "37.12345678901234567", "C", tests=tests)[0] == "37.12345678901234567"


def _codelist(*terms):
    return ListNode(tuple(Scalar(t) for t in terms), Mark())


def test_results_of_a_codelist():
    tests = (
        test_spec("HCG", codelist=_codelist("NEGATIVE", "POSITIVE")),
        test_spec("ECOG101", codelist=Scalar("ECOG")),
    )
    lists = {"ECOG": Codelist(("0", "1", "5"), {"zero": "0"}, extensible=False)}
    assert standard("HCG", "NEGATIVE", tests=tests) == ("NEGATIVE", None, None, [])
    assert standard("HCG", "negative", tests=tests) == (None, None, None, ["ct-miss"])
    assert standard("ECOG101", "5", tests=tests, codelists=lists) == ("5", 5, None, [])
    assert standard("ECOG101", "zero", tests=tests, codelists=lists) == ("0", 0, None, [])
    assert standard("ECOG101", "9", tests=tests, codelists=lists) == (None, None, None, ["ct-miss"])


@pytest.mark.parametrize(
    ("testcd", "result", "expected"),
    [
        ("OVRLRESP", "RELAPSE", ("RELAPSED DISEASE", None, None, [])),
        ("OVRLRESP", "CR", ("CR", None, None, [])),
        ("OVRLRESP", "SHRUNK", ("SHRUNK", None, None, [])),
        ("OVRLRESP", "7", ("7", 7, None, [])),
        ("INR", "SHRUNK", ("SHRUNK", None, None, ["number-unreadable"])),
    ],
)
def test_texts_become_terms_of_the_variable(testcd, result, expected):
    lists = {"LBSTRESC": Codelist(("CR", "RELAPSED DISEASE"), {"RELAPSE": "RELAPSED DISEASE", "7": "CR"})}
    assert standard(testcd, result, codelists=lists) == expected


def test_texts_of_a_numeric_test_with_a_codelist():
    tests = (test_spec("CARTRANS", unit="g/L", digits=0, codelist=Scalar("PCRES")),)
    lists = {"PCRES": Codelist(("BLQ",), {"ND": "NOT DETECTED"}, extensible=True)}
    assert standard("CARTRANS", "BLQ", "g/L", tests=tests, codelists=lists) == ("BLQ", None, "g/L", [])
    assert standard("CARTRANS", "ND", None, tests=tests, codelists=lists) == ("NOT DETECTED", None, None, [])
    assert standard("CARTRANS", "12.5", "g/L", tests=tests, codelists=lists) == ("13", 13, "g/L", [])
    assert standard("CARTRANS", "odd", "g/L", tests=tests, codelists=lists) == ("odd", None, "g/L", ["ct-extension"])
    flagged = standard("CARTRANS", "0.9 H", "g/L", tests=tests, codelists=lists)
    assert flagged == (None, None, None, ["number-unreadable"])


def test_limits_of_the_range():
    ctx = FakeContext(5, tests=TESTS)
    columns = (texts("1", None, "1", "1", "1"), texts("HGB", "HGB", "HGB", "CA", "INR"),
               texts("g/dL", "g/L", "g/dL", "mg/100g", None))  # fmt: skip
    low, high = texts("13.05", "130", "<13", "8", "0.8"), numbers(17.5, None, 17.5, 10, 1.2)
    assert shown(standard_result(ctx, "low", *columns, low, high, None)) == [131, 130, None, None, 0.8]
    assert ctx.issues == [("number-unreadable", 2, 'The limit "<13" of the reference range is no number.')]
    assert shown(standard_result(ctx, "high", *columns, low, high, None)) == [175, None, 175, None, 1.2]
    assert shown(standard_result(ctx, "low", *columns, None, None, None)) == [None] * 5


def test_a_dataset_without_units():
    ctx = FakeContext(2, tests=TESTS)
    given_ = (texts("4", "1.25"), texts("ECOG101", "INR"), None, None, None, None)
    assert shown(standard_result(ctx, "text", *given_)) == ["4", "1.25"]
    assert shown(standard_result(ctx, "unit", *given_)) == [None, None]


@pytest.mark.parametrize(
    ("text", "sign", "number"),
    [
        ("1.50", "", "1.50"),
        ("<0.1", "<", "0.1"),
        (">= 5", ">=", "5"),
        ("\uff11.5", "", "1.5"),
        ("+.5", "", "0.5"),
        ("1e400", "", None),
        ("5-10", "", None),
        ("1,2", "", None),
        (".", "", None),
        ("", "", None),
        ("9" * 301, "", None),
    ],
)
def test_results_read(text, sign, number):
    assert read_results([text]) == [(sign, None if number is None else Decimal(number))]


decimals = st.decimals(-(10**6), 10**6, places=4, allow_nan=False, allow_infinity=False)
factors = st.fractions(Fraction(1, 1000), Fraction(1000), max_denominator=5000)


@given(decimals, factors, st.fractions(-500, 500, max_denominator=90), st.integers(0, 5))
def test_conversion_as_its_twin_in_fractions(number, factor, offset, digits):
    exact = (Fraction(number) * factor + offset) * 10**digits
    size = abs(exact)
    whole = size.numerator // size.denominator
    whole += 1 if size - whole >= Fraction(1, 2) else 0
    expected = Decimal(whole if exact >= 0 else -whole).scaleb(-digits)
    assert Converter(factor, offset, digits)(number) == expected


@given(st.decimals(-1000, 1000, places=3), st.decimals("0.001", 1000, places=3), st.integers(0, 4))
def test_conversion_as_its_twin_in_decimals(number, factor, digits):
    expected = (number * factor).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    found = Converter(Fraction(factor), Fraction(0), digits)(number)
    assert found == expected
    assert Decimal(plain(found)) == expected
    assert not plain(found).endswith(".")
    assert "E" not in plain(found)


columns = st.lists(
    st.tuples(
        st.sampled_from(["BILI", "HGB", "INR", "NONE", None]),
        st.sampled_from(["1", "2.5", "<0.4", "odd", None]),
        st.sampled_from(["mg/dL", "g/dL", "g/L", "umol/L", "bad", None]),
    ),
    min_size=1,
    max_size=12,
)


@given(columns)
def test_a_column_as_its_records_one_by_one(rows):
    ctx = FakeContext(len(rows), tests=TESTS)
    given_ = (
        texts(*(r[1] for r in rows)),
        texts(*(r[0] for r in rows)),
        texts(*(r[2] for r in rows)),
        None,
        None,
        None,
    )
    whole = [shown(standard_result(ctx, what, *given_)) for what in ("text", "number", "unit")]
    single = [standard(testcd, result, unit) for testcd, result, unit in rows]
    assert list(zip(*whole, strict=True)) == [one[:3] for one in single]
    assert {row: rule for rule, row in ctx.rules} == {i: one[3][0] for i, one in enumerate(single) if one[3]}
