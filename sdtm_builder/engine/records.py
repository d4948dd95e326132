"""Rows into records: filter, one per, join, group, transpose, each step counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, Vector
from ..values.codes import value_codes
from ..values.fold import fold
from .above import result_column
from .blocks import BlockPlan, EntryPlan
from .frames import Frame, Members
from .keys import group_codes, order_rows, sort_ranks, tied_with_first
from .makers import make_records
from .notes import Left
from .parameters import known_start
from .refs import Field
from .tables import RawView, Stacked, Table

if TYPE_CHECKING:
    from .run import Run
    from .variables import DatasetPlan


UNKNOWN = "`where` is unknown"
NO_SUBJECT = "no known subject"


def make_frame(run: Run, block: BlockPlan) -> Frame:
    """The records of a block, by its steps in their order."""
    tables = [run.table(_key(block, s.text)) for s in block.spec.sources]
    base: Table = tables[0] if len(tables) == 1 else Stacked(tables)
    frame = Frame(run, base, np.arange(base.n, dtype=np.int64), block.dataset.name, block.name)
    counts: dict[str, int] = {"read": base.n}
    frame = _filter(run, block, frame, counts)
    if block.spec.make is not None:
        frame = make_records(run, block, frame)
        counts["made"] = frame.n
    frame = _known_subjects(run, block, frame, counts)
    frame = _one_per(run, block, frame, counts)
    for name, join in block.joins.items():
        table = run.join_table(join)
        fitting = np.zeros(table.n, dtype=bool)
        alone = np.zeros(frame.n, dtype=bool)
        index = join.run(frame, table, fitting, alone)
        join.orphans(frame, table, fitting)
        frame.joins[name] = (table, index)
        if join.spec.unmatched == "leave_out":
            counts[f"join {name}"] = int(alone.sum())
            frame.leave("join", f"no fit in {name}", alone)
            frame = frame.keep(~alone)
    if block.group:
        frame = _group(run, block, frame, counts)
    if block.entries or block.spec.transpose:
        frame = _transpose(run, block, frame, counts)
    frame = _with_topic(run, block, frame, counts)
    frame.counts = counts
    return known_start(run, block, frame) if block.spec.parameter is not None else frame


def _key(block: BlockPlan, source: str) -> str:
    if source in block.dataset.spec.blocks and source != block.name:
        return f"{block.dataset.name}/{source}"
    return source


def _filter(run: Run, block: BlockPlan, frame: Frame, counts: dict[str, int]) -> Frame:
    if block.where is None:
        return frame
    truth = block.where.run(frame).data
    unknown = truth < 0
    why = block.spec.why or f"not {block.where.text}"
    frame.leave("where", why, truth == 0)
    frame.leave("where", UNKNOWN, unknown)
    if unknown.any():
        message = f"`where` is unknown for this row: {block.where.text}"
        run.issue(frame, "where-unknown", unknown, message, block.where.refs, block.spec.mark)
        counts["where unknown"] = int(unknown.sum())
    counts["where"] = int((truth == 0).sum())
    return frame.keep(truth == 1)


def _known_subjects(run: Run, block: BlockPlan, frame: Frame, counts: dict[str, int]) -> Frame:
    if "USUBJID" not in block.dataset.built_in or not frame.n:
        return frame
    known = run.plan.variable(block.dataset.spec, "USUBJID")
    if block.spec.make is not None and known is not None and known.core != "Req":
        return frame  # a relation of whole datasets is of no subject
    present = frame.usubjid().present()
    if not present.all():
        counts["in error"] = counts.get("in error", 0) + int((~present).sum())
        frame.leave("subjects", NO_SUBJECT, ~present)
        return frame.keep(present)
    return frame


def _one_per(run: Run, block: BlockPlan, frame: Frame, counts: dict[str, int]) -> Frame:
    if not block.one_per:
        return frame
    group, count = group_codes([frame.value(r) for r in block.one_per])
    last = block.spec.one_per_keep == "last"
    keys = [sort_ranks(frame.value(ref), down != last) for ref, down in block.order]
    order = order_rows([group.astype(np.float64), *keys], frame.n)
    ordered = group[order]
    starts = np.ones(len(order), dtype=bool)
    starts[1:] = ordered[1:] != ordered[:-1]
    first = tied_with_first(keys, order, starts)
    tied = np.flatnonzero(first >= 0)
    open_rows = order[tied[_rows_differ(frame, order[tied], order[first[tied]])]]
    if len(open_rows):
        message = "`order` of one_per leaves several rows open; the first of the file is kept."
        run.issue(frame, "order-open", np.isin(np.arange(frame.n), open_rows), message, block.one_per, block.spec.mark)
    counts["one_per"] = frame.n - count
    gone = np.ones(frame.n, dtype=bool)
    gone[order[starts]] = False
    frame.leave("one_per", "", gone)
    return frame.at(np.sort(order[starts]))


def _rows_differ(frame: Frame, rows: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether rows of a raw source differ in any column; records of a dataset always do."""
    if not isinstance(frame.base, RawView):
        return np.ones(len(rows), dtype=bool)
    differ = np.zeros(len(rows), dtype=bool)
    for name in frame.base.table.texts:
        codes = frame.base.vector(name, "text").data[frame.index]
        differ |= codes[rows] != codes[others]
    return differ


