"""A profile in lines of text, and the sentences that the page has too."""

from __future__ import annotations

from collections import Counter

from ..report.texts import counted, one_line
from .columns import ColumnProfile, shown
from .dateforms import PIVOT
from .profile import Profile, TableProfile
from .terms import Candidate
from .yamltext import scalar

FEW = 6
WIDEST = 40


def profile_lines(profile: Profile) -> list[str]:
    """The whole profile."""
    lines: list[str] = []
    for table in profile.tables:
        lines += [*table_lines(table), ""]
    rules = Counter((i.severity.value, i.rule) for i in profile.issues)
    for (severity, rule), count in sorted(rules.items()):
        sample = next(i for i in profile.issues if i.rule == rule)
        lines.append(f"{severity} {rule}: {count:,} when reading, as: {sample.message}")
    return lines


def table_lines(table: TableProfile) -> list[str]:
    """A table's head and its columns."""
    where = f"{table.file}, sheet {table.sheet}" if table.sheet else table.file
    lines = [f"{table.name} ({where}): {counted(table.rows, 'row')}, {counted(len(table.columns), 'column')}."]
    lines += [f"  {note}" for note in (*table.notes, *head_notes(table))]
    width = min(max((len(c.name) for c in table.columns), default=0), 24)
    for column in table.columns:
        lines.append(f"  {column.name:<{width}}  {column.type:<8}  {filling(column)}{_label(column)}")
        lines += [f"  {'':<{width}}    {text}" for text in column_notes(column)]
    return lines


def head_notes(table: TableProfile) -> list[str]:
    """Keys, repeated rows, subject and visit columns, rows that reading left out."""
    keys = [" + ".join(key) for key in table.keys]
    more = f" and {len(keys) - FEW} more" if len(keys) > FEW else ""
    notes = [f"Unique on every row: {'; '.join(keys[:FEW])}{more}." if keys else "No column, and no pair of columns, "
             "is filled and unique on every row."]  # fmt: skip
    if table.repeated_rows:
        notes.append(f"{counted(table.repeated_rows, 'row')} equal to one above in every column.")
    if table.left_out:
        notes.append(f"{counted(table.left_out, 'row')} left out when reading (blank or damaged).")
    for role in ("subject", "visit"):
        found = [f"{c.name} (by {c.roles[role]})" for c in table.columns if role in c.roles]
        notes.append(f"Likely {role}: {'; '.join(found)}." if found else f"No column looks like the {role}.")
    return notes


def brief(text: str, limit: int = WIDEST) -> str:
    """A text on one line, cut where it is long."""
    plain = one_line(text)
    return plain if len(plain) <= limit else plain[: limit - 1] + "\u2026"


def filling(column: ColumnProfile) -> str:
    """How many cells are filled."""
    missing = f", {column.missing:,} missing" if column.missing else ""
    return f"{column.filled:,} filled{missing}, {column.distinct:,} distinct"


def _label(column: ColumnProfile) -> str:
    heads = [text for text in (column.label, column.unit) if text]
    return f"; {brief(' | '.join(heads), 60)}" if heads else ""


def column_notes(column: ColumnProfile) -> list[str]:
    """Values, ranges, dates, characters and codelists of a column, a sentence each."""
    notes = []
    if column.values:
        notes.append(values_text(column))
    if column.numbers is not None:
        n = column.numbers
        decimals = f", {counted(n.decimals, 'decimal')}" if n.decimals else ""
        notes.append(f"from {shown(n.least)} to {shown(n.greatest)}, median {shown(n.median)}{decimals}")
    notes += date_notes(column)
    if column.misfits:
        notes.append(f"no {column.type}: " + ", ".join(f"'{brief(t)}' ({n:,})" for t, n in column.misfits))
    if column.cells:
        notes.append("cells of the workbook: " + ", ".join(f"{n:,} {kind}" for kind, n in column.cells.items()))
    odd = characters_text(column)
    notes += [odd] if odd else []
    notes += [f"codelist? {candidate_text(c)}" for c in column.codelists]
    first = next(iter(column.codelists), None)
    return [*notes, f"to paste under codelists: {synonyms_text(first)}"] if first is not None and first.pairs else notes


def synonyms_text(candidate: Candidate) -> str:
    """The synonyms of a codelist as `codelists` of the study file takes them."""
    said = ", ".join(f"{scalar(text)}: {scalar(term)}" for text, term in sorted(candidate.pairs))
    return f"{candidate.codelist}: {{synonyms: {{{said}}}}}"


def values_text(column: ColumnProfile, few: int = FEW) -> str:
    """The most frequent values with their counts."""
    told = ", ".join(f"'{brief(t)}' ({n:,})" for t, n in column.values[:few])
    return told + (f" and {column.distinct - few:,} more" if column.distinct > few else "")


def date_notes(column: ColumnProfile) -> list[str]:
    """Which formats would read how many, and whether day and month could be exchanged."""
    facts = column.dates
    if facts is None:
        return []
    told = "; ".join(f"{f.format} reads {f.values:,}" + (f" ({f.alone:,} that none before it reads)" if i else "")
                     for i, f in enumerate(facts.formats))  # fmt: skip
    notes = [f"{told}; {facts.unread:,} unread"]
    if facts.order == "either":
        fit = "value fits" if facts.either == 1 else "values fit"
        notes.append(f"AMBIGUOUS: {facts.either:,} {fit} day first and month first, and none tells which: "
                     f"{' or '.join(facts.rivals)}")  # fmt: skip
    elif facts.order == "both":
        notes.append(f"CONTRADICTORY: {facts.day_first:,} can only have the day first, {facts.month_first:,} only the "
                     f"month first, {facts.either:,} fit both")  # fmt: skip
    elif facts.order:
        alone = facts.day_first or facts.month_first
        notes.append(f"{facts.order}: {alone:,} can be read in this order only, none in the other only; "
                     f"{facts.either:,} fit both")  # fmt: skip
    if facts.unknown:
        notes.append(f"unknown parts written {', '.join(facts.unknown)}")
    if facts.pivot:
        notes.append(f"years of two digits: declare `pivot` (read here as {PIVOT} to {PIVOT + 99})")
    return notes


def characters_text(column: ColumnProfile) -> str:
    """Odd characters, "" if there are none."""
    c = column.characters
    parts = [(c.blanks, "blanks at the ends"), (c.wide, "full-width characters"), (c.control, "control characters"),
             (c.beyond_ascii, "characters beyond ASCII")]  # fmt: skip
    told = [f"{what} in {counted(n, 'cell')}" for n, what in parts if n]
    if c.longest > 200:
        told.append(f"longest text has {c.longest:,} characters")
    return "; ".join(told)


def candidate_text(candidate: Candidate) -> str:
    """A codelist with its coverage."""
    closed = "extensible" if candidate.extensible else "closed"
    parts = [(candidate.terms, "as terms"), (candidate.synonyms, "as synonyms or in other case")]
    told = ", ".join(f"{n} {how}" for n, how in parts if n)
    return f"{candidate.codelist} ({closed}): {candidate.coverage:.0%} of {candidate.distinct} distinct values; {told}"


def head_lines(profile: Profile) -> list[str]:
    """The heads of tables alone."""
    lines = []
    for table in profile.tables:
        lines += [line for line in table_lines(table) if not line.startswith("  ") or line[2:] in head_notes(table)]
    return lines
