"""The total order of a dataset's records: keys, the other variables as text, and only then the raw place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..model import Vector
from .copies import is_copy
from .keys import order_rows, same_as_previous, sort_ranks
from .tables import RawView, Stacked, Table
from .written import as_written

if TYPE_CHECKING:
    from .run import Run
    from .variables import DatasetPlan


def total_order(run: Run, plan: DatasetPlan) -> NDArray[np.int64]:
    """Row numbers in order; what depends on the order itself is left out of it. A copy keeps the order it has."""
    n = run.count(plan.name)
    if is_copy(plan.spec):
        return np.arange(n, dtype=np.int64)
    late = run.graph.after_order(plan.name)
    keys = []
    for item in plan.spec.keys:
        name = item.name.text
        if name in plan.names and name not in late:
            keys.append(sort_ranks(_written(run, plan, name), item.descending))
    order = order_rows(keys, n)
    ties = same_as_previous(keys, order)
    if not ties.any():
        return order
    others = [v for v in plan.names if v not in late and v not in {k.name.text for k in plan.spec.keys}]
    tied = np.flatnonzero(ties | np.roll(ties, -1))
    rows = order[tied]
    sub = [k[rows] for k in keys]
    sub += [sort_ranks(_written(run, plan, v).take(rows)) for v in sorted(others)]
    sub += [p[rows] for p in raw_places(run, plan)]
    order[tied] = rows[order_rows(sub, len(rows))]
    return order


def _written(run: Run, plan: DatasetPlan, name: str) -> Vector:
    """A variable as it will stand in the dataset, so that this is sorted by what it holds."""
    values = run.variable(plan.name, "", name)
    return as_written(values, run.study.encoding) if values.is_text else values


def raw_places(run: Run, plan: DatasetPlan) -> list[NDArray[np.float64]]:
    """Block, part and row number of each record's source row, as sort keys."""
    blocks, parts, numbers = [], [], []
    for number, name in enumerate(plan.spec.blocks):
        frame = run.frame(plan.name, name)
        part, row = table_places(frame.base)
        blocks.append(np.full(frame.n, number, dtype=np.float64))
        parts.append(part[frame.index])
        numbers.append(row[frame.index])
    return [np.concatenate(a) if a else np.zeros(0) for a in (blocks, parts, numbers)]


def table_places(table: Table) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Part and row number of each row of a table."""
    if isinstance(table, RawView):
        return table.table.rows.part.astype(np.float64), table.table.rows.number.astype(np.float64)
    if isinstance(table, Stacked):
        found = [table_places(t) for t in table.tables]
        shift = np.concatenate([np.full(len(p), i * 1e6) + p for i, (p, _) in enumerate(found)])
        return shift, np.concatenate([r for _, r in found])
    return np.zeros(table.n), np.arange(table.n, dtype=np.float64)
