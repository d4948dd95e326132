"""Planted flaws: importing this package fills the registry."""

from __future__ import annotations

from . import dates, records, values
from .base import REGISTRY, Caused, Planted, Planting, plant_flaws

__all__ = ["REGISTRY", "Caused", "Planted", "Planting", "dates", "plant_flaws", "records", "values"]
