"""What the define.xml template loops over: OIDs, value lists and where clauses worked out from StudyMeta."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote

from ..model.metadata import (
    CodelistMeta,
    ConditionMeta,
    DatasetMeta,
    DocumentMeta,
    OriginMeta,
    StudyMeta,
    ValueMeta,
    VariableMeta,
)
from . import define_oids as oids

ONE_VALUE = ("EQ", "NE", "LT", "LE", "GT", "GE")
MANY_VALUES = ("IN", "NOTIN")
"""Comparators of Define-XML 2.1, RangeCheck."""
MEASURED = ("text", "integer", "float")
"""Data types that have a Length (Define-XML 2.1, ItemDef); dates, times and durations have none."""


@dataclass(frozen=True, slots=True)
class Pages:
    """One def:PDFPageRef: `refs`, or the range `first` to `last`."""

    type: str
    refs: str = ""
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """One ItemRef; "" and None are attributes that aren't written."""

    item: str
    order: int
    mandatory: bool
    key: int | None = None
    method: str = ""
    role: str = ""
    non_standard: bool = False
    no_data: bool = False
    where: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One ItemDef of a variable or of a value."""

    oid: str
    name: str
    data_type: str
    length: int | None
    digits: int | None
    format: str
    comment: str
    label: str
    codelist: str
    origin: OriginMeta | None
    value_list: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One RangeCheck."""

    item: str
    comparator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """One def:WhereClauseDef."""

    oid: str
    comment: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class ValueList:
    """One def:ValueListDef."""

    oid: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """One ItemGroupDef; `leaf` "" where the dataset has no data and so no file."""

    oid: str
    meta: DatasetMeta
    domain: str
    standard: str
    comment: str
    alias: str
    leaf: str
    href: str
    title: str
    refs: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The parts of a MetaDataVersion that need working out."""

    groups: tuple[Group, ...]
    items: tuple[Item, ...]
    value_lists: tuple[ValueList, ...]
    wheres: tuple[Where, ...]


def inherited(value: ValueMeta, variable: VariableMeta) -> ValueMeta:
    """The value's metadata without what it has in common with its variable, which it inherits.

    DataType, and with it Length and SignificantDigits, stay: every ItemDef of such a type has them (Define-XML 2.1,
    ItemDef), so a missing one is the variable's. Method stays with an origin of its own, as a derived origin needs it.
    """
    same_origin = value.origin is None or value.origin == variable.origin
    measured = value.data_type in MEASURED
    length = variable.length if value.length is None and measured else value.length
    digits = variable.digits if value.digits is None and value.data_type == "float" else value.digits
    return replace(
        value,
        length=length,
        digits=digits,
        codelist="" if value.codelist == variable.codelist else value.codelist,
        origin=None if same_origin else value.origin,
        method="" if value.method == variable.method and same_origin else value.method,
        comment="" if value.comment == variable.comment else value.comment,
        label="" if value.label == variable.label else value.label,
        format="" if value.format == variable.format else value.format,
    )


def differs(value: ValueMeta, variable: VariableMeta) -> bool:
    """Whether a value's metadata (after `inherited`) says anything that its variable doesn't."""
    numbers = (value.data_type, value.length, value.digits) != (variable.data_type, variable.length, variable.digits)
    said = (value.codelist, value.method, value.comment, value.label, value.format)
    return numbers or any(said) or value.origin is not None or (value.mandatory and not variable.mandatory)


def told_values(variable: VariableMeta) -> tuple[ValueMeta, ...]:
    """The value level entries worth writing: those that differ from the variable, without what is inherited."""
    kept = (inherited(value, variable) for value in variable.values)
    return tuple(value for value in kept if differs(value, variable))


def joins(dataset: str, value: ValueMeta) -> bool:
    """Whether the condition looks into another dataset; the comment then explains the join, and stands with it."""
    return any(check.dataset not in ("", dataset) for check in value.where)


def page_refs(pages: tuple[str, ...]) -> tuple[Pages, ...]:
    """def:PDFPageRef of pages: numbers together, each range `5-7` alone, named destinations together.

    A blank in a named destination is written as #20 (Define-XML 2.1, def:PDFPageRef).
    """
    numbers = [page for page in pages if re.fullmatch(r"[0-9]+", page)]
    ranges = [page for page in pages if re.fullmatch(r"[0-9]+-[0-9]+", page)]
    names = [page.replace(" ", "#20") for page in pages if page not in numbers and page not in ranges]
    made = [Pages("PhysicalRef", " ".join(numbers))] if numbers else []
    made += [Pages("PhysicalRef", "", *page.split("-")) for page in ranges]
    made += [Pages("NamedDestination", " ".join(names))] if names else []
    return tuple(made)


def href_of(file: str) -> str:
    """A path as xlink:href has it."""
    return quote(file, safe="/._-~!()'#")


def data_file(dataset: DatasetMeta) -> str:
    """The file of a dataset; by default its name in lower case as XPT."""
    return dataset.file or f"{dataset.name.lower()}.xpt"


def alias_of(dataset: DatasetMeta, meta: StudyMeta) -> str:
    """Description of the domain of a dataset with another name (split datasets, SUPP--), "" if none is known."""
    if not dataset.domain or dataset.domain == dataset.name:
        return ""
    labels = [other.label for other in meta.datasets if other.name == dataset.domain]
    return dataset.domain_label or next(iter(labels), "")


def used_codelists(meta: StudyMeta) -> set[str]:
    """Ids of codelists that a variable, or a value that is written, refers to."""
    variables = [variable for dataset in meta.datasets for variable in dataset.variables]
    return {v.codelist for v in variables} | {v.codelist for var in variables for v in told_values(var)}


def used_methods(meta: StudyMeta) -> set[str]:
    """Ids of methods that a variable, or a value that is written, refers to."""
    variables = [variable for dataset in meta.datasets for variable in dataset.variables]
    return {v.method for v in variables} | {v.method for var in variables for v in told_values(var)}


def used_comments(meta: StudyMeta) -> set[str]:
    """Ids of comments that a dataset, a variable or a value that is written refers to."""
    variables = [variable for dataset in meta.datasets for variable in dataset.variables]
    used = {dataset.comment for dataset in meta.datasets} | {v.comment for v in variables}
    used |= {analysis.comment for analysis in meta.analyses}
    return used | {v.comment for var in variables for v in told_values(var)}


def documents_of(meta: StudyMeta, kind: str) -> tuple[DocumentMeta, ...]:
    """The documents of a kind (acrf, supplemental)."""
    return tuple(document for document in meta.documents if document.kind == kind)


def decoded(codelist: CodelistMeta) -> bool:
    """Whether the terms have decodes (CodeListItem), else they are enumerated."""
    return any(term.decode for term in codelist.terms)


def _variable_item(dataset: DatasetMeta, variable: VariableMeta, value_list: str) -> Item:
    return Item(
        oids.item_oid(dataset.name, variable.name), variable.name, variable.data_type, variable.length,
        variable.digits, variable.format, variable.comment, variable.label, variable.codelist, variable.origin,
        value_list,
    )  # fmt: skip


def _value_item(dataset: DatasetMeta, variable: VariableMeta, value: ValueMeta) -> Item:
    return Item(
        oids.value_oid(dataset.name, variable.name, value.where), variable.name, value.data_type, value.length,
        value.digits, value.format, "" if joins(dataset.name, value) else value.comment, value.label, value.codelist,
        value.origin,
    )  # fmt: skip


def _where(dataset: DatasetMeta, value: ValueMeta) -> Where:
    return where_of(dataset.name, value.where, value.comment if joins(dataset.name, value) else "")


def where_of(dataset: str, where: tuple[ConditionMeta, ...], comment: str = "") -> Where:
    """The def:WhereClauseDef of a condition."""
    checks = tuple(
        Check(oids.item_oid(check.dataset or dataset, check.variable), check.comparator, check.values)
        for check in where
    )
    return Where(oids.where_oid(dataset, where, comment), comment, checks)


def _refs(dataset: DatasetMeta) -> Iterator[Ref]:
    for order, variable in enumerate(dataset.variables, 1):
        yield Ref(
            item=oids.item_oid(dataset.name, variable.name),
            order=order,
            mandatory=variable.mandatory,
            key=variable.key or None,
            method=variable.method,
            role=variable.role,
            non_standard=not variable.standard and bool(dataset.standard),
            no_data=variable.has_no_data,
        )


def _group(dataset: DatasetMeta, meta: StudyMeta) -> Group:
    file = data_file(dataset)
    leaf = "" if dataset.has_no_data else oids.dataset_leaf(dataset.name)
    return Group(
        oid=oids.group_oid(dataset.name),
        meta=dataset,
        domain=dataset.domain if meta.standard == "sdtm" else "",
        standard=oids.standard_oid(dataset.standard) if dataset.standard else "",
        comment=oids.comment_oid(dataset.comment) if dataset.comment else "",
        alias=alias_of(dataset, meta),
        leaf=leaf,
        href=href_of(file),
        title=file.rsplit("/", 1)[-1],
        refs=tuple(_refs(dataset)),
    )


def view_of(meta: StudyMeta) -> View:
    """Everything worked out, in the order of the input."""
    items: list[Item] = []
    lists: list[ValueList] = []
    wheres: dict[str, Where] = {}
    for dataset in meta.datasets:
        for variable in dataset.variables:
            values = told_values(variable)
            list_oid = oids.list_oid(dataset.name, variable.name) if values else ""
            items.append(_variable_item(dataset, variable, list_oid))
            refs = []
            for order, value in enumerate(values, 1):
                item, where = _value_item(dataset, variable, value), _where(dataset, value)
                items.append(item)
                wheres.setdefault(where.oid, where)
                refs.append(Ref(item.oid, order, value.mandatory, method=value.method, where=where.oid))
            if refs:
                lists.append(ValueList(list_oid, tuple(refs)))
    for analysis in meta.analyses:
        for data in analysis.data:
            if data.where:
                condition = where_of(data.dataset, data.where)
                wheres.setdefault(condition.oid, condition)
    groups = tuple(_group(dataset, meta) for dataset in meta.datasets)
    return View(groups, tuple(items), tuple(lists), tuple(wheres.values()))
