"""Readers of published CT: NCI EVS text and workbook, ODM-XML, CDISC Library JSON; each gives records with places."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sdtm_builder.standards.errors import StandardsError

MAX_FILE = 300 * 2**20
MAX_UNPACKED = 600 * 2**20

_COLUMNS = {
    "code": ("Code",),
    "codelist_code": ("Codelist Code",),
    "extensible": ("Codelist Extensible (Yes/No)", "Codelist Extensible"),
    "name": ("Codelist Name",),
    "submission_value": ("CDISC Submission Value",),
    "synonyms": ("CDISC Synonym(s)", "CDISC Synonyms", "CDISC Synonym"),
    "preferred_term": ("NCI Preferred Term",),
}
_XML_ENCODINGS = ("ascii", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
_STANDARD = "Standard and Date"


@dataclass(frozen=True, slots=True)
class Record:
    """A codelist (no `codelist_code`) or a term as a file gives it, with the place where it stands."""

    place: str
    codelist_code: str
    code: str
    submission_value: str
    name: str
    extensible: str
    synonyms: tuple[str, ...]
    preferred_term: str


@dataclass(slots=True)
class Reading:
    """What a reader found: records, faults with their places, and the texts that may name package and date."""

    form: str
    records: list[Record] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def recognise(content: bytes, name: str) -> Reading:
    """Read a release, whatever its form, recognised by its content and not by its name.

    Args:
        content: the file's bytes.
        name: the file's name, for messages.

    Raises:
        StandardsError: the form is unknown, or the file is broken as a whole (with line, where there is one).
    """
    if not content.strip():
        raise StandardsError(f"{name}: the file is empty.")
    start = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:200]
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        return _workbook(content, name)
    if start.startswith(b"<"):
        return _odm(content, name)
    if start.startswith(b"{"):
        return _library_json(content, name)
    if b"\t" in content and b"Codelist Code" in content[:5000]:
        return _text(content, name)
    raise StandardsError(
        f"{name}: this is no release of controlled terminology. Permitted: NCI EVS text (tab-separated, with header), "
        "xls or xlsx, ODM-XML, CDISC Library JSON."
    )


def _text(content: bytes, name: str) -> Reading:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        raise StandardsError(f"{name}, row {line}: not UTF-8 text (byte {content[fault.start]:#04x}).") from fault
    lines = re.split("\r\n|\n|\r", text)
    rows = [line.split("\t") for line in lines]
    while rows and rows[-1] == [""]:
        rows.pop()
    reading = _table("NCI EVS text", name, rows, exact_width=True)
    if lines[-1]:
        reading.problems.append(
            f"{name}, row {len(lines)}: the last row has no end of line; is the file cut off? (If not, add one.)"
        )
    return reading


def _workbook(content: bytes, name: str) -> Reading:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

    if content.startswith(b"PK"):
        _check_unpacked_size(content, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [(sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)) for sheet in book.sheet_names]
    except PasswordError as fault:
        raise StandardsError(f"{name}: the workbook is protected by a password.") from fault
    except (CalamineError, ZipError) as fault:
        raise StandardsError(f"{name}: damaged, cut off or protected by a password ({fault}).") from fault
    for sheet, cells in sheets:
        rows = [[_cell(cell) for cell in row] for row in cells]
        while rows and not any(rows[-1]):
            rows.pop()
        if any(_is_header(row) for row in rows[:20]):
            reading = _table("workbook", f"{name}, sheet {sheet}", rows, exact_width=False)
            reading.titles.append(sheet)
            return reading
    seen = ", ".join(repr(sheet) for sheet, _ in sheets)
    raise StandardsError(f"{name}: no sheet has the columns of NCI EVS terminology; sheets: {seen}. {_wanted()}")


def _check_unpacked_size(content: bytes, name: str) -> None:
    """Unpack the parts of a zip without keeping them, up to the limit, so that a declared size is not believed."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for part in archive.infolist():
                with archive.open(part) as stream:
                    while block := stream.read(2**20):
                        total += len(block)
                        if total > MAX_UNPACKED:
                            limit = MAX_UNPACKED // 2**20
                            raise StandardsError(f"{name}: unpacks to more than {limit} MB; refused.")
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError) as fault:
        raise StandardsError(f"{name}: the workbook is damaged or cut off ({fault}).") from fault


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return str(value).strip()


def _table(form: str, where: str, rows: Sequence[Sequence[str]], exact_width: bool) -> Reading:
    """The rows under a header of NCI EVS: a row without codelist code is a codelist, any other a term of it."""
    at = next((number for number, row in enumerate(rows[:20]) if _is_header(row)), None)
    if at is None:
        raise StandardsError(f"{where}: the columns of NCI EVS terminology are missing. {_wanted()}")
    header = [cell.strip() for cell in rows[at]]
    places = {key: _column(header, names) for key, names in _COLUMNS.items()}
    missing = [_COLUMNS[key][0] for key, place in places.items() if place is None]
    if missing:
        raise StandardsError(f"{where}, row {at + 1}: missing columns: {', '.join(missing)}. {_wanted()}")
    columns = {key: place for key, place in places.items() if place is not None}
    standard = _column(header, (_STANDARD,))
    reading = Reading(form)
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        place = f"{where}, row {number}"
        if not any(cell.strip() for cell in row):
            continue
        if (exact_width and len(row) != len(header)) or len(row) <= max(columns.values()):
            reading.problems.append(f"{place}: {len(row)} columns instead of {len(header)}")
            continue
        value = {key: row[column].strip() for key, column in columns.items()}
        synonyms = split_synonyms([value.pop("synonyms")])
        reading.records.append(Record(place=place, synonyms=synonyms, **value))
        if standard is not None and not reading.titles and len(row) > standard:
            reading.titles.append(row[standard])
    return reading