def _group(run: Run, block: BlockPlan, frame: Frame, counts: dict[str, int]) -> Frame:
    group, count = group_codes([frame.value(r) for r in block.group])
    order = np.argsort(group, kind="stable")
    lengths = np.bincount(group, minlength=count)
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    frame.left.append(Left("group", "", frame.n - count, np.zeros(0, np.int64)))
    counts["group"] = frame.n - count
    first = frame.at(order[start[:-1]])
    first.members = Members(start, frame.index[order])
    return _of_one_subject(run, block, frame, first, group, counts)


def _of_one_subject(
    run: Run, block: BlockPlan, frame: Frame, first: Frame, group: NDArray[np.int64], counts: dict[str, int]
) -> Frame:
    """Groups with rows of several subjects are in error: a record is of one."""
    if "USUBJID" not in block.dataset.built_in or not first.n:
        return first
    mine = value_codes(frame.usubjid())[0]
    mixed = np.zeros(first.n, dtype=bool)
    mixed[group[mine != value_codes(first.usubjid())[0][group]]] = True
    if not mixed.any():
        return first
    message = "The rows of this group are of several subjects: it makes no record."
    run.issue(first, "group-differs", mixed, message, block.group, block.spec.mark)
    counts["in error"] = counts.get("in error", 0) + int(mixed.sum())
    first.leave("group", "rows of several subjects", mixed)
    return first.keep(~mixed)


def _transpose(run: Run, block: BlockPlan, frame: Frame, counts: dict[str, int]) -> Frame:
    result = f"{block.dataset.spec.letters}ORRES"
    rows, entries = [], []
    blank = 0
    for number, entry in enumerate(block.entries):
        keep = np.ones(frame.n, dtype=bool)
        if entry.where is not None:
            truth = entry.where.run(frame).data
            run.unknown_where(frame, int((truth < 0).sum()), entry.spec.mark)
            keep = truth == 1
        made = entry.rules.get(result)
        asked = np.flatnonzero(keep & ~_said_not_done(entry, frame, result))
        value = entry_result(run, entry, frame.at(asked), result)
        has = np.zeros(frame.n, dtype=bool)
        has[asked] = value.present() if made is not None else True
        done = not_done(run, entry, frame, result) & keep
        _say_not_done(run, entry, frame, result, done, has)
        keep &= has | done
        blank += int((~keep).sum())
        hit = np.flatnonzero(keep)
        rows.append(hit)
        entries.append(np.full(len(hit), number, dtype=np.int64))
    counts["transposed"] = frame.n
    counts["blank results"] = blank
    index = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    which = np.concatenate(entries) if entries else np.zeros(0, np.int64)
    order = np.lexsort((which, index))
    silent = frame.source_rows(np.bincount(index, minlength=frame.n) == 0)
    frame.left.append(Left("transpose", "", blank, silent, len(index), frame.base))
    made_frame = frame.at(index[order])
    made_frame.entry = which[order]
    return made_frame


def _say_not_done(
    run: Run, entry: EntryPlan, frame: Frame, result: str, done: NDArray[np.bool_], has: NDArray[np.bool_]
) -> None:
    """A note at each cell that says not done; a result beside it is an issue."""
    if not done.any():
        return
    column = result_column(entry, result)
    field = Field(Kind.TEXT, frame.base.key, column) if column else None
    seen = frame.value(field, "verbatim") if field is not None else None
    refs = [field] if field is not None else []
    message = f"{entry.testcd} was not done."
    run.issue(frame, "not-done", done, message, refs, entry.spec.mark, seen)
    beside = done & has & (entry.not_done.run(frame).data == 1 if entry.not_done is not None else False)
    run.issue(frame, "not-done-with-result", beside, f"{entry.testcd} has a result, and was not done.", refs,
              entry.spec.mark)  # fmt: skip
    if column:
        cells = run.not_done_cells.setdefault(frame.base.key, {})
        mask = cells.setdefault(column, np.zeros(frame.base.n, dtype=bool))
        mask[frame.index[done]] = True


def entry_result(run: Run, entry: EntryPlan, frame: Frame, name: str) -> Vector:
    """A rule of an entry over the rows of the block."""
    made = entry.rules.get(name)
    if made is None:
        return Vector.missing_of(Kind.TEXT, frame.n)
    with_cell = frame
    if entry.column:
        with_cell = frame.at(np.arange(frame.n))
        with_cell.cell_column = entry.column
        with_cell.cell = frame.value(Field(Kind.TEXT, frame.base.key, entry.column), "text")
    return made.run(with_cell)


