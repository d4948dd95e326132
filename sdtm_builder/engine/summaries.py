"""Summaries: one value for a record from the records of another dataset, of a block, of its own dataset or group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Rule, Scalar, Vector
from ..values.partial import bounds, is_valid_dtc
from .compiled import Compiled, Env, Use, split_order, texts_of
from .fit import apply_codelist, as_text, fit, read
from .frames import PairFrame, Scene, frame_rows, whole_table
from .keys import expand, group_codes, match_codes, order_rows, sort_ranks, tied_with_first
from .refs import Field, Mine, Other, Ref, Variable
from .rules import text_map
from .scopes import DeriveScope, PairScope, TableForm, TableScope
from .sql import Expression, compile_truth

SUMMARIES = ("first", "last", "min", "max", "sum", "count", "exists")
DAY = 86_400


@dataclass(frozen=True)
class Side:
    """One table that a summary looks at: the variable taken, keys, conditions and order as seen there."""

    table: str
    column: str
    value: Ref | None
    by_mine: tuple[Ref, ...]
    by_theirs: tuple[Ref, ...]
    where: Expression | None
    order: tuple[tuple[Ref, bool], ...]
    own: bool


def compile_summary(env: Env, rule: Rule) -> Compiled | None:
    """`first`, `last`, `min`, `max`, `sum`, `count`, `exists`."""
    names = texts_of(rule.argument)
    if not names:
        env.fault("bad-argument", f"`{rule.operation}` takes a name.", rule.mark)
        return None
    sides = [_side(env, rule, name) for name in names]
    if any(s is None for s in sides):
        return None
    done = [s for s in sides if s is not None]
    limits = [(k, env.name(rule.options[k])) for k in ("at_least", "at_most") if k in rule.options]
    if any(ref is None for _, ref in limits):
        return None
    kinds = {s.value.kind for s in done if s.value is not None}
    kind = _result_kind(env, rule, kinds)
    if kind is None:
        return None
    if not _options_fit(env, rule, kind, [r for _, r in limits if r is not None]):
        return None
    reducer = Reducer(env, rule, done, [(k, r) for k, r in limits if r is not None], kind)
    refs = tuple(
        dict.fromkeys([r for s in done for r in s.by_mine] + [r for _, r in limits if r is not None] + _mine(done))
    )
    uses = []
    for side in done:
        columns = [_column(r) for r in (*side.by_theirs, *(r for r, _ in side.order), *_theirs(side))]
        uses.append(Use(side.table, tuple(c for c in [side.column, *columns] if c)))
    mapping, codelist = text_map(rule.options.get("map")), env.target.codelist
    final = env.target.kind or (kind if mapping is None else Kind.TEXT)
    unmapped, if_none = rule.options.get("unmapped"), rule.options.get("if_none")
    if env.target.kind is Kind.DTC and kind is Kind.TEXT and any(s.table.startswith("raw.") for s in done):
        column = done[0].column
        env.fault("date-needs-date", f"{env.target.name} is a date, {column} is a text.", rule.mark,
                  f"Declare it at its source: columns: {{{column}: {{type: date}}}}.")  # fmt: skip
        return None

    def run(scene: Scene) -> Vector:
        found, none = reducer.run(scene)
        if mapping is not None:
            keep = unmapped.text if isinstance(unmapped, Scalar) else None
            before = as_text(found)
            found = before.map_texts(lambda t: mapping.get(t, keep))
            if keep is None:
                missed = before.present() & ~np.isin(before.strings().astype(str), list(mapping))
                scene.run.issue(scene, "ct-miss", missed, '"{value}" is not in `map`.', refs, rule.mark, before)
        if isinstance(if_none, Scalar) and if_none.text:
            if found.kind is Kind.NUMBER and env.target.kind is not Kind.TEXT:
                found = Vector(Kind.NUMBER, np.where(none, float(if_none.text), found.data))
            else:
                filled = Vector.concat([as_text(found), Vector.constant(if_none.text, 1)])
                found = filled.take(np.where(none, len(found), np.arange(len(found))))
        if codelist is not None and found.is_text:
            found = apply_codelist(scene, found, codelist, refs, rule.mark, env.target.name)
        return fit(scene, found, final, refs, rule.mark)

    return Compiled(rule, final, run, refs, tuple(uses))


def _options_fit(env: Env, rule: Rule, kind: Kind, limits: list[Ref]) -> bool:
    """Whether limits and `if_none` are of the kind of the values; faults are recorded."""
    for ref in limits:
        if (ref.kind is Kind.NUMBER) != (kind is Kind.NUMBER) or ref.kind is Kind.TEXT:
            env.fault("kind-mismatch", f"The values are {kind}, the limit {ref.kind}.", rule.mark)
            return False
    said = rule.options.get("if_none")
    text = "map" in rule.options or env.target.kind is Kind.TEXT
    if isinstance(said, Scalar) and said.text and kind is not Kind.TEXT and not text:
        good = np.isfinite(read(said.text)) if kind is Kind.NUMBER else is_valid_dtc(said.text)
        if not good:
            env.fault("kind-mismatch", f"The values are {kind}, `if_none` is {said.text}.", said.mark)
            return False
    return True


def _result_kind(env: Env, rule: Rule, kinds: set[Kind]) -> Kind | None:
    operation = rule.operation
    if operation == "count":
        return Kind.NUMBER
    if operation == "exists":
        return Kind.TEXT
    if len(kinds) != 1:
        env.fault("kind-mismatch", f"`{operation}` over {' and '.join(sorted(kinds))}.", rule.mark)
        return None
    kind = next(iter(kinds))
    if operation == "sum" and kind is not Kind.NUMBER:
        env.fault("kind-mismatch", f"`sum` takes numbers, not {kind}.", rule.mark, "Use num() in a temporary.")
        return None
    if operation in ("min", "max") and kind is Kind.TEXT:
        env.fault("kind-mismatch", f"`{operation}` takes numbers and dates, not text.", rule.mark)
        return None
    return kind


def _side(env: Env, rule: Rule, name: Scalar) -> Side | None:
    whole = rule.operation in ("count", "exists")
    own, key, column, label = _place(env, name, whole)
    form = env.plan.form(env.dataset, key) if not own or not env.grouped else _group_form(env)
    if form is None or (not whole and form.kinds(column) is None):
        known = [] if form is None else list(form.names())
        env.plan.log.add("unknown-column", f"{label or 'This dataset'} has no {column or name.text}.", name.mark.place,
                         hint=env.plan.near(column or name.text, known))  # fmt: skip
        return None
    right = TableScope(env.plan.log, env.scope.study, env.scope.datasets, label or env.dataset.name, form)
    pair = PairScope(
        env.plan.log, env.scope.study, env.scope.datasets, label, left=env.scope, right=right, name=label, own=own
    )
    inner = Env(env.plan, pair, env.dataset, env.target, env.block)
    where = None
    if "where" in rule.options:
        where = compile_truth(inner, rule.options["where"], rule.mark)
        if where is None:
            return None
    order = []
    for scalar, down in split_order(rule.options.get("order")):
        ref = right.resolve(scalar.text, scalar.mark)
        if ref is None:
            return None
        order.append((ref, down))
    alone = (own and env.grouped) or not _of_subjects(env)
    by = texts_of(rule.options.get("by")) or ([] if alone else [Scalar("USUBJID", rule.mark)])
    mine = [env.scope.resolve(_row_usubjid(b.text, env), b.mark) for b in by]
    theirs = [right.resolve(_their_usubjid(b.text, form), b.mark) for b in by]
    if any(r is None for r in [*mine, *theirs]):
        return None
    if rule.operation in ("first", "last") and not order and not form.one:
        env.fault("order-needed", f"`{rule.operation}` of {name.text} needs an order.", rule.mark)
        return None
    value = None if whole else right.plain(column)
    return Side(key, column if not whole else "", value, tuple(m for m in mine if m), tuple(t for t in theirs if t),
                where, tuple(order), own)  # fmt: skip


def _of_subjects(env: Env) -> bool:
    """Whether the records are of subjects; those of trial design look at all records of the other table."""
    made = env.plan.datasets.get(env.dataset.name)
    return made is None or "USUBJID" in made.built_in


def _row_usubjid(name: str, env: Env) -> str:
    if name == "USUBJID" and not isinstance(env.scope, DeriveScope) and env.scope.plain(name) is None:
        return "row.USUBJID"
    return name


def _their_usubjid(name: str, form: TableForm) -> str:
    raw = form.key.startswith("raw.") and name == "USUBJID" and form.kinds(name) is None
    return "row.USUBJID" if raw else name


def _group_form(env: Env) -> TableForm | None:
    return getattr(env.scope, "base", None)


def _place(env: Env, name: Scalar, whole: bool) -> tuple[bool, str, str, str]:
    """(own, table key, column, how the table is called in `where`)."""
    text = name.text
    if whole:
        if text in env.dataset.blocks:
            return False, f"{env.dataset.name}/{text}", "", text
        return text == env.dataset.name and not env.grouped, text, "", text
    prefix, _, rest = text.partition(".")
    if prefix == "raw" and rest:
        source, _, column = rest.partition(".")
        return False, f"raw.{source}", column, f"raw.{source}"
    if rest and prefix in env.dataset.blocks:
        return False, f"{env.dataset.name}/{prefix}", rest, prefix
    if rest and env.plan.form(env.dataset, prefix) is not None:
        return prefix == env.dataset.name, prefix, rest, prefix
    if env.grouped:
        base = _group_form(env)
        return True, base.key if base else "", text, ""
    return True, env.dataset.name, text, ""


def _mine(sides: list[Side]) -> list[Ref]:
    return [r.ref for s in sides if s.where for r in s.where.refs if isinstance(r, Mine)]


def _theirs(side: Side) -> list[Ref]:
    return [r.ref for r in (side.where.refs if side.where else ()) if isinstance(r, Other)]


def _column(ref: Ref) -> str:
    if isinstance(ref, Field):
        return ref.column
    return ref.name if isinstance(ref, Variable) else ""


@dataclass(frozen=True)
class Reducer:
    """Finds the candidates of each record and reduces them to one value."""

    env: Env
    rule: Rule
    sides: list[Side]
    limits: list[tuple[str, Ref]]
    kind: Kind

    def run(self, scene: Scene) -> tuple[Vector, NDArray[np.bool_]]:
        """The value for each record, and where there was no record at all."""
        groups, values, origin = [], [], []
        by_row = bool(self.limits) or any(s.where is not None and s.where.needs_this for s in self.sides)
        codes, count = self._left_codes(scene, by_row)
        for number, side in enumerate(self.sides):
            theirs = self._scene(scene, side)
            group, rows = self._candidates(scene, side, theirs, codes if by_row else None)
            groups.append(group)
            values.append(theirs.value(side.value).take(rows) if side.value is not None else None)
            origin.append(np.column_stack([np.full(len(rows), number), rows]))
        group = np.concatenate(groups)
        rows = np.concatenate(origin)
        size = scene.n if by_row else count
        return self._reduce(scene, group, values, rows, size, None if by_row else codes)

    def _scene(self, scene: Scene, side: Side) -> Scene:
        if side.own and self.env.grouped:
            return whole_table(scene.run, frame_rows(scene)[0].base)
        return whole_table(scene.run, scene.run.table(side.table))

    def _left_codes(self, scene: Scene, by_row: bool) -> tuple[NDArray[np.int64], int]:
        if by_row or (self.sides[0].own and self.env.grouped):
            return np.arange(scene.n, dtype=np.int64), scene.n
        keys = [scene.value(r) for r in self.sides[0].by_mine]
        if not keys:
            return np.zeros(scene.n, dtype=np.int64), 1
        codes, count = group_codes(keys)
        gone = np.zeros(scene.n, dtype=bool)
        for key in keys:
            gone |= ~key.present()
        return np.where(gone, -1, codes), count

    def _candidates(
        self, scene: Scene, side: Side, theirs: Scene, by_row: NDArray[np.int64] | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """(group, row of the other table) for each record of it that counts."""
        if side.own and self.env.grouped:
            members = scene.run.members(scene)
            left = np.repeat(np.arange(scene.n), np.diff(members.start))
            right = members.rows
        else:
            mine = [scene.value(r) for r in side.by_mine]
            if mine:
                lc, rc, count = match_codes(mine, [theirs.value(r) for r in side.by_theirs])
            else:
                lc, rc, count = np.zeros(scene.n, dtype=np.int64), np.zeros(theirs.n, dtype=np.int64), 1
            if by_row is None:
                groups, _ = self._left_codes(scene, False)
                group_of = np.full(count, -1, dtype=np.int64)
                known = (lc >= 0) & (groups >= 0)
                group_of[lc[known]] = groups[known]
                right = np.flatnonzero(rc >= 0)
                left = group_of[rc[right]]
                right, left = right[left >= 0], left[left >= 0]
            else:
                left, right = expand(lc, rc, count)
        if side.where is not None:
            pairs = PairFrame(scene.run, scene, left, theirs, right)
            truth = side.where.run(pairs).data
            scene.run.unknown_where(scene, int((truth < 0).sum()), self.rule.mark)
            left, right = left[truth == 1], right[truth == 1]
        for how, ref in self.limits:
            value = theirs.value(side.value).take(right) if side.value is not None else None
            if value is not None:
                keep = _within(value, scene.value(ref).take(left), how)
                left, right = left[keep], right[keep]
        return left, right

    def _reduce(
        self,
        scene: Scene,
        group: NDArray[np.int64],
        values: list[Vector | None],
        rows: NDArray[np.int64],
        size: int,
        codes: NDArray[np.int64] | None,
    ) -> tuple[Vector, NDArray[np.bool_]]:
        seen = np.bincount(group, minlength=size) if len(group) else np.zeros(size, dtype=np.int64)
        spread = np.arange(size) if codes is None else codes
        none = np.where(spread < 0, True, seen[spread] == 0) if size else np.ones(scene.n, dtype=bool)
        operation = self.rule.operation
        if operation in ("count", "exists"):
            counted = seen.astype(np.float64)
            scene.run.note_members(scene, self, group, rows, spread)
            if operation == "count":
                data = np.where(spread < 0, 0.0, counted[spread]) if size else np.zeros(scene.n)
                return Vector(Kind.NUMBER, data), none
            return Vector.of_codes(np.where(none, 1, 0), ["Y", ""]), none
        column = Vector.concat([v for v in values if v is not None])
        if operation == "sum":
            data = np.where(np.isnan(column.data), 0.0, column.data)
            total = np.bincount(group, weights=data, minlength=size) if len(group) else np.zeros(size)
            known = np.bincount(group[column.present()], minlength=size) if len(group) else np.zeros(size)
            whole = (known == seen) | (self._said("missing") == "ignored")
            self._say_incomplete(scene, (known > 0) & ~whole, spread)
            total = np.where((known > 0) & whole, np.round(total, 10), np.nan)
            scene.run.note_members(scene, self, group, rows, spread)
            return Vector(
                Kind.NUMBER, np.where(spread < 0, np.nan, total[spread]) if size else np.full(scene.n, np.nan)
            ), none
        if operation in ("first", "last"):
            winner = self._by_order(scene, group, column, rows, size, spread)
        elif self.kind is Kind.DTC:
            winner = self._by_date(scene, group, column, size, spread)
        else:
            winner = _extreme(group, column.ranks(), column.present(), size, operation)
        picked = np.where(spread < 0, -1, winner[spread]) if size else np.full(scene.n, -1)
        scene.run.note_winners(scene, self, rows, picked)
        return column.take(picked), none

    def _by_order(
        self,
        scene: Scene,
        group: NDArray[np.int64],
        column: Vector,
        rows: NDArray[np.int64],
        size: int,
        spread: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        side = self.sides[0]
        if not side.order:
            keys: list[NDArray[np.float64]] = []
        else:
            theirs = self._scene(scene, side)
            taken = [(theirs.value(ref).take(rows[:, 1]), down) for ref, down in side.order]
            last = self.rule.operation == "last"
            keys = [sort_ranks(v, down != last) for v, down in taken]
        order = order_rows([group.astype(np.float64), *keys], len(group))
        ordered = group[order]
        starts = np.ones(len(order), dtype=bool)
        starts[1:] = ordered[1:] != ordered[:-1]
        winner = np.full(size, -1, dtype=np.int64)
        winner[ordered[starts]] = order[starts]
        first = tied_with_first(keys, order, starts)
        codes = column.ranks()
        differ = np.flatnonzero((first >= 0) & (codes[order] != codes[order[first]]))
        if len(differ):
            open_groups = np.zeros(size + 1, dtype=bool)
            open_groups[ordered[differ]] = True
            message = f"`order` leaves records with different values of {self.over} open."
            scene.run.issue(scene, "order-open", open_groups[spread], message, [], self.rule.mark)
            winner[np.flatnonzero(open_groups[:size])] = -1
        return winner

    def _by_date(
        self, scene: Scene, group: NDArray[np.int64], column: Vector, size: int, spread: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Earliest or latest by date; of one day the more precise; a partial date that could win leaves it open.

        `partial`: `ignored` leaves partial dates out, `earliest` and `latest` take the first or last day of one.
        """
        said = self._said("partial")
        ignored = said == "ignored"
        low, high, precise = day_bounds(column)
        usable = column.present() & ((low == high) | (not ignored))
        if said in ("earliest", "latest"):
            low = high = low if said == "earliest" else high
        if not ignored:
            self._say_missing(scene, group, column, size, spread)
        sign = 1.0 if self.rule.operation == "min" else -1.0
        edge = high if self.rule.operation == "min" else low
        stamp = (
            np.unique(column.distinct().astype(str), return_inverse=True)[1] if len(column.distinct()) else np.zeros(0)
        )
        text_rank = np.append(stamp.astype(np.float64), np.inf)[column.data]
        rank_day = np.where(usable, sign * edge, np.inf)
        order = order_rows([group.astype(np.float64), rank_day, -precise, sign * text_rank], len(group))
        order = order[usable[order]]
        ordered = group[order]
        starts = np.ones(len(order), dtype=bool)
        starts[1:] = ordered[1:] != ordered[:-1]
        winner = np.full(size, -1, dtype=np.int64)
        winner[ordered[starts]] = order[starts]
        if not ignored and len(order):
            best = np.full(size, np.inf)
            best[ordered[starts]] = sign * edge[order[starts]]
            other = low if self.rule.operation == "min" else high
            could = usable & (sign * other < best[group])
            could[winner[winner >= 0]] = False
            could &= text_rank != text_rank[winner[group]]
            unsure = np.zeros(size + 1, dtype=bool)
            unsure[group[could]] = True
            if unsure.any():
                message = (
                    f"A partial date leaves the {'earliest' if sign > 0 else 'latest'} of {self.over} open."
                )
                scene.run.issue(scene, "date-open", unsure[spread], message, [], self.rule.mark)
                winner[np.flatnonzero(unsure[:size])] = -1
        return winner

    @property
    def over(self) -> str:
        """What is summarised, for messages."""
        return ", ".join(name.text for name in texts_of(self.rule.argument))

    def _say_incomplete(self, scene: Scene, open_: NDArray[np.bool_], spread: NDArray[np.int64]) -> None:
        """A record without a number leaves the sum of the others short of it by nobody knows how much."""
        at = np.append(open_, False)[spread]
        if at.any():
            message = f"A record without {self.over} leaves the sum open; `missing: ignored` sums the others."
            scene.run.issue(scene, "sum-incomplete", at, message, [], self.rule.mark)

    def _say_missing(
        self, scene: Scene, group: NDArray[np.int64], column: Vector, size: int, spread: NDArray[np.int64]
    ) -> None:
        """A record without any date might be the earliest or the latest: it weighs more than a partial date."""
        seen, gone = np.zeros(size + 1, dtype=bool), np.zeros(size + 1, dtype=bool)
        seen[group[column.present()]] = True
        gone[group[~column.present()]] = True
        what = "earliest" if self.rule.operation == "min" else "latest"
        message = f"A record without {', '.join(s.text for s in texts_of(self.rule.argument))} might be the {what}."
        scene.run.issue(scene, "date-missing", (seen & gone)[spread], message, [], self.rule.mark)

    def _said(self, option: str) -> str:
        node = self.rule.options.get(option)
        return node.text if isinstance(node, Scalar) else ""


