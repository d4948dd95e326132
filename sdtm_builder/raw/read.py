"""All raw sources of a study: each file opened once, each source one table; headers alone for `check`."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from ..issues import IssueLog, Location, fault
from ..model import DateTexts, Part, RawTable, Scalar, SourceSpec
from .checks import Evaluate, duplicates, key_conflicts, where_rows, without_footer, without_superseded
from .csvfile import part_of_csv
from .files import ODM, SAS, Content, Found, find_files, load
from .layout import Region, log_missing_columns, region_of
from .odmfile import OdmBook, open_odm, part_of_odm
from .part import RawPart, part_of_grid
from .sasfile import part_of_sas
from .table import STAMPS, assemble
from .typed import CodelistOf, check_formats, typed_column
from .workbook import Grid, Workbook, open_workbook

fault("sheet-missing", "error", "A sheet that the workbook does not have")
fault("stamp-unknown", "error", "A `stamp` that is neither file nor sheet")
fault(
    "sheet-full", "warning", "A table that ends at the last row that a sheet can hold: the rest may have been cut off",
    "Ask for the export in parts, or as text, and compare the counts.",
)  # fmt: skip

LAST_ROWS = {".xls": 65_536}
LAST_ROW = 1_048_576
"""Rows of a sheet of Excel: a csv or workbook that ends there was perhaps saved from one that had no room for more."""

Progress = Callable[[str, int, int], None]
"""Called with a source's name, how many sources are done, how many there are."""


@dataclass(frozen=True, slots=True)
class HeaderInfo:
    """What the headers of a source say: its columns, those of `stamp` included, and its parts."""

    columns: tuple[str, ...]
    parts: tuple[Part, ...]


def read_sources(
    specs: Mapping[str, SourceSpec],
    base: Path,
    roots: Sequence[Path],
    missing: Iterable[str],
    log: IssueLog,
    only: Collection[str] | None = None,
    codelist_of: CodelistOf | None = None,
    progress: Progress | None = None,
    date_texts: DateTexts | None = None,
    evaluate: Evaluate | None = None,
) -> dict[str, RawTable]:
    """The raw tables of a study, without those that can't be read, which have issues.

    specs : sources by name. base, roots : folders that raw files may lie in, `base` tried first.
    missing, date_texts : the study's tokens and formats. only : names of the sources wanted, None for all.
    codelist_of : terms of the texts of a column with a codelist. evaluate : for `footer` and `where` of a source;
    without it they are left to the caller, as `expect` always is. Rows are filtered before columns are typed, so that
    no issue comes of a total row or of a row of another study.
    """
    wanted = [spec for name, spec in specs.items() if only is None or name in only]
    files = _Files(base, roots, wanted, log)
    study = date_texts or DateTexts()
    tables: dict[str, RawTable] = {}
    for done, source in enumerate(wanted):
        if progress is not None:
            progress(source.name, done, len(wanted))
        table = _read_source(source, files, tuple(missing), study, codelist_of, evaluate, log)
        files.release(source)
        if table is not None:
            tables[source.name] = table
    if progress is not None:
        progress("", len(wanted), len(wanted))
    return tables


def read_headers(
    specs: Mapping[str, SourceSpec], base: Path, roots: Sequence[Path], log: IssueLog,
    only: Collection[str] | None = None, date_texts: DateTexts | None = None,
) -> dict[str, HeaderInfo]:  # fmt: skip
    """Columns and parts of each source by its header rows; no row of data is looked at.

    Issues: missing files, sheets and columns, faults of headers and of the formats of dates that a source declares.
    """
    wanted = [spec for name, spec in specs.items() if only is None or name in only]
    files = _Files(base, roots, wanted, log)
    found: dict[str, HeaderInfo] = {}
    for source in wanted:
        check_formats(source, date_texts or DateTexts(), log)
        parts = _parts(source, files, log, headers_only=True)
        if parts:
            columns = list(dict.fromkeys(column for part in parts for column in part.part.headers))
            _check_source(source, columns, parts[0].part, log)
            found[source.name] = HeaderInfo((*columns, *source.stamp), tuple(part.part for part in parts))
        files.release(source)
    return found


def _read_source(
    source: SourceSpec, files: _Files, missing: tuple[str, ...], study: DateTexts,
    codelist_of: CodelistOf | None, evaluate: Evaluate | None, log: IssueLog,
) -> RawTable | None:  # fmt: skip
    parts = _parts(source, files, log)
    if not parts:
        return None
    columns = list(dict.fromkeys(column for part in parts for column in part.columns))
    _check_source(source, columns, parts[0].part, log)
    table = assemble(source, parts, missing, log)
    if evaluate is not None:
        for text, filter_rows in ((source.footer, without_footer), (source.where, where_rows)):
            if text is not None:
                quiet = _typed(table, source, study, codelist_of, IssueLog())
                table = filter_rows(quiet, text, evaluate, log)
        if source.supersedes is not None:
            quiet = _typed(table, source, study, codelist_of, IssueLog())
            table = without_superseded(quiet, source, evaluate, log)
    table, first = duplicates(table, source, log)
    table = _typed(table, source, study, codelist_of, log)
    key_conflicts(table, source, first, log)
    return replace(table, facts={**table.facts, "kept": len(table)})


def _typed(
    table: RawTable, source: SourceSpec, study: DateTexts, codelist_of: CodelistOf | None, log: IssueLog
) -> RawTable:
    values = dict(table.texts)
    for name, column in source.columns.items():
        if name in values:
            values[name] = typed_column(table, column, source, study, codelist_of, log)
    return replace(table, values=values)


