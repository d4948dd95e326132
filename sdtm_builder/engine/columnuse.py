"""Which raw columns a build uses, and for what: rules, joins, conditions, and the declarations of sources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from .. import expr
from ..model import Kind, MapNode, Scalar, SourceSpec
from .blocks import BlockPlan
from .compiled import Compiled
from .joins import CompiledJoin
from .pieces import Group, Made, piece_of
from .plan import Plan
from .refs import Field, Ref, RowFact, leaves
from .variables import DatasetPlan

Uses = dict[tuple[str, str], dict[str, None]]
"""(source, column) -> what uses it, in the order found."""


def column_uses(plan: Plan) -> Uses:
    """What uses each raw column: `AE.AETERM`, `AE where`, `DM join death`, `USUBJID`, `visits`, `key` ..."""
    found: Uses = {}

    def add(source: str, column: str, user: str) -> None:
        found.setdefault((source, column), {}).setdefault(user)

    for name, spec in plan.study.raw.items():
        for column, user in _declared(plan, spec):
            add(name, column, user)
    for user, ref in _subject_refs(plan):
        _add_ref(add, user, ref)
    for dataset in plan.datasets.values():
        for user, ref in _dataset_refs(dataset):
            _add_ref(add, user, ref)
        for user, table, columns in _dataset_uses(dataset):
            for column in columns:
                _add_ref(add, user, _field(table, column))
    for source, column, user in _corrections(plan):
        add(source, column, user)
    return found


def _field(table: str, column: str) -> Field:
    return Field(Kind.TEXT, table, column)


def _add_ref(add: Callable[[str, str, str], None], user: str, ref: Ref) -> None:
    inner = leaves(ref)
    if isinstance(inner, Field):
        for key in inner.table.split("+"):
            if key.startswith("raw."):
                add(key[4:], inner.column, user)


# declarations of a source


def _declared(plan: Plan, spec: SourceSpec) -> Iterator[tuple[str, str]]:
    if spec.subject is not None:
        yield spec.subject.text, "USUBJID"
    for scalar in (spec.visit, spec.date):
        if scalar is not None:
            yield scalar.text, "visits" if spec.visit is not None else "date"
    for scalar in spec.key:
        yield scalar.text, "key"
    conditions = [("footer", spec.footer), ("where", spec.where), ("supersedes", spec.supersedes)]
    conditions += [(f"expect {k}", v) for k, v in spec.expect.items()]
    for user, text in conditions:
        for column in _names(text, plan.raw[spec.name].columns if spec.name in plan.raw else ()):
            yield column, user


def _names(text: Scalar | None, columns: Iterable[str]) -> list[str]:
    """Columns that an expression over a source's rows names."""
    parsed = expr.parse(text.text) if text is not None else []
    if isinstance(parsed, list):
        return []
    listed = set(columns)
    full = [(".".join(name.parts), name.parts[-1]) for name in expr.names(parsed)]
    return [whole if whole in listed else last for whole, last in full if whole in listed or last in listed]


def _subject_refs(plan: Plan) -> Iterator[tuple[str, Ref]]:
    for ref in plan.usubjid.refs if plan.usubjid is not None else ():
        yield "USUBJID", ref


def _corrections(plan: Plan) -> Iterator[tuple[str, str, str]]:
    for entry in plan.study.corrections:
        source, where = _text(entry, "source").removeprefix("raw."), entry.get("where")
        columns = plan.raw[source].columns if source in plan.raw else ()
        for column in _names(where if isinstance(where, Scalar) else None, columns):
            yield source, column, "correction"


def _text(entry: MapNode, key: str) -> str:
    node = entry.get(key)
    return node.text if isinstance(node, Scalar) else ""


# rules, joins, conditions of datasets


def _dataset_refs(plan: DatasetPlan) -> Iterator[tuple[str, Ref]]:
    for user, made in _rules(plan):
        for ref in made.refs:
            yield user, ref
    for name, join in plan.joins.items():
        yield from _join_refs(f"{plan.name} join {name}", join)
    for block in plan.blocks.values():
        yield from _block_refs(plan, block)
        for entry in block.entries:
            for variable, rule in entry.rules.items():
                if entry.column and rule is not None and any(isinstance(leaves(r), RowFact) for r in rule.refs):
                    yield f"{plan.name}.{variable}", _field(block.base().key, entry.column)
    for label, expected in plan.expects.items():
        for ref in expected.refs:
            yield f"{plan.name} expect {label}", ref


def _rules(plan: DatasetPlan) -> Iterator[tuple[str, Compiled]]:
    for block in plan.blocks.values():
        for name in plan.names:
            piece = piece_of(plan, name, Group(block.name))
            if piece.made is Made.RULE and piece.compiled is not None:
                yield f"{plan.name}.{name}", piece.compiled
        for entry in block.entries:
            for name, rule in entry.rules.items():
                if rule is not None:
                    yield f"{plan.name}.{name}", rule


def _dataset_uses(plan: DatasetPlan) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for user, made in _rules(plan):
        for use in made.uses:
            yield user, use.table, use.columns


def _block_refs(plan: DatasetPlan, block: BlockPlan) -> Iterator[tuple[str, Ref]]:
    steps: list[tuple[str, Iterable[Ref]]] = [
        ("where", block.where.refs if block.where is not None else ()),
        ("one_per", [*block.one_per, *(ref for ref, _ in block.order)]),
        ("group", block.group),
        ("not_done", block.not_done.refs if block.not_done is not None else ()),
    ]
    for entry in block.entries:
        for condition, word in ((entry.where, "where"), (entry.not_done, "not_done")):
            steps.append((word, condition.refs if condition is not None else ()))
    for word, refs in steps:
        for ref in refs:
            yield f"{plan.name} {word}", ref
    for name, join in block.joins.items():
        yield from _join_refs(f"{plan.name} join {name}", join)


def _join_refs(user: str, join: CompiledJoin) -> Iterator[tuple[str, Ref]]:
    conditions = join.where.refs if join.where is not None else ()
    between = [ref for three in join.between for ref in three]
    for ref in (*join.left, *join.right, *between, *conditions, *(r for r, _ in join.order)):
        yield user, ref
