"""Raw files without a study file: every table in them, read as a build reads it, with what was found out on the way."""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

import numpy as np

from ..issues import Issue, IssueLog, Location
from ..model import RawTable, Scalar, SourceSpec
from ..raw.files import TEXTS, Content, Found, load
from ..raw.odmfile import open_odm
from ..raw.read import read_sources
from ..raw.workbook import open_workbook
from ..values.numbers import read_number
from .dateforms import looks_dated

_SIGNS = (",", ";", "\t", "|")
_GENERIC = re.compile(r"(?i)(sheet|tabelle|feuil|工作表|sheet )\s*[0-9]*")
_VOTES = 2
_MANY = re.compile(r"\(([0-9,]+) cells\)$")


@dataclass(frozen=True, slots=True)
class Asked:
    """How the files are to be read, as a study file would say it; "" or () where it is left to be found out.

    header : names of the header rows (`name`, `label`, `unit`); skip_rows : rows above, or the header's first text
    """

    header: tuple[str, ...] = ()
    skip_rows: str = ""
    encoding: str = ""
    delimiter: str = ""


@dataclass(frozen=True)
class Table:
    """A raw table, the source that a study file would declare for it, and what was assumed of it.

    cleaned : (rule, column) -> how many cells reading cleaned
    """

    raw: RawTable
    source: SourceSpec
    notes: tuple[str, ...]
    cleaned: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name as a raw source."""
        return self.source.name

    @property
    def file(self) -> str:
        """The file's name."""
        return self.source.file.text

    @property
    def sheet(self) -> str:
        """The sheet, "" in a text file."""
        return self.source.sheet.text if self.source.sheet is not None else ""

    def head(self, column: str, row: str) -> str:
        """The text of a column in a header row (`label`, `unit`), "" without one."""
        return self.raw.rows.parts[0].headers[column].texts.get(row, "")


def read_tables(paths: Sequence[Path], asked: Asked, log: IssueLog) -> list[Table]:
    """Every table of the files, in their order; a folder or a zip file stands for the files in it.

    A workbook has a table for each sheet, an ODM file one for each item group.
    Issues: those of reading, as a build has them. A file that cannot be read gives no table.
    """
    found: list[Table] = []
    taken: set[str] = set()
    for file in _files(paths, log):
        content = load(file, log, Location(file=file.shown))
        if content is None:
            continue
        sources = []
        for sheet, alone in _sheets(content, log):
            name = _name(_plain(file), sheet, alone, taken)
            taken.add(name)
            sources.append(_source(file, content, sheet, name, asked))
        if content.odm:
            found += _read_odm(sources, file.path, log)
        else:
            found += [t for one in sources if (t := _read(one, file.path, asked, log)) is not None]
    return found


def _read_odm(sources: Sequence[SourceSpec], path: Path, log: IssueLog) -> list[Table]:
    """The item groups of an ODM file, which is read once."""
    own = IssueLog()
    raw = read_sources({one.name: one for one in sources}, path.parent, [], (), own)
    log.extend(own)
    tables = []
    for one in (one for one in sources if one.name in raw):
        mine = [issue for issue in own if one.sheet and any(p.sheet == one.sheet.text for p in issue.locations)]
        tables.append(Table(raw[one.name], one, (), _cleaned(mine)))
    return tables


def _files(paths: Sequence[Path], log: IssueLog) -> list[Found]:
    files: list[Found] = []
    for path in paths:
        inside = sorted(p for p in path.iterdir() if p.is_file()) if path.is_dir() else [path]
        for one in inside:
            if one is not path and one.name.startswith(("~$", ".")):
                continue
            files += _members(one, log) if one.suffix.lower() == ".zip" else [Found(one, one.name)]
    return files


def _members(path: Path, log: IssueLog) -> list[Found]:
    """The files of a zip file, by their names in it."""
    at = Location(file=path.name)
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted({one.filename for one in archive.infolist() if not one.is_dir()})
    except OSError as error:
        log.add("file-unreadable", f"{path.name}: {error.strerror or error}.", at)
        return []
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as error:
        log.add("file-damaged", f"{path.name} can't be unpacked: {error}.", at)
        return []
    names = [n for n in names if not n.startswith("__MACOSX") and not PurePosixPath(n).name.startswith((".", "~$"))]
    return [Found(path, f"{path.name}!/{name}", name) for name in names]


def _plain(file: Found) -> PurePosixPath:
    return PurePosixPath(file.member or file.path.name)


def _sheets(content: Content, log: IssueLog) -> list[tuple[str, bool]]:
    """The sheets of a workbook, or the item groups of an ODM file, with whether there is but one; else "" alone."""
    at = Location(file=content.shown)
    if not content.workbook and not content.odm:
        return [("", True)]
    book = open_workbook(content, log, at) if content.workbook else open_odm(content, log, at)
    return [(sheet, len(book.sheets) == 1) for sheet in book.sheets] if book is not None else []