def _is_header(row: Sequence[str]) -> bool:
    cells = {cell.strip() for cell in row}
    return "Code" in cells and "Codelist Code" in cells


def _column(header: Sequence[str], names: Iterable[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _wanted() -> str:
    return f"Expected: {', '.join(names[0] for names in _COLUMNS.values())}."


def split_synonyms(texts: Iterable[str]) -> tuple[str, ...]:
    """Synonyms as NCI joins them, by semicolon and blank; each once, in order."""
    parts = (part.strip() for text in texts for part in text.split("; "))
    return tuple(dict.fromkeys(part for part in parts if part))


def _odm(content: bytes, name: str) -> Reading:
    from lxml import etree

    marks = [mark.encode(encoding) for mark in ("<!DOCTYPE", "<!ENTITY") for encoding in _XML_ENCODINGS]
    if any(mark in content for mark in marks):
        raise StandardsError(f"{name}: the XML has a DOCTYPE or entities; refused.")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as fault:
        raise StandardsError(f"{name}: broken XML: {fault.msg}.") from fault
    tree: Any = root.getroottree()
    if tree.docinfo.doctype:
        raise StandardsError(f"{name}: the XML has a DOCTYPE or entities; refused.")
    if etree.QName(root).localname != "ODM":
        raise StandardsError(f"{name}, line {root.sourceline}: the root is {etree.QName(root).localname}, not ODM.")
    reading = Reading("ODM-XML")
    nodes = [root, *root.iter("{*}Study", "{*}MetaDataVersion")]
    reading.titles += [_local(node, key) for node in nodes for key in ("FileOID", "OID") if _local(node, key)]
    for node in root.iter("{*}CodeList"):
        code = _local(node, "ExtCodeID")
        reading.records.append(
            Record(
                f"{name}, line {node.sourceline}", "", code, _child(node, "CDISCSubmissionValue"), _local(node, "Name"),
                _local(node, "CodeListExtensible"), _synonyms(node), _child(node, "PreferredTerm"),
            )
        )  # fmt: skip
        for item in node.iterchildren("{*}EnumeratedItem", "{*}CodeListItem"):
            reading.records.append(
                Record(
                    f"{name}, line {item.sourceline}", code, _local(item, "ExtCodeID"), _local(item, "CodedValue"), "",
                    "", _synonyms(item), _child(item, "PreferredTerm"),
                )
            )  # fmt: skip
    return reading


def _local(node: Any, attribute: str) -> str:
    """An attribute by its local name: CDISC's extension attributes stand in NCI's namespace, of several spellings."""
    for key, value in node.attrib.items():
        if key.rpartition("}")[2] == attribute:
            return str(value).strip()
    return ""


def _child(node: Any, name: str) -> str:
    found = next(node.iterchildren(f"{{*}}{name}"), None)
    return "" if found is None else " ".join("".join(found.itertext()).split())


def _synonyms(node: Any) -> tuple[str, ...]:
    return split_synonyms(" ".join("".join(each.itertext()).split()) for each in node.iterchildren("{*}CDISCSynonym"))


def _library_json(content: bytes, name: str) -> Reading:
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise StandardsError(f"{name}: not UTF-8 text (byte {fault.start + 1}).") from fault
    except json.JSONDecodeError as fault:
        raise StandardsError(f"{name}, line {fault.lineno}, column {fault.colno}: broken JSON: {fault.msg}.") from fault
    except RecursionError as fault:
        raise StandardsError(f"{name}: JSON nested too deeply; refused.") from fault
    codelists = value.get("codelists")
    if not isinstance(codelists, list):
        raise StandardsError(f"{name}: no list `codelists`: not a package of controlled terminology of CDISC Library.")
    reading = Reading("CDISC Library JSON")
    reading.titles += [str(value.get(key) or "") for key in ("name", "label", "effectiveDate")]
    reading.titles.append(f"{value.get('name') or ''} {value.get('effectiveDate') or ''}")
    for number, codelist in enumerate(codelists):
        reading.records += _json_records(f"{name}, codelists[{number}]", codelist, reading.problems)
    return reading


def _json_records(place: str, codelist: Any, problems: list[str]) -> Iterator[Record]:
    if not isinstance(codelist, dict) or not isinstance(codelist.get("terms", []), list):
        problems.append(f"{place}: an object with a list of terms is expected")
        return
    code = _plain(codelist, "conceptId")
    yield _json_record(place, "", codelist)
    for number, term in enumerate(codelist.get("terms", [])):
        if isinstance(term, dict):
            yield _json_record(f"{place}.terms[{number}]", code, term)
        else:
            problems.append(f"{place}.terms[{number}]: an object is expected")


def _json_record(place: str, codelist_code: str, item: dict[str, Any]) -> Record:
    synonyms = item.get("synonyms") or []
    texts = [str(each) for each in synonyms] if isinstance(synonyms, list) else [str(synonyms)]
    extensible = {"true": "Yes", "false": "No"}.get(_plain(item, "extensible").lower(), _plain(item, "extensible"))
    return Record(
        place, codelist_code, _plain(item, "conceptId"), _plain(item, "submissionValue"), _plain(item, "name"),
        extensible, split_synonyms(texts), _plain(item, "preferredTerm"),
    )  # fmt: skip


def _plain(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return "" if value is None else str(value).strip()
