"""What `graph.json` says: of each dataset its blocks, joins and what makes each variable; of a source its columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..model import RawTable, SourceSpec
from .blocks import BlockPlan
from .finish import Built
from .methods import Methods
from .pieces import Group, Made, piece_of
from .ruletext import join_facts, piece_facts, ref_facts
from .run import Run
from .variables import DatasetPlan

VERSION = 1


def graph_facts(run: Run, built: Sequence[Built]) -> dict[str, Any]:
    """The graph of a build, as plain data."""
    methods = Methods(run.plan)
    datasets: dict[str, Any] = {}
    for dataset in built:
        if dataset.parent:
            datasets[dataset.name] = {
                "label": dataset.label, "keys": list(dataset.keys), "parent": dataset.parent,
                "qualifiers": dict(dataset.qualifiers), "variables": [v.name for v in dataset.variables],
            }  # fmt: skip
        else:
            datasets[dataset.name] = _dataset(run, run.plan.datasets[dataset.name], dataset, methods)
    for name, columns in run.given.items():
        datasets[name] = {"label": "", "keys": [], "given": True, "variables": list(columns)}
    found: dict[str, Any] = {"version": VERSION, "study": run.study.id, "datasets": datasets}
    found["sources"] = {name: _source(run.study.raw[name], table) for name, table in run.raw.items()}
    subjects, made = run.study.subjects, run.plan.usubjid
    if subjects is not None and made is not None:
        found["register"] = {
            "source": subjects.register.text.removeprefix("raw."), "rule": subjects.usubjid.text,
            "columns": [f["column"] for f in (ref_facts(run.plan, r) for r in made.refs) if f["is"] == "column"],
            "file": subjects.usubjid.mark.file, "line": subjects.usubjid.mark.line,
            "same_person": {later: first.text for later, first in subjects.same_person.items()},
        }  # fmt: skip
    return found


def _source(spec: SourceSpec, table: RawTable) -> dict[str, Any]:
    found: dict[str, Any] = {"file": spec.mark.file, "line": spec.mark.line}
    for key, scalar in (("subject", spec.subject), ("visit", spec.visit), ("date", spec.date)):
        if scalar is not None:
            found[key] = scalar.text
    if spec.key:
        found["key"] = [column.text for column in spec.key]
    corrected = [
        {"column": c.column, "rows": c.rows.tolist(), "value": c.value, "reason": c.reason, "file": c.mark.file,
         "line": c.mark.line}
        for c in table.facts.get("corrected", ())
    ]  # fmt: skip
    return {**found, "corrected": corrected} if corrected else found


def _dataset(run: Run, plan: DatasetPlan, built: Built, methods: Methods) -> dict[str, Any]:
    found: dict[str, Any] = {
        "label": built.label, "domain": built.domain, "keys": list(built.keys), "file": plan.spec.file,
        "variables": [v.name for v in built.variables], "qualifiers": plan.qualifiers(),
        "topic_code": plan.topic_code(),
    }  # fmt: skip
    if continued := {v.name: v.continues for v in built.variables if v.continues}:
        found["continues"] = continued
    if plan.joins:
        found["joins"] = {name: join_facts(join) for name, join in plan.joins.items()}
    constants = {}
    for code, test in plan.spec.tests.items():
        made = {n: piece_of(plan, n, Group(next(iter(plan.blocks)), -1, code)) for n in test.constants if plan.blocks}
        constants[code] = {n: piece_facts(run.plan, methods, p) for n, p in made.items()}
    if constants:
        found["tests"] = constants
    found["blocks"] = {name: _block(run, block, methods) for name, block in plan.blocks.items()}
    return found


def _block(run: Run, block: BlockPlan, methods: Methods) -> dict[str, Any]:
    spec, plan = block.spec, block.dataset
    found: dict[str, Any] = {
        "sources": [s.text for s in spec.sources], "file": spec.mark.file, "line": spec.mark.line,
    }  # fmt: skip
    if spec.make is not None:
        origins = [n for n in run.frame(plan.name, block.name).joins if n not in block.joins]
        uses = [{"table": use.table, "columns": list(use.columns)} for use in block.maker_uses()]
        found["make"] = {"name": spec.make.name.text, "origins": origins, "uses": uses}
    if spec.where is not None:
        found |= {"where": spec.where.text, "why": spec.why}
    if spec.one_per_by:
        found["one_per"] = [s.text for s in spec.one_per_by]
    if spec.group:
        found["group"] = [s.text for s in spec.group]
    if block.joins:
        found["joins"] = {name: join_facts(join) for name, join in block.joins.items()}
    found["variables"] = {}
    for name in plan.names:
        piece = piece_of(plan, name, Group(block.name))
        if piece.made is not Made.NOTHING:
            found["variables"][name] = piece_facts(run.plan, methods, piece)
    if block.entries:
        found["entries"] = [_entry(run, block, number, methods) for number in range(len(block.entries))]
    return found


def _entry(run: Run, block: BlockPlan, number: int, methods: Methods) -> dict[str, Any]:
    entry, plan = block.entries[number], block.dataset
    names = [n for n in (plan.topic_code(), f"{plan.spec.letters}STAT", *entry.rules) if n in plan.names]
    made = {n: piece_of(plan, n, Group(block.name, number)) for n in dict.fromkeys(names)}
    return {
        "testcd": entry.testcd, "column": entry.column,
        "variables": {n: piece_facts(run.plan, methods, p) for n, p in made.items() if p.made is not Made.NOTHING},
    }  # fmt: skip
