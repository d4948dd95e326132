"""The way of a build up to finished datasets: specs, headers, plan, raw rows, records."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from ..engine.copies import Described, with_copies
from ..engine.finish import Built, finish_dataset, with_lengths
from ..engine.graph import Graph
from ..engine.plan import Plan, RawForm
from ..engine.rawrules import (
    Accepted,
    accept,
    accepted_of,
    check_expectations,
    check_raw_rules,
    correct,
    raw_condition,
    raw_scene,
    sources_to_read,
)
from ..engine.run import Run
from ..engine.subjects import resolve_subjects
from ..engine.visits import number_visits
from ..issues import IssueLog, Severity
from ..model import DatasetSpec, Kind, RawTable, Scalar, StudySpec, Vector
from ..raw.clean import note_missing_tokens
from ..raw.read import HeaderInfo, read_headers, read_sources
from ..raw.typed import typed_column
from ..registry import derivations, makers
from ..spec.load import load_study
from ..spec.registered import maker_forms, operation_forms
from .analyses import check_plan_analyses
from .functions import load_functions
from .given import Columns, given_kinds, read_given

Say = Callable[[str], None]


@dataclass
class Prepared:
    """A checked study: what `check` and `build` share."""

    study: StudySpec
    headers: Mapping[str, HeaderInfo]
    plan: Plan
    graph: Graph
    log: IssueLog
    base: Path
    roots: Sequence[Path]
    given: Mapping[str, Columns] = field(default_factory=dict)

    @property
    def unusable(self) -> bool:
        """Whether a fault of the specification forbids a build."""
        return self.log.count(Severity.ERROR) > 0


@dataclass
class Made:
    """Finished datasets with all that lineage and reports need."""

    prepared: Prepared
    run: Run
    built: list[Built] = field(default_factory=list)

    @cached_property
    def accepted(self) -> list[Accepted]:
        """What the study file accepts; made from the values of the build, so before they are released."""
        return accepted_of(self.run)

    def release(self) -> None:
        """Let go of the datasets and of all that they were made of; what the study file accepts is asked before."""
        self.accepted = accepted_of(self.run)
        self.built.clear()
        self.run.release()

    def known(self, rule: str, dataset: str) -> list[Set[str]]:
        """Of a rule and a dataset, the keys of records that the study file accepts."""
        return [a.keys for a in self.accepted if a.rule == rule and a.dataset == dataset and a.keys]

    def accept(self) -> None:
        """Turn the issues that the study file accepts into notes."""
        accept(self.run, self.accepted)


def prepare(
    folder: Path,
    raw: Path | None,
    log: IssueLog,
    mappings: Path | None = None,
    library: Path | None = None,
    ct_folder: Path | None = None,
    only: set[str] | None = None,
) -> Prepared | None:
    """Read specs and raw headers, resolve every name, check every rule; no data is read.

    Parameters
    ----------
    folder : specs/STUDY; raw : folder of the raw files, None for the study file's own
    only : datasets to build; the ones that they need come too
    """
    study = load_study(
        folder, mappings, library, operations=operation_forms(derivations()), makers=maker_forms(makers()), log=log
    )
    if study is None:
        return None
    base = raw if raw is not None else folder
    headers = read_headers(study.raw, base, [base], log, date_texts=study.date_texts)
    forms = {name: RawForm(info.columns, tuple({c: h.texts for c, h in p.headers.items()} for p in info.parts))
             for name, info in headers.items()}  # fmt: skip
    log.severity = study.severity
    described: dict[str, Described] = {}
    study, given = with_copies(study, read_given(study, log, base, described), described, log)
    said = {name: found.variables for name, found in described.items()}
    plan = Plan(study, forms, log, given_kinds(given), ct_folder, load_functions(study, log), described=said)
    check_raw_rules(plan)
    check_plan_analyses(plan, log)
    graph = Graph(plan)
    graph.order()
    return Prepared(study, headers, plan, graph, log, base, [base], given)


def make(prepared: Prepared, say: Say = lambda text: None, only: set[str] | None = None) -> Made:
    """Read the raw rows, make the records and variables, finish the datasets."""
    plan, log = prepared.plan, prepared.log
    say("reading")
    tables = _read(prepared)
    run = Run(plan, tables, log, prepared.given)
    run.subjects = resolve_subjects(run)
    run.visits = number_visits(run)
    check_expectations(run)
    made = Made(prepared, run)
    for name, spec in plan.datasets.items():
        if only is None or name in only:
            say(f"building {name}")
            made.built += finish_dataset(run, spec)
    made.built = with_lengths(made.built)
    log.merge()
    for table in tables.values():
        note_missing_tokens(table, log, run.not_done_cells.get(f"raw.{table.name}"))
    return made


def _read(prepared: Prepared) -> dict[str, RawTable]:
    study, plan, log = prepared.study, prepared.plan, prepared.log
    lists = plan.codelists(DatasetSpec("", ""))
    sources = sources_to_read(plan)

    def evaluate(text: Scalar, table: RawTable) -> Vector:
        made = raw_condition(plan, table.name, text)
        if made is None:
            return Vector.missing_of(Kind.TRUTH, len(table))
        return made.run(raw_scene(plan, table))

    def retype(table: RawTable, column: str) -> RawTable:
        spec = sources[table.name]
        if column not in spec.columns:
            return table
        typed = typed_column(table, spec.columns[column], spec, study.date_texts, lists.terms_of, log)
        return replace(table, values={**table.values, column: typed})

    tables = read_sources(
        sources, prepared.base, prepared.roots, study.missing, log,
        codelist_of=lists.terms_of, date_texts=study.date_texts, evaluate=evaluate,
    )  # fmt: skip
    return correct(plan, tables, retype)
