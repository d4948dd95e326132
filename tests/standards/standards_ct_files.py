"""A tiny release of CT in each published form, for the tests of import."""

from __future__ import annotations

import io
import json
from pathlib import Path

Row = tuple[str, str, str, str, str, str, str, str]

HEADER = (
    "Code", "Codelist Code", "Codelist Extensible (Yes/No)", "Codelist Name", "CDISC Submission Value",
    "CDISC Synonym(s)", "CDISC Definition", "NCI Preferred Term",
)  # fmt: skip

ROWS: list[Row] = [
    ("C65047", "", "Yes", "Laboratory Test Code", "LBTESTCD", "Laboratory Test Code", "Text.", "CDISC Lab Test Code"),
    ("C64433", "C65047", "", "Laboratory Test Code", "ALT", "Alanine Aminotransferase; SGPT", "<", "ALT Measurement"),
    ("C64467", "C65047", "", "Laboratory Test Code", "AST", "Aspartate Aminotransferase", "Text.", "AST Measurement"),
    ("C67154", "", "Yes", "Laboratory Test Name", "LBTEST", "Laboratory Test Name", "Text.", "CDISC Lab Test Name"),
    ("C64433", "C67154", "", "Laboratory Test Name", "Alanine Aminotransferase", "SGPT", "Text.", "ALT Measurement"),
    ("C64467", "C67154", "", "Laboratory Test Name", "Aspartate Aminotransferase", "", "Text.", "AST Measurement"),
    ("C66731", "", "No", "Sex", "SEX", "", "Text.", "CDISC Sex"),
    ("C16576", "C66731", "", "Sex", "F", "Female", "Text.", "Female"),
    ("C20197", "C66731", "", "Sex", "M", "Male", "Text.", "Male"),
]


def nci_text(rows: list[Row] = ROWS) -> bytes:
    return "\n".join("\t".join(row) for row in [HEADER, *rows]).encode() + b"\n"


def workbook(rows: list[Row] = ROWS, title: str = "SDTM Terminology 2031-03-28") -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "ReadMe"
    book.active.append(["Controlled terminology"])
    sheet = book.create_sheet(title)
    for row in [HEADER, *rows]:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def odm(rows: list[Row] = ROWS, doctype: str = "") -> bytes:
    from xml.sax.saxutils import escape, quoteattr

    lists = []
    for code, of, extensible, name, value, synonyms, _, preferred in rows:
        parts = [escape(each) for each in synonyms.split("; ") if each]
        texts = "".join(f"<nciodm:CDISCSynonym>{each}</nciodm:CDISCSynonym>" for each in parts)
        texts += f"<nciodm:PreferredTerm>{escape(preferred)}</nciodm:PreferredTerm>"
        if of:
            lists[-1][1].append(
                f"<EnumeratedItem CodedValue={quoteattr(value)} nciodm:ExtCodeID={quoteattr(code)}>{texts}"
                "</EnumeratedItem>"
            )
            continue
        lists.append((
            f'<CodeList OID="CL.{code}.{value}" Name={quoteattr(name)} DataType="text" nciodm:ExtCodeID="{code}" '
            f'nciodm:CodeListExtensible="{extensible}">',
            [],
            f"<nciodm:CDISCSubmissionValue>{value}</nciodm:CDISCSubmissionValue>{texts}</CodeList>",
        ))  # fmt: skip
    body = "\n".join("\n".join([start, *items, end]) for start, items, end in lists)
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}'
        '<ODM xmlns="http://www.cdisc.org/ns/odm/v1.3" xmlns:nciodm="http://ncicb.nci.nih.gov/xml/odm/EVS/CDISC" '
        'FileOID="CDISC_CT.SDTM.2031-03-28" FileType="Snapshot">\n<Study OID="CDISC_CT.SDTM.2031-03-28">\n'
        f'<MetaDataVersion OID="CDISC_CT_MetaDataVersion.SDTM.2031-03-28">\n{body}\n</MetaDataVersion></Study></ODM>\n'
    ).encode()


def library_json(rows: list[Row] = ROWS) -> bytes:
    codelists: list[dict[str, object]] = []
    for code, of, extensible, name, value, synonyms, definition, preferred in rows:
        item = {
            "conceptId": code, "submissionValue": value, "preferredTerm": preferred, "definition": definition,
            "synonyms": [each for each in synonyms.split("; ") if each],
        }  # fmt: skip
        if of:
            codelists[-1]["terms"].append(item)  # type: ignore[attr-defined]
        else:
            codelists.append(item | {"name": name, "extensible": str(extensible == "Yes").lower(), "terms": []})
    package = {"name": "SDTM CT 2031-03-28", "effectiveDate": "2031-03-28", "codelists": codelists}
    return json.dumps(package, indent=1).encode()


def save(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path
