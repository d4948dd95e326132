"""OpenDocument spreadsheets: formulas without a result and what cells show, by the XML of the content."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

from .binarybook import Inside
from .cellforms import Shown

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_NUMBER = re.compile(r"-?([0-9]+)(?:[.,]([0-9]+))?( ?%)?")


def inside_ods(data: bytes, limit: int) -> dict[str, Inside]:
    """By sheet what a spreadsheet holds beyond its values; one over `limit` cells has its extent alone."""
    from lxml import etree

    found: dict[str, Inside] = {}
    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("content.xml") as file:
        parsed = etree.iterparse(
            file, events=("start", "end"), tag=(f"{_TABLE}table", f"{_TABLE}table-row"), resolve_entities=False,
            no_network=True, huge_tree=True,
        )  # fmt: skip
        inside, row, depth = Inside(), 0, 0
        for event, element in parsed:
            if element.tag == f"{_TABLE}table":
                depth += 1 if event == "start" else -1
                if event == "start" and depth == 1:
                    inside, row = Inside(), 0
                    found[element.get(f"{_TABLE}name", "")] = inside
            elif event == "end" and depth == 1:
                row = _row(element, row, inside, limit)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
    return found


def _row(element: Any, row: int, inside: Inside, limit: int) -> int:
    """The cells of one row element, which may stand for several rows; the number of the row after them."""
    after = row + int(element.get(f"{_TABLE}number-rows-repeated") or 1)
    column = 0
    for cell in element:
        if cell.tag not in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            continue
        end = column + int(cell.get(f"{_TABLE}number-columns-repeated") or 1)
        kind = cell.get(f"{_OFFICE}value-type")
        formula = cell.get(f"{_TABLE}formula") is not None
        if kind is not None or formula:
            inside.note((after - 1, end - 1))
            if inside.extent[0] * inside.extent[1] <= limit:
                _cells(cell, kind, [(i, j) for i in range(row, after) for j in range(column, end)], inside)
        column = end
    return after


def _cells(cell: Any, kind: str | None, places: list[tuple[int, int]], inside: Inside) -> None:
    text = "".join(cell.find(f"{_TEXT}p").itertext()) if cell.find(f"{_TEXT}p") is not None else ""
    if kind is None:
        inside.uncached.update(places)
    elif cell.get(f"{_CALC}value-type") == "error" or (cell.get(f"{_TABLE}formula") and text.startswith("Err:")):
        inside.errors.update(dict.fromkeys(places, text or "#ERROR"))
    else:
        shown = _shown(cell, kind, text)
        if shown is not None:
            inside.shown.update(dict.fromkeys(places, shown))


def _shown(cell: Any, kind: str, text: str) -> Shown | None:
    """What the cell shows: the clock of a date, the decimals and leading zeros of a number."""
    if kind == "date":
        value = cell.get(f"{_OFFICE}date-value", "")
        return Shown(True, "T" in value, "T" in value and not value.split(".")[0].endswith(":00"))
    match = _NUMBER.fullmatch(text)
    if kind not in ("float", "percentage", "currency") or match is None:
        return None
    decimals = len(match[2] or "")
    value = float(cell.get(f"{_OFFICE}value") or 0) * (100 if match[3] else 1)
    told = float(f"{match[1]}.{match[2] or 0}")
    if abs(told - abs(value)) > 10.0**-decimals:
        return None  # a sign of thousands, or a format that says another thing
    shown = Shown(decimals=decimals, width=len(match[1]), percent=bool(match[3]))
    return None if shown == Shown() else shown
