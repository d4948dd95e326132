"""`peek`: the records of one block while they are made, as PROC PRINT would show them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from .explain import only_study, usable
from .pages import near
from .status import CLEAN, UNUSABLE

if TYPE_CHECKING:
    from ..engine.frames import Frame
    from ..engine.run import Run
    from ..model import Vector

Tell = Callable[[str], None]
ROWS, WIDEST, PAGE = 20, 40, 160


@dataclass(frozen=True)
class Column:
    """A column to print: its heading, the values beside the block's records, whether numbers stand right."""

    name: str
    values: Vector
    right: bool


def run(
    dataset: str,
    *,
    block: str = "",
    subject: str = "",
    study: Path | None = None,
    raw: Path | None = None,
    columns: Sequence[str] = (),
    rows: int = ROWS,
    ct_folder: Path | None = None,
    project: Path | None = None,
    tell: Tell = print,
    complain: Tell | None = None,
) -> int:
    """Make what a block needs, and no more, and print its records with raw, joined and set values.

    Parameters
    ----------
    dataset, block : AE and one of its blocks; a dataset with one block needs none named
    subject : USUBJID, or the end of it, or the subject number of the raw rows
    columns : only these: raw columns as `raw.NAME`, joined ones as `JOIN.NAME`, variables and temporaries by name
    rows : at most so many records
    study, raw, project : as for `explain`

    Returns
    -------
    0 printed, 2 no such dataset, block, subject or column, or a specification that cannot be read.
    """
    complain = complain or _to_stderr
    folder = study or only_study(project or Path(), complain)
    prepared = usable(folder, raw, ct_folder, complain) if folder is not None else None
    if prepared is None:
        return UNUSABLE
    plan = prepared.plan.datasets.get(dataset)
    if plan is None:
        complain(f"The study has no dataset {dataset}. {near(dataset, prepared.plan.datasets)}")
        return UNUSABLE
    names = list(plan.blocks)
    if block not in names and (block or len(names) != 1):
        asked = f"{dataset} has no block {block}" if block else f"{dataset} has {len(names)} blocks"
        complain(f"{asked}; name one with --block: {', '.join(names)}.")
        return UNUSABLE
    if prepared.unusable:
        complain("A specification with errors makes no records.")
        return UNUSABLE
    from .pipeline import make

    made = make(prepared, only=set())
    frame = made.run.frame(dataset, block or names[0])
    found = _columns(made.run, frame)
    wanted = _wanted(found, columns, complain)
    at = _records(made.run, frame, subject, complain)
    if wanted is None or at is None:
        return UNUSABLE
    tell(_head(frame, len(at), subject))
    places = [_place(frame, r) for r in at[:rows]]
    for line in _table(wanted, at[:rows], places):
        tell(line)
    if len(at) > rows:
        tell(f"{len(at) - rows:,} more records; --rows shows more.")
    return CLEAN


def _to_stderr(text: str) -> None:
    print(text, file=sys.stderr)


def _head(frame: Frame, count: int, subject: str) -> str:
    of = f" of {subject}" if subject else ""
    steps = [f"{frame.base.n:,} rows of {frame.base.key}"]
    for left in frame.left:
        why = f" ({left.why})" if left.why else ""
        steps.append(f"{left.step} leaves out {left.records:,}{why}")
    return f"{frame.dataset}, block {frame.block}: {count:,} record{'' if count == 1 else 's'}{of}. {'; '.join(steps)}."


# which columns


def _columns(run: Run, frame: Frame) -> dict[str, Column]:
    """Raw columns that the block's rules name, joined columns, then variables and temporaries."""
    from ..engine.refs import Field, leaves

    plan = run.plan.datasets[frame.dataset]
    block = plan.blocks[frame.block]
    made = [plan.rule(frame.block, name) for name in plan.names]
    made += [rule for entry in block.entries for rule in entry.rules.values()]
    refs = [leaves(ref) for rule in made if rule is not None for ref in rule.refs]
    refs += [leaves(ref) for ref in (block.where.refs if block.where is not None else ())]
    refs += [leaves(ref) for ref in (*block.one_per, *block.group)]
    found: dict[str, Column] = {}
    for ref in refs:
        if isinstance(ref, Field):
            name = f"{ref.via}.{ref.column}" if ref.via else f"{frame.base.key.split('.')[0]}.{ref.column}"
            found.setdefault(name, _column(name, frame.value(ref, "text")))
    found = dict(sorted(found.items(), key=lambda item: not item[0].startswith("raw.")))
    for name in plan.names:
        found[name] = _column(name, run.variable(frame.dataset, frame.block, name))
    return found


