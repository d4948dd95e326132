"""The plan of one dataset: its variables, which rule makes each in each block, and the blocks themselves."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import BlockSpec, DatasetSpec, Kind, ListNode, MapNode, Node, ParameterSpec, Rule, Scalar, VariableSpec
from ..registry import Take, derivations, makers
from .blocks import BlockPlan
from .call import required_inputs
from .codelists import StudyCodelist
from .compiled import Compiled, Env, Target, texts_of
from .copies import PREFIX, is_copy
from .joins import CompiledJoin, compile_join
from .makers import made_columns
from .parameters import ParameterTable, check_parameters, rule_scope
from .predecessors import declared, is_open
from .scopes import DeriveScope, TableForm
from .sql import Expression, compile_truth

if TYPE_CHECKING:
    from .plan import Plan

BUILT_IN = ("STUDYID", "DOMAIN", "USUBJID")
OWNERS = ("APID", "POOLID", "SPDEVID", "NHOID")
"""Whose records --SEQ numbers where there is no subject (SDTM 2.0, sections 4 and 6)."""


class DatasetPlan:
    """One dataset before data is read.

    names : its variables and temporaries, in the order found
    rules : variable -> block -> compiled rule; `per_test` variable -> constants by test
    """

    def __init__(self, plan: Plan, spec: DatasetSpec) -> None:
        self.plan, self.spec, self.name = plan, spec, spec.name
        self.names: dict[str, None] = {}
        self.defaults: dict[str, Rule] = {}
        self.compiled: dict[tuple[str, str], Compiled | None] = {}
        self.joins: dict[str, CompiledJoin] = {}
        self.expects: dict[str, Expression] = {}
        self.blocks: dict[str, BlockPlan] = {}
        self._kinds: dict[str, Kind | None] = {}
        self._targets: dict[str, Target] = {}
        self._said_of: dict[str, VariableSpec | None] = {}
        self._busy: set[str] = set()
        self._one: bool | None = None
        self._offered: dict[str, Rule] = {}
        self.tables: dict[str, ParameterTable | None] = {}
        standard = {v for v in BUILT_IN if plan.variable(spec, v) is not None} or {"STUDYID", "USUBJID"}
        if spec.standard == "adam":
            standard = {"STUDYID", "USUBJID"}
        elif not self._has_subjects():
            standard.discard("USUBJID")
        self.built_in = tuple(v for v in BUILT_IN if v in standard)

    def _has_subjects(self) -> bool:
        """Whether rows of a dataset that the IG lacks can be of subjects: a study of devices has others."""
        sources = [s.text for block in self.spec.blocks.values() for s in block.sources]
        raw = [self.plan.study.raw.get(s.removeprefix("raw.")) for s in sources if s.startswith("raw.")]
        if self.plan.sdtmig.dataset(self.spec.domain) is not None or not raw or len(raw) < len(sources):
            return True
        return any(source is None or source.subject is not None for source in raw)

    # which variables there are

    def list_variables(self) -> None:
        """All variables that have a rule of their own; defaults come when every dataset has listed its own."""
        for name in self.built_in:
            self.names[name] = None
        for block in self.spec.blocks.values():
            self._list_made(block)
            for name, rule in block.rules.items():
                self.names[name] = None
                self._parts(rule)
            self.names.update(dict.fromkeys(block.derive))
            for entry in block.transpose.values():
                for name in (self.topic_code(), *entry.rules):
                    self.names[name] = None
            if block.not_done is not None or any(e.not_done for e in block.transpose.values()):
                self.names[f"{self.spec.letters}STAT"] = None
        for test in self.spec.tests.values():
            self.names.update(dict.fromkeys(test.constants))
        for name, rule in self.spec.derive.items():
            self.names[name] = None
            self._parts(rule)
        self.blocks = {name: BlockPlan(self, block) for name, block in self.spec.blocks.items()}
        self._offered = self._offers()

    def _list_made(self, block: BlockSpec) -> None:
        """Columns of a record maker: those of the standard and temporaries are names of this dataset."""
        maker = makers().get(block.make.name.text) if block.make is not None else None
        for name in made_columns(maker, self.spec) if maker is not None else ():
            known = name in self.spec.variables or self.plan.variable(self.spec, name) is not None
            if name not in self.built_in and (name[:1].islower() or known):
                self.names[name] = None

    def _parts(self, rule: Rule) -> None:
        for part in texts_of(rule.options.get("parts")) if rule.operation == "one_of" else []:
            self.names[part.text] = None

    def _offers(self) -> dict[str, Rule]:
        """The defaults of the dataset's variables, whether their inputs exist or not; a copy has none."""
        if is_copy(self.spec):
            return {}
        found = self.plan.study.defaults.get(self.spec.standard, {})
        domain = self.spec.letters
        without = {w.text.replace("--", domain) for w in self.spec.without}
        offered = {}
        for name, rule in found.items():
            mine = name.replace("--", domain)
            if mine not in without and self._takes_default(mine):
                offered[mine] = for_domain(rule, domain)
        for ref in self.spec.core if self.spec.core is not None else self.plan.study.core:
            self._core(ref, offered, without)
        return offered

    def _takes_default(self, name: str) -> bool:
        """Whether the standard lists the variable for this dataset; of what the model alone has, only the timing.

        Results and ranges that the IG leaves out of a domain (VSSTNRLO) would be empty columns; days and the epoch are
        wanted beside every date (FB3201 to FB3203).
        """
        known = self.plan.variable(self.spec, name)
        if known is None or known.role == "Timing" or self.spec.standard == "adam":
            return known is not None
        listed = self.plan.sdtmig.variables(self.spec.domain)
        return not listed or any(each.name == name for each in listed)

    def add_defaults(self) -> bool:
        """Take the defaults whose inputs exist by now, in any dataset; whether there were any."""
        before = len(self.defaults)
        for name, rule in self._offered.items():
            if name not in self.defaults and name not in self.built_in and self._inputs_exist(rule):
                self.defaults[name] = rule
                self.names[name] = None
        return len(self.defaults) > before

    def _core(self, ref: Scalar, offered: dict[str, Rule], without: set[str]) -> None:
        one = self.plan.subjects_of_analysis()
        if self.spec.standard == "adam" and one not in ("", self.name) and ref.text not in without:
            offered.setdefault(ref.text, Rule("from", Scalar(f"{one}.{ref.text}", ref.mark), mark=ref.mark))

    def _inputs_exist(self, rule: Rule) -> bool:
        made = derivations().get(rule.operation)
        if made is None:
            return all(self._there(s.text) for s in texts_of(rule.argument)) if rule.operation == "from" else True
        wanted = list(made.needs)
        for argument in made.arguments:
            node = rule.argument if argument is made.main else rule.options.get(argument.name.rstrip("_"))
            named = [s.text for s in texts_of(node)]
            if argument.take in (Take.COLUMN, Take.COLUMNS):
                wanted += named
            if argument.take is Take.OPTIONAL and named and not any(self._there(n) for n in named):
                return False
        wanted += [n for n in required_inputs(made) if not self._said(made, rule, n)]
        return all(self._there(self.plan.with_domain(self.spec, n)) for n in wanted)

    def _said(self, made: object, rule: Rule, name: str) -> bool:
        for argument in made.arguments:  # type: ignore[attr-defined]
            if argument.default == name and (argument.name.rstrip("_") in rule.options or argument is made.main):  # type: ignore[attr-defined]
                return True
        return False

    def _there(self, name: str) -> bool:
        if name in self.names:
            return True
        prefix, _, rest = name.partition(".")
        if prefix == "row":
            return any(b.has_row_fact(rest) for b in self.blocks.values())
        if prefix in self.plan.datasets:
            return rest in self.plan.datasets[prefix].names
        return rest in self.plan.given.get(prefix, {})

    # names and kinds

    def has_one_per_subject(self) -> bool:
        """Whether its keys say one record a subject."""
        return one_per_subject(self.spec)

    def form(self, block: str = "") -> TableForm:
        """This dataset, or a block of it, as a table."""
        if block and block not in self.spec.blocks:
            return TableForm(f"{self.name}/{block}", lambda name: None, list)
        one = self.has_one_per_subject() and not block
        return TableForm(f"{self.name}/{block}" if block else self.name, self.kind, lambda: list(self.names), one, True)

    def kind(self, name: str) -> Kind | None:
        """The kind of a variable, None if the dataset has not got it."""
        if name not in self.names:
            return None
        if name not in self._kinds:
            wanted = self.target(name).kind
            if wanted is None and name in self._busy:
                return Kind.TEXT
            self._kinds[name] = wanted or self._kind_of_rules(name)
        return self._kinds[name]

    def _kind_of_rules(self, name: str) -> Kind:
        self._busy.add(name)
        try:
            for block in self.spec.blocks:
                made = self.rule(block, name)
                if made is not None:
                    return made.kind
            return Kind.TEXT
        finally:
            self._busy.discard(name)

    def target(self, name: str) -> Target:
        """What a rule for this variable must make."""
        if name not in self._targets:
            self._targets[name] = self._target(name)
        return self._targets[name]

    def _target(self, name: str) -> Target:
        if name[:1].islower():
            return Target(name, None, None, True)
        said = self.said(name)
        known = self.plan.variable(self.spec, name)
        codelist = self._codelist(name)
        if (known is None or is_open(known)) and name not in self.built_in and (said is None or not said.label):
            self._undeclared(name)
        if is_copy(self.spec):
            return Target(name, self.plan.given.get(PREFIX + self.name, {}).get(name))
        if said is not None and said.type:
            return Target(
                name, Kind.NUMBER if said.type.lower() in ("num", "integer", "float") else Kind.TEXT, codelist
            )
        if known is None:
            return Target(name, Kind.TEXT if name in self.built_in else None, codelist)
        if known.type == "Num":
            adam_dates = {"DTM": Kind.DATETIME, "DT": Kind.DATE} if self.spec.standard == "adam" else {}
            kind = next((k for ending, k in adam_dates.items() if name.endswith(ending)), Kind.NUMBER)
            return Target(name, kind, codelist)
        return Target(name, Kind.DTC if name.endswith("DTC") else Kind.TEXT, codelist)

    def said(self, name: str) -> VariableSpec | None:
        """What `variables` says of a variable, here or where an analysis variable is copied from."""
        if name not in self._said_of:
            self._said_of[name] = declared(self, name)
        return self._said_of[name]

    def _undeclared(self, name: str) -> None:
        message, mark = f"{name} is not in the standard.", self._where(name)
        if self.plan.variable(self.spec, name) is not None:
            message = f"The standard leaves the label of {name} open."
        if self.spec.standard == "adam":
            hint = f"Give it a label in `variables`: `{name}: {{label: ...}}`."
        else:
            hint = "Give it a label in `variables`: it then goes to the supplemental qualifiers."
        self.plan.log.add("undeclared-variable", message, mark, hint=hint)

    def _where(self, name: str):  # type: ignore[no-untyped-def]
        for block in self.spec.blocks.values():
            own = block.rules.get(name) or block.derive.get(name)
            if own is not None:
                return own.mark.place
            for entry in block.transpose.values():
                if name in entry.rules:
                    return entry.rules[name].mark.place
        if name in self.spec.derive:
            return self.spec.derive[name].mark.place
        if name in self.defaults:
            return self.defaults[name].mark.place
        return self.spec.mark.place

    def _codelist(self, name: str) -> StudyCodelist | None:
        lists = self.plan.codelists(self.spec)
        said = self.said(name)
        if said is not None and said.codelist is not None:
            if isinstance(said.codelist, Scalar) and said.codelist.text in self.plan.study.dictionaries:
                return None
            return lists.of_node(said.codelist, name)
        known = self.plan.variable(self.spec, name)
        return lists.of_codes(known.codelists) if known is not None and known.codelists else None

    @property
    def codes(self) -> dict[str, ParameterSpec]:
        """The time-to-event parameters of the dataset, by PARAMCD."""
        return {b.parameter.code: b.parameter for b in self.spec.blocks.values() if b.parameter is not None}

    def owner(self) -> str:
        """The variable within whose values --SEQ is unique, "" if the dataset has none."""
        if "USUBJID" in self.built_in:
            return "USUBJID"
        candidates = (*OWNERS, f"{self.spec.letters}PARMCD")
        return next((n for n in candidates if n in self.names), "")

    def topic_code(self) -> str:
        """The variable that a transposed column's test code goes to."""
        return f"{self.spec.letters}TESTCD"

    def topic(self) -> str:
        """The variable without which a row makes no record, "" if the standard names none."""
        codes = self.topic_code()
        if self.spec.standard == "adam":
            return ""
        if self.plan.variable(self.spec, codes) is not None:
            return codes
        found = [n for n in self.names if (v := self.plan.variable(self.spec, n)) is not None and v.role == "Topic"]
        return found[0] if found else ""

    # rules

    def scope(self) -> DeriveScope:
        """Names of `derive`."""
        taken = {}
        for name, join in self.joins.items():
            for new, column in join.spec.take:
                taken[new] = (name, join.form, column.text)
        return DeriveScope(
            self.plan.log, self.plan.constants(), self.plan.dataset_form, self.name,
            dataset=self.name, kinds=self.kind, names=lambda: self.names, taken=taken,
        )  # fmt: skip

    def rule(self, block: str, name: str) -> Compiled | None:
        """The rule that makes a variable in a block, compiled once; None if there is none."""
        key = (block, name)
        if key not in self.compiled:
            self.compiled[key] = None
            self.compiled[key] = self._compile(block, name)
        return self.compiled[key]

    def _compile(self, block: str, name: str) -> Compiled | None:
        if name in self.built_in:
            return None
        plan = self.blocks[block]
        if (made := plan.rule(name)) is not None:
            return made
        own = plan.spec.derive.get(name)
        if own is not None:
            env = Env(self.plan, rule_scope(self, block, name), self.spec, self.target(name), block)
            return self._of_record(self.plan.compile_rule(env, own))
        said = self.spec.derive.get(name)
        if said is None:
            said = next((r for r in self.spec.derive.values() if name in _part_names(r)), None)
        if said is not None and said.blocks and block not in {b.text for b in said.blocks}:
            said = None
        rule = said or (None if plan.says(name) else self.defaults.get(name))
        if rule is None:
            return None
        env = Env(self.plan, self.scope(), self.spec, self.target(name), block)
        shared = (name, id(rule))
        if shared not in self._shared:
            self._shared[shared] = self.plan.compile_rule(env, rule)
        return self._shared[shared]

    def _of_record(self, made: Compiled | None) -> Compiled | None:
        """A rule of one block's records; one that must see the whole dataset has no place there."""
        if made is None or not made.whole:
            return made
        message = f"`{made.rule.operation}` looks at the whole dataset: it stands in `derive`."
        self.plan.log.add("bad-argument", message, made.rule.mark.place)
        return None

    @property
    def _shared(self) -> dict[tuple[str, int], Compiled | None]:
        return self.__dict__.setdefault("_shared_rules", {})

    def compile(self) -> None:
        """Check everything: joins, blocks, all rules, expectations."""
        for name, spec in self.spec.joins.items():
            env = Env(self.plan, self.scope(), self.spec, Target(name, None))
            join = compile_join(env, spec)
            if join is not None:
                self._check_takes(join)
                self.joins[name] = join
        for block in self.blocks.values():
            block.compile()
        for name in list(self.names):
            self.target(name)
            for block_name in self.spec.blocks:
                self.rule(block_name, name)
        for label, text in self.spec.expect.items():
            env = Env(self.plan, self.scope(), self.spec, Target(label, None))
            made = compile_truth(env, text, text.mark)
            if made is not None:
                self.expects[label] = made
        check_parameters(self)
        self._check_keys()
        self._check_without()
        self._check_entries()

    def _check_entries(self) -> None:
        """A default that some transposed columns of a block replace would be missing, in silence, for the others."""
        for block in self.blocks.values():
            for name in self.defaults:
                has = [name in entry.rules for entry in block.spec.transpose.values()]
                if not any(has) or all(has) or name in block.spec.rules or name in self.spec.derive:
                    continue
                said, bare = (
                    [(key, e) for key, e in block.spec.transpose.items() if (name in e.rules) is one]
                    for one in (True, False)
                )
                others = ", ".join(key for key, _ in bare)
                message = f"{name} has a rule in {said[0][0]}, so its default makes none for {others}."
                self.plan.log.add("default-replaced-in-part", message, said[0][1].rules[name].mark.place)

    def _check_without(self) -> None:
        """`without` drops defaults and variables of `core`: a name that is neither would do nothing, in silence."""
        defaults = self.plan.study.defaults.get(self.spec.standard, {})
        known = [name.replace("--", self.spec.letters) for name in defaults]
        known += [c.text for c in (self.spec.core if self.spec.core is not None else self.plan.study.core)]
        for name in self.spec.without:
            text = name.text.replace("--", self.spec.letters)
            if text not in known:
                hint = self.plan.near(text, known)
                self.plan.log.add("unknown-column", f"{text} is no default of {self.name}.", name.mark.place, hint=hint)

    def _check_takes(self, join: CompiledJoin) -> None:
        taken = {new for j in self.joins.values() for new, _ in j.spec.take}
        for new, column in join.spec.take:
            if new in self.names or new in taken:
                self.plan.log.add("two-readings", f"`take` hides the name {new}.", column.mark.place,
                                  hint=f"Give it another name: {{new_name: {column.text}}}.")  # fmt: skip

    def _check_keys(self) -> None:
        if not self.spec.keys and not is_copy(self.spec):  # a copy keeps the order it has
            self.plan.log.add("keys-missing", f"{self.name} has no keys.", self.spec.mark.place)
        for key in self.spec.keys:
            if key.name.text not in self.names and self.plan.variable(self.spec, key.name.text) is None:
                hint = self.plan.near(key.name.text, self.names)
                self.plan.log.add(
                    "unknown-column", f"{self.name} has no {key.name.text}.", key.name.mark.place, hint=hint
                )

    def written(self) -> list[str]:
        """Variables of the dataset itself (not temporaries, not qualifiers), in the standard's order."""
        kept = [n for n in self.names if not n[:1].islower() and not self.is_qualifier(n)]
        return sorted(kept, key=self.place)

    def qualifiers(self) -> list[str]:
        """Variables that go to the supplemental qualifiers, in the order of the mapping."""
        return [n for n in self.names if not n[:1].islower() and self.is_qualifier(n)]

    def is_qualifier(self, name: str) -> bool:
        """Whether a variable is none of the standard's, in a dataset of the standard or of a general class."""
        if self.spec.standard == "adam" or name in self.built_in:
            return False
        guide = self.plan.sdtmig
        listed = guide.dataset(self.spec.domain) is not None or guide.is_general(self.spec.klass)
        return listed and self.plan.variable(self.spec, name) is None

    def place(self, name: str) -> tuple[int, int]:
        """Where a variable stands: by the standard's order, what it lacks in the mapping's.

        In ADaM: identifiers, the variables of `core` in the order of that list, those of the dataset's structure, then
        those of the standard of the dataset that they are from.
        """
        known = self.plan.variable(self.spec, name)
        mine = list(self.names).index(name) if name in self.names else len(self.names)
        if self.spec.standard == "adam" and name not in self.built_in:
            core = [c.text for c in (self.spec.core if self.spec.core is not None else self.plan.study.core)]
            own = self.plan.adamig.variable(self.plan.structure(self.spec), name, self.spec.domain)
            if name in core and name in self.defaults:
                return (0, core.index(name))
            return (own.ordinal, mine) if own is not None and not is_open(own) else (10_000, mine)
        if name in self.built_in and (known is None or self.spec.standard == "adam"):
            return (-1, self.built_in.index(name))
        return (known.ordinal, mine) if known is not None else (10_000, mine)


