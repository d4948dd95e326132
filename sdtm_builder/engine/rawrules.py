"""What the study file says of raw rows beside reading them: corrections and expectations."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..issues import Issue, Location, Severity
from ..model import DatasetSpec, Kind, MapNode, Mark, RawTable, Scalar, SourceSpec, Vector
from .compiled import Env, Target
from .frames import Scene, whole_table
from .plan import Plan
from .refs import Field
from .run import Run
from .scopes import TableScope
from .sql import Expression, compile_expression
from .tables import RawView


@dataclass(frozen=True)
class Corrected:
    """A correction that was made: column, rows, the column as it stood before, the value put there, reason, place."""

    column: str
    rows: NDArray[np.int64]
    before: Vector
    value: str
    reason: str
    mark: Mark


Retype = Callable[[RawTable, str], RawTable]
"""Types one declared column of a table anew, after its text changed."""


def raw_condition(plan: Plan, source: str, text: Scalar) -> Expression | None:
    """A condition over the rows of a raw source."""
    scope = TableScope(plan.log, plan.constants(), plan.dataset_form, f"raw.{source}", plan.raw_form(source))
    return compile_expression(Env(plan, scope, DatasetSpec("", ""), Target("", None)), text, "truth")


def raw_scene(plan: Plan, table: RawTable) -> Scene:
    """The rows of a raw table as records of their own."""
    shell = Run(plan, {table.name: table}, plan.log)
    return whole_table(shell, RawView(shell, table))


def check_raw_rules(plan: Plan) -> None:
    """Resolve every name of `corrections` and of the sources' conditions, before data is read."""
    for source, spec in plan.study.raw.items():
        for text in (spec.footer, spec.where, spec.supersedes, *spec.expect.values()):
            if text is not None:
                raw_condition(plan, source, text)
    for entry in plan.study.corrections:
        source, where, column = _text(entry, "source"), entry.get("where"), _text(entry, "column")
        name = source.removeprefix("raw.")
        form = plan.form(DatasetSpec("", ""), source)
        if form is None or name not in plan.study.raw:
            plan.log.add("unknown-table", f"There is no source {source}.", entry.mark.place)
        elif form.kinds(column) is None:
            hint = plan.near(column, form.names())
            plan.log.add("unknown-column", f"{source} has no column {column}.", entry.mark.place, hint=hint)
        elif isinstance(where, Scalar):
            raw_condition(plan, name, where)


def sources_to_read(plan: Plan) -> dict[str, SourceSpec]:
    """The study's sources; columns know the texts that a join's `any` names, of which no codelist is asked."""
    found = dict(plan.study.raw)
    for made in plan.datasets.values():
        for join in [*made.joins.values(), *(j for b in made.blocks.values() for j in b.joins.values())]:
            for ref, texts in zip(join.right, join.loose, strict=True):
                source = plan.source(ref)
                if source is None or not texts or not isinstance(ref, Field) or ref.column not in source.columns:
                    continue
                spec = found[source.name]
                column = spec.columns[ref.column]
                free = {**spec.columns, ref.column: replace(column, free=column.free | texts)}
                found[source.name] = replace(spec, columns=free)
    return found


def correct(plan: Plan, tables: dict[str, RawTable], retype: Retype) -> dict[str, RawTable]:
    """Tables with the declared corrections; one that hits another number of rows than declared is not made."""
    out = dict(tables)
    for entry in plan.study.corrections:
        name, column = _text(entry, "source").removeprefix("raw."), _text(entry, "column")
        where, wanted = entry.get("where"), int(_text(entry, "rows") or "1")
        if name not in out or not isinstance(where, Scalar):
            continue
        made = raw_condition(plan, name, where)
        if made is None:
            continue
        hit = made.run(raw_scene(plan, out[name])).data == 1
        if int(hit.sum()) != wanted:
            places = [out[name].rows.location(int(r), column) for r in np.flatnonzero(hit)[:20]]
            message = (
                f"The correction of raw.{name}.{column} hits {int(hit.sum())} rows, declared are {wanted}: not made."
            )
            plan.log.add("correction-count", message, *places, entry.mark.place)
            continue
        note = Corrected(
            column, np.flatnonzero(hit), out[name].verbatim[column], _text(entry, "value"), _text(entry, "reason"),
            entry.mark,
        )  # fmt: skip
        changed = _changed(out[name], column, hit, note.value)
        done = (*changed.facts.get("corrected", ()), note)
        out[name] = retype(replace(changed, facts={**changed.facts, "corrected": done}), column)
    return out


def _changed(table: RawTable, column: str, hit: NDArray[np.bool_], value: str) -> RawTable:
    def put(vector: Vector) -> Vector:
        both = Vector.concat([vector, Vector.constant(value, 1)])
        return both.take(np.where(hit, len(vector), np.arange(len(vector))))

    texts = {**table.texts, column: put(table.texts[column])}
    verbatim = {**table.verbatim, column: put(table.verbatim[column])}
    values = dict(table.values)
    if values[column].kind is Kind.TEXT:
        values[column] = put(values[column])
    cells = dict(table.cells)
    if column in cells:
        cells[column] = np.where(hit, 0, cells[column]).astype(np.int8)
    return replace(table, verbatim=verbatim, texts=texts, values=values, cells=cells)


def check_expectations(run: Run) -> None:
    """Rows of raw sources for which an expectation is false; unknown is no fault."""
    for source in run.raw:
        for label, text in run.study.raw[source].expect.items():
            made = raw_condition(run.plan, source, text)
            if made is not None:
                scene = whole_table(run, run.table(f"raw.{source}"))
                false = made.run(scene).data == 0
                run.issue(scene, "expect-failed", false, f"{label}: {text.text} is false.", made.refs, text.mark,
                          expectation=label)  # fmt: skip


