"""`flag_first` and `flag_last`: Y on one record of each group, missing elsewhere."""

from __future__ import annotations

import numpy as np

from ..model import Kind, Rule, Vector
from .compiled import Compiled, Env, split_order, texts_of
from .frames import Scene
from .keys import group_codes, order_rows, same_as_previous, sort_ranks
from .refs import Ref
from .sql import compile_truth


def compile_flag(env: Env, rule: Rule) -> Compiled | None:
    """Y on the first or last record, by `order`, of each group of those for which `where` is true."""
    group = [env.name(n) for n in texts_of(rule.argument)]
    where = compile_truth(env, rule.options["where"], rule.mark) if "where" in rule.options else None
    order: list[tuple[Ref, bool]] = []
    for scalar, down in split_order(rule.options.get("order")):
        ref = env.scope.resolve(scalar.text, scalar.mark)
        if ref is None:
            return None
        order.append((ref, down))
    if not group or any(g is None for g in group) or ("where" in rule.options and where is None):
        return None
    if not order:
        env.fault("order-needed", f"`{rule.operation}` needs an order.", rule.mark)
        return None
    keys = [g for g in group if g is not None]
    last = rule.operation == "flag_last"

    def run(scene: Scene) -> Vector:
        rows = np.arange(scene.n, dtype=np.int64)
        if where is not None:
            truth = where.run(scene).data
            scene.run.unknown_where(scene, int((truth < 0).sum()), rule.mark)
            rows = np.flatnonzero(truth == 1)
        codes, _ = group_codes([scene.value(k).take(rows) for k in keys])
        scene.run.note_groups(scene, rows, codes)
        ranks = [sort_ranks(scene.value(ref).take(rows), down != last) for ref, down in order]
        sort = [codes.astype(np.float64), *ranks]
        ordered = order_rows(sort, len(rows))
        starts = np.ones(len(ordered), dtype=bool)
        starts[1:] = codes[ordered][1:] != codes[ordered][:-1]
        tied = np.flatnonzero(same_as_previous(sort, ordered) & np.roll(starts, 1))
        flagged = np.zeros(scene.n, dtype=bool)
        flagged[rows[ordered[starts]]] = True
        if len(tied):
            unsure = np.zeros(scene.n, dtype=bool)
            for at in tied:
                unsure[rows[ordered[at - 1]]] = True
            flagged &= ~unsure
            scene.run.issue(
                scene, "order-open", unsure, "`order` leaves open which record is flagged.", keys, rule.mark
            )
        return Vector.of_codes(np.where(flagged, 0, 1), ["Y", ""])

    refs = tuple(dict.fromkeys([*keys, *(where.refs if where is not None else ()), *(r for r, _ in order)]))
    return Compiled(rule, Kind.TEXT, run, refs, (), whole=True)
