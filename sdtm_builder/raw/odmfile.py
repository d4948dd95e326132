"""ODM-XML 1.3 clinical data: a table for each item group, with keys, labels and decodes; audit records left alone."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import Any

import numpy as np

from ..issues import IssueLog, Location
from ..model import Part, SourceSpec, Vector
from .files import Content
from .layout import Region, layout
from .part import RawPart

NAMESPACE = "http://www.cdisc.org/ns/odm/v1.3"
HEADER = ("name", "label")
KEYS = {
    "ClinicalData": ("StudyOID",),
    "SubjectData": ("SubjectKey",),
    "SiteRef": ("LocationOID",),
    "StudyEventData": ("StudyEventOID", "StudyEventRepeatKey"),
    "FormData": ("FormOID", "FormRepeatKey"),
    "ItemGroupData": ("ItemGroupRepeatKey",),
}
_TAG = f"{{{NAMESPACE}}}"
_LEVELS = list(KEYS)


class _OdmError(ValueError):
    """What makes a file no clinical data that can be read, with its line."""

    def __init__(self, rule: str, told: str, line: int) -> None:
        super().__init__(told)
        self.rule, self.line = rule, line


@dataclass(slots=True)
class _Column:
    """The cells of a column that are filled: places of records and codes into `texts`."""

    rows: array[int] = field(default_factory=lambda: array("i"))
    codes: array[int] = field(default_factory=lambda: array("i"))
    texts: dict[str, int] = field(default_factory=dict)

    def put(self, row: int, text: str) -> None:
        self.rows.append(row)
        self.codes.append(self.texts.setdefault(text, len(self.texts)))

    def vector(self, count: int) -> Vector:
        codes = np.full(count, -1, dtype=np.int64)
        codes[np.frombuffer(self.rows, dtype=np.int32)] = np.frombuffer(self.codes, dtype=np.int32)
        return Vector.of_codes(codes, list(self.texts))


@dataclass(slots=True)
class _Group:
    count: int = 0
    columns: dict[str, _Column] = field(default_factory=dict)


@dataclass(slots=True)
class _Meta:
    """What the metadata say: labels, items of groups; (version, item) -> decodes by code."""

    labels: dict[str, str] = field(default_factory=dict)
    items: dict[str, dict[str, None]] = field(default_factory=dict)
    decodes: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)


class OdmBook:
    """The tables of an ODM file; `sheets` are the OIDs of its item groups that have data."""

    def __init__(self, content: Content) -> None:
        self.content = content
        self._meta = _Meta()
        self._groups: dict[str, _Group] = {}
        self._read()
        self.sheets: tuple[str, ...] = tuple(self._groups)

    def table(self, sheet: str) -> tuple[list[tuple[str, str]], dict[str, Vector], int]:
        """(name, label) of the columns, their values, the number of records."""
        group = self._groups[sheet]
        coded = {item for _, item in self._meta.decodes}
        keys = [key for level in KEYS.values() for key in level]
        items = [*self._meta.items.get(sheet, {}), *group.columns]
        names = [(key, key) for key in keys]
        for item in dict.fromkeys(item for item in items if item not in keys):
            if item.endswith("_DECODE") and item.removesuffix("_DECODE") in coded:
                continue
            label = self._meta.labels.get(item, "")
            names.append((item, label))
            if item in coded:
                names.append((f"{item}_DECODE", label))
        values = {name: group.columns.get(name, _Column()).vector(group.count) for name, _ in names}
        return names, values, group.count

    def _read(self) -> None:
        from lxml import etree

        at: dict[str, tuple[str, ...]] = {}
        version, first = "", True
        events = etree.iterparse(
            BytesIO(self.content.data), events=("start", "end"), resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=True,
        )  # fmt: skip
        for event, element in events:
            if first:
                _check_root(element)
                first = False
            tag = str(element.tag).removeprefix(_TAG)
            if event == "start" and tag in KEYS:
                if element.get("TransactionType") == "Remove":
                    raise _OdmError("file-type", f"takes {tag} away again; export a snapshot", element.sourceline or 0)
                for lower in _LEVELS[_LEVELS.index(tag) :]:
                    at.pop(lower, None)
                at[tag] = tuple(element.get(key) or "" for key in KEYS[tag])
                version = element.get("MetaDataVersionOID") or "" if tag == "ClinicalData" else version
            elif event == "end" and tag == "MetaDataVersion":
                self._take_metadata(element)
                element.clear()
            elif event == "end" and tag == "ItemGroupData":
                self._take_group(element, at, version)
                _drop(element)
            elif event == "end" and tag in ("FormData", "StudyEventData", "SubjectData"):
                _drop(element)

    def _take_metadata(self, version: Any) -> None:
        oid = version.get("OID") or ""
        lists: dict[str | None, dict[str, str]] = {}
        for codelist in version.iterfind(f"{_TAG}CodeList"):
            pairs = {item.get("CodedValue", ""): _translated(item.find(f"{_TAG}Decode"))
                     for item in codelist.iterfind(f"{_TAG}CodeListItem")}  # fmt: skip
            lists[codelist.get("OID")] = pairs
        for item in version.iterfind(f"{_TAG}ItemDef"):
            name = item.get("OID", "")
            told = _translated(item.find(f"{_TAG}Question")) or _translated(item.find(f"{_TAG}Description"))
            self._meta.labels.setdefault(name, told or item.get("Name") or "")
            reference = item.find(f"{_TAG}CodeListRef")
            decodes = lists.get(reference.get("CodeListOID")) if reference is not None else None
            if decodes:
                self._meta.decodes[oid, name] = decodes
        for group in version.iterfind(f"{_TAG}ItemGroupDef"):
            items = self._meta.items.setdefault(group.get("OID", ""), {})
            items.update(dict.fromkeys(ref.get("ItemOID", "") for ref in group.iterfind(f"{_TAG}ItemRef")))

    def _take_group(self, element: Any, at: dict[str, tuple[str, ...]], version: str) -> None:
        group = self._groups.setdefault(element.get("ItemGroupOID") or "", _Group())
        row, group.count = group.count, group.count + 1
        columns = group.columns
        for level, values in at.items():
            for key, value in zip(KEYS[level], values, strict=True):
                if value:
                    columns.setdefault(key, _Column()).put(row, value)
        met: set[str] = set()
        for item in element:
            if not str(item.tag).startswith(f"{_TAG}ItemData"):
                continue
            name, line = item.get("ItemOID") or "", item.sourceline or 0
            if name in met:
                raise _OdmError("file-type", f"has item {name} twice in one record; export a snapshot", line)
            if item.get("TransactionType") == "Remove":
                raise _OdmError("file-type", f"takes item {name} away again; export a snapshot", line)
            met.add(name)
            value = item.get("Value") if item.tag == f"{_TAG}ItemData" else item.text
            if not value or item.get("IsNull") == "Yes":
                continue
            columns.setdefault(name, _Column()).put(row, value)
            decode = self._meta.decodes.get((version, name), {}).get(value)
            if decode:
                columns.setdefault(f"{name}_DECODE", _Column()).put(row, decode)


def _check_root(root: Any) -> None:
    if not str(root.tag).endswith("}ODM") and root.tag != "ODM":
        raise _OdmError("file-type", f"is no ODM file: its root is {root.tag}", root.sourceline or 0)
    version = root.get("ODMVersion") or ""
    if root.tag != f"{_TAG}ODM" or not (version.startswith("1.3") or not version):
        told = f"is ODM {version} of namespace {str(root.tag)[1:].partition('}')[0]}; 1.3 is read ({NAMESPACE})"
        raise _OdmError("file-type", told, root.sourceline or 0)


def _translated(element: Any) -> str:
    """The first text of an element's translations."""
    text = element.find(f"{_TAG}TranslatedText") if element is not None else None
    return " ".join((text.text or "").split()) if text is not None else ""


