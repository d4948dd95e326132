"""A dataset file as typed values, from its checked tree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model import (
    BlockSpec,
    DatasetSpec,
    MakeSpec,
    MapNode,
    Node,
    Rule,
    Scalar,
    TestEntry,
    TestSpec,
    ValueSpec,
    VariableSpec,
)
from .arguments import bounds, child, entries, order_items, scalar, scalar_map, scalars, text, truth, whole
from .build_parameters import build_parameters, parameter_blocks
from .build_rules import Operations, build_joins, build_not_done, build_rules
from .schema_dataset import BLOCK, TEST, TEST_ENTRY


@dataclass(frozen=True, slots=True)
class DatasetBuilder:
    """Builds dataset specifications with the operations and Python functions in force."""

    operations: Operations
    functions: tuple[str, ...] = ()

    def build(self, node: MapNode, standard: Literal["sdtm", "adam"], file: str, tree: MapNode) -> DatasetSpec | None:
        """The dataset; None if it has no sound name. `tree` is what `show` prints, `file` the mapping's name."""
        name = text(node.get("dataset"))
        if not name:
            return None
        core = node.get("core")
        parameters = node.get("parameters")
        return DatasetSpec(
            name=name,
            domain=text(node.get("domain"), name),
            standard=standard,
            klass=text(node.get("class")),
            label=text(node.get("label")),
            structure=text(node.get("structure")),
            blocks=parameter_blocks(build_parameters(parameters, self.operations, self.functions))
            | {k: self.block(k, v) for k, v in entries(node.get("records")).items() if isinstance(v, MapNode)},
            joins=build_joins(node.get("join")),
            tests={k: build_test(k, v) for k, v in entries(node.get("tests")).items() if isinstance(v, MapNode)},
            derive=self.rules(node.get("derive")),
            variables={
                k: build_variable(k, v) for k, v in entries(node.get("variables")).items() if isinstance(v, MapNode)
            },
            parameters=parameters if isinstance(parameters, MapNode) else None,
            core=scalars(core) if core is not None else None,
            without=scalars(node.get("without")),
            keys=order_items(node.get("keys")),
            expect=scalar_map(node.get("expect")),
            comment=text(node.get("comment")),
            write=text(node.get("write")),
            tree=tree,
            file=file,
            mark=tree.mark,
        )

    def rules(self, node: Node | None) -> dict[str, Rule]:
        """Variable -> rule."""
        return build_rules(node, self.operations, self.functions)

    def block(self, name: str, node: MapNode) -> BlockSpec:
        """One block; what it copies are `from` rules."""
        make = node.get("make")
        spec = None
        if isinstance(make, Scalar):
            spec = MakeSpec(make, {k: v for k, v in node.items.items() if k not in BLOCK.keys}, make.mark)
        rules: dict[str, Rule] = {}
        for one in scalars(node.get("copy")):
            rules.setdefault(one.text, Rule("from", one, mark=one.mark))
        for variable, rule in self.rules(node.get("set")).items():
            rules.setdefault(variable, rule)
        return BlockSpec(
            name=name,
            sources=scalars(node.get("from")),
            make=spec,
            where=scalar(node.get("where")),
            why=text(node.get("why")),
            one_per_by=scalars(child(node, "one_per", "by")),
            one_per_order=order_items(child(node, "one_per", "order")),
            one_per_keep=text(child(node, "one_per", "keep")),
            joins=build_joins(node.get("join")),
            group=scalars(node.get("group")),
            transpose={
                k: self.entry(k, v) for k, v in entries(node.get("transpose")).items() if isinstance(v, MapNode)
            },
            not_done=build_not_done(node.get("not_done")),
            rules=rules,
            mark=node.mark,
        )

    def entry(self, key: str, node: MapNode) -> TestEntry:
        """One entry of `transpose`."""
        rules = {k: v for k, v in node.items.items() if k not in TEST_ENTRY.keys}
        return TestEntry(
            key=key,
            testcd=text(node.get("testcd"), key),
            rules=self.rules(MapNode(rules, {k: node.keys[k] for k in rules}, node.mark)),
            where=scalar(node.get("where")),
            not_done=build_not_done(node.get("not_done")),
            mark=node.keys.get("testcd", node.mark),
        )


def build_test(testcd: str, node: MapNode) -> TestSpec:
    """What a test is."""
    return TestSpec(
        testcd=testcd,
        unit=text(node.get("unit")),
        digits=whole(node.get("digits")),
        factor=text(node.get("factor")),
        limits=bounds(node.get("limits")),
        possible=bounds(node.get("possible")),
        codelist=node.get("codelist"),
        comment=text(node.get("comment")),
        constants={k: v for k, v in scalar_map(node).items() if k not in TEST.keys},
        mark=node.mark,
    )


def build_variable(name: str, node: MapNode) -> VariableSpec:
    """What is true of a variable."""
    values = node.get("values")
    return VariableSpec(
        name=name,
        label=text(node.get("label")),
        type=text(node.get("type")),
        length=whole(node.get("length")),
        format=text(node.get("format")),
        digits=whole(node.get("digits")),
        codelist=node.get("codelist"),
        evaluator=text(node.get("evaluator")),
        mandatory=truth(node.get("mandatory")),
        comment=text(node.get("comment")),
        values=tuple(build_value(v) for v in getattr(values, "items", ()) if isinstance(v, MapNode) and "where" in v),
        mark=node.mark,
    )


def build_value(node: MapNode) -> ValueSpec:
    """Value level metadata added by hand."""
    where = node.items["where"]
    return ValueSpec(
        where=where if isinstance(where, Scalar) else Scalar("", node.mark),
        type=text(node.get("type")),
        length=whole(node.get("length")),
        digits=whole(node.get("digits")),
        codelist=node.get("codelist"),
        origin=node.get("origin"),
        method=text(node.get("method")),
        comment=text(node.get("comment")),
        mark=node.mark,
    )
