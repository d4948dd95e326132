"""Controlled terminology: packages, codelists and terms, read from the packaged or an imported release."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from sdtm_builder.standards.errors import StandardsError
from sdtm_builder.standards.store import SUFFIX, Entry, PackedCt, unpack

DATA = Path(__file__).parent / "data"
FOLDER_VARIABLE = "SDTM_BUILDER_CT"
_FILE = re.compile(r"(?P<package>[a-z][a-z-]*?)ct-(?P<version>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a codelist: NCI C-code, CDISC submission value, synonyms, NCI preferred term."""

    code: str
    submission_value: str
    synonyms: tuple[str, ...]
    preferred_term: str


@dataclass(frozen=True, slots=True)
class CodelistHead:
    """What the index knows of a codelist; `pair` is the short name of its list of names or of codes, else empty."""

    code: str
    submission_value: str
    name: str
    extensible: bool
    size: int
    pair: str


@dataclass(frozen=True, slots=True)
class Codelist:
    """A codelist with its terms, by submission value (exact case); closed where `extensible` is false."""

    code: str
    submission_value: str
    name: str
    extensible: bool
    terms: Mapping[str, Term] = field(repr=False)
    pair: str = ""

    def term_by_code(self, code: str) -> Term | None:
        """The term of an NCI C-code, or None."""
        return next((term for term in self.terms.values() if term.code == code), None)


@dataclass(frozen=True, slots=True)
class Match:
    """A find of `CtPackage.search`: a codelist, or one of its terms, and which text held what was looked for."""

    codelist: CodelistHead
    term: Term | None
    found_in: str
    text: str


class CtPackage:
    """One release of one package, each codelist unpacked when it is asked for.

    `package`, `version`, `path` and `sha256` (of the facts, whatever the compression) name it for define.xml and the
    manifest.
    """

    def __init__(self, packed: PackedCt) -> None:
        self.package = packed.package
        self.version = packed.version
        self.path = packed.path
        self.sha256 = packed.sha256
        self._packed = packed
        self._by_name: dict[str, Entry] = {entry.submission_value: entry for entry in packed.entries}
        self._by_code: dict[str, Entry] = {entry.code: entry for entry in packed.entries}
        self._codelists: dict[str, Codelist] = {}

    def __repr__(self) -> str:
        return f"CtPackage({self.package!r}, {self.version!r})"

    def codelists(self) -> tuple[CodelistHead, ...]:
        """All codelists by submission value, without their terms."""
        return tuple(_head(entry) for entry in self._packed.entries)

    def codelist(self, name_or_code: str) -> Codelist | None:
        """The codelist of a short name (`SEX`) or a C-code (`C66731`), exact; None where there is none."""
        entry = self._entry(name_or_code)
        return None if entry is None else self._load(entry)

    def decode(self, name_or_code: str) -> Mapping[str, str]:
        """What define.xml and --TEST show for each submission value of a codelist; empty for an unknown codelist.

        A list of codes with a paired list of names (LBTESTCD, TSPARMCD, APCH1PC) gives the name of the same C-code,
        not NCI's preferred term; DOMAIN gives CDISC's name of the domain, the term's first synonym; any other list
        gives the preferred term.
        """
        codelist = self.codelist(name_or_code)
        if codelist is None:
            return MappingProxyType({})
        terms = codelist.terms.items()
        if codelist.submission_value == "DOMAIN":
            return MappingProxyType({value: (*term.synonyms, term.preferred_term)[0] for value, term in terms})
        names = self.codelist(codelist.pair) if codelist.pair and _is_of_codes(codelist) else None
        if names is None:
            return MappingProxyType({value: term.preferred_term for value, term in terms})
        by_code = {term.code: value for value, term in names.terms.items()}
        return MappingProxyType({value: by_code[term.code] for value, term in terms})

    def search(self, text: str) -> list[Match]:
        """Codelists and terms that hold a text anywhere, in any case: names, C-codes, terms, synonyms, preferred terms.

        A term is listed once, for the first of its texts that fits. Exact finds stand first.
        """
        sought = text.strip().casefold()
        if not sought:
            return []
        found = list(self._finds(sought))
        return sorted(found, key=lambda match: match.text.casefold() != sought)

    def _finds(self, sought: str) -> Iterator[Match]:
        for entry in self._packed.entries:
            head = _head(entry)
            own = (("short name", head.submission_value), ("name", head.name), ("C-code", head.code))
            yield from _first(head, None, own, sought)
            for term in self._load(entry).terms.values():
                texts = [("submission value", term.submission_value), *(("synonym", each) for each in term.synonyms)]
                texts += [("preferred term", term.preferred_term), ("C-code", term.code)]
                yield from _first(head, term, texts, sought)

    def _entry(self, name_or_code: str) -> Entry | None:
        return self._by_name.get(name_or_code) or self._by_code.get(name_or_code)

    def _load(self, entry: Entry) -> Codelist:
        codelist = self._codelists.get(entry.code)
        if codelist is None:
            terms = {
                value: Term(code, value, tuple(synonyms), preferred)
                for value, code, synonyms, preferred in self._packed.terms(entry)
            }
            codelist = Codelist(
                entry.code, entry.submission_value, entry.name, entry.extensible, MappingProxyType(terms), entry.pair
            )
            self._codelists[entry.code] = codelist
        return codelist


