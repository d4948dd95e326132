"""Planted flaws: importing this package fills the registry."""

from __future__ import annotations

from . import dates, findings, laboratory, medication, records, values, vendors
from .base import REGISTRY, Caused, Planted, Planting, plant_flaws

__all__ = ["REGISTRY", "Caused", "Planted", "Planting", "dates", "findings", "laboratory", "medication",
           "plant_flaws", "records", "values", "vendors"]