def _extreme(
    group: NDArray[np.int64], ranks: NDArray[np.float64], present: NDArray[np.bool_], size: int, how: str
) -> NDArray[np.int64]:
    key = np.where(present, ranks if how == "min" else -ranks, np.inf)
    order = order_rows([group.astype(np.float64), key], len(group))
    order = order[present[order]]
    ordered = group[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    winner = np.full(size, -1, dtype=np.int64)
    winner[ordered[starts]] = order[starts]
    return winner


def day_bounds(column: Vector) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """First and last day that a DTC, date or datetime can mean, and how precise it is (NaN days where missing)."""
    if column.is_text:
        found = bounds(column.distinct())
        low = np.append(np.floor_divide(found.earliest, DAY).astype(np.float64), np.nan)[column.data]
        high = np.append(np.floor_divide(found.latest, DAY).astype(np.float64), np.nan)[column.data]
        precise = np.append(np.array([len(t) for t in column.distinct()], dtype=np.float64), 0.0)[column.data]
        return low, high, precise
    days: NDArray[Any] = column.data if column.kind is not Kind.DATETIME else np.floor_divide(column.data, DAY)
    out = np.where(column.present(), days.astype(np.float64), np.nan)
    return out, out, np.ones(len(column))


def _within(value: Vector, limit: Vector, how: str) -> NDArray[np.bool_]:
    """Values surely not beyond a limit, as far as either is known; a missing limit does not limit."""
    if value.kind is Kind.NUMBER:
        low = high = value.data
        at: NDArray[Any] = limit.data
    else:
        low, high, _ = day_bounds(value)
        at = day_bounds(limit)[0 if how == "at_most" else 1]
    inside = high <= at if how == "at_most" else low >= at
    return np.asarray(inside | (np.isnan(at) & ~np.isnan(low)))
