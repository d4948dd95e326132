"""Statistics of numbers, and how they are shown beside the decimals of the data."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .numbers import shown
from .result import NOT_ESTIMABLE

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Statistic:
    """One statistic: its label, and the numbers it consists of with how they are shown."""

    label: str
    make: Callable[[Numbers, int, int], tuple[str, dict[str, float | int | None]]]


def middle_text(values: Numbers, decimals: int, digits: int = 0) -> str:
    """`8.5 (3, 14)`: median with one decimal more than the data, range as the data; `8` where it is a whole number of
    the data's decimals is written `8.0`."""
    low, high = shown(float(values.min()), decimals, digits), shown(float(values.max()), decimals, digits)
    return f"{shown(float(np.median(values)), decimals + 1, digits)} ({low}, {high})"


def geometric(values: Numbers) -> tuple[float | None, float | None]:
    """Geometric mean and geometric CV in % (100 sqrt(exp(s^2) - 1), s of the natural logarithms) of positive values."""
    logs = np.log(values[values > 0])
    mean = math.exp(float(logs.mean())) if len(logs) else None
    cv = 100 * math.sqrt(math.expm1(float(logs.var(ddof=1)))) if len(logs) > 1 else None
    return mean, cv


def _n(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return str(len(values)), {"n": len(values)}


def _one(value: float | None, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return shown(value, decimals, digits), {"value": value}


def _mean(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return _one(float(values.mean()) if len(values) else None, decimals + 1, digits)


def _sd(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return _one(float(values.std(ddof=1)) if len(values) > 1 else None, decimals + 1, digits)


def _median(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return _one(float(np.median(values)) if len(values) else None, decimals + 1, digits)


def _range(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    if not len(values):
        return NOT_ESTIMABLE, {"low": None, "high": None}
    low, high = float(values.min()), float(values.max())
    return f"{shown(low, decimals, digits)}, {shown(high, decimals, digits)}", {"low": low, "high": high}


def _geometric_mean(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return _one(geometric(values)[0], decimals + 1, digits)


def _geometric_cv(values: Numbers, decimals: int, digits: int) -> tuple[str, dict[str, float | int | None]]:
    return _one(geometric(values)[1], 1, 0)


STATISTICS = {
    "n": Statistic("n", _n),
    "mean": Statistic("Mean", _mean),
    "sd": Statistic("SD", _sd),
    "median": Statistic("Median", _median),
    "range": Statistic("Minimum, maximum", _range),
    "geometric_mean": Statistic("Geometric mean", _geometric_mean),
    "geometric_cv": Statistic("Geometric CV, %", _geometric_cv),
}