def _said_not_done(entry: EntryPlan, frame: Frame, result: str) -> NDArray[np.bool_]:
    """Rows whose result is a text that says that it was not done."""
    column = result_column(entry, result)
    if not entry.not_done_texts or not column:
        return np.zeros(frame.n, dtype=bool)
    seen = frame.value(Field(Kind.TEXT, frame.base.key, column), "verbatim")
    texts = np.array([fold(t) in entry.not_done_texts for t in seen.distinct()] + [False])
    return np.asarray(texts[seen.data])


def not_done(run: Run, entry: EntryPlan, frame: Frame, result: str) -> NDArray[np.bool_]:
    """Rows whose result says that it was not done, or whose condition says so."""
    out = _said_not_done(entry, frame, result)
    if entry.not_done is not None:
        out |= entry.not_done.run(frame).data == 1
    return out


def entry_values(run: Run, block: BlockPlan, frame: Frame, name: str, value: Vector) -> Vector:
    """A variable that transposed columns make: each record by its own column's rule."""
    domain = block.dataset.spec.letters
    assert frame.entry is not None
    if name == block.dataset.topic_code():
        return Vector.of_codes(frame.entry, [e.testcd for e in block.entries])
    result, status = f"{domain}ORRES", f"{domain}STAT"
    wanted = name in (result, f"{domain}ORRESU", status) or any(name in e.rules for e in block.entries)
    if not wanted:
        return value
    parts, rows = [value], [np.zeros(0, np.int64)]
    index = np.arange(frame.n, dtype=np.int64)
    offset = frame.n
    for number, entry in enumerate(block.entries):
        hit = np.flatnonzero(frame.entry == number)
        if not len(hit):
            continue
        sub = frame.at(hit)
        sub.part = hit
        undone = not_done(run, entry, sub, result)
        made = entry.rules.get(name)
        if made is not None:
            asked = ~undone if name in (result, f"{domain}ORRESU") else np.ones(sub.n, dtype=bool)
            some = frame.at(hit[asked])
            some.part = hit[asked]
            place = np.where(asked, np.cumsum(asked) - 1, -1)
            part = entry_result(run, entry, some, name).take(place)
        elif name == status and undone.any():
            part = Vector.constant("NOT DONE", sub.n).where(undone)
        else:
            continue
        parts.append(part)
        rows.append(hit)
        index[hit] = offset + np.arange(len(hit))
        offset += len(hit)
    return Vector.concat([p.as_kind(value.kind) if p.is_text and value.is_text else p for p in parts]).take(index)


def test_constants(run: Run, plan: DatasetPlan, block: str, name: str, value: Vector) -> Vector:
    """A variable that tests state: the constant of each record's test, where no rule gave a value."""
    codes = run.variable(plan.name, block, plan.topic_code())
    said = {t: spec.constants[name].text for t, spec in plan.spec.tests.items() if name in spec.constants}
    constant = codes.map_texts(said.get)
    both = Vector.concat([value.as_kind(Kind.TEXT), constant])
    n = len(value)
    return both.take(np.where(constant.present(), np.arange(n) + n, np.arange(n))).as_kind(value.kind)


def header_texts(run: Run, frame: Frame, row: str) -> Vector:
    """The text of a header row above the cell of each record's `*` column, part by part."""
    base = frame.base
    if not isinstance(base, RawView) or frame.entry is None:
        return Vector.missing_of(Kind.TEXT, frame.n)
    block = run.plan.datasets[frame.dataset].blocks[frame.block]
    texts: list[str | None] = []
    parts = base.table.rows.parts
    for entry in block.entries:
        for part in parts:
            header = part.headers.get(entry.column)
            texts.append(header.texts.get(row) if header is not None else None)
    code = frame.entry * len(parts) + base.table.rows.part[frame.index]
    return Vector.of_codes(code, texts)


def _with_topic(run: Run, block: BlockPlan, frame: Frame, counts: dict[str, int]) -> Frame:
    """Rows without their topic make no record: they are rows in error."""
    topic = block.dataset.topic()
    if not topic or topic not in block.spec.rules or not frame.n:
        return frame
    made = block.dataset.rule(block.name, topic)
    if made is None or made.whole:
        return frame
    value = run.making(block.dataset.name, block.name, topic, lambda: made.run(frame))
    present = value.present()
    run.keep_value(block.dataset.name, block.name, topic, value.take(np.flatnonzero(present)))
    run.notes.keep((block.dataset.name, block.name, topic), np.flatnonzero(present))
    if present.all():
        return frame
    message = f"{topic} is missing: the row makes no record."
    run.issue(frame, "key-missing", ~present, message, made.refs, made.rule.mark)
    counts["in error"] = counts.get("in error", 0) + int((~present).sum())
    frame.leave("topic", f"{topic} is missing", ~present)
    return frame.keep(present)
