"""Workbooks: calamine reads the cells, the XML of the sheet says what it leaves out (errors, formulas, formats)."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import Any

from ..issues import IssueLog, Location, fault
from .binarybook import Inside, Protected, inside_xls, inside_xlsb
from .cellforms import GENERAL, Shown, shown_by
from .files import Content
from .odsbook import inside_ods

fault("sheet-unsafe", "error", "A sheet so large that it can't be one of data")

CELL_LIMIT = 60_000_000
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_P = rb"(?:\w+:)?"
_ATTRIBUTE = re.compile(rb'\b(r|s|t)="([^"]*)"')
_REFERENCE = re.compile(rb"[A-Z]{1,3}[0-9]{1,7}")
_UNPLACED = re.compile(rb"<" + _P + rb'c(?=[\s>/])(?![^>]*\br=")')
_ERROR = re.compile(rb"<" + _P + rb'c\s([^>]*\bt="e"[^>]*)>(.*?)</' + _P + rb"c>", re.DOTALL)
_VALUE = re.compile(rb"<" + _P + rb"v[^>]*>([^<]*)<")
_UNCACHED = re.compile(
    rb"<" + _P + rb"c\s([^>]*)>\s*<" + _P + rb"f\b[^>]*?(?:/>|>[^<]*</" + _P + rb"f>)\s*"
    rb"(?:<" + _P + rb"v\s*/>|<" + _P + rb"v>\s*</" + _P + rb"v>)?\s*</" + _P + rb"c>"
)
_WIDE_REF = re.compile(rb'\br="([A-Z]{2,3})[0-9]+"')
_DEEP_REF = re.compile(rb'\br="[A-Z]{1,3}([0-9]{5,7})"')


class SheetUnsafe(ValueError):
    """A sheet that reaches over more cells than one of data can."""

    def __init__(self, sheet: str, cells: int) -> None:
        super().__init__(f"sheet {sheet} reaches over {cells:,} cells")
        self.sheet = sheet


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet from A1 on, and by (row, column) from 0 what calamine does not tell."""

    rows: Sequence[Sequence[Any]]
    merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    uncached: frozenset[tuple[int, int]] = frozenset()
    shown: Mapping[tuple[int, int], Shown] = field(default_factory=dict)


class Workbook:
    """An open workbook: `sheets` in their order, `epoch` 1900 or 1904."""

    def __init__(self, content: Content) -> None:
        import python_calamine as calamine

        self.content = content
        self._inside: dict[str, Inside] | None = None
        self.epoch = 1900
        ending = posixpath.splitext(content.shown)[1].lower()
        if ending == ".ods":
            self._inside = inside_ods(content.data, CELL_LIMIT)
        elif ending in (".xls", ".xlsb"):
            self._inside, self.epoch = (inside_xls if ending == ".xls" else inside_xlsb)(content.data)
        for sheet, inside in (self._inside or {}).items():
            if inside.extent[0] * inside.extent[1] > CELL_LIMIT:
                raise SheetUnsafe(sheet, inside.extent[0] * inside.extent[1])
        self._book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content.data))
        worksheet = calamine.SheetTypeEnum.WorkSheet
        self.sheets: tuple[str, ...] = tuple(m.name for m in self._book.sheets_metadata if m.typ == worksheet)
        if self._inside is not None:
            return
        self._zip = zipfile.ZipFile(io.BytesIO(content.data))
        self._paths, self.epoch = self._read_index()
        self._styles = self._read_styles()

    def grid(self, sheet: str, log: IssueLog) -> Grid | None:
        """The cells of a sheet; None and an issue if it is damaged, or too large to be real."""
        import python_calamine as calamine
        from lxml import etree

        try:
            return self._grid(sheet, log)
        except (calamine.CalamineError, etree.XMLSyntaxError, ValueError) as error:
            told = f"sheet {sheet} of {self.content.shown} can't be read: {error}."
            log.add("file-damaged", told, Location(file=self.content.shown, sheet=sheet))
            return None

    def _grid(self, sheet: str, log: IssueLog) -> Grid | None:
        if self._inside is not None:
            return self._grid_of(sheet, self._inside.get(sheet, Inside()))
        xml = _with_references(self._zip.read(self._paths[sheet])) if sheet in self._paths else b""
        if _extent(xml) > CELL_LIMIT:
            told = f"sheet {sheet} of {self.content.shown} reaches over {_extent(xml):,} cells."
            log.add("sheet-unsafe", told, Location(file=self.content.shown, sheet=sheet))
            return None
        read = self._book.get_sheet_by_name(sheet)
        rows = read.to_python(skip_empty_area=False) if read.start is not None else []
        return Grid(rows, read.merged_cell_ranges or (), _errors(xml), _uncached(xml), self._shown(xml))

    def _grid_of(self, sheet: str, inside: Inside) -> Grid:
        """A sheet of another format than xlsx; a moment whose format is not known shows its clock if it has one."""
        read = self._book.get_sheet_by_name(sheet)
        rows = read.to_python(skip_empty_area=False) if read.start is not None else []
        shown = {at: one for at, one in inside.shown.items() if one != Shown(day=True)}
        for i, row in enumerate(rows):
            for j, value in enumerate(row):
                if isinstance(value, datetime) and (i, j) not in inside.shown and value.time() != time():
                    shown[i, j] = Shown(True, True, value.second != 0)
        merged = read.merged_cell_ranges or ()
        return Grid(rows, merged, inside.errors, frozenset(inside.uncached), shown)

    def _read_index(self) -> tuple[dict[str, str], int]:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        main = self._main_part()
        folder, name = posixpath.split(main)
        tree = etree.fromstring(self._zip.read(main), parser)
        rels_path = posixpath.join(folder, "_rels", f"{name}.rels")
        rels = etree.fromstring(self._zip.read(rels_path), parser)
        targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
        paths = {}
        for sheet in tree.iterfind(".//{*}sheets/{*}sheet"):
            target = targets.get(sheet.get(_REL) or _any_id(sheet), "")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            if path in self._zip.namelist():
                paths[str(sheet.get("name"))] = path
        properties = tree.find(".//{*}workbookPr")
        late = properties is not None and properties.get("date1904") in ("1", "true")
        return paths, 1904 if late else 1900

    def _main_part(self) -> str:
        names = self._zip.namelist()
        return "xl/workbook.xml" if "xl/workbook.xml" in names else next(n for n in names if n.endswith("workbook.xml"))

    def _read_styles(self) -> dict[int, Shown]:
        """Styles whose cells show more than a plain number or a day."""
        from lxml import etree

        path = posixpath.join(posixpath.dirname(self._main_part()), "styles.xml")
        if path not in self._zip.namelist():
            return {}
        tree = etree.fromstring(self._zip.read(path), etree.XMLParser(resolve_entities=False, no_network=True))
        codes = {int(f.get("numFmtId") or 0): f.get("formatCode") for f in tree.iterfind(".//{*}numFmts/{*}numFmt")}
        styles = {}
        for index, style in enumerate(tree.iterfind(".//{*}cellXfs/{*}xf")):
            number = int(style.get("numFmtId") or 0)
            shown = shown_by(number, codes.get(number))
            plain_day = shown == Shown(day=True) and (number in codes or 14 <= number <= 17)
            if shown != GENERAL and not plain_day:
                styles[index] = shown
        return styles

    def _shown(self, xml: bytes) -> dict[tuple[int, int], Shown]:
        if not self._styles:
            return {}
        styles = b"|".join(str(index).encode() for index in self._styles)
        pattern = re.compile(rb"<" + _P + rb'c\s([^>]*?\bs="(?:' + styles + rb')"[^>]*)>')
        found = {}
        for match in pattern.finditer(xml):
            attributes = dict(_ATTRIBUTE.findall(match[1]))
            at = _at(attributes)
            if at and attributes.get(b"t", b"n") in (b"n", b"d"):
                found[at] = self._styles[int(attributes[b"s"])]
        return found


