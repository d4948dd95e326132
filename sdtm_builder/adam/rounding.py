"""Rounding to significant digits, so that what arithmetic adds to a decimal number is no part of a value."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


def significant(numbers: Numbers, digits: int, scale: Numbers | None = None) -> Numbers:
    """Numbers rounded to `digits` significant digits; of `scale`, where the number came of larger ones."""
    size = np.abs(numbers if scale is None else scale)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(size))
    places = np.where(np.isfinite(exponent), digits - 1 - exponent, 0.0)
    up, down = 10.0 ** np.maximum(places, 0), 10.0 ** np.maximum(-places, 0)
    return np.asarray(np.rint(numbers * up / down) / up * down)
