"""The graph of records and variables: what needs what, cycles as chains of file:line, the order chosen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ..model import Mark
from .blocks import BlockPlan
from .compiled import Compiled, Use
from .parameters import start_names
from .plan import Plan
from .refs import Field, OfSubject, Ref, Variable, leaves


class Node(NamedTuple):
    """The records of a block (`name` "") or a variable of it."""

    dataset: str
    block: str
    name: str

    def __str__(self) -> str:
        return f"{self.dataset}/{self.block}.{self.name}" if self.name else f"{self.dataset}/{self.block}"


class Graph:
    """Nodes and edges of a plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.needs: dict[Node, tuple[Node, ...]] = {}
        for made in plan.datasets.values():
            for block in made.spec.blocks:
                self._add(Node(made.name, block, ""))
                for name in made.names:
                    self._add(Node(made.name, block, name))

    def _add(self, node: Node) -> None:
        self.needs[node] = tuple(dict.fromkeys(self._edges(node)))

    def _edges(self, node: Node) -> Iterator[Node]:
        made = self.plan.datasets[node.dataset]
        block = made.blocks[node.block]
        if not node.name:
            yield from self._record_edges(block)
            return
        yield Node(node.dataset, node.block, "")
        rules = [made.rule(node.block, node.name)]
        rules += [e.rules.get(node.name) for e in block.entries]
        if any(node.name in t.constants for t in made.spec.tests.values()):
            yield Node(node.dataset, node.block, made.topic_code())
        for rule in rules:
            if rule is not None:
                yield from self._rule_edges(node.dataset, node.block, rule)

    def _rule_edges(self, dataset: str, block: str, rule: Compiled) -> Iterator[Node]:
        blocks = list(self.plan.datasets[dataset].spec.blocks) if rule.whole else [block]
        for b in blocks:
            if rule.whole:
                yield Node(dataset, b, "")
            for ref in rule.refs:
                yield from self._ref(dataset, b, ref)
            if rule.ordered:
                for part in self.plan.parts_before(dataset):
                    yield from self._records(part)
                for key in self.plan.datasets[dataset].spec.keys:
                    if key.name.text in self.plan.datasets[dataset].names:
                        yield Node(dataset, b, key.name.text)
        for use in rule.uses:
            yield from self._use(use)

    def _record_edges(self, block: BlockPlan) -> Iterator[Node]:
        dataset = block.dataset.name
        for source in (s for s in block.spec.sources if s.text != dataset):
            key = f"{dataset}/{source.text}" if source.text in block.dataset.spec.blocks else source.text
            yield from self._records(key)
        for use in block.maker_uses():
            yield from self._use(use)
        refs: list[Ref] = [*block.one_per, *(r for r, _ in block.order), *block.group]
        for condition in (block.where, block.not_done, *(e.where for e in block.entries)):
            refs += condition.refs if condition is not None else ()
        for join in block.joins.values():
            refs += join.refs
            if join.inline is None:
                yield from self._use(Use(join.form.key, join.columns()))
        result = f"{block.dataset.spec.letters}ORRES"
        rules = [e.rules.get(result) for e in block.entries]
        topic = block.dataset.topic()
        if topic in block.spec.rules:
            rules.append(block.dataset.rule(block.name, topic))
        for rule in rules:
            if rule is not None:
                refs += rule.refs
                for use in rule.uses:
                    yield from self._use(use)
        for ref in refs:
            yield from self._ref(dataset, block.name, ref)
        if block.spec.parameter is not None:
            yield from self._start_edges(block)

    def _start_edges(self, block: BlockPlan) -> Iterator[Node]:
        """The records of a parameter are those whose start is known: they need what it is made of."""
        for rule in start_names(block.dataset, block.name):
            for ref in rule.refs:
                if not isinstance(leaves(ref), Variable):
                    yield from self._ref(block.dataset.name, block.name, ref)
            for use in rule.uses:
                yield from self._use(use)

    def _ref(self, dataset: str, block: str, ref: Ref) -> Iterator[Node]:
        inner = leaves(ref)
        if isinstance(inner, Variable):
            yield Node(dataset, block, inner.name)
        elif isinstance(inner, OfSubject):
            yield from self._use(Use(inner.dataset, ("USUBJID", inner.name)))
        elif isinstance(inner, Field):
            join = self.plan.datasets[dataset].joins.get(inner.via)
            if join is not None and inner.via not in self.plan.datasets[dataset].blocks[block].joins:
                for mine in join.refs:
                    yield from self._ref(dataset, block, mine)
                for mine in join.where.refs if join.where is not None else ():
                    if not isinstance(leaves(mine), Field):
                        yield from self._ref(dataset, block, mine)
                yield from self._use(Use(join.form.key, join.columns()))
            for key in inner.table.split("+"):
                yield from self._use(Use(key, (inner.column,)))

    def _records(self, key: str) -> Iterator[Node]:
        name, _, only = key.partition("/")
        if name in self.plan.datasets:
            for block in [only] if only else self.plan.datasets[name].spec.blocks:
                yield Node(name, block, "")

    def _use(self, use: Use) -> Iterator[Node]:
        name, _, only = use.table.partition("/")
        if name not in self.plan.datasets:
            return
        yield from self._records(use.table)
        for block in [only] if only else self.plan.datasets[name].spec.blocks:
            for column in use.columns:
                if column in self.plan.datasets[name].names:
                    yield Node(name, block, column)

    # order and cycles

    def order(self) -> list[Node]:
        """All nodes, each after what it needs; cycles are recorded as faults."""
        state: dict[Node, int] = {}
        out: list[Node] = []
        for root in self.needs:
            if root not in state:
                self._visit(root, state, out)
        return out

    def _visit(self, root: Node, state: dict[Node, int], out: list[Node]) -> None:
        path: list[tuple[Node, Iterator[Node]]] = [(root, iter(self.needs.get(root, ())))]
        state[root] = 1
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                state[node] = 2
                out.append(node)
            elif state.get(following) == 1:
                chain = [n for n, _ in path]
                self._cycle([*chain[chain.index(following) :], following])
            elif following not in state and following in self.needs:
                state[following] = 1
                path.append((following, iter(self.needs[following])))

    def _cycle(self, chain: list[Node]) -> None:
        said = " -> ".join(f"{n} ({self.mark(n)})" for n in chain)
        self.plan.log.add("cycle", f"These need each other: {said}.", self.mark(chain[0]).place)

    def mark(self, node: Node) -> Mark:
        """Where a node is said."""
        made = self.plan.datasets[node.dataset]
        rule = made.rule(node.block, node.name) if node.name else None
        if rule is not None:
            return rule.rule.mark
        return made.spec.blocks[node.block].mark

    def after_order(self, dataset: str) -> frozenset[str]:
        """Variables of a dataset that depend, however indirectly, on its total order (--SEQ and what uses it)."""
        made = self.plan.datasets[dataset]
        found: set[Node] = set()
        for block in made.spec.blocks:
            for name in made.names:
                rule = made.rule(block, name)
                if rule is not None and rule.ordered:
                    found.add(Node(dataset, block, name))
        users: dict[Node, list[Node]] = {}
        for node, needs in self.needs.items():
            for need in needs:
                users.setdefault(need, []).append(node)
        waiting = list(found)
        while waiting:
            for user in users.get(waiting.pop(), ()):
                if user not in found:
                    found.add(user)
                    waiting.append(user)
        return frozenset(n.name for n in found if n.dataset == dataset and n.name)


def describe(nodes: Iterable[Node]) -> list[str]:
    """The order as lines, for `explain --order`."""
    return [str(n) for n in nodes]