@dataclass(frozen=True)
class Accepted:
    """An entry of `accepted`: whether it speaks of an issue's places, and the keys of its records, if it names some."""

    entry: MapNode
    fits: Callable[[tuple[Location, ...]], bool]
    keys: Set[str]

    @property
    def rule(self) -> str:
        """The rule whose issues are accepted."""
        return _text(self.entry, "rule")

    @property
    def dataset(self) -> str:
        """The dataset of the issues, "" for a raw source or for all."""
        return _text(self.entry, "dataset")


def accepted_of(run: Run) -> list[Accepted]:
    """What the study file accepts, its conditions evaluated: of values that a build has no more need of after this."""
    found = []
    for entry in run.study.accepted:
        where = entry.get("where")
        condition = where if isinstance(where, Scalar) else None
        keys = _record_keys(run, _text(entry, "dataset"), condition) if condition is not None else frozenset()
        found.append(Accepted(entry, _places(run, entry, condition, keys), keys))
    return found


def accept(run: Run, accepted: Sequence[Accepted]) -> None:
    """Issues known and explained become notes with their reason; another count than declared is an issue itself."""
    for one in accepted:
        entry, rule, reason = one.entry, one.rule, _text(one.entry, "reason")
        hits = [i for i in run.log if i.rule == rule and one.fits(i.locations)]
        found = sum(i.records for i in hits)
        said = _text(entry, "count")
        declared = found if said in ("", "any") else int(said)
        if found != declared:
            message = f"Accepted are {declared} records with {rule}, found are {found}."
            run.log.add("accepted-count", message, entry.mark.place)
            continue
        known = {id(i) for i in hits}
        run.log.replace_all([_noted(i, reason) if id(i) in known else i for i in run.log])


def _noted(issue: Issue, reason: str) -> Issue:
    return replace(issue, severity=Severity.NOTE, hint=f"Accepted: {reason}")


def _places(run: Run, entry: MapNode, where: Scalar | None, keys: Set[str]) -> Callable[[tuple[Location, ...]], bool]:
    """Whether an issue lies in the dataset or source of an entry, and in a row for which `where` is true."""
    dataset, source = _text(entry, "dataset"), _text(entry, "source").removeprefix("raw.")
    if where is None:
        files = {(p.file, p.sheet) for p in run.raw[source].rows.parts} if source in run.raw else set()

        def inside(found: tuple[Location, ...]) -> bool:
            if dataset:
                return any(p.dataset == dataset or _yaml_of(run, dataset, p) for p in found)
            return not source or any((p.file, p.sheet) in files for p in found)

        return inside
    rows = _rows(run, dataset, source, where)
    return lambda found: any(
        (p.file, p.sheet, p.row) in rows or (p.dataset == dataset and p.key in keys) for p in found
    )


def _yaml_of(run: Run, dataset: str, place: Location) -> bool:
    spec = run.study.datasets.get(dataset)
    return spec is not None and bool(place.yaml) and place.yaml == spec.mark.file


def _rows(run: Run, dataset: str, source: str, where: Scalar) -> set[tuple[str, str, int]]:
    found = set()
    if source in run.raw:
        made = raw_condition(run.plan, source, where)
        table = run.raw[source]
        if made is not None:
            for row in np.flatnonzero(made.run(whole_table(run, run.table(f"raw.{source}"))).data == 1):
                place = table.rows.location(int(row))
                found.add((place.file, place.sheet, place.row))
    if dataset in run.plan.datasets:
        plan = run.plan.datasets[dataset]
        made = compile_expression(Env(run.plan, plan.scope(), plan.spec, Target("", None)), where, "truth")
        for block in plan.spec.blocks if made is not None else ():
            frame = run.frame(dataset, block)
            assert made is not None
            for row in np.flatnonzero(made.run(frame).data == 1):
                for place in frame.base.places(int(frame.index[row]), []):
                    found.add((place.file, place.sheet, place.row))
    return found


def _record_keys(run: Run, dataset: str, where: Scalar) -> set[str]:
    """Records of a dataset for which `where` is true, as findings of validation name them.

    In SDTM by subject and --SEQ, in ADaM by the dataset's keys that have a value.
    """
    plan = run.plan.datasets.get(dataset)
    if plan is None:
        return set()
    sequence = f"{plan.spec.letters}SEQ"
    adam = plan.spec.standard == "adam"
    names = [k.name.text for k in plan.spec.keys if k.name.text != "STUDYID"] if adam else ["USUBJID", sequence]
    if not adam and sequence not in plan.names:
        return set()
    made = compile_expression(Env(run.plan, plan.scope(), plan.spec, Target("", None)), where, "truth")
    if made is None:
        return set()
    whole = run.whole(dataset)
    columns = [(n, whole.usubjid() if n == "USUBJID" else run.variable(dataset, "", n)) for n in names]
    parts = [made.run(run.frame(dataset, block)).data == 1 for block in plan.spec.blocks]
    hits: NDArray[np.int64] = np.flatnonzero(np.concatenate(parts)) if parts else np.zeros(0, np.int64)
    texts = [[(name, values.text_at(int(row))) for name, values in columns] for row in hits]
    return {" ".join(f"{name}={text}" for name, text in record if text) for record in texts}


def _text(entry: MapNode, key: str) -> str:
    node = entry.get(key)
    return node.text if isinstance(node, Scalar) else ""
