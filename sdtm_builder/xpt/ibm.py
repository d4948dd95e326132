"""IBM System/370 double precision floats, as SAS transport files hold numbers, to and from IEEE 754 doubles.

An IBM double is a sign bit, 7 bits of exponent (a power of 16, biased by 64) and 56 bits of fraction.  The 53
significant bits of an IEEE double always fit, so writing never rounds; reading rounds to the nearest double, ties to
even, since a foreign file may use all 56 bits.  Source: TS-140, "Numeric data fields".
"""
from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
ByteArray = npt.NDArray[np.uint8]

IBM_MIN = 16.0**-65
"""The smallest positive magnitude: a fraction of 1/16 at the lowest exponent (about 5.4e-79)."""
IBM_MAX = float.fromhex("0x1.fffffffffffffp251")
"""The largest double below 16**63, the end of the IBM range (about 7.2e75)."""

MISSING_BYTES = b"\x2e" + b"\x00" * 7
"""The ordinary SAS missing value, shown as a full stop."""
_MISSING_WORD = np.uint64(0x2E << 56)
_FIRST_BYTES_MISSING = np.zeros(256, dtype=bool)
_FIRST_BYTES_MISSING[[0x2E, 0x5F, *range(0x41, 0x5B)]] = True

_FRACTION = np.uint64((1 << 52) - 1)
_HIDDEN = np.uint64(1 << 52)
_SIGN = np.uint64(1 << 63)
_IBM_FRACTION = np.uint64((1 << 56) - 1)


def find_unrepresentable(values: FloatArray) -> npt.NDArray[np.intp]:
    """Positions of the numbers that an IBM double cannot hold: infinities, and non-zero numbers out of range."""
    if not values.size:
        return np.empty(0, dtype=np.intp)
    magnitude = np.abs(values)
    with np.errstate(invalid="ignore"):
        bad = (magnitude > IBM_MAX) | ((magnitude < IBM_MIN) & (magnitude != 0.0))
    return np.flatnonzero(bad)


def convert_to_ibm(values: FloatArray) -> npt.NDArray[Any]:
    """IEEE doubles to IBM doubles as big-endian 64-bit words; exact for every number in range.

    NaN gives the missing value `.`; minus zero gives zero, since SAS has no minus zero.
    Raises ValueError on a number out of range: callers look with `find_unrepresentable` first.
    """
    values = np.ascontiguousarray(values, dtype=np.float64)
    if find_unrepresentable(values).size:
        raise ValueError("a number out of the IBM range reached convert_to_ibm")
    bits = values.view(np.uint64)
    exponent = (bits >> np.uint64(52)) & np.uint64(0x7FF)
    # value = fraction * 2**(exponent - 1075) = (fraction << shift) * 2**-56 * 16**(ibm_exponent - 64)
    shift = (exponent + np.uint64(1)) & np.uint64(3)
    ibm_exponent = ((exponent + np.uint64(1024)) - shift - np.uint64(1787)) >> np.uint64(2)
    words = (((bits & _FRACTION) | _HIDDEN) << shift) | (ibm_exponent << np.uint64(56)) | (bits & _SIGN)
    words[values == 0.0] = 0
    words[np.isnan(values)] = _MISSING_WORD
    big: npt.NDArray[Any] = words.astype(">u8")
    return big


def convert_from_ibm(words: npt.NDArray[Any]) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """IBM doubles (64-bit words of any byte order) to IEEE doubles, rounded to the nearest, ties to even.

    Returns the numbers, with NaN for every missing value, and the positions of the special missing values
    (`._`, `.A` to `.Z`), which NaN alone would hide.
    """
    native = words.astype(np.uint64)
    fraction = native & _IBM_FRACTION
    first = (native >> np.uint64(56)).astype(np.uint8)
    exponent = (first & np.uint8(0x7F)).astype(np.int32)
    numbers = np.ldexp(fraction.astype(np.float64), 4 * (exponent - 64) - 56)
    negative = first >= 0x80
    numbers[negative] = -numbers[negative]
    missing = (fraction == 0) & _FIRST_BYTES_MISSING[first]
    numbers[missing] = np.nan
    return numbers, np.flatnonzero(missing & (first != 0x2E))
