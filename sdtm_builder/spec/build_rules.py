"""Rules, joins and what else several parts of the specification share, as typed values from checked trees."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..model import Branch, JoinSpec, ListNode, MapNode, Node, NotDone, Rule, Scalar
from .arguments import child, entries, order_items, pairs, scalar, scalars, text
from .operations import META, OperationForm, operations_in

Operations = Mapping[str, OperationForm]


def build_rule(node: Node, operations: Operations, functions: Iterable[str] = ()) -> Rule | None:
    """The rule that a checked node is: a bare name is `from`."""
    if isinstance(node, Scalar):
        return Rule("from", node, mark=node.mark)
    if not isinstance(node, MapNode):
        return None
    found = operations_in(node, operations, functions)
    if len(found) != 1:
        return None
    name = found[0]
    form = operations.get(name)
    own = set(form.options) if form else set(node.items) - {*META, "blocks"}
    options = {k: v for k, v in node.items.items() if k != name and k in own}
    meta = {k: v for k, v in node.items.items() if k in META and k not in options}
    blocks = scalars(node.get("blocks"))
    if name == "case":
        branches = build_branches(node.items[name], operations, functions)
        return Rule(name, None, options, branches, meta, blocks, node.mark)
    return Rule(name, node.items[name], options, (), meta, blocks, node.mark)


def build_branches(node: Node, operations: Operations, functions: Iterable[str]) -> tuple[Branch, ...]:
    """The branches of a `case`, in their order."""
    branches = []
    for item in node.items if isinstance(node, ListNode) else (node,):
        if not isinstance(item, MapNode):
            continue
        items = {k: v for k, v in item.items.items() if k != "when"}
        rule = build_rule(MapNode(items, {k: item.keys[k] for k in items}, item.mark), operations, functions)
        if rule is not None:
            branches.append(Branch(scalar(item.get("when")), rule, item.mark))
    return tuple(branches)


def build_rules(node: Node | None, operations: Operations, functions: Iterable[str] = ()) -> dict[str, Rule]:
    """Variable -> rule of a checked map; those that were not sound are left out."""
    rules = {key: build_rule(value, operations, functions) for key, value in entries(node).items()}
    return {key: rule for key, rule in rules.items() if rule is not None}


def build_not_done(node: Node | None) -> NotDone | None:
    """When a result was not done."""
    if not isinstance(node, MapNode):
        return None
    return NotDone(scalars(node.get("result")), scalar(node.get("when")), node.mark)


def build_join(name: str, node: MapNode) -> JoinSpec | None:
    """A join of a block or dataset; None if its table was not sound."""
    with_ = node.get("with")
    rows: tuple[tuple[Scalar, ...], ...] = ()
    if isinstance(with_, MapNode):
        table = with_.get("table")
        rows = tuple(scalars(row) for row in table.items) if isinstance(table, ListNode) else ()
    if with_ is None or (isinstance(with_, MapNode) and not rows):
        return None
    by_left = node.keys
    between = child(node, "between")
    return JoinSpec(
        name=name,
        table=scalar(with_),
        rows=rows,
        where=scalar(node.get("where")),
        by=pairs(node.get("by")),
        between=tuple(
            (Scalar(left, between.keys[left] if isinstance(between, MapNode) else by_left["between"]), ends[0], ends[1])
            for left, ends in ((k, scalars(v)) for k, v in entries(between).items())
            if len(ends) == 2
        ),
        any={k: scalars(v) for k, v in entries(node.get("any")).items()},
        take=tuple((new.text, old) for new, old in pairs(node.get("take"))),
        pick_order=order_items(child(node, "pick", "order")),
        pick_keep=text(child(node, "pick", "keep")),
        unmatched=text(node.get("unmatched"), "issue"),
        orphans=text(node.get("orphans"), "ok"),
        blocks=scalars(node.get("blocks")),
        mark=node.mark,
    )


def build_joins(node: Node | None) -> dict[str, JoinSpec]:
    """Name -> join of a checked map."""
    joins = {k: build_join(k, v) for k, v in entries(node).items() if isinstance(v, MapNode)}
    return {k: join for k, join in joins.items() if join is not None}
