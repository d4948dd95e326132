"""Numbers of texts, rounding half up on the decimal."""

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.values.numbers import number_text, read_number, read_numbers, round_half_up, round_numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("35.2", 35.2),
        ("-3", -3.0),
        ("+3.", 3.0),
        (".5", 0.5),
        ("1.2E+03", 1200.0),
        ("３７．５", 37.5),
        (" 7 ", 7.0),
        ("35,2", None),
        ("1,000", None),
        ("<1.5", None),
        ("1 000", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
        ("0x10", None),
        ("1_000", None),
        ("٣", None),
        ("", None),
        (".", None),
    ],
)
def test_read_number(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("1.234,5", 1234.5), ("12.34,5", None), ("1.2345", None), ("0,5", 0.5), ("1.234.567", 1234567.0), ("12", 12.0)],
)
def test_declared_signs(text, number):
    assert read_number(text, ",", ".") == number


def test_rules_of_numbers():
    reading = read_numbers(["35,2", "1.2E+03", "4"])
    assert reading.rules == ["number-unreadable", "number-format", ""]
    assert reading.numbers.tolist()[1:] == [1200.0, 4.0]
    assert np.isnan(reading.numbers[0])


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [(2.345, 2, "2.35"), (-0.5, 0, "-1"), (1.005, 2, "1.01"), (0.5, 0, "1"), (-0.4, 0, "0"), ("2.675", 2, "2.68"),
     (1234.5, -2, "1.2E+3"), (1e22, 1, "10000000000000000000000.0")],
)  # fmt: skip
def test_round_half_up(value, digits, rounded):
    assert str(round_half_up(value, digits)) == rounded


@given(st.lists(st.floats(-1e12, 1e12) | st.decimals(-9999, 9999, places=3).map(float)), st.integers(-2, 8))
def test_round_numbers_is_the_naive_twin(values, digits):
    twin = [float(Decimal(repr(v)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)) + 0.0 for v in values]
    assert round_numbers(np.array(values, dtype=float), digits).tolist() == twin


def test_round_numbers_keeps_missing():
    rounded = round_numbers(np.array([np.nan, 2.345, -0.4, 1.005, -1.005]), 2)
    assert np.isnan(rounded[0])
    assert rounded[1:].tolist() == [2.35, -0.4, 1.01, -1.01]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (2.5, None, "2.5"),
        (3.0, None, "3"),
        (1e-7, None, "0.0000001"),
        (2.5, 2, "2.50"),
        (2.345, 2, "2.35"),
        (3, 0, "3"),
    ],
)
def test_number_text(value, digits, text):
    assert number_text(value, digits) == text
