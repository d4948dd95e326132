"""Where a table stands in a sheet or file: its range, its header rows, and the name of each column."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..issues import IssueLog, Location, fault
from ..model import Header, Mark, Scalar, SourceSpec
from ..values.fold import clean, fold
from .workbook import column_letters, column_number

fault("header-missing", "error", "A header row that is not there", "Look at `skip_rows`, `header` and `range`.")
fault("header-duplicate", "error", "Two columns of one name: neither is read", "Rename one in the file.")
fault("header-merged", "error", "A merged cell that gives several columns one name", "Give each column its name.")
fault("header-blank", "error", "A column with data and without a name: it is not read")
fault(
    "header-alias",
    "warning",
    "A column under another declared header, or a title above the header, accepted by declaration",
)
fault("column-missing", "error", "A column that the study file names and no file has", "Was it renamed in the file?")
fault("range-unreadable", "error", "A `range` that is no cell range", "Write B3:K, or B3:K100.")

HEADER_SEARCH = 200
"""A header given by its first text is looked for in so many rows."""
_RANGE = re.compile(r"([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})?")


@dataclass(frozen=True, slots=True)
class Region:
    """Rows and columns from 0: `top` the first, `bottom` after the last (None: to the end)."""

    top: int = 0
    left: int = 0
    right: int | None = None
    bottom: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its name, its place from 0 in the region, its header texts."""

    name: str
    index: int
    header: Header


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a table and the row of its first data, counted from 0 in the file; places of blank headers."""

    columns: tuple[Column, ...]
    data: int
    nameless: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """What a source says of names of columns: header text, folded -> name; aliases, folded -> name."""

    renamed: Mapping[str, str]
    aliases: Mapping[str, str]
    spelled: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    @staticmethod
    def of(source: SourceSpec) -> Names:
        """The names that a source declares."""
        aliases = {fold(alias): column.name for column in source.columns.values() for alias in column.aliases}
        spelled = {fold(name): name for name, _ in named_columns(source)}
        return Names({fold(old): new for new, old in source.rename.items()}, aliases, spelled, source.strip_prefix)

    def name(self, header: str) -> str:
        """The column's name by its header text: renamed, without the prefix, as the study file spells it."""
        folded = fold(header)
        if folded in self.renamed:
            return self.renamed[folded]
        if self.prefix and folded.startswith(fold(self.prefix)):
            folded = folded[len(fold(self.prefix)) :]
            header = header.strip()[len(self.prefix) :]
            if folded in self.renamed:
                return self.renamed[folded]
        return self.spelled.get(folded, header)


def named_columns(source: SourceSpec) -> list[tuple[str, Mark]]:
    """The columns that a source's own keys name, each with its place; `stamp` makes its own."""
    named: list[tuple[str, Mark]] = [(c.name, c.mark) for c in source.columns.values()]
    scalars: list[Scalar] = [*source.key, *source.one_subject, *source.duplicates_ignore]
    scalars += [scalar for scalar in (source.subject, source.visit, source.date) if scalar is not None]
    scalars += [scalar for columns, _ in source.unused for scalar in columns]
    named += [(scalar.text, scalar.mark) for scalar in scalars]
    named += [(name, source.mark) for name in (*source.rename, *source.integers, *source.pages_by_column)]
    return [(name, mark) for name, mark in named if name not in source.stamp]


def region_of(source: SourceSpec, log: IssueLog) -> Region | None:
    """The cells that `range` names; all without one. Issue: `range-unreadable`."""
    if source.range is None:
        return Region()
    match = _RANGE.fullmatch(source.range.text.strip().upper())
    if match is None or column_number(match[3]) < column_number(match[1]) or int(match[2]) < 1:
        log.add("range-unreadable", f"{source.range.text!r} is no range.", source.range.mark.place)
        return None
    bottom = int(match[4]) if match[4] else None
    return Region(int(match[2]) - 1, column_number(match[1]) - 1, column_number(match[3]), bottom)


