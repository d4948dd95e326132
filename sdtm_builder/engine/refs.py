"""What a name means once it is resolved: a column of a table, a variable, a subject's value, a constant."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Kind


@dataclass(frozen=True, slots=True)
class Ref:
    """A resolved name and the kind of its values."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class Field(Ref):
    """A column of the block's source (`via` "") or of a joined table (`via` the join's name)."""

    table: str
    column: str
    via: str = ""


@dataclass(frozen=True, slots=True)
class Variable(Ref):
    """A variable or temporary of this dataset, of the same record."""

    dataset: str
    name: str


@dataclass(frozen=True, slots=True)
class OfSubject(Ref):
    """A variable of the one record that this record's subject has in a dataset."""

    dataset: str
    name: str


@dataclass(frozen=True, slots=True)
class RowFact(Ref):
    """What the tool knows of a raw row: USUBJID, VISITNUM, VISIT, VISITDY, cell, file, sheet, number."""

    what: str


@dataclass(frozen=True, slots=True)
class Above(Ref):
    """The header cell above the result of a transposed column, in the header row `row`; for places of issues alone."""

    row: str


@dataclass(frozen=True, slots=True)
class Constant(Ref):
    """`study.NAME`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Other(Ref):
    """In a summary, a join's `where`: a value of the other table's record."""

    ref: Ref


@dataclass(frozen=True, slots=True)
class Mine(Ref):
    """There: a value of the record for which the rule runs."""

    ref: Ref


def leaves(ref: Ref) -> Ref:
    """A reference without its side."""
    return leaves(ref.ref) if isinstance(ref, Other | Mine) else ref
