"""define.xml as written, read with a parser that expands no entity and opens no other file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
DEF = "{http://www.cdisc.org/ns/def/v2.1}"
XLINK = "{http://www.w3.org/1999/xlink}"
_REFERENCES = {
    "ItemOID": "ItemDef", f"{DEF}ItemOID": "ItemDef", "CodeListOID": "CodeList", "MethodOID": "MethodDef",
    f"{DEF}CommentOID": "CommentDef", f"{DEF}StandardOID": "Standard", "WhereClauseOID": "WhereClauseDef",
    "ValueListOID": "ValueListDef", f"{DEF}ArchiveLocationID": "leaf", "leafID": "leaf", "ItemGroupOID": "ItemGroupDef",
    "ParameterOID": "ItemDef",
}  # fmt: skip
"""Attributes that name another element, and that element's tag; leafs have an ID, all others an OID."""


class DefineError(Exception):
    """define.xml can't be read; the text says why."""


@dataclass(frozen=True, slots=True)
class DefineItem:
    """An ItemDef as one dataset or value list refers to it; `length` None where none is given.

    `origin` is the type of its origin, `predecessor` that origin's description, `method` the OID of its method.
    """

    oid: str
    name: str
    label: str
    data_type: str
    length: int | None
    codelist: str = ""
    mandatory: bool = False
    key: int = 0
    role: str = ""
    values: str = ""
    where: tuple[str, ...] = ()
    origin: str = ""
    predecessor: str = ""
    method: str = ""


@dataclass(frozen=True, slots=True)
class DefineDataset:
    """An ItemGroupDef with its items in written order."""

    oid: str
    name: str
    domain: str
    label: str
    klass: str
    items: tuple[DefineItem, ...]
    href: str = ""
    has_no_data: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The key variables in key sequence."""
        return tuple(i.name for i in sorted((i for i in self.items if i.key), key=lambda i: i.key))

    def item(self, name: str) -> DefineItem | None:
        """The item of a variable, or None."""
        return next((i for i in self.items if i.name == name), None)


@dataclass(frozen=True, slots=True)
class DefineCodelist:
    """A CodeList: term -> whether it is marked as extended; `external` names a dictionary without terms."""

    oid: str
    name: str
    data_type: str
    code: str
    terms: Mapping[str, bool]
    external: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One RangeCheck: variable, comparator, values."""

    item: str
    comparator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DefineDoc:
    """What define.xml says of the datasets; `ct` maps a publishing set (SDTM) to its package's version.

    `ig` and `adamig` are the versions of the SDTMIG and the ADaMIG that it names; `made` is the moment at which the
    data were cut (AsOfDateTime), else that of the file (CreationDateTime), "" where it has neither.
    """

    datasets: Mapping[str, DefineDataset] = field(default_factory=dict)
    codelists: Mapping[str, DefineCodelist] = field(default_factory=dict)
    value_lists: Mapping[str, tuple[DefineItem, ...]] = field(default_factory=dict)
    wheres: Mapping[str, tuple[Check, ...]] = field(default_factory=dict)
    item_names: Mapping[str, str] = field(default_factory=dict)
    ct: Mapping[str, str] = field(default_factory=dict)
    ig: str = ""
    repeated: tuple[str, ...] = ()
    unresolved: tuple[tuple[str, str, str], ...] = ()
    repeated_datasets: tuple[str, ...] = ()
    adamig: str = ""
    made: str = ""


