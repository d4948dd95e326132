"""What a derivation tells of the variable that it made beside its values, for the rule of another variable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .frames import Frame, Scene

if TYPE_CHECKING:
    from .run import Run

Beside = dict[tuple[str, str, str], NDArray[np.float64]]
"""Dataset, block, variable -> a number a record, NaN where nothing was told."""


def tell(run: Run, scene: Scene, key: tuple[str, str, str], numbers: NDArray[np.float64]) -> None:
    """Keep a number for each record of a scene, a branch of a case among them; of its block's other records nothing."""
    rows = np.arange(scene.n, dtype=np.int64)
    while not isinstance(scene, Frame) and hasattr(scene, "rows"):
        rows, scene = scene.rows[rows], scene.parent  # type: ignore[attr-defined]
    if key not in run.beside or len(run.beside[key]) != scene.n:
        run.beside[key] = np.full(scene.n, np.nan)
    run.beside[key][rows] = numbers


def told(run: Run, dataset: str, name: str) -> NDArray[np.float64] | None:
    """What was told of a variable, over all records of its dataset; None if it was nothing."""
    run.variable(dataset, "", name)
    whole = run.beside.get((dataset, "", name))
    if whole is not None and len(whole) == run.count(dataset):
        return whole
    found, anything = [], False
    for block in run.plan.datasets[dataset].spec.blocks:
        n = run.count(dataset, block)
        mine = run.beside.get((dataset, block, name))
        known = mine is not None and len(mine) == n
        anything = anything or known
        found.append(mine if mine is not None and known else np.full(n, np.nan))
    return np.concatenate(found) if anything else None