def find_header(
    rows: Sequence[Sequence[str]], source: SourceSpec, region: Region, at: Location, log: IssueLog
) -> int | None:
    """The first header row, from 0 in the file; None and `header-missing` if there is none.

    rows : the first rows of the region. A number skips so many rows; a text is what the header row begins with.
    Rows skipped over by a text are a title: `header-alias`.
    """
    skip = source.skip_rows
    mark = (skip or source.file).mark.place
    if skip is None or skip.text.strip().isdigit():
        start = int(skip.text) if skip is not None else 0
        if start + len(source.header) > len(rows):
            log.add("header-missing", f"{len(rows)} rows, and the header begins after {start}.", at, mark)
            return None
        return region.top + start
    wanted = fold(skip.text)
    firsts = [next((fold(text) for text in row if fold(text)), "") for row in rows[:HEADER_SEARCH]]
    start = next((i for i, first in enumerate(firsts) if first == wanted), -1)
    if start < 0:
        start = next((i for i, first in enumerate(firsts) if first.startswith(wanted)), -1)
    if start < 0 or start + len(source.header) > len(rows):
        log.add("header-missing", f"no row among the first {len(firsts)} begins with {skip.text}.", at, mark)
        return None
    for i, title in enumerate(firsts[:start]):
        if title:
            where = Location(file=at.file, sheet=at.sheet, row=region.top + i + 1)
            log.add("header-alias", f"the header stands below a title {title!r}.", where, mark, value=title)
    return region.top + start


def layout(
    header: Sequence[Sequence[str]], first: int, source: SourceSpec, region: Region, at: Location, log: IssueLog,
    merged: Sequence[tuple[int, int]] = (),
) -> Layout:  # fmt: skip
    """Names of the columns by the header rows of a part.

    header : texts of the header rows, of the region's columns; first : their first row from 0 in the file;
    merged : (first, last) columns of merged cells in the name row. Issues: `header-duplicate`, `header-merged`,
    `header-alias`.
    """
    names = Names.of(source)
    name_row = source.header.index("name") if "name" in source.header else 0
    row = first + name_row + 1
    texts = [clean(text).text for text in header[name_row]] if header else []
    found = [(i, text, names.name(text)) for i, text in enumerate(texts) if fold(text)]
    taken = {fold(name) for _, _, name in found}
    columns: dict[str, list[Column]] = {}
    for index, text, given in found:
        alias = names.aliases.get(fold(text))
        name = alias or given
        place = Location(file=at.file, sheet=at.sheet, row=row, column=text)
        if alias and fold(alias) not in taken:
            log.add("header-alias", f"column {text} is read as {alias}, its declared name.", place, value=text)
        parts = {kind: clean(header[i][index]).text for i, kind in enumerate(source.header) if i < len(header)}
        made = Column(name, index, Header(parts, column_letters(region.left + index + 1), first + 1))
        columns.setdefault(fold(name), []).append(made)
    kept = []
    for same in columns.values():
        if len(same) == 1:
            kept.append(same[0])
        else:
            _log_same(same, merged, Location(file=at.file, sheet=at.sheet, row=row), log)
    nameless = tuple(i for i, text in enumerate(texts) if not fold(text))
    return Layout(tuple(kept), first + len(source.header), nameless)


def _log_same(same: Sequence[Column], merged: Sequence[tuple[int, int]], at: Location, log: IssueLog) -> None:
    places = [
        Location(file=at.file, sheet=at.sheet, row=at.row, column=column.header.texts.get("name", column.name))
        for column in same
    ]
    letters = ", ".join(column.header.position for column in same)
    spans = any(low <= column.index <= high for low, high in merged for column in same)
    rule = "header-merged" if spans else "header-duplicate"
    log.add(rule, f"columns {letters} all have the name {same[0].name}.", *places, value=same[0].name)


def log_missing_columns(source: SourceSpec, columns: Sequence[str], at: Location, log: IssueLog) -> None:
    """`column-missing` for each column that the source's keys name and no part has, with the nearest names."""
    present = {fold(name) for name in columns}
    told: set[str] = set()
    for name, mark in named_columns(source):
        if fold(name) in present or name in told:
            continue
        told.add(name)
        near = get_close_matches(name, columns, n=3)
        hint = f"Near: {', '.join(near)}." if near else None
        log.add("column-missing", f"raw.{source.name} has no column {name}.", mark.place, at, value=name, hint=hint)
