"""An acceptance as lines of text."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from ..compare.texts import quoted
from ..issues import Severity
from ..report.texts import counted, one_line
from .accept import Acceptance
from .change import Cell, FormChange
from .findings import KINDS, Finding

FEW = 5


def accept_lines(found: Acceptance, few: int = FEW) -> list[str]:
    """The acceptance for a console: forms, findings by kind, changed cells by form, and the verdict.

    few : findings of a kind, and cells of a form, that are printed; the others are counted
    """
    lines = [f"Old: {found.old.path}", f"New: {found.new.path}"]
    lines.append(f"Subjects: {len(found.subjects_old):,} before, {len(found.subjects_new):,} now")
    lines += [form_line(change) for change in found.forms]
    for kind, group in groupby(found.findings, key=lambda f: (f.severity, f.kind)):
        lines += _kind_lines(kind[0], kind[1], list(group), few)
    for change in found.forms:
        lines += _cell_lines(change, few)
    lines += [f"Not read: {text}" for text in (*found.old.unread, *found.new.unread)]
    lines.append(accept_verdict(found))
    return [one_line(line) for line in lines]


def form_line(change: FormChange) -> str:
    """One form: its rows before and now, those that came and went, cells that changed."""
    m = change.matched
    return (
        f"{change.name}: {counted(len(change.old.raw), 'row')} before, {len(change.new.raw):,} now; {len(m.only_b):,} "
        f"came, {len(m.only_a):,} went, {counted(change.count, 'cell')} changed; matched {change.by}"
    )


def accept_verdict(found: Acceptance) -> str:
    """The one line that sums it up."""
    if found.unusable:
        return "Unusable: a transfer has no table, or a file that can't be read"
    if not found.findings:
        return "Nothing changed"
    said = [counted(found.count(s), s.value) for s in Severity if found.count(s)]
    return f"{'To be looked at' if found.of_weight else 'Nothing of weight'}: {', '.join(said)}"


def finding_place(finding: Finding) -> str:
    """Where a finding is, for people."""
    place = str(finding.place)
    return place or finding.form


def _kind_lines(severity: Severity, kind: str, group: list[Finding], few: int) -> Iterator[str]:
    yield f"{severity.value} {kind} ({len(group):,}): {KINDS[kind][1]}"
    for one in group[:few]:
        where = ", ".join(part for part in (one.form, str(one.place)) if part)
        yield f"  {one.message}" + (f"  [{where}]" if where else "")
    if len(group) > few:
        yield f"  and {len(group) - few:,} more"


def _cell_lines(change: FormChange, few: int) -> Iterator[str]:
    if not change.count:
        return
    yield f"Changed cells of {change.name} ({change.count:,})"
    yield from (f"  {cell_text(cell)}" for cell in change.cells(few))
    if change.count > few:
        yield f"  and {change.count - few:,} more"


def cell_text(cell: Cell) -> str:
    """A changed cell with both values and its place in both transfers."""
    who = " ".join(part for part in (cell.subject, cell.key) if part)
    moved = "" if cell.old.row == cell.new.row and cell.old.file == cell.new.file else f", before {cell.old}"
    return f"{cell.column} {quoted(cell.before)} -> {quoted(cell.after)}  [{cell.new}{moved}] {who}".rstrip()
