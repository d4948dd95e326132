"""What the specification says of an analysis variable where its dataset says nothing: the words of its predecessor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from ..model import Rule, Scalar, VariableSpec
from ..standards import IgVariable

if TYPE_CHECKING:
    from .variables import DatasetPlan


def declared(made: DatasetPlan, name: str, passed: frozenset[tuple[str, str]] = frozenset()) -> VariableSpec | None:
    """What `variables` says of a variable; in ADaM, over what it says of the one that it is a plain copy of.

    A copy (`copy`, a bare name, a variable of `core`) holds the values of its predecessor, so its type, length,
    digits, format and codelist are the same; so is the label, where the name is the same and the structure of the
    dataset has no such variable. Comments and value level metadata are of the dataset that says them.

    Source: ADaMIG 1.3, section 3.1.1 (a variable copied from ADSL or SDTM keeps its attributes).
    """
    own = made.spec.variables.get(name)
    if made.spec.standard != "adam" or name[:1].islower() or (made.name, name) in passed:
        return own
    for dataset, source in predecessors(made, name):
        other = made.plan.datasets.get(dataset)
        if other is not None:
            above = declared(other, source, passed | {(made.name, name)})
        else:
            above = made.plan.described.get(dataset, {}).get(source)
        if above is not None:
            standard = made.plan.adamig.variable(made.plan.structure(made.spec), name, made.spec.domain)
            same = source == name and (standard is None or is_open(standard))
            return _over(own, replace(above, name=name, label=above.label if same else "", comment="", values=()))
    return own


def is_open(known: IgVariable | None) -> bool:
    """Whether the standard leaves a variable's label to the user: names that end in DT, SDT, TM ... (ADaMIG 3.3)."""
    return known is not None and known.label.startswith("{")


def predecessors(made: DatasetPlan, name: str) -> Iterator[tuple[str, str]]:
    """Dataset and variable that a variable is a plain copy of, block by block: of this build or given to it."""
    datasets = {*made.plan.datasets, *made.plan.given}
    later = made.spec.derive.get(name) or made.defaults.get(name)
    for block in made.spec.blocks.values():
        rule = block.rules.get(name) or block.derive.get(name) or later
        text = _copied(rule)
        dataset, _, variable = text.partition(".")
        if variable and dataset in datasets:
            yield dataset, variable
        elif text and not variable and name in block.rules:
            joined = {new: (j.table.text, old.text) for j in block.joins.values() for new, old in j.take if j.table}
            here = [(s.text, text) for s in block.sources]
            for source, column in [joined[text]] if text in joined else here:
                if source in datasets and source != made.name:
                    yield source, column


def _copied(rule: Rule | None) -> str:
    """The name that a rule takes as it is, "" for any other rule."""
    plain = rule is not None and rule.operation == "from" and not {"map", "codelist"} & set(rule.options)
    return rule.argument.text if rule is not None and plain and isinstance(rule.argument, Scalar) else ""


def _over(own: VariableSpec | None, above: VariableSpec) -> VariableSpec:
    if own is None:
        return above
    return replace(
        own, label=own.label or above.label, type=own.type or above.type, format=own.format or above.format,
        length=own.length if own.length is not None else above.length,
        digits=own.digits if own.digits is not None else above.digits,
        codelist=own.codelist if own.codelist is not None else above.codelist,
    )  # fmt: skip
