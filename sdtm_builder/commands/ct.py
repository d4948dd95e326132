"""`ct`: releases of controlled terminology listed, shown, searched and imported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches
from pathlib import Path

from ..standards import Codelist, CtPackage, Match, StandardsError, ct, ct_versions, import_ct
from .status import CLEAN, UNUSABLE

FEW = 100
Tell = Callable[[str], None]


def list_releases(package: str | None, *, ct_folder: Path, tell: Tell = print) -> int:
    """The releases at hand, or the codelists of the newest release of one package.

    Parameters
    ----------
    package : sdtm, adam, cdash, define-xml or the name of an imported one; None: releases of all

    Returns
    -------
    0 told, 2 no such package, or one that can't be read.
    """
    try:
        if package is None:
            for name, versions in ct_versions(ct_folder).items():
                for version in versions:
                    release = ct(name, version, ct_folder)
                    heads = release.codelists()
                    terms = sum(head.size for head in heads)
                    tell(f"{name:<12} {version}  {len(heads):>5,} codelists {terms:>7,} terms  {release.path}")
            tell(f"Imported releases lie in {ct_folder} (--ct-folder or SDTM_BUILDER_CT moves it).")
            return CLEAN
        release = newest(package, None, ct_folder)
        for head in release.codelists():
            kind = "extensible" if head.extensible else "closed"
            tell(f"{head.submission_value:<20} {head.code:<8} {kind:<10} {head.size:>5,} terms  {head.name}")
    except StandardsError as gone:
        tell(str(gone))
        return UNUSABLE
    return CLEAN


def show_codelist(name: str, *, package: str | None, version: str | None, ct_folder: Path, tell: Tell = print) -> int:
    """A codelist with its terms, from the newest release of the first package that has it.

    Parameters
    ----------
    name : short name (AEOUT is no codelist, OUT is) or C-code
    package, version : where to look; None: sdtm first, then the others, the newest of each

    Returns
    -------
    0 told, 2 no such codelist or release.
    """
    try:
        releases = list(_releases(package, version, ct_folder))
    except StandardsError as gone:
        tell(str(gone))
        return UNUSABLE
    for release in releases:
        found = release.codelist(name) or release.codelist(name.upper())
        if found is not None:
            for line in _codelist_lines(release, found):
                tell(line)
            return CLEAN
    near = get_close_matches(name.upper(), {h.submission_value for r in releases for h in r.codelists()}, 3, 0.6)
    hint = f" Near: {', '.join(near)}." if near else " `ct search TEXT` looks in names and terms."
    tell(f"{name}: no codelist of {', '.join(f'{r.package} {r.version}' for r in releases)}.{hint}")
    return UNUSABLE


def _codelist_lines(release: CtPackage, codelist: Codelist) -> Iterator[str]:
    kind = "extensible" if codelist.extensible else "closed"
    yield f"{codelist.submission_value} {codelist.code}, {codelist.name}, {kind}, {len(codelist.terms):,} terms, " + (
        f"{release.package} {release.version}"
    )
    decodes = release.decode(codelist.code)
    width = min(max((len(term) for term in codelist.terms), default=0), 40)
    for value, term in codelist.terms.items():
        synonyms = f"  (synonyms: {'; '.join(term.synonyms)})" if term.synonyms else ""
        yield f"  {value:<{width}}  {term.code:<8} {decodes.get(value, '')}{synonyms}"


def search_terms(
    text: str, *, package: str | None, version: str | None, ct_folder: Path, verbose: bool, tell: Tell = print
) -> int:
    """Codelists and terms that hold a text, exact finds first.

    Returns
    -------
    0 also where nothing is found, 2 no such release.
    """
    try:
        found = [(r, match) for r in _releases(package, version, ct_folder) for match in r.search(text)]
    except StandardsError as gone:
        tell(str(gone))
        return UNUSABLE
    sought = text.strip().casefold()
    found.sort(key=lambda pair: pair[1].text.casefold() != sought)
    shown = found if verbose else found[:FEW]
    for release, match in shown:
        tell(_match_line(release, match))
    if len(found) > len(shown):
        tell(f"and {len(found) - len(shown):,} more (--verbose shows all)")
    if not found:
        tell(f"{text}: nothing has it.")
    return CLEAN


def _match_line(release: CtPackage, match: Match) -> str:
    where = f"{release.package} {match.codelist.submission_value} {match.codelist.code}"
    if match.term is None:
        return f"{where}: codelist {match.codelist.name}"
    by = "" if match.found_in == "submission value" else f"  ({match.found_in}: {match.text})"
    return f"{where}: {match.term.submission_value} {match.term.code}{by}"


def import_release(
    file: Path, *, package: str | None, version: str | None, replace: bool, ct_folder: Path, tell: Tell = print
) -> int:
    """Take a published release into the user's folder, as a whole or not at all.

    Returns
    -------
    0 imported, or there already; 2 it can't be used.
    """
    try:
        made = import_ct(file, ct_folder, package, version, replace)
    except StandardsError as refused:
        tell(str(refused))
        return UNUSABLE
    what = f"{made.package} {made.version} ({made.form}): {made.codelists:,} codelists, {made.terms:,} terms"
    tell(f"{what}; there already, unchanged: {made.path}" if made.unchanged else f"{what}; written to {made.path}")
    return CLEAN


def newest(package: str, version: str | None, folder: Path) -> CtPackage:
    """A release by its date, or the newest of its package. StandardsError where there is none."""
    dates = ct_versions(folder).get(package.lower(), ())
    return ct(package, version or (dates[-1] if dates else "newest"), folder)


def _releases(package: str | None, version: str | None, folder: Path) -> Iterator[CtPackage]:
    if package is not None:
        yield newest(package, version, folder)
        return
    versions = ct_versions(folder)
    names = sorted(versions, key=lambda name: (name != "sdtm", name))
    having = [name for name in names if version is None or version in versions[name]]
    for name in having or ["sdtm"]:
        yield newest(name, version, folder)