def _column(name: str, values: Vector) -> Column:
    from ..model import Kind

    return Column(name, values, values.kind is Kind.NUMBER)


def _wanted(found: dict[str, Column], columns: Sequence[str], complain: Tell) -> list[Column] | None:
    unknown = [c for c in columns if c not in found]
    for name in unknown:
        complain(f"There is no column {name}. {near(name, found) or 'There are: ' + ', '.join(found)}")
    if unknown:
        return None
    return [found[c] for c in columns] if columns else list(found.values())


def _records(run: Run, frame: Frame, subject: str, complain: Tell) -> list[int] | None:
    """Records of a subject; all without one."""
    if not subject:
        return list(range(frame.n))
    usubjid = run.variable(frame.dataset, frame.block, "USUBJID") if "USUBJID" in _names(run, frame) else None
    texts = [str(t) for t in usubjid.distinct()] if usubjid is not None else []
    hits = {t for t in texts if t == subject} or {t for t in texts if t.endswith(f"-{subject}")}
    hits |= set() if hits else _by_number(run, frame, subject)
    if usubjid is not None and hits:
        return [row for row, text in enumerate(usubjid.strings()) if text in hits]
    hint = near(subject, texts) or f"There are: {', '.join(texts[:5])} ..."
    complain(f"No record of {frame.dataset}, block {frame.block}, is of subject {subject}. {hint}")
    return None


def _names(run: Run, frame: Frame) -> Sequence[str]:
    return list(run.plan.datasets[frame.dataset].names)


def _by_number(run: Run, frame: Frame, subject: str) -> set[str]:
    """USUBJIDs of the raw rows whose subject number is this."""
    source = frame.base.key.removeprefix("raw.")
    spec = run.study.raw.get(source)
    if spec is None or spec.subject is None:
        return set()
    numbers = run.raw[source].texts[spec.subject.text].strings()
    return {
        str(u) for u, number in zip(run.subjects[source].strings(), numbers, strict=True) if number == subject and u
    }


# printing


def _place(frame: Frame, row: int) -> str:
    places = frame.base.places(int(frame.index[row]), [])
    found = places[0] if places else None
    if found is None or not found.file:
        return ""
    return f"{found.sheet or found.file} {found.row}"


def _table(columns: Sequence[Column], rows: Sequence[int], places: Sequence[str]) -> list[str]:
    """Lines of at most PAGE characters, the record's number and raw row at the left of each part."""
    numbers = [str(r + 1) for r in rows]
    lead = [_block("Obs", numbers, True), _block("Row", places, False)]
    bodies = [_block(c.name, [_short(c.values.text_at(r)) for r in rows], c.right) for c in columns]
    lines: list[str] = []
    start = 0
    while start < len(bodies):
        width = sum(_width(b[0]) + 2 for b in lead)
        stop = start
        while stop < len(bodies) and (stop == start or width + _width(bodies[stop][0]) + 2 <= PAGE):
            width += _width(bodies[stop][0]) + 2
            stop += 1
        part = [*lead, *bodies[start:stop]]
        lines += ["", *("  ".join(cells).rstrip() for cells in zip(*part, strict=True))]
        start = stop
    return lines


def _short(text: str) -> str:
    return text if len(text) <= WIDEST else text[: WIDEST - 3] + "..."


def _block(head: str, cells: Sequence[str], right: bool) -> list[str]:
    """A column of equal width, its heading first."""
    width = max([_width(head), *(_width(c) for c in cells)])
    pad = [" " * (width - _width(c)) for c in (head, *cells)]
    return [p + c if right else c + p for c, p in zip((head, *cells), pad, strict=True)]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)
