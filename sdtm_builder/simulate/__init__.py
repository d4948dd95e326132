"""The LstCAR019 raw data, from a seed: a clinical model, its forms, and planted flaws."""

from __future__ import annotations

from .run import DEFAULT_SEED, SimulationResult, flaw_ids, simulate

__all__ = ["DEFAULT_SEED", "SimulationResult", "flaw_ids", "simulate"]
