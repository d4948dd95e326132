"""Import of a published CT release: recognised, checked as a whole, written in the packaged form, or refused."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sdtm_builder.standards.ct import CtPackage, ct_path, file_name, open_package
from sdtm_builder.standards.ct_diff import diff_ct
from sdtm_builder.standards.ct_formats import MAX_FILE, Reading, Record, recognise
from sdtm_builder.standards.errors import StandardsError
from sdtm_builder.standards.store import PlainCodelist, PlainTerm, pack, unpack_bytes, write_atomically

PACKAGES = {
    "sdtm": "SDTM", "adam": "ADaM", "cdash": "CDASH", "define-xml": "Define-XML", "protocol": "Protocol",
    "send": "SEND", "ddf": "DDF", "mrct": "MRCT", "tmf": "TMF", "coa": "COA", "qrs": "QRS", "qs-ft": "QS-FT",
    "glossary": "Glossary",
}  # fmt: skip
_CODE = re.compile(r"C[0-9]+")
_DATE = re.compile(r"(?<![0-9])(20[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01]))(?![0-9])")


@dataclass(frozen=True, slots=True)
class ImportedCt:
    """What an import did: the package, its form and file, and whether this release was there before, unchanged."""

    package: str
    version: str
    form: str
    path: Path
    codelists: int
    terms: int
    unchanged: bool


def import_ct(
    file: Path, folder: Path, package: str | None = None, version: str | None = None, replace: bool = False
) -> ImportedCt:
    """Read a release in any published form and write it into the user's folder, as a whole or not at all.

    Args:
        file: NCI EVS text, xls, xlsx, ODM-XML or CDISC Library JSON; recognised by content.
        folder: of imported packages, as `ct_folder` gives it.
        package: `sdtm`, `adam`, ...; needed where neither the content nor the file's name says it (NCI's text doesn't).
        version: release date `yyyy-mm-dd`, likewise. Neither may contradict the content.
        replace: write even if another content of this release is there, packaged or imported.

    Raises:
        StandardsError: unreadable file or folder; broken or contradictory content, with the places; a release that is
            there with another content and `replace` is not set.
    """
    content = _content(file)
    reading = recognise(content, file.name)
    name = _package(package, reading.titles, file)
    date = _version(version, reading.titles, file)
    codelists = check(reading, file.name)
    packed = pack(name, date, codelists)
    there = ct_path(name, date, folder)
    unchanged = there is not None and _same(there, codelists, name, date)
    if there is not None and not unchanged and not replace:
        raise StandardsError(
            f"{file.name}: {PACKAGES[name]} CT {date} is there with another content ({there}). "
            "Compare the two, then import again with replace."
        )
    path = there if there is not None and unchanged else folder / file_name(name, date)
    if not unchanged:
        write_atomically(path, packed)
        open_package(path)
    terms = sum(len(codelist.terms) for codelist in codelists)
    return ImportedCt(name, date, reading.form, path, len(codelists), terms, unchanged)


def check(reading: Reading, name: str) -> list[PlainCodelist]:
    """The codelists of a reading; all faults are collected and told at once.

    Raises:
        StandardsError: its `problems` name a place each.
    """
    problems = list(reading.problems)
    heads = _heads([record for record in reading.records if not record.codelist_code], problems)
    terms: dict[str, dict[str, tuple[PlainTerm, str]]] = {code: {} for code in heads}
    for record in reading.records:
        if record.codelist_code:
            _add_term(record, terms, problems)
    for code, head in heads.items():
        if not terms[code]:
            codelist = f"codelist {head.submission_value} ({code})"
            problems.append(f"{head.place}: {codelist} has no terms; is the file cut off?")
    if not reading.records and not problems:
        problems.append(f"{name}: no codelist and no term")
    if problems:
        raise StandardsError(f"{name} ({reading.form}) cannot be imported; nothing was written:", problems)
    return [
        PlainCodelist(
            code, head.submission_value, head.name, head.extensible == "Yes", tuple(t for t, _ in terms[code].values())
        )
        for code, head in heads.items()
    ]


def _heads(records: Sequence[Record], problems: list[str]) -> dict[str, Record]:
    heads: dict[str, Record] = {}
    by_name: dict[str, Record] = {}
    for record in records:
        problems += _plain_faults(record, "codelist")
        if record.extensible not in ("Yes", "No"):
            problems.append(
                f"{record.place}: extensible is {record.extensible!r}, not Yes or No, of codelist "
                f"{record.submission_value}; a term without its codelist code looks alike"
            )
        for seen, key in ((heads, record.code), (by_name, record.submission_value)):
            if key in seen:
                problems.append(f"{record.place}: codelist {key} stands already at {seen[key].place}")
        heads.setdefault(record.code, record)
        by_name.setdefault(record.submission_value, record)
    return heads


def _add_term(record: Record, terms: dict[str, dict[str, tuple[PlainTerm, str]]], problems: list[str]) -> None:
    problems += _plain_faults(record, "term")
    held = terms.get(record.codelist_code)
    if held is None:
        problems.append(f"{record.place}: term {record.submission_value} is of unknown codelist {record.codelist_code}")
    elif record.submission_value in held:
        first = held[record.submission_value][1]
        problems.append(
            f"{record.place}: submission value {record.submission_value!r} stands already in codelist "
            f"{record.codelist_code} at {first}"
        )
    else:
        term = PlainTerm(record.code, record.submission_value, record.synonyms, record.preferred_term)
        held[record.submission_value] = (term, record.place)


def _plain_faults(record: Record, what: str) -> list[str]:
    faults = []
    if not _CODE.fullmatch(record.code):
        faults.append(f"{record.place}: {record.code!r} is no C-code of a {what}")
    if not record.submission_value:
        faults.append(f"{record.place}: {what} {record.code} has no submission value")
    return faults


def _content(file: Path) -> bytes:
    try:
        if file.stat().st_size > MAX_FILE:
            raise StandardsError(f"{file}: larger than {MAX_FILE // 2**20} MB; refused.")
        return file.read_bytes()
    except OSError as fault:
        raise StandardsError(f"{file}: cannot be read: {fault.strerror or fault}.") from fault


def _same(path: Path, codelists: Iterable[PlainCodelist], package: str, version: str) -> bool:
    """Whether a packaged file holds these facts; one that is damaged holds others."""
    fresh = unpack_bytes(pack(package, version, codelists), path)
    try:
        return diff_ct(CtPackage(fresh), open_package(path)).empty
    except StandardsError:
        return False


def _package(option: str | None, titles: Sequence[str], file: Path) -> str:
    if option is not None and option.lower() not in PACKAGES:
        raise StandardsError(f"Package {option!r} is unknown. Permitted: {', '.join(PACKAGES)}.")
    said = _named(titles)
    if option is not None and said not in ("", option.lower()):
        raise StandardsError(f"{file.name}: the content says that this is {PACKAGES[said]}, not {option}.")
    found = said or (option or "").lower() or _named([file.stem])
    if not found:
        raise StandardsError(
            f"{file.name}: neither the content nor the file's name says which package this is. "
            f"Name it: one of {', '.join(PACKAGES)}."
        )
    return found


def _named(titles: Iterable[str]) -> str:
    """The package that the first of the titles with a package's name tells, or nothing."""
    for title in titles:
        for name, written in PACKAGES.items():
            pattern = re.escape(written).replace("\\-", "[- _]?")
            if re.search(rf"(?<![A-Za-z]){pattern}(?:ct)?(?![A-Za-z])", title, re.IGNORECASE):
                return name
    return ""


def _version(option: str | None, titles: Sequence[str], file: Path) -> str:
    if option is not None and not _DATE.fullmatch(option):
        raise StandardsError(f"Version {option!r} is no release date: yyyy-mm-dd is expected.")
    said = _dated(titles)
    if option is not None and said not in ("", option):
        raise StandardsError(f"{file.name}: the content says that this is the release of {said}, not {option}.")
    found = said or option or _dated([file.stem])
    if not found:
        raise StandardsError(
            f"{file.name}: neither the content nor the file's name has the release date. Name it: yyyy-mm-dd."
        )
    return found


def _dated(titles: Iterable[str]) -> str:
    return next((found[1] for found in map(_DATE.search, titles) if found), "")