def one_per_subject(spec: DatasetSpec) -> bool:
    """Whether the keys of a dataset say one record a subject."""
    return [k.name.text for k in spec.keys if k.name.text != "STUDYID"] == ["USUBJID"]


def _part_names(rule: Rule) -> set[str]:
    return {s.text for s in texts_of(rule.options.get("parts"))} if rule.operation == "one_of" else set()


def for_domain(rule: Rule, domain: str) -> Rule:
    """A default rule with the domain's letters in place of `--`."""

    def node(item: Node | None) -> Node | None:
        if isinstance(item, Scalar):
            return replace(item, text=re.sub(r"--(?=[A-Z])", domain, item.text))
        if isinstance(item, ListNode):
            return ListNode(tuple(n for n in (node(i) for i in item.items) if n is not None), item.mark)
        if isinstance(item, MapNode):
            return MapNode({k: n for k, n in ((k, node(v)) for k, v in item.items.items()) if n}, item.keys, item.mark)
        return None

    options: Mapping[str, Node] = {k: n for k, n in ((k, node(v)) for k, v in rule.options.items()) if n is not None}
    branches = tuple(
        replace(b, rule=for_domain(b.rule, domain), when=node(b.when) if b.when else None)  # type: ignore[arg-type]
        for b in rule.branches
    )
    return replace(rule, argument=node(rule.argument), options=options, branches=branches)