def open_workbook(content: Content, log: IssueLog, place: Location) -> Workbook | None:
    """A workbook, or None and the issue `file-damaged`."""
    import python_calamine as calamine
    from lxml import etree

    try:
        return Workbook(content)
    except (calamine.PasswordError, Protected):
        log.add("file-protected", f"{content.shown} is protected by a password.", Location(file=content.shown), place)
        return None
    except SheetUnsafe as error:
        at = Location(file=content.shown, sheet=error.sheet)
        log.add("sheet-unsafe", f"{content.shown}: {error}.", at, place)
        return None
    except (calamine.CalamineError, etree.XMLSyntaxError, KeyError, StopIteration, ValueError) as error:
        told = f"{content.shown} can't be opened as a workbook: {error}."
        log.add("file-damaged", told, Location(file=content.shown), place)
        return None


def _any_id(element: Any) -> str:
    """The relationship of a sheet in the strict form of the format, whose namespace is another."""
    return next((str(v) for k, v in element.attrib.items() if str(k).endswith("}id")), "")


def _at(attributes: Mapping[bytes, bytes]) -> tuple[int, int] | None:
    reference = attributes.get(b"r", b"")
    return position(reference.decode()) if _REFERENCE.fullmatch(reference) else None


def _with_references(xml: bytes) -> bytes:
    """The sheet with a reference at each cell, where its writer left them to be counted."""
    usual = not any(odd in xml for odd in (b"<c>", b"<c/>", b":c")) and xml.count(b"<c ") == xml.count(b'<c r="')
    if usual or _UNPLACED.search(xml) is None:
        return xml
    from lxml import etree

    tree = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    row_number = 0
    for row in tree.iterfind(".//{*}sheetData/{*}row"):
        row_number = int(row.get("r") or row_number + 1)
        column = 0
        for cell in row.iterfind("{*}c"):
            reference = cell.get("r")
            column = position(reference)[1] + 1 if reference else column + 1
            cell.set("r", f"{column_letters(column)}{row_number}")
    return etree.tostring(tree)


def position(reference: str) -> tuple[int, int]:
    """Row and column from 0 of a reference such as B12."""
    letters = reference.rstrip("0123456789")
    return int(reference[len(letters) :]) - 1, column_number(letters) - 1


def column_number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _extent(xml: bytes) -> int:
    """No fewer cells than the rectangle from A1 to the last reference holds, up to 26 x 9999 for a small sheet."""
    width = max((column_number(m.decode()) for m in set(_WIDE_REF.findall(xml))), default=26)
    depth = max((int(m) for m in set(_DEEP_REF.findall(xml))), default=9_999)
    return width * depth


def _errors(xml: bytes) -> dict[tuple[int, int], str]:
    if b't="e"' not in xml:
        return {}
    found = {}
    for match in _ERROR.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        value = _VALUE.search(match[2])
        at = _at(attributes)
        if at:
            found[at] = value[1].decode(errors="replace") if value else "#ERROR"
    return found


def _uncached(xml: bytes) -> frozenset[tuple[int, int]]:
    """Formulas whose result was never stored, so that no reader can know it."""
    if not any(start in xml for start in (b"<f>", b"<f ", b"<f/", b":f")):
        return frozenset()
    found = set()
    for match in _UNCACHED.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        at = _at(attributes)
        if at and attributes.get(b"t") != b"str":
            found.add(at)
    return frozenset(found)