def _check_source(source: SourceSpec, columns: Sequence[str], part: Part, log: IssueLog) -> None:
    log_missing_columns(source, columns, Location(file=part.file, sheet=part.sheet), log)
    for name, what in source.stamp.items():
        if what not in STAMPS:
            log.add("stamp-unknown", f"stamp {name}: {what} is none of {', '.join(STAMPS)}.", source.mark.place)


def _parts(source: SourceSpec, files: _Files, log: IssueLog, headers_only: bool = False) -> list[RawPart]:
    """The parts of a source: files in the order of their paths, sheets in that of their workbook."""
    region = region_of(source, log)
    if region is None:
        return []
    parts: list[RawPart | None] = []
    for found in files.of(source):
        content = files.content(found, source)
        if content is None:
            continue
        if content.workbook:
            parts += _sheets(source, files, content, region, log, headers_only)
        elif content.odm:
            odm = files.odm(content, source)
            names = _sheet_names(source, odm, log) if odm is not None else []
            parts += [part_of_odm(odm, name, source, log, headers_only) for name in names if odm is not None]
        elif content.sas:
            parts.append(part_of_sas(content, source, log, headers_only))
        else:
            parts.append(part_of_csv(content, source, region, log, headers_only))
    made = [part for part in parts if part is not None]
    _look_for_full_sheets(made, source, log)
    return made


def _look_for_full_sheets(parts: Sequence[RawPart], source: SourceSpec, log: IssueLog) -> None:
    for part in parts:
        ending = Path(part.part.file).suffix.lower()
        last = LAST_ROWS.get(ending, LAST_ROW)
        if ending not in SAS + ODM and len(part.number) and int(part.number[-1]) == last:
            at = Location(file=part.part.file, sheet=part.part.sheet, row=last)
            told = f"the table ends at row {last:,}, the last of a sheet: rows beyond it may be lost."
            log.add("sheet-full", told, at, source.file.mark.place)


def _sheets(
    source: SourceSpec, files: _Files, content: Content, region: Region, log: IssueLog, headers_only: bool
) -> list[RawPart | None]:
    book = files.book(content, source)
    parts: list[RawPart | None] = []
    for sheet in _sheet_names(source, book, log) if book is not None else ():
        assert book is not None
        grid = files.grid(book, sheet)
        if grid is not None:
            at = Location(file=content.shown, sheet=sheet)
            parts.append(part_of_grid(grid, source, region, at, content.sha256, book.epoch, log, headers_only))
    return parts


def _sheet_names(source: SourceSpec, book: Workbook | OdmBook, log: IssueLog) -> list[str]:
    if source.sheets:
        return [name for one in source.sheets for name in _named(one, book, log)]
    if source.sheet is None:
        return list(book.sheets[:1])
    return _named(source.sheet, book, log)


def _named(sheet: Scalar, book: Workbook | OdmBook, log: IssueLog) -> list[str]:
    text = sheet.text
    if text in book.sheets:
        return [text]
    found = [name for name in book.sheets if fnmatch.fnmatchcase(name, text)]
    if not found:
        near = get_close_matches(text, book.sheets, n=3) or list(book.sheets[:10])
        told = f"{book.content.shown} has no sheet {text}."
        at = Location(file=book.content.shown)
        log.add("sheet-missing", told, sheet.mark.place, at, value=text, hint=f"It has: {', '.join(near)}.")
    return found


class _Files:
    """The files of one run: each loaded, each workbook opened and each sheet read once, held while it is needed."""

    def __init__(self, base: Path, roots: Sequence[Path], sources: Iterable[SourceSpec], log: IssueLog) -> None:
        self._base, self._roots, self._log = base, roots, log
        self._left = Counter(source.file.text for source in sources)
        self._found: dict[str, list[Found]] = {}
        self._contents: dict[Found, Content | None] = {}
        self._books: dict[str, Workbook | None] = {}
        self._odms: dict[str, OdmBook | None] = {}
        self._grids: dict[tuple[str, str], Grid | None] = {}

    def of(self, source: SourceSpec) -> list[Found]:
        """The files of a source."""
        if source.file.text not in self._found:
            self._found[source.file.text] = find_files(source, self._base, self._roots, self._log)
        return self._found[source.file.text]

    def content(self, found: Found, source: SourceSpec) -> Content | None:
        """A file's bytes, or None where an issue says why not."""
        if found not in self._contents:
            self._contents[found] = load(found, self._log, source.file.mark.place)
        return self._contents[found]

    def book(self, content: Content, source: SourceSpec) -> Workbook | None:
        """The open workbook."""
        if content.shown not in self._books:
            self._books[content.shown] = open_workbook(content, self._log, source.file.mark.place)
        return self._books[content.shown]

    def odm(self, content: Content, source: SourceSpec) -> OdmBook | None:
        """The tables of an ODM file."""
        if content.shown not in self._odms:
            self._odms[content.shown] = open_odm(content, self._log, source.file.mark.place)
        return self._odms[content.shown]

    def grid(self, book: Workbook, sheet: str) -> Grid | None:
        """The cells of a sheet."""
        key = (book.content.shown, sheet)
        if key not in self._grids:
            self._grids[key] = book.grid(sheet, self._log)
        return self._grids[key]

    def release(self, source: SourceSpec) -> None:
        """Let go of the files that no source to come names."""
        self._left[source.file.text] -= 1
        if self._left[source.file.text] > 0:
            return
        for found in self._found.get(source.file.text, []):
            if self._contents.get(found) is None:
                continue
            del self._contents[found]
            self._books.pop(found.shown, None)
            self._odms.pop(found.shown, None)
            for key in [key for key in self._grids if key[0] == found.shown]:
                del self._grids[key]
