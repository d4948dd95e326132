"""The plan of one block: sources, conditions, joins, groups, transposed columns and the rules of `set`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..model import BlockSpec, Kind, NotDone, Rule, Scalar, TestEntry
from ..registry import makers
from ..values.fold import fold
from .compiled import Compiled, Env, Target, Use
from .joins import CompiledJoin, compile_join
from .makers import check_maker, made_columns, maker_uses
from .parameters import cut_scope
from .refs import Field, Ref
from .scopes import BlockScope, TableForm, TableScope
from .sql import Expression, compile_truth

if TYPE_CHECKING:
    from .variables import DatasetPlan


@dataclass
class EntryPlan:
    """A transposed column: test code, its condition, what says not done, its rules, and for `*` the column itself."""

    spec: TestEntry
    testcd: str
    column: str = ""
    where: Expression | None = None
    not_done: Expression | None = None
    not_done_texts: frozenset[str] = frozenset()
    rules: dict[str, Compiled | None] = field(default_factory=dict)


class BlockPlan:
    """One block before data is read."""

    def __init__(self, dataset: DatasetPlan, spec: BlockSpec) -> None:
        self.dataset, self.plan, self.spec = dataset, dataset.plan, spec
        self.name = spec.name
        self.where: Expression | None = None
        self.one_per: list[Ref] = []
        self.order: list[tuple[Ref, bool]] = []
        self.joins: dict[str, CompiledJoin] = {}
        self.group: list[Ref] = []
        self.entries: list[EntryPlan] = []
        self.not_done: Expression | None = None
        self._joined = False
        self._form: TableForm | None = None

    def base(self) -> TableForm:
        """The block's source, or its sources as one table."""
        if self._form is None:
            self._form = self._base()
        return self._form

    def _base(self) -> TableForm:
        if self.spec.make is not None:
            maker = makers().get(self.spec.make.name.text)
            if maker is None:
                hint = self.plan.near(self.spec.make.name.text, makers())
                self.plan.log.add("unknown-maker", f"There is no record maker {self.spec.make.name.text}.",
                                  self.spec.make.mark.place, hint=hint)  # fmt: skip
                return TableForm(f"make: {self.spec.make.name.text}", lambda name: None, list)
            columns = made_columns(maker, self.dataset.spec)
            return TableForm(f"made:{self.dataset.name}/{self.name}", columns.get, lambda: list(columns))
        return self.source()

    def source(self) -> TableForm:
        """What stands behind `from`."""
        forms = []
        for source in self.spec.sources:
            key = source.text
            if key in self.dataset.spec.blocks and key != self.name:
                key = f"{self.dataset.name}/{key}"
            form = self.plan.form(self.dataset.spec, key)
            if key == self.dataset.name:
                raw = f"raw.{key} is a raw table." if key in self.plan.study.raw else ""
                self.plan.log.add("unknown-table", f"{key} can't be made of itself.", source.mark.place, hint=raw)
            elif form is None:
                self.plan.log.add(
                    "unknown-table", f"There is no table {source.text}.", source.mark.place,
                    hint=self.plan.near(source.text, self.plan.table_names()),
                )  # fmt: skip
            else:
                forms.append(form)
        if not forms:
            return TableForm(next((s.text for s in self.spec.sources), "nothing"), lambda name: None, list)
        if len(forms) == 1:
            return forms[0]
        shared = [n for n in forms[0].names() if all(f.kinds(n) is not None for f in forms[1:])]
        for name in shared:
            found = {f.kinds(name) for f in forms}
            if not found <= {Kind.TEXT, Kind.DTC} and len(found) > 1:
                said = " and ".join(f"{f.key}.{name} is {f.kinds(name)}" for f in forms)
                self.plan.log.add("kind-mismatch", f"{said}: they are no one column.", self.spec.mark.place)
        kinds = {n: forms[0].kinds(n) for n in shared}
        return TableForm("+".join(f.key for f in forms), kinds.get, lambda: shared)

    def has_row_fact(self, what: str) -> bool:
        """Whether the tool knows this of the block's raw rows."""
        for source in self.spec.sources:
            spec = self.plan.study.raw.get(source.text.removeprefix("raw.")) if source.text.startswith("raw.") else None
            if spec is not None and (spec.visit is not None or what not in ("VISITNUM", "VISIT", "VISITDY")):
                return True
        return False

    def maker_uses(self) -> list[Use]:
        """The whole columns that the block's record maker reads."""
        return [Use(key, columns) for key, columns in maker_uses(self.plan, self.spec)]

    # scopes

    def _scope(self, joins: bool, group: bool) -> BlockScope:
        if self.spec.parameter is not None and self.spec.parameter.of:
            return cut_scope(self)
        taken = {}
        for name, join in self.joins.items() if joins else ():
            for new, column in join.spec.take:
                taken[new] = (name, join.form, column.text)
        named = frozenset(g.text for g in self.spec.group) if group and self.spec.group else None
        return BlockScope(
            self.plan.log, self.plan.constants(), self.plan.dataset_form, self.base().key,
            base=self.base(), taken=taken, group=named, mark=self.spec.mark,
        )  # fmt: skip

    def env(self, target: str = "", joins: bool = True, group: bool = True) -> Env:
        """Where a rule of this block stands."""
        made = self.dataset.target(target) if target else Target("", None)
        scope = self._scope(joins, group)
        return Env(self.plan, scope, self.dataset.spec, made, self.name, grouped=bool(self.spec.group) and group)

    # rules

    def says(self, name: str) -> bool:
        """Whether the block, its entries or the tests' constants make this variable."""
        return self._own(name) or any(name in t.constants for t in self.dataset.spec.tests.values())

    def _own(self, name: str) -> bool:
        if name in self.spec.rules or any(name in e.rules for e in self.spec.transpose.values()):
            return True
        return bool(self.spec.transpose) and name == self.dataset.topic_code()

    def rule(self, name: str) -> Compiled | None:
        """The rule of `set` for a variable; those of entries and tests are kept apart."""
        self.ensure_joins()
        rule = self.spec.rules.get(name) or self._part_rule(name) or self._made_rule(name)
        if rule is None:
            return None
        made = self.plan.compile_rule(self.env(name), rule)
        if made is not None and made.whole:
            self.plan.log.add("bad-argument", f"`{rule.operation}` looks at the whole dataset: it stands in `derive`.",
                              rule.mark.place)  # fmt: skip
            return None
        return made

    def _made_rule(self, name: str) -> Rule | None:
        """A column that the record maker gives is the variable of that name."""
        if self.spec.make is None or name in self.dataset.spec.derive or self.base().kinds(name) is None:
            return None
        return Rule("from", Scalar(name, self.spec.make.mark), mark=self.spec.make.mark)

    def _part_rule(self, name: str) -> Rule | None:
        for rule in self.spec.rules.values():
            if rule.operation == "one_of" and self.plan.part_number(self.dataset.spec, rule, name):
                return rule
        return None

    def compile(self) -> None:
        """Check the steps; the rules of `set` are checked with the dataset's variables."""
        env = self.env(joins=False, group=False)
        spec = self.spec
        self._check_subjects()
        if spec.make is not None:
            check_maker(self.plan, self.dataset.spec, spec)
            scope = TableScope(self.plan.log, self.plan.constants(), self.plan.dataset_form, "", self.source())
            env = replace(env, scope=scope)
        if spec.where is not None:
            self.where = compile_truth(env, spec.where, spec.mark)
        self.one_per = [r for r in (env.scope.resolve(n.text, n.mark) for n in spec.one_per_by) if r is not None]
        for item in spec.one_per_order:
            ref = env.scope.resolve(item.name.text, item.name.mark)
            if ref is not None:
                self.order.append((ref, item.descending))
        self.ensure_joins()
        after = self.env(group=False)
        self.group = [
            r for r in (after.scope.resolve(self._group_name(g), g.mark) for g in spec.group) if r is not None
        ]
        if spec.not_done is not None and not spec.transpose:
            self.plan.log.add("bad-argument", "`not_done` acts under `transpose` alone.", spec.not_done.mark.place,
                              hint="In a long file make --STAT by a rule of its own.")  # fmt: skip
        if spec.not_done is not None and spec.not_done.when is not None:
            self.not_done = compile_truth(after, spec.not_done.when, spec.not_done.mark)
        self._compile_entries()

    def _check_subjects(self) -> None:
        """A dataset of subjects takes rows of sources that say whose they are."""
        for source in self.spec.sources if "USUBJID" in self.dataset.built_in and self.spec.make is None else ():
            raw = self.plan.source(Field(Kind.TEXT, source.text, ""))
            if raw is not None and raw.subject is None:
                self.plan.log.add("no-subject", f"{source.text} says no `subject`: its rows are nobody's.",
                                  source.mark.place)  # fmt: skip

    def _group_name(self, name: Scalar) -> str:
        if name.text == "USUBJID" and self.base().kinds("USUBJID") is None:
            return "row.USUBJID"
        return name.text

    def ensure_joins(self) -> None:
        """Joins in an order in which each finds the names that another brings."""
        if self._joined:
            return
        self._joined = True
        waiting = dict(self.spec.joins)
        while waiting:
            brought = {new for spec in waiting.values() for new, _ in spec.take}
            ready = [n for n, s in waiting.items() if not brought & {left.text for left, _ in s.by} - _own_takes(s)]
            for name in ready or list(waiting):
                spec = waiting.pop(name)
                made = compile_join(self.env(group=False), spec)
                if made is not None:
                    self._check_takes(made)
                    self.joins[name] = made

    def _check_takes(self, join: CompiledJoin) -> None:
        taken = {new for j in self.joins.values() for new, _ in j.spec.take}
        for new, column in join.spec.take:
            if self.base().kinds(new) is not None or new in taken:
                self.plan.log.add("two-readings", f"`take` hides the name {new}.", column.mark.place,
                                  hint=f"Give it another name: {{new_name: {column.text}}}.")  # fmt: skip

    def _compile_entries(self) -> None:
        for key, entry in self.spec.transpose.items():
            if key == "*":
                for column, testcd in self._star_columns():
                    self._add_entry(entry, testcd, column)
            else:
                self._add_entry(entry, entry.testcd, "")

    def _add_entry(self, entry: TestEntry, testcd: str, column: str) -> None:
        env = self.env(group=False)
        made = EntryPlan(entry, testcd, column)
        if entry.where is not None:
            made.where = compile_truth(env, entry.where, entry.mark)
        said: NotDone | None = entry.not_done or self.spec.not_done
        if said is not None:
            made.not_done_texts = frozenset(fold(r.text) for r in said.results)
            made.not_done = compile_truth(env, said.when, said.mark) if said.when is not None else None
        for name, rule in entry.rules.items():
            made.rules[name] = self.plan.compile_rule(self.env(name, group=False), rule)
        self.entries.append(made)

    def _star_columns(self) -> list[tuple[str, str]]:
        """Every other column whose header is a term or synonym of the test codes' list and has an entry in `tests`."""
        codelist = self.dataset.target(self.dataset.topic_code()).codelist
        tests = self.dataset.spec.tests
        listed = {e.testcd for k, e in self.spec.transpose.items() if k != "*"}
        found = []
        for column in self.base().names():
            term = codelist.find(column)[0] if codelist is not None else column
            if term is not None and term in tests and term not in listed:
                found.append((column, term))
        return found


def _own_takes(spec: object) -> set[str]:
    return {new for new, _ in spec.take}  # type: ignore[attr-defined]
