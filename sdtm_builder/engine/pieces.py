"""Which rule makes a variable for which records: by block, transposed column and test."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Rule
from ..values.codes import combine, value_codes
from .compiled import Compiled
from .parameters import rule_scope
from .scopes import Scope
from .variables import DatasetPlan

if TYPE_CHECKING:
    from .blocks import EntryPlan
    from .run import Run


class Made(StrEnum):
    """What makes a variable: a rule, or one of the ways that need none."""

    RULE = "rule"
    BUILT_IN = "built in"
    CONSTANT = "constant of the test"
    CODE = "code of a transposed column"
    STATUS = "not done"
    MAKER = "record maker"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Group:
    """Records that one rule of each variable makes: a block, a transposed column of it (-1: none), a test."""

    block: str
    entry: int = -1
    test: str = ""


@dataclass(frozen=True)
class Piece:
    """What makes a variable in a group; `compiled` and `rule` for Made.RULE, with the scope of the rule's names."""

    made: Made
    dataset: DatasetPlan
    name: str
    group: Group
    rule: Rule | None = None
    compiled: Compiled | None = None
    scope: Scope | None = None

    @property
    def column(self) -> str:
        """The column that a `*` entry stands for, "" for others."""
        entry = entry_of(self.dataset, self.group)
        return entry.column if entry is not None else ""


def entry_of(plan: DatasetPlan, group: Group) -> EntryPlan | None:
    """The transposed column of a group."""
    return plan.blocks[group.block].entries[group.entry] if group.block and group.entry >= 0 else None


def piece_of(plan: DatasetPlan, name: str, group: Group) -> Piece:
    """What makes a variable for the records of a group.

    In the order of precedence: the constant of the record's test, the transposed column's own rule, the block's, the
    dataset's or the default one (language, section 7).
    """
    block = plan.blocks[group.block]
    if name in plan.built_in:
        return Piece(Made.BUILT_IN, plan, name, group)
    test = plan.spec.tests.get(group.test)
    if test is not None and name in test.constants:
        return Piece(Made.CONSTANT, plan, name, group)
    entry = entry_of(plan, group)
    if entry is not None:
        if name == plan.topic_code():
            return Piece(Made.CODE, plan, name, group)
        compiled = entry.rules.get(name)
        if compiled is not None:
            scope = block.env(name, group=False).scope
            return Piece(Made.RULE, plan, name, group, entry.spec.rules[name], compiled, scope)
        if name == f"{plan.spec.letters}STAT":
            return Piece(Made.STATUS, plan, name, group)
    compiled = plan.rule(group.block, name)
    if compiled is None:
        return Piece(Made.MAKER if block.spec.make is not None else Made.NOTHING, plan, name, group)
    given = block.spec.make is not None and name not in plan.spec.derive and block.base().kinds(name) is not None
    own = given or name in block.spec.rules or any(compiled.rule is r for r in block.spec.rules.values())
    scope = block.env(name).scope if own else plan.scope()
    if compiled.rule is block.spec.derive.get(name):
        scope = rule_scope(plan, group.block, name)
    return Piece(Made.RULE, plan, name, group, compiled.rule, compiled, scope)


def planned_groups(plan: DatasetPlan) -> list[Group]:
    """All groups that a dataset can have, before data."""
    found = []
    for name, block in plan.blocks.items():
        if block.entries:
            found += [Group(name, i, e.testcd) for i, e in enumerate(block.entries)]
        else:
            found.append(Group(name))
    return found


@dataclass(frozen=True)
class Grouping:
    """The groups of a dataset's records: `codes` has the group of each written record."""

    groups: tuple[Group, ...]
    codes: NDArray[np.int64]

    def of_rows(self, rows: NDArray[np.bool_] | NDArray[np.int64]) -> list[Group]:
        """The groups that occur among some records, in their order."""
        return [self.groups[i] for i in np.unique(self.codes[rows])]


def group_records(run: Run, plan: DatasetPlan, rows: NDArray[np.int64]) -> Grouping:
    """The group of each written record.

    rows : for each written record its number before sorting, all blocks one after the other
    """
    blocks, entries = [], []
    for number, name in enumerate(plan.spec.blocks):
        frame = run.frame(plan.name, name)
        blocks.append(np.full(frame.n, number, dtype=np.int64))
        entries.append(frame.entry if frame.entry is not None else np.full(frame.n, -1, dtype=np.int64))
    block = np.concatenate(blocks) if blocks else np.zeros(0, np.int64)
    entry = np.concatenate(entries) if entries else np.zeros(0, np.int64)
    topic = plan.topic_code()
    tests = run.variable(plan.name, "", topic) if topic in plan.names else None
    columns = [(block, len(blocks)), (entry + 1, int(entry.max(initial=0)) + 2)]
    if tests is not None and tests.kind is Kind.TEXT:
        columns.append(value_codes(tests))
    if not len(block):
        return Grouping((), np.zeros(0, dtype=np.int64))
    codes, _ = combine(columns, missing_is_value=True)
    _, first, dense = np.unique(codes, return_index=True, return_inverse=True)
    names = list(plan.spec.blocks)
    groups = tuple(
        Group(names[int(block[i])], int(entry[i]), tests.text_at(int(i)) if tests is not None else "") for i in first
    )
    return Grouping(groups, dense.astype(np.int64)[rows])
