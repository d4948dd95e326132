"""Random streams of the simulator: one generator per module and person, drawn by `random()` alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

import numpy as np

_NORMAL = NormalDist()

DEMOGRAPHY, DLT, TOXICITY, RESPONSE, SURVIVAL = 1, 2, 3, 4, 5
KINETICS, LAB_BASELINE, LAB_NOISE, CYTOKINE, EVENTS = 6, 7, 8, 9, 10
VITALS, SCHEDULE, HISTORY = 12, 13, 14


class Stream:
    """Draws of one module for one person; each method call takes exactly one new U.

    Args:
        seed: root seed of the study.
        module: module number (see the constants of this file).
        person: k, 1.. within a copy; 0 for choices of the study.
        copy: 0 for the study as described; later copies have their own sub-seed.
    """

    def __init__(self, seed: int, module: int, person: int, copy: int = 0) -> None:
        key = (module, person) if copy == 0 else (module, person, copy)
        sequence = np.random.SeedSequence(entropy=seed, spawn_key=key)
        self._random = np.random.Generator(np.random.PCG64(sequence)).random

    def u(self) -> float:
        """A uniform number in [0, 1)."""
        return float(self._random())

    def z(self) -> float:
        """A standard normal number, by the inverse of the distribution function."""
        return _NORMAL.inv_cdf(max(self.u(), 2.0**-53))

    def integer(self, low: int, high: int) -> int:
        """A whole number in [low, high), the upper end excluded."""
        return low + math.floor(self.u() * (high - low))

    def exponential(self, hazard: float) -> float:
        """A waiting time in days with a constant hazard a day."""
        return -math.log(1.0 - self.u()) / hazard

    def poisson(self, mean: float) -> int:
        """The smallest count whose cumulative probability exceeds U."""
        u = self.u()
        count, term = 0, math.exp(-mean)
        total = term
        while total <= u and term > 0.0:
            count += 1
            term *= mean / count
            total += term
        return count

    def pick(self, probabilities: Sequence[float]) -> int:
        """Index of the first category whose cumulative probability exceeds U; the last one at the latest."""
        return pick_by(self.u(), probabilities)


def pick_by(u: float, probabilities: Sequence[float]) -> int:
    """Index of the first category whose cumulative probability exceeds `u`; the last one at the latest."""
    total = 0.0
    for index, probability in enumerate(probabilities):
        total += probability
        if round(total, 12) > u:
            return index
    return len(probabilities) - 1


def half_up(value: float | Decimal, decimals: int) -> Decimal:
    """`value` rounded half up at `decimals` places, in decimal arithmetic."""
    number = value if isinstance(value, Decimal) else Decimal(repr(float(value)))
    return number.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def text_of(value: float | Decimal, decimals: int) -> str:
    """`value` as the text a form holds: rounded half up, all its decimals written."""
    return format(half_up(value, decimals), "f")
