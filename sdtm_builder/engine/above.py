"""Cells and header cells behind transposed columns: where the values of an entry stand in the raw file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..issues import Location
from .refs import Above, Field, Ref, RowFact, leaves
from .tables import RawView

if TYPE_CHECKING:
    from .blocks import EntryPlan
    from .frames import Frame
    from .run import Run

NAME_ROW = "name"


def entry_of(run: Run, frame: Frame, row: int) -> EntryPlan | None:
    """The entry that made a record; None where none did."""
    if frame.entry is None or not frame.dataset:
        return None
    return run.plan.datasets[frame.dataset].blocks[frame.block].entries[int(frame.entry[row])]


def result_column(entry: EntryPlan, result: str) -> str:
    """The raw column that holds an entry's result."""
    made = entry.rules.get(result)
    fields = [r for r in made.refs if isinstance(r, Field) and not r.via] if made is not None else []
    return entry.column or (fields[0].column if fields else "")


def cell_places(run: Run, frame: Frame, row: int, ref: Ref) -> list[Location]:
    """The place of `row.cell`, or of the header cell above it."""
    at = int(frame.index[row])
    column = frame.cell_column
    if not column:
        entry = entry_of(run, frame, row)
        domain = run.plan.datasets[frame.dataset].spec.letters if entry is not None else ""
        column = result_column(entry, f"{domain}ORRES") if entry is not None else ""
    if not column or at < 0 or not isinstance(frame.base, RawView):
        return []
    if isinstance(ref, Above):
        return [frame.base.table.rows.header(at, column, ref.row)]
    return frame.base.places(at, [column])


def entry_places(run: Run, frame: Frame, name: str, row: int) -> list[Location] | None:
    """The cells behind a variable that an entry makes; None where no entry makes it."""
    entry = entry_of(run, frame, row)
    if entry is None:
        return None
    plan = run.plan.datasets[frame.dataset]
    if name == plan.topic_code():
        return cell_places(run, frame, row, Above(plan.kind(name), NAME_ROW)) if entry.column else []  # type: ignore[arg-type]
    if name == f"{plan.spec.letters}STAT" and name not in entry.rules:
        name = f"{plan.spec.letters}ORRES"
    made = entry.rules.get(name)
    if made is None:
        return None
    header = header_row(made.rule)
    if header:
        return cell_places(run, frame, row, Above(made.kind, header))
    return frame.places(row, [r for r in made.refs if getattr(leaves(r), "name", "") != name])


def header_row(rule: object) -> str:
    """The header row that a `header` rule names, "" for any other rule."""
    operation, argument = getattr(rule, "operation", ""), getattr(rule, "argument", None)
    return str(getattr(argument, "text", "")) if operation == "header" else ""


def is_cell(ref: Ref) -> bool:
    """Whether a name is `row.cell`, or a header cell above it."""
    return isinstance(ref, Above) or (isinstance(ref, RowFact) and ref.what == "cell")
