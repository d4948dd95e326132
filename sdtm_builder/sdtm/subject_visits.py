"""Subject visits: the maker of SV, one record a subject and visit number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import MISSING_TIME, Kind, Node, Scalar, StudySpec, Vector
from ..registry import MadeRecords, MakerContext, Names, TableAccess, Text, records
from ..values.moments import DAY, moments
from .columns import combined
from .trial_design import planned_visits, text

fault("visit-repeat", "warning", "Several rows of one visit: its record has the first start and the last end")
fault("visit-order", "warning", "A visit that began before one of a lower number")
fault("visit-window", "warning", "A visit that began outside its window")
fault("visit-unplanned-not-done", "warning", "An unplanned visit that was not done: it makes no record")
fault("visit-not-done-with-data", "warning", "A visit said not to be done, with a date or with data of other datasets")
fault("visit-without-form", "note", "A visit known only from data of other datasets")
fault("visit-dates", "error", "The dates of visits stand in a column that is not declared as dates",
      "Say `columns: {COLUMN: {type: date}}` at the source.")  # fmt: skip

Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
_STARTS = ("STDTC", "DTC")


def _uses(arguments: Mapping[str, Node], study: StudySpec) -> list[tuple[str, Sequence[str]]]:
    named = arguments.get("also")
    listed = [n.text for n in getattr(named, "items", (named,)) if isinstance(n, Scalar)]
    columns = [*(f"{{}}{e}" for e in (*_STARTS, "ENDTC")), "USUBJID", "VISITNUM", "VISIT", "VISITDY"]
    return [(d, [c.format(_domain(study, d)) for c in columns]) for d in listed]


def _domain(study: StudySpec, dataset: str) -> str:
    return study.datasets[dataset].domain if dataset in study.datasets else dataset[:2]


@records(
    "subject_visits",
    columns={
        "USUBJID": Kind.TEXT, "VISITNUM": Kind.NUMBER, "VISIT": Kind.TEXT, "VISITDY": Kind.NUMBER,
        "--PRESP": Kind.TEXT, "--OCCUR": Kind.TEXT, "--REASOC": Kind.TEXT, "--CNTMOD": Kind.TEXT,
        "--STDTC": Kind.DTC, "--ENDTC": Kind.DTC,
    },
    uses=_uses,
)  # fmt: skip
def subject_visits(
    ctx: MakerContext,
    start: Text = "",
    end: Text = "",
    occurred: Text = "",
    reason: Text = "",
    mode: Text = "",
    also: Names = (),
) -> MadeRecords:
    """One record for each subject and visit number: the first start and the last end of the rows of that visit.

    Arguments
    ---------
    start, end : columns of the source with the visit's dates, declared as dates; default its `date` for both.
    occurred : column that says Y or N, whether the visit took place; default: one that has a row did.
    reason, mode : columns with the reason of a visit not done, and how contact was made.
    also : datasets; a visit seen only in their data has a record too, from the first to the last of their dates.

    Derivation: visits are those that the tool numbered once for the whole study.
    1. SVPRESP is Y for a planned visit, else missing; an entry that says `earlier` is not planned.
    2. SVOCCUR, of planned visits alone: Y if a row of the visit says so, else N if one says that; from data alone Y.
    3. SVSTDTC and SVENDTC: the first start and the last end; of one day the more precise. A partial date beside others
       leaves them open: missing.
    4. SVREASOC of a visit not done: the reason of its first row that has one. SVCNTMOD likewise.
    5. VISITDY is missing for visits that are not planned.

    Issues: `visit-repeat`, `visit-order` (planned visits, by number), `visit-window` (where `visits` gives a window,
    counted from the start of the visit of day 1), `visit-unplanned-not-done`, `visit-not-done-with-data`,
    `visit-without-form`, `visit-dates`, `date-open`, `key-missing` (a row whose visit has no number).

    Example: `visits: {make: subject_visits, from: raw.VISIT, also: [LB, VS]}`.

    Source: SDTMIG 3.4 section 5.5; CG0207, CG0208.
    """
    assert ctx.source is not None
    form = _Form.read(ctx, start, end, occurred, reason, mode)
    visits = _of_form(ctx, form)
    seen = _of_data(ctx, also, visits)
    _check(ctx, visits)
    return _records(ctx, visits, seen)


@dataclass
class _Form:
    """The rows of the source: subject, visit, what each says."""

    subject: Vector
    number: NDArray[np.float64]
    start: Vector
    end: Vector
    occurred: Vector | None
    reason: Vector
    mode: Vector

    @staticmethod
    def read(ctx: MakerContext, start: str, end: str, occurred: str, reason: str, mode: str) -> _Form:
        source = ctx.source
        assert source is not None
        spec = ctx.study.raw.get(ctx.source_key.removeprefix("raw."))
        default = spec.date.text if spec is not None and spec.date is not None else ""
        first = _dates(ctx, source, start or default)
        last = _dates(ctx, source, end) if end else first
        return _Form(
            source.usubjid(), source.fact("VISITNUM").data.astype(np.float64), first, last,
            source.vector(occurred) if occurred else None, _texts(source, reason), _texts(source, mode),
        )  # fmt: skip


def _dates(ctx: MakerContext, table: TableAccess, column: str) -> Vector:
    found = table.vector(column) if column and table.has(column) else None
    if found is None or found.kind not in (Kind.DTC, Kind.DATE):
        ctx.issue("visit-dates", "", np.zeros(0, np.int64), f"{column or 'The date'} of {ctx.source_key} is no date.")
        return Vector.missing_of(Kind.DTC, table.n)
    return found.as_kind(Kind.DTC) if found.is_text else Vector.of_texts(found.strings(), Kind.DTC)


def _texts(table: TableAccess, column: str) -> Vector:
    return table.vector(column) if column and table.has(column) else Vector.missing_of(Kind.TEXT, table.n)


@dataclass
class _Visits:
    """Visits, one an item: the row of the source with the first start and with the last end, what they say.

    `keys` : code of subject and number of each
    """

    subject: Vector
    number: NDArray[np.float64]
    planned: Truths
    start: Vector
    end: Vector
    first: Ints
    last: Ints
    occurred: NDArray[np.object_]
    reason: Vector
    mode: Vector

    def __len__(self) -> int:
        return len(self.number)


def _planned(ctx: MakerContext, number: NDArray[np.float64]) -> Truths:
    listed = [float(text(visit, "number")) for _, visit in planned_visits(ctx.study)]
    return np.isin(np.round(number, 6), np.round(listed, 6)) if listed else np.zeros(len(number), dtype=bool)


def _of_form(ctx: MakerContext, form: _Form) -> _Visits:
    known = form.subject.present() & ~np.isnan(form.number)
    message = "The visit of this row has no number: the row makes no record."
    ctx.issue("key-missing", ctx.source_key, ctx.source_rows[~known & form.subject.present()], message)
    planned = _planned(ctx, form.number)
    done = form.occurred.strings() if form.occurred is not None else np.full(len(planned), "Y", dtype=object)
    odd = known & ~planned & (done == "N")
    ctx.issue("visit-unplanned-not-done", ctx.source_key, ctx.source_rows[odd], "An unplanned visit was not done.")
    rows = np.flatnonzero(known & ~odd)
    group, first = _groups([form.subject.take(rows), Vector.of_numbers(form.number[rows])], len(rows))
    size = np.bincount(group, minlength=len(first))
    repeated = rows[size[group] > 1]
    date = _column(ctx)
    message = "One of several rows of this visit."
    ctx.issue("visit-repeat", ctx.source_key, ctx.source_rows[repeated], message, date)
    begun, ended = (_edge(ctx, column, rows, group, len(first), last) for column, last in
                    ((form.start, False), (form.end, True)))  # fmt: skip
    yes, no = (np.bincount(group[done[rows] == word], minlength=len(first)) > 0 for word in ("Y", "N"))
    occurred = np.array([None, "N", "Y"], dtype=object)[np.where(yes, 2, no.astype(np.int64))]
    head = rows[first]
    visits = _Visits(
        form.subject.take(head), form.number[head], planned[head], form.start.take(begun), form.end.take(ended),
        np.where(begun >= 0, begun, head), np.where(ended >= 0, ended, head), occurred,
        form.reason.take(_first_said(form.reason, rows, group, len(first))),
        form.mode.take(_first_said(form.mode, rows, group, len(first))),
    )  # fmt: skip
    beside = visits.start.present() & (occurred == "N")
    message = "The visit was not done, and has a date."
    ctx.issue("visit-not-done-with-data", ctx.source_key, ctx.source_rows[visits.first[beside]], message, date)
    return visits


def _column(ctx: MakerContext) -> tuple[str, ...]:
    spec = ctx.study.raw.get(ctx.source_key.removeprefix("raw."))
    return (spec.date.text,) if spec is not None and spec.date is not None else ()


def _groups(columns: Sequence[Vector], n: int) -> tuple[Ints, Ints]:
    """Code of each row, and the first row of each code."""
    codes = combined(columns, n)
    _, first, dense = np.unique(codes, return_index=True, return_inverse=True)
    return dense.astype(np.int64), first.astype(np.int64)


def _first_said(values: Vector, rows: Ints, group: Ints, count: int) -> Ints:
    """The first row of each group that has a value, -1 if none has."""
    found = np.full(count, -1, dtype=np.int64)
    there = np.flatnonzero(values.present()[rows])[::-1]
    found[group[there]] = rows[there]
    return found


def _edge(ctx: MakerContext, dates: Vector, rows: Ints, group: Ints, count: int, last: bool) -> Ints:
    """The row of each group's first or last date, of one day the more precise; -1 where there is none or it is open."""
    winner, unclear = pick_date(dates.take(rows), group, count, last)
    at = rows[np.flatnonzero(unclear[group])]
    word = "last" if last else "first"
    ctx.issue("date-open", ctx.source_key, ctx.source_rows[at], f"A partial date leaves the {word} one open.")
    return np.where(winner >= 0, rows[winner], -1) if len(rows) else winner


