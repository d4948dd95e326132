"""The plan of a build: every name resolved, every rule checked, before any data is read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from ..issues import IssueLog
from ..model import DatasetSpec, DateTexts, Kind, MapNode, Mark, Node, Rule, Scalar, SourceSpec, StudySpec, VariableSpec
from ..registry import Derivation, derivations
from ..standards import AdamIg, Ig, IgVariable, adam_ig, ig
from ..values.formats import Formats, compile_dates, compile_times
from .call import compile_call
from .codelists import Codelists
from .compiled import Compiled, Env, Target, texts_of
from .datetimes import compile_date, compile_date_parts
from .flags import compile_flag
from .origins import Origins
from .parameters import compile_decide
from .predecessors import is_open
from .refs import Field, Ref, leaves
from .rules import LANGUAGE
from .sameraw import compile_record_of
from .scopes import Scope, TableForm, TableScope
from .sql import Expression, compile_expression
from .summaries import SUMMARIES, compile_summary
from .variables import DatasetPlan, one_per_subject


@dataclass(frozen=True)
class RawForm:
    """What is known of a raw source before its data: columns in order, header rows by column name of each part."""

    columns: tuple[str, ...]
    headers: tuple[Mapping[str, Mapping[str, str]], ...] = ()


@dataclass
class Plan:
    """Everything about a build that is known before data is read.

    study : the specification; `raw` the columns of its sources; `given` the columns and kinds of ready datasets
    log : takes all faults; `ct_folder` : where imported CT packages are
    functions : the study's own, as `py.NAME`; `described` what the files of given datasets say of their variables
    """

    study: StudySpec
    raw: Mapping[str, RawForm]
    log: IssueLog
    given: Mapping[str, Mapping[str, Kind]] = field(default_factory=dict)
    ct_folder: Path | None = None
    functions: Mapping[str, Derivation] = field(default_factory=dict)
    described: Mapping[str, Mapping[str, VariableSpec]] = field(default_factory=dict)
    datasets: dict[str, DatasetPlan] = field(default_factory=dict)
    _codelists: dict[str, Codelists] = field(default_factory=dict)
    _formats: dict[tuple[object, ...], Formats] = field(default_factory=dict)
    _constants: dict[str, tuple[Kind, str]] = field(default_factory=dict)
    _variables: dict[tuple[str, str], dict[str, IgVariable]] = field(default_factory=dict)
    _own_decodes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sdtmig: Ig = ig(self.study.standards.get("sdtmig", "3.4"))
        self.adamig: AdamIg = adam_ig(self.study.standards.get("adamig", "1.3"))
        self._constants = {"id": (Kind.TEXT, self.study.id)}
        for name, scalar in self.study.constants.items():
            self._constants[name] = (_constant_kind(scalar.text), scalar.text)
        compile_dates(self.study.date_texts, self.log)
        arms = {k: v.text for k, v in _texts(self.study.arms, "arm").items()}
        elements = {k: v.text for k, v in _texts(self.study.elements, "element").items()}
        self._own_decodes = {"ARMCD": arms, "ACTARMCD": arms, "ETCD": elements}
        self.usubjid = self._usubjid()
        for name, spec in self.study.datasets.items():
            self.datasets[name] = DatasetPlan(self, spec)
        for made in self.datasets.values():
            made.list_variables()
        while any(made.add_defaults() for made in self.datasets.values()):  # each may be another's input
            pass
        for made in self.datasets.values():
            made.compile()
        self.codelists(DatasetSpec("", "")).check()

    def _usubjid(self) -> Expression | None:
        subjects = self.study.subjects
        if subjects is None:
            for name, spec in self.study.raw.items():
                if spec.subject is not None:
                    self.log.add("no-register", f"raw.{name} has subjects, the study no register.", spec.mark.place)
            return None
        source = subjects.register.text.removeprefix("raw.")
        if source not in self.study.raw:
            self.log.add("unknown-table", f"There is no source {subjects.register.text}.", subjects.mark.place,
                         hint=self.near(source, self.study.raw))  # fmt: skip
            return None
        scope = TableScope(self.log, self.constants(), self.dataset_form, f"raw.{source}", self.raw_form(source))
        env = Env(self, scope, DatasetSpec("", ""), Target("USUBJID", Kind.TEXT))
        return compile_expression(env, subjects.usubjid, "value")

    # names

    def constants(self) -> Mapping[str, tuple[Kind, str]]:
        """`study.NAME`: kind and text."""
        return self._constants

    def dataset_form(self, name: str) -> TableForm | None:
        """A mapped or given dataset as a table."""
        if name in self.datasets:
            return self.datasets[name].form()
        if name in self.given:
            kinds = self.given[name]
            return TableForm(name, kinds.get, lambda: list(kinds), one=self._given_one(name), dataset=True)
        return None

    def _given_one(self, name: str) -> bool:
        """Whether a given dataset has one record a subject, by the structure that its standard states."""
        known = self.sdtmig.dataset(name)
        structure = self.adamig.structures.get(name)
        said = known.structure if known is not None else structure.label if structure is not None else ""
        return bool(re.fullmatch(r"one record per subject|subject-level analysis dataset.*", said, re.IGNORECASE))

    def form(self, dataset: DatasetSpec, key: str) -> TableForm | None:
        """Any table by its key: `raw.X`, a dataset, `DATASET/block`."""
        prefix, _, rest = key.partition(".")
        if prefix == "raw" and rest in self.study.raw:
            return self.raw_form(rest)
        name, _, block = key.partition("/")
        if block and name in self.datasets:
            return self.datasets[name].form(block)
        return self.dataset_form(key)

    def raw_form(self, name: str) -> TableForm:
        """A raw source as a table."""
        spec, columns = self.study.raw[name], self.raw[name].columns if name in self.raw else ()
        kinds = {c: column_kind(spec, c) for c in columns}
        return TableForm(f"raw.{name}", kinds.get, lambda: columns)

    def table_names(self) -> list[str]:
        """All tables, for a hint."""
        return [f"raw.{r}" for r in self.study.raw] + list(self.datasets) + list(self.given)

    def near(self, name: str, names: Iterable[str]) -> str:
        """A hint with the nearest names."""
        found = get_close_matches(name, list(names), 3, 0.5)
        return f"Near: {', '.join(found)}." if found else ""

    def exists(self, scope: Scope, name: str) -> bool:
        """Whether a name has a meaning there; no fault is recorded."""
        quiet = replace(scope, log=IssueLog())
        return quiet.resolve(name, Mark()) is not None

    # what is known of variables

    def variable(self, dataset: DatasetSpec, name: str) -> IgVariable | None:
        """A variable of the standard, None if it has not got it."""
        if dataset.standard == "adam":
            own = self.adamig.variable(self.structure(dataset), name, dataset.domain)
            return (self._handed_down(dataset, name) or own) if own is None or is_open(own) else own
        key = (dataset.domain, dataset.klass)
        if key not in self._variables:
            listed: Sequence[IgVariable] = ()
            if self.sdtmig.dataset(dataset.domain) is not None:
                listed = self.sdtmig.permitted(dataset.domain)
            elif dataset.klass:
                listed = self.sdtmig.class_variables(dataset.klass, dataset.domain)
            self._variables[key] = {v.name: v for v in listed}
        return self._variables[key].get(name)

    def subjects_of_analysis(self) -> str:
        """The analysis dataset of one record a subject, mapped or given; "" if there is none."""
        mapped = [n for n, d in self.study.datasets.items() if d.standard == "adam" and one_per_subject(d)]
        given = [n for n in self.given if n in self.adamig.structures and self._given_one(n)]
        return next(iter([*mapped, *given]), "")

    def _handed_down(self, dataset: DatasetSpec, name: str) -> IgVariable | None:
        """What a variable is where an analysis dataset has it from: its source, or the subjects' dataset."""
        sources = [s.text for b in dataset.blocks.values() for s in b.sources]
        for source in dict.fromkeys([*sources, self.subjects_of_analysis()]):
            spec = self.study.datasets.get(source)
            if source in ("", dataset.name) or source in dataset.blocks:
                continue
            if spec is not None and spec.standard == "adam":
                found = self.adamig.variable(self.structure(spec), name, spec.domain)
            elif spec is None and source in self.adamig.structures:
                found = self.adamig.variable(source, name)
            else:
                domain = spec.domain if spec is not None else source
                listed = self.sdtmig.permitted(domain) if self.sdtmig.dataset(domain) is not None else ()
                found = next((v for v in listed if v.name == name), None)
            if found is not None and not is_open(found):
                return found
        return None

    def structure(self, dataset: DatasetSpec) -> str:
        """The ADaM structure: what `class` says, else the one of that name, else BDS."""
        return dataset.klass or (dataset.name if dataset.name in self.adamig.structures else "BDS")

    def is_required(self, dataset: str, name: str) -> bool:
        """Whether the standard requires a value."""
        if dataset not in self.datasets:
            return False
        found = self.variable(self.datasets[dataset].spec, name)
        return found is not None and found.core == "Req"

    def parts_before(self, dataset: str) -> list[str]:
        """Of a split domain, the datasets before this one by name: --SEQ runs on from them."""
        mine = self.datasets[dataset].spec
        same = [n for n, d in self.datasets.items() if (d.spec.standard, d.spec.domain) == (mine.standard, mine.domain)]
        return sorted(n for n in same if n < dataset) if mine.standard == "sdtm" else []

    def codelists(self, dataset: DatasetSpec) -> Codelists:
        """The codelists as datasets of this standard see them."""
        if dataset.standard not in self._codelists:
            self._codelists[dataset.standard] = Codelists(self.study, dataset.standard, self.ct_folder, self.log)
        return self._codelists[dataset.standard]

    def source(self, ref: Ref) -> SourceSpec | None:
        """The raw source of a name."""
        inner = leaves(ref)
        if isinstance(inner, Field) and inner.table.startswith("raw."):
            return self.study.raw.get(inner.table[4:].split("+")[0].removeprefix("raw."))
        return None

    def has_codelist(self, ref: Ref) -> bool:
        """Whether a raw column is declared with a codelist."""
        source, inner = self.source(ref), leaves(ref)
        if source is None or not isinstance(inner, Field):
            return False
        column = source.columns.get(inner.column)
        return column is not None and column.codelist is not None

    def formats(self, dataset: DatasetSpec, ref: Ref, said: Sequence[Scalar], time: bool) -> Formats | None:
        """The formats by which a column is read: the rule's, the column's, the source's, the study's."""
        source, inner = self.source(ref), leaves(ref)
        study = self.study.date_texts
        texts = source.date_texts if source is not None else DateTexts()
        column = source.columns.get(inner.column) if source is not None and isinstance(inner, Field) else None
        formats = tuple(said) or (column.formats if column is not None else ()) or (() if time else texts.formats)
        if not formats and not time:
            formats = study.formats
        if time:
            formats = tuple(f for f in formats if _is_time(f.text))
        elif tuple(said):
            formats = tuple(f for f in formats if not _is_time(f.text)) or formats
        unknown = texts.unknown or study.unknown
        key = (time, tuple(f.text for f in formats), unknown, texts.pivot or study.pivot)
        if key not in self._formats:
            if time:
                self._formats[key] = compile_times(formats, unknown, self.log)
            else:
                self._formats[key] = compile_dates(DateTexts(formats, unknown, texts.pivot or study.pivot), self.log)
        return self._formats[key]

    def declared_type(self, ref: Ref) -> str:
        """The type that its source declares for a raw column, "" if it declares none."""
        source, inner = self.source(ref), leaves(ref)
        column = source.columns.get(inner.column) if source is not None and isinstance(inner, Field) else None
        return column.type if column is not None else ""

    def contained(self, dataset: DatasetSpec, node: Node | None) -> list[str]:
        """Items that the `contains` of one column name, over all rules of the dataset."""
        wanted = texts_of(node)[0].text if texts_of(node) else ""
        found = []
        for block in dataset.blocks.values():
            for rule in block.rules.values():
                same = rule.operation == "checked" and texts_of(rule.argument)[:1]
                if same and same[0].text == wanted and "contains" in rule.options:
                    found += [s.text for s in texts_of(rule.options["contains"])]
        return found

    def part_number(self, dataset: DatasetSpec, rule: Rule, target: str) -> int:
        """For a variable that `parts` of a one_of names: which (1, 2, ...); 0 for the rule's own variable."""
        names = [s.text for s in texts_of(rule.options.get("parts"))]
        return names.index(target) + 1 if target in names else 0

    def with_domain(self, dataset: DatasetSpec, text: str) -> str:
        """`--VAR` as the domain's variable."""
        return re.sub(r"--(?=[A-Z])", dataset.letters, text)

    def arm_decodes(self, variable: str) -> Mapping[str, str]:
        """Decodes that the study's own lists give: arms, elements, visits, by what the codes are called there."""
        return self._own_decodes.get(variable, {})

    def origin_word(self, made: DatasetPlan, variable: str) -> str:
        """QORIG: the origin of a variable as SDTMIG has it (CRF, DERIVED, ASSIGNED ...)."""
        return self._origins.word(made, variable)

    @cached_property
    def _origins(self) -> Origins:
        return Origins(self)

    # rules

    def compile_rule(self, env: Env, rule: Rule) -> Compiled | None:
        """Check one rule for its place."""
        operation = rule.operation
        if operation in LANGUAGE:
            return LANGUAGE[operation](env, rule)
        if operation == "date":
            return compile_date(env, rule)
        if operation == "date_parts":
            return compile_date_parts(env, rule)
        if operation in SUMMARIES:
            return compile_summary(env, rule)
        if operation in ("flag_first", "flag_last"):
            return compile_flag(env, rule)
        if operation == "record_of":
            return compile_record_of(env, rule)
        if operation == "decide" and env.block:
            return compile_decide(env, rule)
        made = self.functions.get(operation) or derivations().get(operation)
        if made is not None:
            return compile_call(env, rule, made)
        known = [
            *LANGUAGE,
            "date",
            "date_parts",
            "flag_first",
            "flag_last",
            "record_of",
            *SUMMARIES,
            *derivations(),
            *self.functions,
        ]
        env.fault("unknown-operation", f"There is no operation {operation}.", rule.mark, self.near(operation, known))
        return None


def column_kind(spec: SourceSpec, name: str) -> Kind:
    """The kind of a raw column in expressions: text, unless its source declares a type."""
    column = spec.columns.get(name)
    if column is not None and column.type == "number":
        return Kind.NUMBER
    if column is not None and column.type == "date":
        return Kind.DTC
    return Kind.TEXT


def _texts(tree: MapNode | None, key: str) -> dict[str, Scalar]:
    """Code -> the text under `key` of each entry of a list of the study file."""
    found = {}
    for code, entry in (tree.items if tree is not None else {}).items():
        said = entry.get(key) if isinstance(entry, MapNode) else None
        if isinstance(said, Scalar):
            found[code] = said
    return found


def _constant_kind(text: str) -> Kind:
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return Kind.DATE
    if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", text):
        return Kind.NUMBER
    return Kind.TEXT


def _is_time(text: str) -> bool:
    return not any(token in text for token in ("yy", "d", "M")) and text != "excel"