def _drop(element: Any) -> None:
    """Let go of an element and of those before it, so that the tree stays small."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def open_odm(content: Content, log: IssueLog, place: Location) -> OdmBook | None:
    """The tables of an ODM file, or None and an issue at the file's line: damaged, or of another version."""
    from lxml import etree

    try:
        return OdmBook(content)
    except _OdmError as error:
        at = Location(file=content.shown, row=error.line)
        log.add(error.rule, f"{content.shown} {error}.", at, place)
    except etree.XMLSyntaxError as error:
        at = Location(file=content.shown, row=error.lineno or 0)
        log.add("file-damaged", f"{content.shown} can't be read: {error}.", at, place)
    return None


def part_of_odm(
    book: OdmBook, sheet: str, source: SourceSpec, log: IssueLog, headers_only: bool = False
) -> RawPart | None:
    """The table of an item group; a row's number is the place of its record among those of the group."""
    at = Location(file=book.content.shown, sheet=sheet)
    unfit = [key for key in ("skip_rows", "range") if getattr(source, key) is not None]
    unfit += [f"header: {kind}" for kind in source.header if kind not in HEADER]
    for key in unfit:
        told = f"raw.{source.name}: ODM has no {key}; its header rows are {', '.join(HEADER)}."
        log.add("key-unfit", told, at, source.mark.place, value=key)
    if unfit:
        return None
    names, values, count = book.table(sheet)
    header = [[name for name, _ in names], [label for _, label in names]]
    made = layout(header, -1, replace(source, header=HEADER), Region(), at, log)
    part = Part(at.file, sheet, book.content.sha256, {column.name: column.header for column in made.columns})
    if headers_only:
        return RawPart(part, {}, {}, np.empty(0, np.int32))
    vectors = {column.name: values[names[column.index][0]] for column in made.columns}
    return RawPart(part, vectors, {}, np.arange(1, count + 1, dtype=np.int32))
