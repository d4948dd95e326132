"""Faults of StudyMeta against Define-XML 2.1, located by dataset and variable, before anything is written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from ..issues import Issue, IssueLog, Location, fault
from ..model.metadata import CodelistMeta, DatasetMeta, OriginMeta, StudyMeta, ValueMeta, VariableMeta
from .define_analyses import analysis_faults
from .define_oids import where_key
from .define_view import (
    MANY_VALUES,
    MEASURED,
    ONE_VALUE,
    alias_of,
    data_file,
    inherited,
    joins,
    used_codelists,
    used_comments,
    used_methods,
)

fault("define-character", "error", "A text of define.xml has a character that XML can't hold",
      "Correct the text: tabs and line ends stand only in longer texts, control characters nowhere.")  # fmt: skip
fault("define-duplicate", "error", "Two things of define.xml have one name, so one OID")
fault("define-reference", "error", "Metadata refers to something that isn't there")
fault("define-length", "error", "Length or digits don't fit the data type",
      "text, integer and float have a Length, float has SignificantDigits, every other type has neither.")  # fmt: skip
fault("define-codelist", "error", "A codelist can't be written")
fault("define-origin", "error", "An origin can't be written",
      "Collected: Investigator, Subject or Vendor; Derived, Assigned, Protocol: Sponsor or Vendor.")  # fmt: skip
fault("define-where", "error", "A value level condition can't be written")
fault("define-dataset", "error", "A dataset's metadata contradict each other")
fault("define-incomplete", "warning", "Metadata that a submission has are missing")
fault("define-unused", "note", "Metadata that nothing refers to are left out of define.xml")

ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
BREAKS = re.compile("[\t\n\r]")
LONG_TEXTS = {"text", "title", "label", "decode", "description", "values", "result", "code"}
"""Fields that become element content, where line ends survive; in an attribute a parser makes them blanks."""

SOURCES = {
    "Collected": ("Investigator", "Subject", "Vendor"),
    "Derived": ("Sponsor", "Vendor"),
    "Assigned": ("Sponsor", "Vendor"),
    "Protocol": ("Sponsor", "Vendor"),
}
ANYBODY = ("Investigator", "Sponsor", "Subject", "Vendor")
ORIGINS = (*SOURCES, "Predecessor", "Not Available", "Other")


@dataclass(frozen=True, slots=True)
class _Known:
    """What may be referred to."""

    meta: StudyMeta
    standards: dict[str, str]  # key -> type
    codelists: frozenset[str]
    methods: frozenset[str]
    comments: frozenset[str]
    documents: frozenset[str]
    variables: frozenset[tuple[str, str]]


def faults_of(meta: StudyMeta) -> list[Issue]:
    """All faults of the metadata; errors stop define.xml from being written."""
    log = IssueLog()
    known = _Known(
        meta,
        {standard.key: standard.type for standard in meta.standards},
        frozenset(item.id for item in meta.codelists),
        frozenset(item.id for item in meta.methods),
        frozenset(item.id for item in meta.comments),
        frozenset(item.id for item in meta.documents),
        frozenset((dataset.name, variable.name) for dataset in meta.datasets for variable in dataset.variables),
    )
    _study(meta, log)
    places = _places(meta)
    for dataset in meta.datasets:
        _dataset(dataset, known, log)
    for codelist in meta.codelists:
        _codelist(codelist, known, log, places.get(("codelist", codelist.id), ()))
    for kind, items in (("method", meta.methods), ("comment", meta.comments)):
        for item in items:
            at = places.get((kind, item.id), ())
            _characters(item, f"{kind} {item.id}", log, at)
            _document(item.document, item.pages, f"{kind} {item.id}", known, log, at)
            if not item.text:
                log.add("define-incomplete", f"{kind} {item.id} has no text", *at)
    for analysis in meta.analyses:
        _characters(analysis, f"analysis {analysis.id}", log, ())
    for rule, message in analysis_faults(meta):
        log.add(rule, message)
    return list(log)


def _places(meta: StudyMeta) -> dict[tuple[str, str], tuple[Location, ...]]:
    """Where codelists, methods and comments are used, so that their faults have a place."""
    found: dict[tuple[str, str], list[Location]] = {}
    for dataset in meta.datasets:
        found.setdefault(("comment", dataset.comment), []).append(Location(dataset=dataset.name))
        for variable in dataset.variables:
            at = Location(dataset=dataset.name, variable=variable.name)
            for entry in (variable, *variable.values):
                for kind in ("codelist", "method", "comment"):
                    spots = found.setdefault((kind, getattr(entry, kind)), [])
                    if at not in spots:
                        spots.append(at)
    return {key: tuple(spots) for key, spots in found.items()}


def _repeated(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    told: set[str] = set()
    for name in names:
        if name in seen and name not in told:
            told.add(name)
            yield name
        seen.add(name)


def _study(meta: StudyMeta, log: IssueLog) -> None:
    if meta.standard not in ("sdtm", "adam"):
        log.add("define-dataset", "the standard of a study's metadata is sdtm or adam", value=meta.standard)
    for field in ("study", "title", "protocol", "language"):
        _text(getattr(meta, field), field, "study", log, ())
        if not getattr(meta, field):
            log.add("define-dataset", f"the study has no {field}")
    named = {"standard": [s.key for s in meta.standards], "codelist": [c.id for c in meta.codelists],
             "method": [m.id for m in meta.methods], "comment": [c.id for c in meta.comments],
             "document": [d.id for d in meta.documents]}  # fmt: skip
    for kind, ids in named.items():
        for id in _repeated(ids):
            log.add("define-duplicate", f"two of kind {kind} are named {id}", value=id)
    for name in _repeated(dataset.name for dataset in meta.datasets):
        log.add("define-duplicate", f"two datasets are named {name}", Location(dataset=name), value=name)
    for standard in meta.standards:
        _characters(standard, f"standard {standard.key}", log, ())
        if standard.type == "CT" and not standard.publishing_set:
            log.add("define-dataset", f"standard {standard.key} is terminology without a publishing set")
    for document in meta.documents:
        _characters(document, f"document {document.id}", log, ())
        if document.kind not in ("acrf", "supplemental"):
            log.add("define-dataset", f"document {document.id} is acrf or supplemental", value=document.kind)
        if not document.title or not document.file:
            log.add("define-dataset", f"document {document.id} has a title and a file")
    used = {"codelist": used_codelists(meta), "method": used_methods(meta), "comment": used_comments(meta)}
    for kind, seen in used.items():
        for id in named[kind]:
            if id not in seen:
                log.add("define-unused", f"nothing refers to {kind} {id}", value=id)


def _characters(item: Any, what: str, log: IssueLog, at: tuple[Location, ...]) -> None:
    """Every text of a metadata object, and of the objects in it that aren't metadata of their own."""
    for field in fields(item):
        value = getattr(item, field.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                _text(text, field.name, what, log, at)
            elif is_dataclass(text) and not isinstance(text, VariableMeta | ValueMeta):
                _characters(text, what, log, at)


def _text(text: str, field: str, what: str, log: IssueLog, at: tuple[Location, ...]) -> None:
    bad = ILLEGAL.search(text)
    if bad is None and field not in LONG_TEXTS:
        bad = BREAKS.search(text)
    if bad:
        log.add("define-character", f"{field} of {what} has U+{ord(bad.group()):04X} at position {bad.start() + 1}",
                *at, value=ascii(text))  # fmt: skip


def _dataset(dataset: DatasetMeta, known: _Known, log: IssueLog) -> None:
    at = Location(dataset=dataset.name)
    _characters(dataset, "dataset", log, (at,))
    for wrong in _contradictions(dataset, known):
        log.add("define-dataset", wrong, at)
    if dataset.comment and dataset.comment not in known.comments:
        log.add("define-reference", f"no comment {dataset.comment}", at, value=dataset.comment)
    if dataset.has_no_data and not dataset.comment:
        log.add("define-incomplete", "a dataset without data has no comment that says why", at)
    if dataset.domain not in ("", dataset.name) and not alias_of(dataset, known.meta):
        log.add("define-incomplete", f"no description of the domain {dataset.domain}", at)
    if not dataset.label:
        log.add("define-incomplete", "the dataset has no label", at)
    for name in _repeated(variable.name for variable in dataset.variables):
        log.add("define-duplicate", f"two variables are named {name}", Location(dataset=dataset.name, variable=name))
    for key in _repeated(str(variable.key) for variable in dataset.variables if variable.key):
        log.add("define-duplicate", f"two key variables are number {key}", at)
    for variable in dataset.variables:
        _variable(dataset, variable, known, log)


def _contradictions(dataset: DatasetMeta, known: _Known) -> Iterator[str]:
    """Rules of Define-XML 2.1 for ItemGroupDef that need no other dataset."""
    meta, file = known.meta, data_file(dataset)
    purpose = {"sdtm": "Tabulation", "adam": "Analysis"}.get(meta.standard)
    if purpose and dataset.purpose != purpose:
        yield f"purpose is {purpose}, not {dataset.purpose!r}"
    if meta.standard == "sdtm" and not dataset.domain:
        yield "an SDTM dataset has a domain"
    if dataset.standard and known.standards.get(dataset.standard, "IG") != "IG":
        yield f"standard {dataset.standard} is no implementation guide"
    if dataset.standard and dataset.standard not in known.standards:
        yield f"no standard {dataset.standard}"
    if dataset.reference_data and dataset.repeating:
        yield "reference data don't repeat by subject: Repeating is No"
    if dataset.klass == "TRIAL DESIGN" and not dataset.reference_data:
        yield "a dataset of class TRIAL DESIGN is reference data"
    if not dataset.variables:
        yield "the dataset has no variables"
    if not dataset.structure or not dataset.klass:
        yield "a dataset has a structure and a class"
    if file != file.lower() or file.rsplit("/", 1)[-1].rsplit(".", 1)[0] != dataset.name.lower():
        yield f"the file is the dataset's name in lower case, not {file}"


def _variable(dataset: DatasetMeta, variable: VariableMeta, known: _Known, log: IssueLog) -> None:
    at = Location(dataset=dataset.name, variable=variable.name)
    _characters(variable, "variable", log, (at,))
    _measures(variable.data_type, variable.length, variable.digits, log, at)
    _references(variable, known, log, at)
    if variable.origin:
        _origin(variable.origin, known, log, at)
    if not variable.label:
        log.add("define-incomplete", "the variable has no label", at)
    if variable.has_no_data and not variable.comment and not dataset.has_no_data:
        log.add("define-incomplete", "a variable without data has no comment that says why", at)
    empty = variable.has_no_data or dataset.has_no_data
    if not empty and variable.origin is None and not (variable.values and all(v.origin for v in variable.values)):
        log.add("define-incomplete", "neither the variable nor each of its values has an origin", at)
    derived = variable.origin is not None and variable.origin.type == "Derived"
    if derived and not variable.method and not any(value.method for value in variable.values):
        log.add("define-incomplete", "a derived variable has no method", at)
    keys: set[str] = set()
    for value in variable.values:
        key = where_key(dataset.name, value.where) if value.where else ""
        here = Location(dataset=dataset.name, variable=variable.name, key=key)
        if key in keys:
            log.add("define-duplicate", "two values of the variable have one condition", here)
        keys.add(key)
        _value(dataset, variable, value, known, log, here)


def _value(
    dataset: DatasetMeta, variable: VariableMeta, value: ValueMeta, known: _Known, log: IssueLog, at: Location
) -> None:
    _characters(value, "value", log, (at,))
    _references(value, known, log, at)
    full = inherited(value, variable)
    _measures(full.data_type, full.length, full.digits, log, at)
    if value.origin:
        _origin(value.origin, known, log, at)
        if value.origin.type == "Derived" and not (value.method or variable.method):
            log.add("define-incomplete", "a derived value has no method", at)
    if not value.where:
        log.add("define-where", "value level metadata without a condition", at)
    if joins(dataset.name, value) and not value.comment:
        log.add("define-incomplete", "a condition on another dataset has no comment that explains the join", at)
    for check in value.where:
        owner = check.dataset or dataset.name
        if (owner, check.variable) not in known.variables:
            log.add("define-reference", f"the condition names {owner}.{check.variable}, which isn't there", at)
        if check.comparator not in ONE_VALUE + MANY_VALUES:
            log.add("define-where", "no comparator of Define-XML", at, value=check.comparator)
        elif not check.values or (check.comparator in ONE_VALUE and len(check.values) > 1):
            log.add("define-where", f"{check.comparator} has {len(check.values)} values", at)


def _measures(data_type: str, length: int | None, digits: int | None, log: IssueLog, at: Location) -> None:
    if data_type in MEASURED and (length is None or length < 1):
        log.add("define-length", f"{data_type} without a length", at)
    elif data_type not in MEASURED and length is not None:
        log.add("define-length", f"{data_type} with a length", at, value=str(length))
    if data_type == "float" and (digits is None or digits < 0):
        log.add("define-length", "float without significant digits", at)
    elif data_type != "float" and digits is not None:
        log.add("define-length", f"{data_type} with significant digits", at, value=str(digits))


def _references(entry: VariableMeta | ValueMeta, known: _Known, log: IssueLog, at: Location) -> None:
    for kind, ids in (("codelist", known.codelists), ("method", known.methods), ("comment", known.comments)):
        id = getattr(entry, kind)
        if id and id not in ids:
            log.add("define-reference", f"no {kind} {id}", at, value=id)


def _origin(origin: OriginMeta, known: _Known, log: IssueLog, at: Location) -> None:
    _document(origin.document, origin.pages, "the origin", known, log, (at,))
    if origin.type not in ORIGINS:
        log.add("define-origin", "no origin type of Define-XML", at, value=origin.type)
    allowed = SOURCES.get(origin.type, ())
    wanted = origin.type == "Collected" or (bool(allowed) and known.meta.standard == "sdtm")
    if (wanted or origin.source) and origin.source not in (allowed or ANYBODY):
        told = f"source {origin.source}" if origin.source else "no source"
        log.add("define-origin", f"origin {origin.type} with {told}", at, value=origin.source)
    if origin.type == "Predecessor" and not origin.description:
        log.add("define-origin", "a predecessor isn't named", at)
    acrf = any(document.kind == "acrf" for document in known.meta.documents)
    if origin.type == "Collected" and origin.source == "Investigator" and acrf and not origin.document:
        log.add("define-incomplete", "collected by the investigator, but no page of the annotated CRF", at)


def _document(
    id: str, pages: tuple[str, ...], what: str, known: _Known, log: IssueLog, at: tuple[Location, ...]
) -> None:
    if id and id not in known.documents:
        log.add("define-reference", f"{what} names no document {id}", *at, value=id)
    if pages and not id:
        log.add("define-reference", f"{what} has pages of no document", *at, value=" ".join(pages))


def _codelist(codelist: CodelistMeta, known: _Known, log: IssueLog, at: tuple[Location, ...]) -> None:
    _characters(codelist, f"codelist {codelist.id}", log, at)
    for wrong in _codelist_contradictions(codelist, known):
        log.add("define-codelist", f"codelist {codelist.id}: {wrong}", *at)


def _codelist_contradictions(codelist: CodelistMeta, known: _Known) -> Iterator[str]:
    if codelist.dictionary:
        if codelist.terms or codelist.standard:
            yield "a dictionary has neither terms nor a CT package"
        if not codelist.version:
            yield "the dictionary has no version"
    elif not codelist.terms:
        yield "no terms"
    if codelist.standard and known.standards.get(codelist.standard) != "CT":
        yield f"{codelist.standard} is no CT package of this study"
    decodes = {bool(term.decode) for term in codelist.terms}
    if len(decodes) > 1:
        yield "some terms have a decode, some have none"
    if codelist.standard and not codelist.code:
        yield "a codelist of a CT package has a C-code"
    for term in codelist.terms:
        if codelist.standard and term.extended == bool(term.code):
            yield f"the term {term.term!r} has either a C-code or is extended"
    for text in _repeated(term.term for term in codelist.terms):
        yield f"the term {text!r} stands twice"
