"""`record_of`: a variable of the record that another dataset made of the same raw row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..model import Rule, Scalar, Vector
from .compiled import Compiled, Env, Use
from .fit import fit
from .frames import Scene, frame_rows
from .tables import RawView

if TYPE_CHECKING:
    from .run import Run


def compile_record_of(env: Env, rule: Rule) -> Compiled | None:
    """`{record_of: AE.AESEQ}`: none gives missing; several with different values are an issue and missing."""
    name = rule.argument.text if isinstance(rule.argument, Scalar) else ""
    dataset, _, column = name.partition(".")
    form = env.plan.form(env.dataset, dataset)
    kind = form.kinds(column) if form is not None else None
    if form is None or kind is None or dataset not in env.plan.datasets:
        hint = env.plan.near(name, [f"{d}.{v}" for d, p in env.plan.datasets.items() for v in p.names])
        env.fault(
            "unknown-column", f"`record_of` takes a variable of a mapped dataset; {name} is none.", rule.mark, hint
        )
        return None

    def run(scene: Scene) -> Vector:
        rows = same_rows(scene.run, scene, dataset)
        values = scene.run.variable(dataset, "", column)
        return fit(scene, _one(scene, values, rows, name, rule), env.target.kind, (), rule.mark)

    return Compiled(rule, env.target.kind or kind, run, (), (Use(dataset, (column,)),))


def same_rows(run: Run, scene: Scene, dataset: str) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs (record here, record of the dataset) made of one raw row."""
    mine, rows = frame_rows(scene)
    index = mine.index[rows]
    left, right = [], []
    start = 0
    for block in run.plan.datasets[dataset].spec.blocks:
        theirs = run.frame(dataset, block)
        same = isinstance(mine.base, RawView) and isinstance(theirs.base, RawView) and mine.base.key == theirs.base.key
        if same:
            order = np.argsort(theirs.index, kind="stable")
            low = np.searchsorted(theirs.index[order], index)
            high = np.searchsorted(theirs.index[order], index, side="right")
            for shift in range(int((high - low).max(initial=0))):
                hit = np.flatnonzero(low + shift < high)
                left.append(hit)
                right.append(order[low[hit] + shift] + start)
        start += theirs.n
    if not left:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return np.concatenate(left), np.concatenate(right)


def _one(
    scene: Scene, values: Vector, pairs: tuple[NDArray[np.int64], NDArray[np.int64]], name: str, rule: Rule
) -> Vector:
    left, right = pairs
    index = np.full(scene.n, -1, dtype=np.int64)
    if len(left):
        ranks = values.ranks()[right]
        lowest = np.full(scene.n, np.inf)
        highest = np.full(scene.n, -np.inf)
        np.minimum.at(lowest, left, ranks)
        np.maximum.at(highest, left, ranks)
        index[left[::-1]] = right[::-1]
        several = highest > lowest
        scene.run.issue(scene, "join-duplicate", several, f"Several records of the same raw row differ in {name}.",
                        (), rule.mark)  # fmt: skip
        index[several] = -1
    return values.take(index)