def _name(file: PurePosixPath, sheet: str, alone: bool, taken: set[str]) -> str:
    """A name of a raw source, in ASCII alone: of a sheet in another script the file's with what is left of it."""
    plain = file.stem if not sheet or (alone and _GENERIC.fullmatch(sheet)) else sheet
    wanted = _ascii(plain if plain.isascii() else f"{file.stem}_{plain}") or "TABLE"
    if wanted in taken and plain.isascii():
        wanted = _ascii(f"{file.stem}_{plain}")
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    return name


def _ascii(text: str) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "_", text).strip("_").upper()
    return f"T_{name}" if name[:1].isdigit() else name


def _source(file: Found, content: Content, sheet: str, name: str, asked: Asked) -> SourceSpec:
    text = _plain(file).suffix.lower() in TEXTS
    sign = asked.delimiter or (_sign(content.data, asked.encoding or "utf-8") if text else ",")
    one = Scalar(sheet) if sheet else None
    return SourceSpec(
        name, Scalar(file.shown), sheet=one, sheets=(one,) if one else (),
        header=("name",) if content.odm else asked.header or ("name",),
        skip_rows=Scalar(asked.skip_rows) if asked.skip_rows and not content.odm else None,
        encoding=asked.encoding, delimiter=sign,
    )  # fmt: skip


def _sign(data: bytes, encoding: str) -> str:
    """The sign that the first line has most of; a comma if it has none."""
    try:
        line = data[:65536].decode(encoding, errors="replace").partition("\n")[0]
    except LookupError:
        return ","
    counts = {sign: line.count(sign) for sign in _SIGNS}
    best = max(_SIGNS, key=lambda sign: counts[sign])
    return best if counts[best] else ","


def _read(source: SourceSpec, path: Path, asked: Asked, log: IssueLog) -> Table | None:
    own = IssueLog()
    raw = read_sources({source.name: source}, path.parent, [], (), own).get(source.name)
    notes = []
    if raw is not None and not asked.header:
        kind = _second_header(raw)
        if kind:
            source = replace(source, header=("name", kind))
            notes.append(f"The row below the names is no data: read as a header row `{kind}`.")
            own = IssueLog()
            raw = read_sources({source.name: source}, path.parent, [], (), own).get(source.name)
    log.extend(own)
    if any(issue.rule == "encoding-error" for issue in own):
        notes.append(f"SETTLE encoding: the file is no {source.encoding or 'utf-8'}, gb18030 or cp1252 perhaps")
    if source.delimiter != "," and not asked.delimiter and path.suffix.lower() != ".tsv":
        notes.append(f"The sign between fields is {'a tab' if source.delimiter == chr(9) else source.delimiter}.")
    return None if raw is None else Table(raw, source, tuple(notes), _cleaned(own))


def _cleaned(log: Iterable[Issue]) -> Mapping[tuple[str, str], int]:
    """Cells by rule and column; an issue of many cells says their number."""
    counts: Counter[tuple[str, str]] = Counter()
    for issue in log:
        said = _MANY.search(issue.message)
        for column in {place.column for place in issue.locations if place.column}:
            counts[issue.rule, column] += int(said[1].replace(",", "")) if said else 1
    return counts


def _second_header(raw: RawTable) -> str:
    """`label`, or `unit`, if the first row is no row of data: texts above columns of numbers or dates; else ""."""
    if len(raw) < 3:
        return ""
    votes = against = filled = 0
    for column in raw.texts.values():
        first = column.text_at(0)
        filled += bool(first)
        rest = column.take(np.arange(1, len(column)))
        used = np.bincount(rest.data[rest.data >= 0], minlength=len(column.distinct()))
        texts = [str(column.distinct()[i]) for i in np.flatnonzero(used)]
        machine = [t for t in texts if _is_data(t)]
        if len(machine) >= 0.8 * len(texts) and machine and first:
            votes, against = votes + (not _is_data(first)), against + _is_data(first)
    if votes < _VOTES or against:
        return ""
    return "label" if filled >= 0.8 * len(raw.columns) else "unit"


def _is_data(text: str) -> bool:
    return read_number(text) is not None or looks_dated(text)


def labels_of(table: Table) -> Mapping[str, str]:
    """Column -> its label, of the header row `label`; without one nothing."""
    found = {column: table.head(column, "label") for column in table.raw.columns}
    return {column: label for column, label in found.items() if label}


def chosen(tables: Sequence[Table], names: Sequence[str]) -> list[Table]:
    """The tables of these names, or of sheets of these names; all if none is named."""
    return [t for t in tables if not names or t.name in names or t.sheet in names]