def pick_date(dates: Vector, group: Ints, count: int, last: bool) -> tuple[Ints, Truths]:
    """The place of each group's first or last date, -1 where there is none; and where a partial date leaves it open.

    Of dates of one day the more precise wins, of equal ones the one that stands first.
    """
    when = moments(dates)
    sign = -1 if last else 1
    edge = sign * np.where(when.full, when.earliest // DAY, 0)
    order = np.lexsort((np.arange(len(dates)), sign * when.earliest, -when.precision, edge, ~when.full, group))
    order = order[when.given[order]]
    winner = np.full(count, -1, dtype=np.int64)
    winner[group[order][::-1]] = order[::-1]
    unclear = np.zeros(count, dtype=bool)
    for row in np.flatnonzero(when.given & ~when.full):
        best = winner[group[row]]
        reach = sign * ((when.latest if last else when.earliest)[row] // DAY)
        if dates.data[row] != dates.data[best] and (not when.full[best] or reach <= edge[best]):
            unclear[group[row]] = True
    winner[unclear] = -1
    return winner, unclear


# visits seen only in data


@dataclass
class _Seen:
    """Visits known only from datasets: (dataset, its record) of the first date, and of the last one."""

    subject: Vector
    number: NDArray[np.float64]
    name: Vector
    day: Vector
    start: Vector
    end: Vector
    dataset: list[str]
    row: Ints


def _of_data(ctx: MakerContext, also: Sequence[str], visits: _Visits) -> _Seen | None:
    tables = {name: ctx.table(name) for name in also}
    usable = {n: t for n, t in tables.items() if t.has("VISITNUM") and t.n}
    if not usable:
        return None
    subject = Vector.concat([t.usubjid() for t in usable.values()])
    number = Vector.concat([t.vector("VISITNUM") for t in usable.values()])
    pairs = [_data_dates(ctx, n, t) for n, t in usable.items()]
    start, end = (Vector.concat([p[i] for p in pairs]) for i in (0, 1))
    table = np.repeat(np.arange(len(usable)), [t.n for t in usable.values()])
    row = np.concatenate([np.arange(t.n) for t in usable.values()]).astype(np.int64)
    n, mine = len(row), len(visits)
    both = [Vector.concat([subject, visits.subject]), Vector.concat([number, Vector.of_numbers(visits.number)])]
    codes = combined(both, n + mine)
    there = subject.present() & number.present()
    at_form = np.isin(codes[:n], codes[n:])
    undone = np.isin(codes[n:], codes[:n][there]) & (visits.occurred == "N")
    message = "The visit was not done, and other datasets have data of it."
    ctx.issue("visit-not-done-with-data", ctx.source_key, ctx.source_rows[visits.first[undone]], message)
    rows = np.flatnonzero(there & ~at_form)
    group, head = _groups([Vector.of_numbers(codes[:n][rows])], len(rows))
    first, _ = pick_date(start.take(rows), group, len(head), False)
    last, _ = pick_date(end.take(rows), group, len(head), True)
    chosen = rows[np.where(first >= 0, first, head)] if len(rows) else rows
    names = list(usable)
    for at, name in enumerate(names):
        message = "No row of the visits' source has this visit."
        ctx.issue("visit-without-form", name, row[chosen[table[chosen] == at]], message)
    return _Seen(
        subject.take(chosen), number.data[chosen].astype(np.float64), _joined(usable, "VISIT").take(chosen),
        _joined(usable, "VISITDY").take(chosen), start.take(np.where(first >= 0, rows[first], -1)),
        end.take(np.where(last >= 0, rows[last], -1)), [names[t] for t in table[chosen]], row[chosen],
    )  # fmt: skip


def _data_dates(ctx: MakerContext, name: str, table: TableAccess) -> tuple[Vector, Vector]:
    domain = _domain(ctx.study, name)
    start = next((f"{domain}{e}" for e in _STARTS if table.has(f"{domain}{e}")), "")
    missing = Vector.missing_of(Kind.DTC, table.n)
    begun = table.vector(start) if start else missing
    ended = table.vector(f"{domain}ENDTC") if table.has(f"{domain}ENDTC") else missing
    known = ended.present()
    return begun, Vector.concat([ended, begun]).take(np.arange(table.n) + np.where(known, 0, table.n))


def _joined(tables: Mapping[str, TableAccess], column: str) -> Vector:
    kind = Kind.NUMBER if column == "VISITDY" else Kind.TEXT
    parts = [t.vector(column) if t.has(column) else Vector.missing_of(kind, t.n) for t in tables.values()]
    return Vector.concat(parts)


# checks


def _check(ctx: MakerContext, visits: _Visits) -> None:
    when = moments(visits.start)
    rows = np.flatnonzero(visits.planned & when.full)
    if not len(rows):
        return
    subject, days = visits.subject.data[rows].astype(np.int64), when.earliest[rows] // DAY
    order = np.lexsort((visits.number[rows], subject))
    same = subject[order][1:] == subject[order][:-1]
    back = np.flatnonzero(same & (days[order][1:] < days[order][:-1]))
    found = np.unique(np.concatenate([order[back], order[back + 1]]))
    column = _column(ctx)
    message = "Visits of the subject do not follow one another in the order of their numbers."
    ctx.issue("visit-order", ctx.source_key, ctx.source_rows[visits.first[rows[found]]], message, column)
    outside = _outside(ctx.study, subject, visits.number[rows], days)
    message = "The visit began outside its window."
    ctx.issue("visit-window", ctx.source_key, ctx.source_rows[visits.first[rows[outside]]], message, column)


def _outside(study: StudySpec, subject: Ints, number: NDArray[np.float64], days: Ints) -> Truths:
    """Visits whose study day, counted from the visit of day 1, is outside the window that the study file gives."""
    windows: dict[float, tuple[float, float]] = {}
    origin = np.nan
    for _, visit in planned_visits(study):
        window = visit.get("window")
        ends = [float(getattr(end, "text", "") or "nan") for end in getattr(window, "items", ())]
        if len(ends) == 2:
            windows[float(text(visit, "number"))] = (ends[0], ends[1])
        if text(visit, "day") == "1":
            origin = float(text(visit, "number"))
    begun = {int(s): int(d) for s, n, d in zip(subject, number, days, strict=True) if n == origin}
    zero = np.array([begun.get(int(s), MISSING_TIME) for s in subject], dtype=np.int64)
    elapsed = days - zero
    study_day = elapsed + (elapsed >= 0)
    low = np.array([windows.get(float(n), (np.nan, np.nan))[0] for n in number])
    high = np.array([windows.get(float(n), (np.nan, np.nan))[1] for n in number])
    known: Truths = zero != MISSING_TIME
    return known & ((study_day < low) | (study_day > high))


# records


def _records(ctx: MakerContext, visits: _Visits, seen: _Seen | None) -> MadeRecords:
    source = ctx.source
    assert source is not None
    none = np.zeros(0, np.int64)
    more = seen.subject if seen is not None else visits.subject.take(none)
    number = np.concatenate([visits.number, seen.number if seen is not None else np.zeros(0)])
    planned = np.concatenate([visits.planned, _planned(ctx, seen.number) if seen is not None else none == 1])
    count, n = len(visits), len(number)
    occurred = np.concatenate([visits.occurred, np.full(n - count, "Y", dtype=object)])
    pad = np.full(n - count, -1, dtype=np.int64)
    whole = np.concatenate([np.arange(count), pad])
    day = source.fact("VISITDY").take(visits.first)
    made = {
        "USUBJID": Vector.concat([visits.subject, more]),
        "VISITNUM": Vector.of_numbers(number),
        "VISIT": Vector.concat([source.fact("VISIT").take(visits.first), *([seen.name] if seen else [])]),
        "VISITDY": Vector.concat([day, *([seen.day] if seen else [])]).where(planned),
        "PRESP": Vector.of_codes(np.where(planned, 0, -1), ["Y"]),
        "OCCUR": Vector.of_texts(occurred).where(planned),
        "REASOC": visits.reason.where(visits.occurred == "N").take(whole),
        "CNTMOD": visits.mode.take(whole),
        "STDTC": Vector.concat([visits.start, *([seen.start] if seen else [])]),
        "ENDTC": Vector.concat([visits.end, *([seen.end] if seen else [])]),
    }
    named = {k if k.startswith(("VISIT", "USUBJID")) else f"{ctx.domain}{k}": v for k, v in made.items()}
    origins = {"first": (ctx.source_key, np.concatenate([ctx.source_rows[visits.first], pad])),
               "last": (ctx.source_key, np.concatenate([ctx.source_rows[visits.last], pad]))}  # fmt: skip
    for dataset in dict.fromkeys(seen.dataset if seen is not None else []):
        assert seen is not None
        rows = np.where(np.array(seen.dataset) == dataset, seen.row, -1)
        origins[dataset.lower()] = (dataset, np.concatenate([np.full(count, -1, dtype=np.int64), rows]))
    return MadeRecords(named, n, origins)
