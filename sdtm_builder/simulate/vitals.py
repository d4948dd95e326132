"""Vital signs at the visits (module 12): seven draws a visit, the weight among them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .rng import Stream, half_up


@dataclass(frozen=True)
class VitalDraws:
    """The seven normal draws of one visit, in order: temperature to weight."""

    z: tuple[float, ...]

    def weight(self, own: float) -> Decimal:
        """Weight in kg, one decimal."""
        return half_up(own * (1 + 0.015 * self.z[6]), 1)

    def signs(self, grade: int) -> tuple[Decimal, ...]:
        """Temperature, pulse, respiration, systolic, diastolic pressure, oxygen saturation at a CRS grade."""
        z = self.z
        fever = 0.7 * grade if grade > 0 else 0.0
        return (
            half_up(36.6 + 0.2 * z[0] + fever, 1), half_up(82 + 8 * z[1] + 8 * grade, 0),
            half_up(18 + 1.5 * z[2] + 2 * grade, 0), half_up(118 + 9 * z[3] - 8 * grade, 0),
            half_up(74 + 6 * z[4] - 6 * grade, 0), half_up(min(100.0, 98 - 0.8 * abs(z[5]) - 2 * grade), 0),
        )


def vital_draws(stream: Stream, visits: int) -> list[VitalDraws]:
    """Draws of so many visits, in visit order; later visits follow on the same stream."""
    return [VitalDraws(tuple(stream.z() for _ in range(7))) for _ in range(visits)]
