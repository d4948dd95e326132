"""Checks of a define.xml file: the XSD, OIDs and references both ways, and rules that the XSD can't say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..issues import Issue, IssueLog, Location, fault
from .define_package import schema_file
from .define_view import MEASURED

fault("define-invalid", "error", "define.xml doesn't conform to the schema of Define-XML 2.1")
fault("define-oid", "error", "An OID or ID of define.xml stands twice, or refers to nothing of the right kind")
fault("define-rule", "error", "define.xml breaks a rule of Define-XML 2.1 beyond the schema")
fault("define-orphan", "warning", "define.xml defines something that nothing refers to")

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
ARM = "http://www.cdisc.org/ns/arm/v1.0"
XLINK = "{http://www.w3.org/1999/xlink}"

REFERENCES = {
    "ItemOID": ODM + "ItemDef",
    "ItemGroupOID": ODM + "ItemGroupDef",
    "ParameterOID": ODM + "ItemDef",
    DEF + "ItemOID": ODM + "ItemDef",
    "MethodOID": ODM + "MethodDef",
    "CodeListOID": ODM + "CodeList",
    "RoleCodeListOID": ODM + "CodeList",
    "ValueListOID": DEF + "ValueListDef",
    "WhereClauseOID": DEF + "WhereClauseDef",
    DEF + "CommentOID": DEF + "CommentDef",
    DEF + "StandardOID": DEF + "Standard",
    "leafID": DEF + "leaf",
    DEF + "ArchiveLocationID": DEF + "leaf",
}
"""Attributes that refer, and the element whose OID (or ID) they must name."""

SHARED = (ODM + "ItemDef", ODM + "CodeList", ODM + "MethodDef", DEF + "CommentDef", DEF + "ValueListDef",
          DEF + "WhereClauseDef", DEF + "leaf")  # fmt: skip


def check_define(path: Path) -> list[Issue]:
    """What is wrong with a define.xml file, in the order of its lines; an empty list means nothing.

    path : the file. It is read without network, DTD or entities; a DTD in it is refused.

    Source: the Define-XML 2.1 schema (Analysis Results Metadata 1.0 where used) and section 5.3.
    """
    from lxml import etree

    log = IssueLog()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree: Any = etree.parse(str(path), parser)
    except etree.XMLSyntaxError as wrong:
        log.add("define-invalid", wrong.msg or "not XML", Location(file=path.name, row=wrong.lineno or 0))
        return list(log)
    if tree.docinfo.doctype:
        log.add("define-invalid", "a document type declaration has no place in define.xml", Location(file=path.name))
        return list(log)
    source = schema_file(arm=ARM in _namespaces(tree))
    schema: Any = etree.XMLSchema(etree.parse(str(source), etree.XMLParser(no_network=True)))
    schema.validate(tree)
    problems = [(error.line, "define-invalid", error.message) for error in schema.error_log]
    problems += [*_oids(tree.getroot()), *_rules(tree.getroot())]
    for line, rule, message in sorted(problems, key=lambda problem: problem[0]):
        log.add(rule, message, Location(file=path.name, row=line))
    return list(log)


Problem = tuple[int, str, str]


def _namespaces(tree: Any) -> set[str]:
    return {element.tag[1:].split("}")[0] for element in tree.iter("{*}*")}


def _name(element: Any) -> str:
    """An element as messages name it: ItemDef IT.AE.AETERM."""
    own = element.get("OID") or element.get("ID") or element.get("ItemOID") or ""
    return f"{element.tag.split('}')[1]} {own}".strip()


def _oids(root: Any) -> Iterator[Problem]:
    defined: dict[str, Any] = {}
    for element in root.iter("{*}*"):
        oid = element.get("OID") or (element.get("ID") if element.tag == DEF + "leaf" else None)
        if oid is None:
            continue
        if oid in defined:
            yield element.sourceline, "define-oid", f"{_name(element)}: {oid} is taken by {_name(defined[oid])}"
        defined.setdefault(oid, element)
    used: set[str] = set()
    for element in root.iter("{*}*"):
        for attribute, kind in REFERENCES.items():
            oid = element.get(attribute)
            if oid is None:
                continue
            used.add(oid)
            found = defined.get(oid)
            if found is None or found.tag != kind:
                wanted = kind.split("}")[1]
                told = "isn't there" if found is None else f"is no {wanted}"
                yield element.sourceline, "define-oid", f"{_name(element)} refers to {wanted} {oid}, which {told}"
    for oid, element in defined.items():
        if element.tag in SHARED and oid not in used:
            yield element.sourceline, "define-orphan", f"nothing refers to {_name(element)}"


def _rules(root: Any) -> Iterator[Problem]:
    standards = {item.get("OID"): item.get("Type") for item in root.iter(DEF + "Standard")}
    for element in root.iter("{*}*"):
        check = RULES.get(element.tag)
        for message in check(element, standards) if check else ():
            yield element.sourceline, "define-rule", f"{_name(element)}: {message}"


def _item_group(group: Any, standards: dict[str, str]) -> Iterator[str]:
    standard, leaf = group.get(DEF + "StandardOID"), group.find(DEF + "leaf")
    place, empty = group.get(DEF + "ArchiveLocationID"), group.get(DEF + "HasNoData") == "Yes"
    if (standard is None) == (group.get(DEF + "IsNonStandard") is None):
        yield "either def:StandardOID or def:IsNonStandard"
    if standard is not None and standards.get(standard) not in (None, "IG"):
        yield f"def:StandardOID {standard} is no implementation guide"
    if not empty and (leaf is None or place != leaf.get("ID")):
        yield f"def:ArchiveLocationID {place} isn't the ID of its def:leaf"
    if empty and group.get(DEF + "CommentOID") is None:
        yield "def:HasNoData without def:CommentOID"
    if group.get("SASDatasetName") != group.get("Name"):
        yield "SASDatasetName isn't Name"
    if group.get("IsReferenceData") == "Yes" and group.get("Repeating") != "No":
        yield "reference data with Repeating Yes"
    if group.find(ODM + "ItemRef") is None:
        yield "no ItemRef"
    if group.get("Purpose") == "Tabulation" and not group.get("Domain"):
        yield "tabulation data without Domain"
    href = leaf.get(XLINK + "href", "") if leaf is not None else ""
    if href != href.lower():
        yield f"the href {href} isn't in lower case"


def _item(item: Any, _: dict[str, str]) -> Iterator[str]:
    data_type, length, digits = item.get("DataType"), item.get("Length"), item.get("SignificantDigits")
    if (data_type in MEASURED) != (length is not None):
        yield f"DataType {data_type} {'with' if length else 'without'} Length"
    if (data_type == "float") != (digits is not None):
        yield f"DataType {data_type} {'with' if digits else 'without'} SignificantDigits"


def _origin(origin: Any, _: dict[str, str]) -> Iterator[str]:
    if origin.get("Type") == "Collected" and origin.get("Source") not in ("Investigator", "Subject", "Vendor"):
        yield f"Collected by {origin.get('Source', 'nobody')}"
    if origin.get("Type") == "Predecessor" and origin.find(ODM + "Description") is None:
        yield "Predecessor without its name"


def _value_list(values: Any, _: dict[str, str]) -> Iterator[str]:
    for ref in values.iterchildren(ODM + "ItemRef"):
        if ref.find(DEF + "WhereClauseRef") is None:
            yield f"{ref.get('ItemOID')} has no condition"


def _codelist(codelist: Any, standards: dict[str, str]) -> Iterator[str]:
    standard, own = codelist.get(DEF + "StandardOID"), codelist.get(DEF + "IsNonStandard")
    external = codelist.find(ODM + "ExternalCodeList") is not None
    if external == (standard is not None or own is not None) or (standard is not None and own is not None):
        yield "either def:StandardOID, def:IsNonStandard or an external codelist"
    if standard is not None and standards.get(standard) not in (None, "CT"):
        yield f"def:StandardOID {standard} is no terminology"
    for term in codelist.iterchildren(ODM + "CodeListItem", ODM + "EnumeratedItem"):
        if standard is not None and (term.find(ODM + "Alias") is None) != (term.get(DEF + "ExtendedValue") == "Yes"):
            yield f"the term {term.get('CodedValue')} has a C-code, or else def:ExtendedValue"


RULES = {
    ODM + "ItemGroupDef": _item_group,
    ODM + "ItemDef": _item,
    DEF + "Origin": _origin,
    DEF + "ValueListDef": _value_list,
    ODM + "CodeList": _codelist,
}
