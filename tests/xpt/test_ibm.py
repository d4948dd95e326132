"""IBM doubles against literal bytes, exact fractions and a plain-Python twin."""
from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdtm_builder.xpt.ibm import IBM_MAX, IBM_MIN, convert_from_ibm, convert_to_ibm, find_unrepresentable

in_range = st.one_of(st.just(0.0), st.floats(IBM_MIN, IBM_MAX), st.floats(-IBM_MAX, -IBM_MIN))


def decode_exactly(raw: bytes) -> Fraction:
    """The rational number that eight bytes of an IBM double stand for, from the definition."""
    word = int.from_bytes(raw, "big")
    fraction, exponent = word & (1 << 56) - 1, word >> 56 & 0x7F
    return (-1 if word >> 63 else 1) * Fraction(fraction, 1 << 56) * Fraction(16) ** (exponent - 64)


@pytest.mark.parametrize(("number", "raw"), [
    (0.0, "0000000000000000"), (-0.0, "0000000000000000"), (1.0, "4110000000000000"), (-1.0, "c110000000000000"),
    (2.0, "4120000000000000"), (4.0, "4140000000000000"), (8.0, "4180000000000000"), (16.0, "4210000000000000"),
    (-118.625, "c276a00000000000"), (0.1, "401999999999999a"), (math.nan, "2e00000000000000"),
    (IBM_MIN, "0010000000000000"), (IBM_MAX, "7ffffffffffffff8"),
])
def test_literal_bytes(number: float, raw: str) -> None:
    assert convert_to_ibm(np.array([number])).tobytes().hex() == raw


@given(st.lists(in_range, max_size=20))
def test_every_double_in_range_is_held_exactly(numbers: list[float]) -> None:
    words = convert_to_ibm(np.array(numbers, dtype=float))
    raw = words.tobytes()
    assert [decode_exactly(raw[place * 8:place * 8 + 8]) for place in range(len(numbers))] == [
        Fraction(number) for number in numbers]
    back, special = convert_from_ibm(words)
    assert back.tolist() == numbers
    assert special.size == 0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 127), st.integers(1, (1 << 56) - 1)), min_size=1, max_size=20))
def test_reading_rounds_to_the_nearest_double(parts: list[tuple[bool, int, int]]) -> None:
    raws = [(sign << 63 | exponent << 56 | fraction).to_bytes(8, "big") for sign, exponent, fraction in parts]
    numbers, _ = convert_from_ibm(np.frombuffer(b"".join(raws), dtype=">u8"))
    exact = [decode_exactly(raw) for raw in raws]
    assert numbers.tolist() == [value.numerator / value.denominator for value in exact]


@given(st.floats(allow_nan=False))
def test_out_of_range_is_found(number: float) -> None:
    held = number == 0 or (not math.isinf(number) and Fraction(16) ** -65 <= abs(Fraction(number)) < Fraction(16) ** 63)
    assert find_unrepresentable(np.array([number])).tolist() == ([] if held else [0])


@pytest.mark.parametrize("number", [math.inf, -math.inf, 5.3e-79, -5e-324, 7.3e75, 1.7e308])
def test_out_of_range_is_never_converted(number: float) -> None:
    assert find_unrepresentable(np.array([1.0, number, math.nan])).tolist() == [1]
    with pytest.raises(ValueError, match="out of the IBM range"):
        convert_to_ibm(np.array([number]))


def test_special_missing_values_are_told_apart() -> None:
    raws = [b"\x2e", b"\x41", b"\x5a", b"\x5f", b"\x41\x10", b"\x40", b"\x00"]
    numbers, special = convert_from_ibm(np.frombuffer(b"".join(raw.ljust(8, b"\0") for raw in raws), dtype=">u8"))
    assert np.isnan(numbers).tolist() == [True, True, True, True, False, False, False]
    assert special.tolist() == [1, 2, 3]
    assert numbers[4:].tolist() == [1.0, 0.0, 0.0]
