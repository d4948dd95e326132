"""`write: copy`: a given dataset is written out again as it is, by a block that takes every variable of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from ..issues import IssueLog, fault
from ..model import (
    BlockSpec,
    DatasetSpec,
    Kind,
    MapNode,
    Mark,
    Node,
    OrderItem,
    Rule,
    Scalar,
    StudySpec,
    VariableSpec,
    Vector,
)

fault("given-study-differs", "error", "A given dataset of another study: it cannot be copied into this one",
      "Mend STUDYID where the dataset was made, or say that study's id.")  # fmt: skip
fault("given-origin-unknown", "warning", "A QORIG that is no origin: the copy has none")
fault("copy-and-rules", "error", "A dataset that is copied has rules of its own",
      "Take `write: copy` away, or the rules: a copy is not altered.")  # fmt: skip

Columns = dict[str, Vector]
PREFIX = "given."
BUILT_IN = ("STUDYID", "DOMAIN", "USUBJID")
ORIGINS = {
    "CRF": ("Collected", "Investigator"), "EDT": ("Collected", "Vendor"), "DERIVED": ("Derived", "Sponsor"),
    "ASSIGNED": ("Assigned", "Sponsor"), "PROTOCOL": ("Protocol", "Sponsor"),
}  # fmt: skip
"""QORIG in capitals -> type and source of an origin."""


@dataclass
class Described:
    """What the files of a given dataset say of it: its label, variables (those merged from SUPP-- too), their QORIG."""

    label: str = ""
    variables: dict[str, VariableSpec] = field(default_factory=dict)
    origins: dict[str, tuple[str, ...]] = field(default_factory=dict)


def is_copy(spec: DatasetSpec) -> bool:
    """Whether a dataset is a given one that is written out again."""
    return spec.write == "copy"


def with_copies(
    study: StudySpec, given: Mapping[str, Columns], described: Mapping[str, Described], log: IssueLog
) -> tuple[StudySpec, dict[str, Columns]]:
    """The study whose copied datasets have a block over the given one, which then is `given.NAME`.

    Values, labels and formats are those of the files; qualifiers go to SUPP-- again. Origins are Not Available: no
    file but define.xml tells them; of a qualifier it is what QORIG says.
    """
    tables = dict(given)
    datasets = dict(study.datasets)
    for name, spec in study.datasets.items():
        if is_copy(spec) and name in given:
            _check(study, spec, given[name], log)
            tables[PREFIX + name] = tables.pop(name)
            datasets[name] = _copied(spec, given[name], described.get(name, Described()), log)
    return replace(study, datasets=datasets), tables


def _check(study: StudySpec, spec: DatasetSpec, columns: Columns, log: IssueLog) -> None:
    if spec.blocks or spec.derive or spec.joins or spec.tests or spec.parameters is not None:
        log.add("copy-and-rules", f"{spec.name} is copied and has rules.", spec.mark.place)
    found = columns.get("STUDYID")
    others = sorted({str(t) for t in found.strings() if t} - {study.id}) if found is not None else []
    if others:
        log.add("given-study-differs", f"{spec.name} is of {', '.join(others)}, not of {study.id}.", spec.mark.place)


def _copied(spec: DatasetSpec, columns: Columns, said: Described, log: IssueLog) -> DatasetSpec:
    mark = spec.mark
    rules = {
        name: Rule("from", Scalar(name, mark), meta={"origin": _origin(spec, name, said, log)}, mark=mark)
        for name in columns
        if name not in BUILT_IN
    }
    block = BlockSpec("given", sources=(Scalar(PREFIX + spec.name, mark),), rules=rules, mark=mark)
    variables = {name: _variable(name, columns[name], said, spec.variables.get(name)) for name in rules}
    one = "USUBJID" in columns and len(set(columns["USUBJID"].strings())) == len(columns["USUBJID"])
    keys = spec.keys or ((OrderItem(Scalar("USUBJID", mark)),) if one else ())
    return replace(
        spec, label=spec.label or said.label, blocks={"given": block}, derive={}, joins={}, tests={},
        variables={**spec.variables, **variables}, keys=keys,
    )  # fmt: skip


def _variable(name: str, values: Vector, said: Described, own: VariableSpec | None) -> VariableSpec:
    """The file's words, those of the mapping over them."""
    found = said.variables.get(name, VariableSpec(name))
    if values.is_text or (values.kind is Kind.NUMBER and not found.format.strip(".")):
        found = replace(found, format="")
    if own is None:
        return found
    return replace(own, label=own.label or found.label, format=own.format or found.format,
                   evaluator=own.evaluator or found.evaluator)  # fmt: skip


def _origin(spec: DatasetSpec, name: str, said: Described, log: IssueLog) -> Node:
    words = said.origins.get(name, ())
    if not words:
        return Scalar("Not Available", spec.mark)
    if len(words) > 1 or words[0].upper() not in ORIGINS:
        log.add("given-origin-unknown", f"QORIG of {name} is {', '.join(words)}.", spec.mark.place)
        return Scalar("Not Available", spec.mark)
    kind, source = ORIGINS[words[0].upper()]
    return _map({"type": kind, "source": source}, spec.mark)


def _map(items: Mapping[str, str], mark: Mark) -> MapNode:
    return MapNode({k: Scalar(v, mark) for k, v in items.items()}, dict.fromkeys(items, mark), mark)
