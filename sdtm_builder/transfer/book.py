"""An acceptance as a workbook: overview, findings, changed cells, rows that came and went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from .. import __version__
from ..issues import Severity
from ..report.sheets import MAX_ROWS, Headings, Sheet, Value, write_sheets
from .accept import Acceptance
from .change import subject_at
from .texts import accept_verdict

Row = Sequence[Value]
OVERVIEW: Headings = [("What", 30), ("Before", 40), ("Now", 40), ("Came", 10), ("Went", 10), ("Cells changed", 12),
                      ("Rows matched", 40)]  # fmt: skip
FINDINGS: Headings = [("Severity", 10), ("Kind", 18), ("Form", 16), ("Column", 20), ("What", 60), ("Before", 24),
                      ("Now", 24), ("Count", 9), ("File", 24), ("Sheet", 14), ("Row", 8)]  # fmt: skip
CELLS: Headings = [("Form", 16), ("Subject", 16), ("Key", 30), ("Column", 20), ("Before", 30), ("Now", 30),
                   ("File", 24), ("Sheet", 14), ("Row", 8), ("File before", 24), ("Sheet before", 14),
                   ("Row before", 8)]  # fmt: skip
ROWS: Headings = [("Form", 16), ("Came or went", 12), ("Subject", 16), ("File", 24), ("Sheet", 14), ("Row", 8)]


def write_workbook(path: Path, found: Acceptance, max_rows: int = MAX_ROWS) -> None:
    """Write the workbook; equal arguments give equal bytes and no text is a formula.

    max_rows : rows of a sheet at most; what does not fit is counted in its last row
    """
    sheets = [
        Sheet("Overview", OVERVIEW, list(_overview(found))),
        Sheet("Findings", FINDINGS, _fitting(_findings(found), len(found.findings), max_rows)),
        Sheet("Changed cells", CELLS, _fitting(_cells(found), sum(c.count for c in found.forms), max_rows)),
        Sheet("Rows", ROWS, _fitting(_rows(found), sum(len(c.matched.only_a) + len(c.matched.only_b)
                                                        for c in found.forms), max_rows)),
    ]  # fmt: skip
    write_sheets(path, sheets, f"{found.study} transfer".strip(), f"sdtm_builder {__version__}")


def _fitting(rows: Iterator[Row], count: int, max_rows: int) -> list[Row]:
    if count < max_rows:
        return list(rows)
    kept = list(islice(rows, max_rows - 2))
    return [*kept, (f"{count - len(kept):,} further rows do not fit on this sheet.",)]


def _overview(found: Acceptance) -> Iterator[Row]:
    yield "Transfer", str(found.old.path), str(found.new.path)
    yield "Verdict", None, accept_verdict(found)
    yield "Subjects", len(found.subjects_old), len(found.subjects_new)
    for severity in Severity:
        yield f"Findings: {severity.value}", None, found.count(severity)
    for text in (*found.old.unread, *found.new.unread):
        yield "Not read", None, text
    for c in found.forms:
        m = c.matched
        yield c.name, len(c.old.raw), len(c.new.raw), len(m.only_b), len(m.only_a), c.count, c.by


def _findings(found: Acceptance) -> Iterator[Row]:
    for f in found.findings:
        place = f.place
        yield (f.severity.value, f.kind, f.form, f.column, f.message, f.before, f.after, f.count, place.file,
               place.sheet, place.row or None)  # fmt: skip


def _cells(found: Acceptance) -> Iterator[Row]:
    for change in found.forms:
        for c in change.cells():
            yield (change.name, c.subject, c.key, c.column, c.before, c.after, c.new.file, c.new.sheet, c.new.row,
                   c.old.file, c.old.sheet, c.old.row)  # fmt: skip


def _rows(found: Acceptance) -> Iterator[Row]:
    for change in found.forms:
        for told, form, rows in (("came", change.new, change.matched.only_b),
                                 ("went", change.old, change.matched.only_a)):  # fmt: skip
            for row in rows.tolist():
                at = form.raw.rows.location(row)
                yield change.name, told, subject_at(form, row), at.file, at.sheet, at.row