def ct(package: str, version: str, folder: Path | None = None) -> CtPackage:
    """Open a release of controlled terminology; an imported one goes before the packaged one of the same date.

    Args:
        package: `sdtm`, `adam`, `cdash`, `define-xml`, or the name of an imported package (`protocol`, ...).
        version: the release date, `yyyy-mm-dd`.
        folder: where imported packages live, as `ct_folder` gives it; None: packaged releases only.

    Raises:
        StandardsError: there is no such release (those available are named), or its file is damaged.
    """
    path = ct_path(package, version, folder)
    if path is None:
        raise StandardsError(_no_release(package, version, folder))
    return open_package(path)


def open_package(path: Path) -> CtPackage:
    """Open a packaged file by its path; a file that has not changed is not read again."""
    try:
        state = path.stat()
    except OSError as fault:
        raise StandardsError(f"{path}: cannot be read: {fault.strerror or fault}") from fault
    return _opened(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=16)
def _opened(path: Path, mtime: int, size: int) -> CtPackage:
    return CtPackage(unpack(path))


def ct_path(package: str, version: str, folder: Path | None = None) -> Path | None:
    """The file of a release, or None."""
    return _releases(folder).get((package.lower(), version))


def ct_folder(option: Path | None = None) -> Path:
    """The folder of imported packages: the option, else SDTM_BUILDER_CT, else the user's data folder (XDG)."""
    if option is not None:
        return option
    named = os.environ.get(FOLDER_VARIABLE)
    if named:
        return Path(named).expanduser()
    data = os.environ.get("XDG_DATA_HOME", "")
    base = Path(data) if data and Path(data).is_absolute() else Path.home() / ".local" / "share"
    return base / "sdtm-builder" / "ct"


def ct_versions(folder: Path | None = None) -> dict[str, tuple[str, ...]]:
    """Release dates by package, oldest first: those of the package and those imported into `folder`."""
    versions: dict[str, list[str]] = {}
    for package, version in sorted(_releases(folder)):
        versions.setdefault(package, []).append(version)
    return {package: tuple(dates) for package, dates in versions.items()}


def file_name(package: str, version: str) -> str:
    """The name of a packaged file: `sdtmct-2025-03-28.ctp`."""
    return f"{package}ct-{version}{SUFFIX}"


def _releases(folder: Path | None) -> dict[tuple[str, str], Path]:
    found: dict[tuple[str, str], Path] = {}
    for place in (DATA, folder):
        if place is None or not place.is_dir():
            continue
        for path in sorted(place.glob(f"*{SUFFIX}")):
            match = _FILE.fullmatch(path.stem)
            if match:
                found[(match["package"], match["version"])] = path
    return found


def _no_release(package: str, version: str, folder: Path | None) -> str:
    dates = ct_versions(folder).get(package.lower(), ())
    there = f"Available: {', '.join(dates)}." if dates else f"Packages available: {', '.join(ct_versions(folder))}."
    where = f" (imported packages are looked for in {folder})" if folder is not None else ""
    return (
        f"CT package {package} {version} is not available{where}. {there} "
        f"Import the release from NCI EVS or the CDISC Library: sdtm-builder ct import FILE."
    )


def _head(entry: Entry) -> CodelistHead:
    return CodelistHead(entry.code, entry.submission_value, entry.name, entry.extensible, entry.size, entry.pair)


def _is_of_codes(codelist: Codelist) -> bool:
    return codelist.submission_value.endswith("CD") or codelist.name.endswith(" Code")


def _first(head: CodelistHead, term: Term | None, texts: Iterable[tuple[str, str]], sought: str) -> Iterator[Match]:
    for found_in, text in texts:
        if sought in text.casefold():
            yield Match(head, term, found_in, text)
            return