def read_define(path: Path) -> DefineDoc:
    """Read define.xml 2.1; raises DefineError where it is not well-formed, declares a DTD or isn't define.xml."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(str(path), parser)
    except (etree.XMLSyntaxError, OSError) as fault:
        raise DefineError(f"not readable as XML: {fault}") from fault
    if tree.docinfo.internalDTD is not None:
        raise DefineError("it declares a document type, which define.xml has no use for; it was not read further")
    version = tree.find(f".//{ODM}MetaDataVersion")
    if version is None:
        raise DefineError("no MetaDataVersion of ODM 1.3 in it")
    root = tree.getroot()
    return _document(version, root.get("AsOfDateTime") or root.get("CreationDateTime") or "")


def _document(version: Any, made: str) -> DefineDoc:
    items = {e.get("OID"): e for e in version.iter(f"{ODM}ItemDef")}
    leaves = {e.get("ID"): e.get(f"{XLINK}href", "") for e in version.iter(f"{DEF}leaf")}
    groups = [_dataset(e, items, leaves) for e in version.iter(f"{ODM}ItemGroupDef")]
    names = Counter(g.name for g in groups)
    return DefineDoc(
        datasets={g.name: g for g in groups},
        codelists={e.get("OID", ""): _codelist(e) for e in version.iter(f"{ODM}CodeList")},
        value_lists={
            e.get("OID", ""): tuple(_item(r, items) for r in e.iter(f"{ODM}ItemRef"))
            for e in version.iter(f"{DEF}ValueListDef")
        },
        wheres={e.get("OID", ""): tuple(_checks(e)) for e in version.iter(f"{DEF}WhereClauseDef")},
        item_names={oid: e.get("Name", "") for oid, e in items.items()},
        ct={
            e.get("PublishingSet", "SDTM"): e.get("Version", "")
            for e in version.iter(f"{DEF}Standard")
            if e.get("Type") == "CT"
        },
        ig=_version_of(version, "SDTMIG"),
        adamig=_version_of(version, "ADaMIG"),
        repeated=tuple(_repeated(version)),
        unresolved=tuple(_unresolved(version)),
        repeated_datasets=tuple(name for name, count in names.items() if count > 1),
        made=made,
    )


def _version_of(version: Any, name: str) -> str:
    """The version of an implementation guide that is named, "" if it is not."""
    return next((e.get("Version", "") for e in version.iter(f"{DEF}Standard") if e.get("Name") == name), "")


def _dataset(element: Any, items: Mapping[str, Any], leaves: Mapping[str, str]) -> DefineDataset:
    klass = element.find(f"{DEF}Class")
    refs = sorted(element.findall(f"{ODM}ItemRef"), key=lambda r: _int(r.get("OrderNumber")) or 0)
    return DefineDataset(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        domain=element.get("Domain", ""),
        label=_text(element.find(f"{ODM}Description")),
        klass=(klass.get("Name", "") if klass is not None else "").upper(),
        items=tuple(_item(r, items) for r in refs),
        href=leaves.get(element.get(f"{DEF}ArchiveLocationID", ""), ""),
        has_no_data=element.get(f"{DEF}HasNoData") == "Yes",
    )


def _item(ref: Any, items: Mapping[str, Any]) -> DefineItem:
    oid = ref.get("ItemOID", "")
    element = items.get(oid)
    common = {
        "oid": oid,
        "mandatory": ref.get("Mandatory") == "Yes",
        "key": _int(ref.get("KeySequence")) or 0,
        "role": ref.get("Role", ""),
        "method": ref.get("MethodOID", ""),
        "where": tuple(w.get("WhereClauseOID", "") for w in ref.findall(f"{DEF}WhereClauseRef")),
    }
    if element is None:
        return DefineItem(name="", label="", data_type="", length=None, **common)
    codelist, values = element.find(f"{ODM}CodeListRef"), element.find(f"{DEF}ValueListRef")
    origin = element.find(f"{DEF}Origin")
    return DefineItem(
        name=element.get("Name", ""),
        origin=origin.get("Type", "") if origin is not None else "",
        predecessor=_text(origin.find(f"{ODM}Description")) if origin is not None else "",
        label=_text(element.find(f"{ODM}Description")),
        data_type=element.get("DataType", ""),
        length=_int(element.get("Length")),
        codelist=codelist.get("CodeListOID", "") if codelist is not None else "",
        values=values.get("ValueListOID", "") if values is not None else "",
        **common,
    )


def _codelist(element: Any) -> DefineCodelist:
    terms = {
        e.get("CodedValue", ""): e.get(f"{DEF}ExtendedValue") == "Yes"
        for tag in ("CodeListItem", "EnumeratedItem")
        for e in element.findall(f"{ODM}{tag}")
    }
    alias = next((a for a in element.findall(f"{ODM}Alias") if a.get("Context") == "nci:ExtCodeID"), None)
    external = element.find(f"{ODM}ExternalCodeList")
    return DefineCodelist(
        oid=element.get("OID", ""),
        name=element.get("Name", ""),
        data_type=element.get("DataType", "text"),
        code=alias.get("Name", "") if alias is not None else "",
        terms=terms,
        external=external.get("Dictionary", "") if external is not None else "",
    )


def _checks(element: Any) -> Iterator[Check]:
    for check in element.findall(f"{ODM}RangeCheck"):
        values = tuple(v.text or "" for v in check.findall(f"{ODM}CheckValue"))
        yield Check(check.get(f"{DEF}ItemOID", ""), check.get("Comparator", ""), values)


def _repeated(version: Any) -> Iterator[str]:
    counts = Counter(e.get("OID") or e.get("ID") for e in version.iter() if e.get("OID") or e.get("ID"))
    yield from (oid for oid, count in counts.items() if count > 1)


def _unresolved(version: Any) -> Iterator[tuple[str, str, str]]:
    ids: dict[str, set[str]] = {}
    for element in version.iter():
        if isinstance(element.tag, str) and (name := element.get("OID") or element.get("ID")):
            ids.setdefault(element.tag.rpartition("}")[2], set()).add(name)
    seen: set[tuple[str, str, str]] = set()
    for element in version.iter():
        if not isinstance(element.tag, str):
            continue
        for attribute, value in element.attrib.items():
            target = _REFERENCES.get(attribute)
            found = (element.tag.rpartition("}")[2], attribute.rpartition("}")[2], value)
            if target and value not in ids.get(target, ()) and found not in seen:
                seen.add(found)
                yield found


def _text(description: Any) -> str:
    text = description.find(f"{ODM}TranslatedText") if description is not None else None
    return " ".join((text.text or "").split()) if text is not None else ""


def _int(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
