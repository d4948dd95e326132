"""Joins: a left join that never multiplies records; several different fits are an issue, not a guess."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..model import JoinSpec, Kind, Scalar, Vector
from ..values.codes import combine, value_codes
from ..values.fold import fold
from .compiled import Env, SubScene
from .fit import as_text
from .frames import PairFrame, Scene, whole_table
from .keys import expand, match_codes, order_rows, sort_ranks, tied_with_first
from .refs import Ref
from .scopes import PairScope, TableForm, TableScope
from .sql import Expression, compile_truth
from .summaries import day_bounds
from .tables import InlineTable, Table


@dataclass(frozen=True)
class CompiledJoin:
    """A checked join: the other table, keys, conditions, what it brings."""

    spec: JoinSpec
    form: TableForm
    inline: InlineTable | None
    left: tuple[Ref, ...]
    right: tuple[Ref, ...]
    loose: tuple[frozenset[str], ...]
    between: tuple[tuple[Ref, Ref, Ref], ...]
    where: Expression | None
    order: tuple[tuple[Ref, bool], ...]
    taken: tuple[Ref, ...]

    @property
    def refs(self) -> tuple[Ref, ...]:
        """Names of the left record."""
        return self.left + tuple(b[0] for b in self.between)

    def columns(self) -> tuple[str, ...]:
        """Columns of the other table that it needs."""
        theirs = [*self.right, *(r for b in self.between for r in b[1:]), *(r for r, _ in self.order), *self.taken]
        names = [getattr(r, "column", "") for r in theirs]
        if self.where is not None:
            names += [getattr(getattr(r, "ref", r), "column", "") for r in self.where.refs]
        return tuple(dict.fromkeys(n for n in names if n))

    def run(
        self,
        scene: Scene,
        table: Table,
        fitting: NDArray[np.bool_] | None = None,
        alone: NDArray[np.bool_] | None = None,
    ) -> NDArray[np.int64]:
        """For each record the row of the other table that fits, or -1.

        fitting : set at rows of the other table that fit a record; alone : set at records that no row fits
        """
        other = whole_table(scene.run, table)
        left, right = self._alike(scene, other)
        left, right = self._where(scene, other, left, right)
        left, right = self._exact_first(scene, other, left, right)
        if fitting is not None:
            fitting[right] = True
        index = self._one(scene, other, left, right)
        mark, name = self.spec.mark, self.spec.table.text if self.spec.table else self.spec.name
        if self.spec.unmatched == "issue" or alone is not None:
            many = np.bincount(left, minlength=scene.n) > 0 if len(left) else np.zeros(scene.n, bool)
            if alone is not None:
                alone |= ~many
            if self.spec.unmatched == "issue":
                message = f"No row of {name} fits."
                scene.run.issue(scene, "join-missing", ~many, message, self.left or self.refs, mark)
        return index

    def orphans(self, scene: Scene, table: Table, fitting: NDArray[np.bool_]) -> None:
        """Rows of the other table that fit no record, where they are an issue."""
        if self.spec.orphans == "issue":
            other = whole_table(scene.run, table)
            name = self.spec.table.text if self.spec.table else self.spec.name
            message = f"This row of {name} fits no record."
            scene.run.issue(other, "join-orphan", ~fitting, message, self.right, self.spec.mark)

    def _alike(self, scene: Scene, other: Scene) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Pairs that fit by keys and `between`: looked for once for all records that are alike in these."""
        if self.between or any(self.loose):
            values = [scene.value(r) for r in (*self.left, *(b[0] for b in self.between))]
            codes, count = combine([value_codes(v) for v in values], True)
            if 2 * count < scene.n:
                first = np.zeros(count, dtype=np.int64)
                first[codes[::-1]] = np.arange(scene.n)[::-1]
                some = SubScene(scene, first)
                left, right = self._conditions(some, other, *self._pairs(some, other))
                records, pairs = expand(codes, left, count)
                return records, right[pairs]
        return self._conditions(scene, other, *self._pairs(scene, other))

    def _pairs(self, scene: Scene, other: Scene) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        strict = [i for i, loose in enumerate(self.loose) if not loose]
        if not strict:
            left = np.repeat(np.arange(scene.n), other.n)
            return left, np.tile(np.arange(other.n), scene.n)
        mine = [scene.value(self.left[i]) for i in strict]
        theirs = [other.value(self.right[i]) for i in strict]
        even = [_evened(a, b) for a, b in zip(mine, theirs, strict=True)]
        codes = match_codes([a for a, _ in even], [b for _, b in even])
        return expand(*codes)

    def _conditions(
        self, scene: Scene, other: Scene, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        for i, loose in enumerate(self.loose):
            if loose:
                mine, theirs = _evened(scene.value(self.left[i]), other.value(self.right[i]))
                exact, free = self._fits(other, i, mine, theirs, left, right)
                keep = exact | free
                left, right = left[keep], right[keep]
        for value, low, high in self.between:
            at = scene.value(value)
            x, a, b = _span(at), _span(other.value(low)), _span(other.value(high))
            wrong = a[0] > b[1]
            scene.run.issue(
                other, "range-invalid", wrong, "The low end is above the high end.", [low, high], self.spec.mark
            )
            fits = ~np.isnan(x[0][left]) & ~wrong[right]
            fits &= np.isnan(a[1][right]) | (a[1][right] <= x[0][left])
            fits &= np.isnan(b[0][right]) | (x[1][left] <= b[0][right])
            left, right = left[fits], right[fits]
        return left, right

    def _where(
        self, scene: Scene, other: Scene, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        if self.where is not None:
            truth = self.where.run(PairFrame(scene.run, scene, left, other, right)).data
            scene.run.unknown_where(scene, int((truth < 0).sum()), self.spec.mark)
            left, right = left[truth == 1], right[truth == 1]
        return left, right

    def _fits(
        self, other: Scene, key: int, mine: Vector, theirs: Vector, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Pairs whose keys are equal, and pairs that fit by a text of `any` or a blank, as it stands in the file."""
        codes_left, codes_right, _ = match_codes([mine], [theirs])
        exact = (codes_left[left] == codes_right[right]) & (codes_left[left] >= 0)
        written = as_text(other.value(self.right[key], "text"))
        free_text = np.array([fold(t) in self.loose[key] for t in written.distinct()] + [True])
        return exact, free_text[written.data][right] & mine.present()[left]

    def _exact_first(
        self, scene: Scene, other: Scene, left: NDArray[np.int64], right: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        for i, loose in enumerate(self.loose):
            if loose and len(left):
                mine, theirs = _evened(scene.value(self.left[i]), other.value(self.right[i]))
                exact, _ = self._fits(other, i, mine, theirs, left, right)
                best = np.zeros(scene.n, dtype=bool)
                best[left[exact]] = True
                keep = exact | ~best[left]
                left, right = left[keep], right[keep]
        return left, right

    def _one(self, scene: Scene, other: Scene, left: NDArray[np.int64], right: NDArray[np.int64]) -> NDArray[np.int64]:
        index = np.full(scene.n, -1, dtype=np.int64)
        if not len(left):
            return index
        taken, _ = (
            combine([value_codes(other.value(r)) for r in self.taken], True) if self.taken else (np.zeros(other.n), 1)
        )
        keys: list[NDArray[np.float64]] = []
        for ref, down in self.order:
            keys.append(sort_ranks(other.value(ref).take(right), down != (self.spec.pick_keep == "last")))
        order = order_rows([left.astype(np.float64), *keys], len(left))
        ordered = left[order]
        starts = np.ones(len(order), dtype=bool)
        starts[1:] = ordered[1:] != ordered[:-1]
        index[ordered[starts]] = right[order[starts]]
        first = tied_with_first(keys, order, starts)
        differ = (first >= 0) & (taken[right[order]] != taken[right[order[first]]])
        if differ.any():
            several = np.zeros(scene.n, dtype=bool)
            several[ordered[differ]] = True
            name = self.spec.table.text if self.spec.table else self.spec.name
            rule = "order-open" if self.order else "join-duplicate"
            scene.run.issue_with(
                scene, rule, several, f"Several different rows of {name} fit; none is taken.", self.left or self.refs,
                self.spec.mark, other, left, right,
            )  # fmt: skip
            index[several] = -1
        return index


def _evened(left: Vector, right: Vector) -> tuple[Vector, Vector]:
    """Key columns with blanks and width evened out for matching."""
    if left.is_text and right.is_text:
        return left.map_texts(fold), right.map_texts(fold)
    return left, right


def _span(vector: Vector) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lowest and the highest that a value can be: a partial date is a span of days, all else a point."""
    if vector.is_text:
        low, high, _ = day_bounds(vector)
        return low, high
    size = np.where(vector.present(), vector.data.astype(np.float64), np.nan)
    return size, size


def _keys(env: Env, spec: JoinSpec) -> list[tuple[Scalar, Scalar]]:
    """Keys of both sides: those said, else the subject; none for a raw source that has no subject."""
    prefix, _, name = spec.table.text.partition(".") if spec.table is not None else ("", "", "")
    source = env.plan.study.raw.get(name) if prefix == "raw" else None
    if not spec.by and source is not None and source.subject is None:
        read = env.plan.raw.get(name)
        if read is not None and "USUBJID" not in read.columns:
            return []
    return list(spec.by) or [(Scalar("USUBJID", spec.mark), Scalar("USUBJID", spec.mark))]


def compile_join(env: Env, spec: JoinSpec) -> CompiledJoin | None:
    """Check a join of a block or of a dataset; faults go to the log."""
    plan = env.plan
    inline = InlineTable(spec.name, spec.rows) if spec.rows else None
    if inline is not None:
        kinds = dict.fromkeys(inline.columns, Kind.TEXT)
        form: TableForm | None = TableForm(inline.key, kinds.get, lambda: list(kinds))
        label = spec.name
    else:
        assert spec.table is not None
        label = spec.table.text
        key = f"{env.dataset.name}/{label}" if label in env.dataset.blocks else label
        form = plan.form(env.dataset, key)
    if form is None:
        env.fault("unknown-table", f"There is no table {label}.", spec.mark, plan.near(label, plan.table_names()))
        return None
    right_scope = TableScope(plan.log, env.scope.study, env.scope.datasets, label, form)
    by = _keys(env, spec)
    if not by and not spec.between:
        env.fault("unknown-column", f"{label} has no USUBJID to join by.", spec.mark,
                  "Say `by`, or the source's `subject`.")  # fmt: skip
        return None
    left, right, loose = [], [], []
    for mine, theirs in by:
        name = mine.text
        if name == "USUBJID" and env.scope.plain(name) is None:
            name = "row.USUBJID"
        a = env.scope.resolve(name, mine.mark)
        their_name = theirs.text
        if their_name in ("USUBJID", "row.USUBJID") and form.kinds("USUBJID") is None:
            their_name = "row.USUBJID"
        b = right_scope.resolve(their_name, theirs.mark)
        if a is None or b is None:
            return None
        if (a.kind is Kind.NUMBER) != (b.kind is Kind.NUMBER):
            env.fault("kind-mismatch", f"{mine.text} is {a.kind}, {theirs.text} {b.kind}: they never match.", mine.mark,
                      "Declare the column's type in its source.")  # fmt: skip
            return None
        left.append(a)
        right.append(b)
        loose.append(frozenset(fold(t.text) for t in spec.any.get(theirs.text, ())))
    between: list[tuple[Ref, Ref, Ref]] = []
    for value, low, high in spec.between:
        at = env.scope.resolve(value.text, value.mark)
        bottom, top = right_scope.resolve(low.text, low.mark), right_scope.resolve(high.text, high.mark)
        if at is None or bottom is None or top is None:
            return None
        if Kind.TEXT in (at.kind, bottom.kind, top.kind):
            env.fault("kind-mismatch", "`between` takes numbers or dates.", value.mark, "Declare the columns' types.")
            return None
        between.append((at, bottom, top))
    pair = PairScope(
        plan.log, env.scope.study, env.scope.datasets, label, left=env.scope, right=right_scope, name=label
    )
    inner = Env(plan, pair, env.dataset, env.target, env.block)
    where = None
    if spec.where is not None:
        where = compile_truth(inner, spec.where, spec.mark)
        if where is None:
            return None
    order = []
    for item in spec.pick_order:
        ref = right_scope.resolve(item.name.text, item.name.mark)
        if ref is None:
            return None
        order.append((ref, item.descending))
    resolved = [right_scope.resolve(column.text, column.mark) for _, column in spec.take]
    taken = tuple(t for t in resolved if t is not None)
    if len(taken) < len(resolved):
        return None
    return CompiledJoin(spec, form, inline, tuple(left), tuple(right), tuple(loose), tuple(between), where,
                        tuple(order), taken)  # fmt: skip
