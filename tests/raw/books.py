"""Small workbooks of formats that no writer here makes: xls and xlsb record by record, ods as XML."""

from __future__ import annotations

import io
import struct
import zipfile

OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def record(kind, body=b""):
    return struct.pack("<HH", kind, len(body)) + body


def compound(stream, name="Workbook"):
    """A compound file of one stream of at least 4096 bytes."""
    stream = stream.ljust(4096, b"\0")
    sectors = -(-len(stream) // 512)
    fat = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    fat += [0xFFFFFFFF] * (128 - len(fat))
    head = bytes.fromhex("D0CF11E0A1B11AE1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)

    def entry(title, kind, start, size, child=0xFFFFFFFF):
        text = (title + "\0").encode("utf-16-le") if title else b""
        links = struct.pack("<III", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return (
            text.ljust(64, b"\0")
            + struct.pack("<HBB", len(text), kind, 1)
            + links
            + bytes(36)
            + struct.pack("<III", start, size, 0)
        )

    folder = entry("Root Entry", 5, 0xFFFFFFFE, 0, 1) + entry(name, 2, 2, len(stream)) + entry("", 0, 0, 0) * 2
    return head + struct.pack("<128I", *fat) + folder + stream.ljust(sectors * 512, b"\0")


def xls(cells, epoch1904=False):
    """An Excel 97 workbook with the sheet S; cells: (row, column) -> text, number, (number, format), "error:42"."""

    def bof(kind):
        return record(0x809, struct.pack("<HHHHII", 0x600, kind, 0, 0x7CC, 0, 6))

    codes = ["General", *dict.fromkeys(v[1] for v in cells.values() if isinstance(v, tuple))]
    book = bof(5) + record(0x22, struct.pack("<H", epoch1904))
    book += b"".join(
        record(0x41E, struct.pack("<HHB", 164 + i, len(code), 0) + code.encode()) for i, code in enumerate(codes)
    )
    book += b"".join(record(0xE0, struct.pack("<HHH", 0, 164 + i, 0) + bytes(14)) for i in range(len(codes)))
    sheet = bof(0x10)
    for (row, column), value in sorted(cells.items()):
        at = struct.pack("<HH", row, column)
        if isinstance(value, str) and value.startswith("error:"):
            sheet += record(0x205, at + struct.pack("<HBB", 0, int(value[6:]), 1))
        elif isinstance(value, str):
            sheet += record(0x204, at + struct.pack("<HHB", 0, len(value), 1) + value.encode("utf-16-le"))
        else:
            number, code = value if isinstance(value, tuple) else (value, "General")
            sheet += record(0x203, at + struct.pack("<Hd", codes.index(code), number))
    sheet += record(0x0A)
    place = len(book) + len(record(0x85, bytes(6 + 3))) + 4
    book += record(0x85, struct.pack("<IBBBB", place, 0, 0, 1, 0) + b"S") + record(0x0A)
    return compound(book + sheet)


def part(kind, body=b""):
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return number + bytes([len(body)]) + body


def wide(text):
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def xlsb(cells, epoch1904=False):
    """A binary workbook with the sheet S; cells as in `xls`."""
    codes = ["General", *dict.fromkeys(v[1] for v in cells.values() if isinstance(v, tuple))]
    styles = part(615, struct.pack("<I", len(codes)))
    styles += b"".join(part(44, struct.pack("<H", 164 + i) + wide(code)) for i, code in enumerate(codes)) + part(616)
    styles += part(617, struct.pack("<I", len(codes)))
    styles += b"".join(part(47, struct.pack("<HH", 0, 164 + i) + bytes(12)) for i in range(len(codes))) + part(618)
    book = part(131) + part(153, struct.pack("<II", epoch1904, 0) + wide("")) + part(143)
    book += part(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("S")) + part(144) + part(132)
    last = max(cells)
    body = part(129) + part(148, struct.pack("<IIII", 0, last[0], 0, max(c for _, c in cells))) + part(145)
    row = -1
    for (at, column), value in sorted(cells.items()):
        if at != row:
            row = at
            body += part(0, struct.pack("<I", row) + bytes(13))
        if isinstance(value, str) and value.startswith("error:"):
            body += part(3, struct.pack("<IIB", column, 0, int(value[6:])))
        elif isinstance(value, str):
            body += part(6, struct.pack("<II", column, 0) + wide(value))
        else:
            number, code = value if isinstance(value, tuple) else (value, "General")
            body += part(5, struct.pack("<IId", column, codes.index(code), number))
    kinds = "http://schemas.openxmlformats.org"
    relation = (
        f'<Relationships xmlns="{kinds}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{kinds}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.bin"/></Relationships>'
    )
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{kinds}/package/2006/content-types"/>',
            "xl/workbook.bin": book,
            "xl/_rels/workbook.bin.rels": relation,
            "xl/styles.bin": styles,
            "xl/worksheets/sheet1.bin": body + part(146) + part(130),
        }
    )


def ods(rows, head=""):
    """A spreadsheet with the sheet S; rows: the XML of their cells."""
    names = " ".join(f'xmlns:{n}="{OFFICE}{n}:1.0"' for n in ("office", "table", "text"))
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = "".join(
        row if row.startswith("<table:table-row") else f"<table:table-row>{row}</table:table-row>" for row in rows
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content {names} {calc}><office:body>'
        f'<office:spreadsheet><table:table table:name="S">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest})


def said(text, kind="string", more="", shown=None):
    attribute = {"float": "value", "percentage": "value", "date": "date-value", "time": "time-value"}.get(kind)
    value = f'office:{attribute}="{text}"' if attribute else ""
    inside = f"<text:p>{shown or text}</text:p>"
    return f'<table:table-cell office:value-type="{kind}" {value} {more}>{inside}</table:table-cell>'


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()
