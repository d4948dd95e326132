"""Visits, numbered once from the raw rows of all sources: planned by name, unscheduled by date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_DATE, Kind, MapNode, Scalar, StudySpec, Vector
from ..values.fold import fold
from .compiled import texts_of
from .run import Run

PLANNED, UNSCHEDULED, UNKNOWN, NONE = range(4)


@dataclass(frozen=True)
class Visit:
    """A planned visit: name, number, day, window in study days, and the one it is under an earlier subject number."""

    name: str
    number: float
    day: float | None = None
    window: tuple[float, float] | None = None


@dataclass
class Schedule:
    """What the study file says of visits."""

    visits: list[Visit] = field(default_factory=list)
    by_raw: dict[str, int] = field(default_factory=dict)
    earlier: dict[int, int] = field(default_factory=dict)
    unscheduled: frozenset[str] = frozenset()
    step: float = 0.01
    in_name: bool = False
    name: str = "UNSCHEDULED {number}"


def schedule_of(study: StudySpec) -> Schedule:
    """Read `visits` and `unscheduled`."""
    made = Schedule()
    earlier: dict[int, str] = {}
    for name, entry in (study.visits.items if study.visits is not None else {}).items():
        if not isinstance(entry, MapNode):
            continue
        at = len(made.visits)
        window = [float(s.text) for s in texts_of(entry.get("window"))]
        day = _text(entry, "day")
        made.visits.append(
            Visit(
                name,
                float(_text(entry, "number") or "nan"),
                float(day) if day else None,
                (window[0], window[1]) if len(window) == 2 else None,
            )
        )
        if _text(entry, "earlier"):
            earlier[at] = _text(entry, "earlier")
            continue
        made.by_raw[fold(name)] = at
        for raw in texts_of(entry.get("raw")):
            made.by_raw[fold(raw.text)] = at
    names = {v.name: i for i, v in enumerate(made.visits)}
    made.earlier = {names[of]: at for at, of in earlier.items() if of in names}
    said = study.unscheduled
    if said is not None:
        made.unscheduled = frozenset(fold(s.text) for s in texts_of(said.get("raw")))
        made.step = float(_text(said, "step") or "0.01")
        made.in_name = _text(said, "number") == "in_name"
        made.name = _text(said, "name") or made.name
    return made


def _text(entry: MapNode, key: str) -> str:
    found = entry.get(key)
    return found.text if isinstance(found, Scalar) else ""


@dataclass
class Rows:
    """Rows of one source: subject codes, dates, what each is, which planned visit."""

    source: str
    subject: Vector
    date: Vector
    kind: NDArray[np.int64]
    visit: NDArray[np.int64]
    number: NDArray[np.float64]


def number_visits(run: Run) -> dict[tuple[str, str], Vector]:
    """VISITNUM, VISIT, VISITDY of each row of each source with a visit."""
    schedule = schedule_of(run.study)
    rows = [_classify(run, schedule, name) for name, spec in run.study.raw.items() if spec.visit and name in run.raw]
    if not rows:
        return {}
    subjects = Vector.concat([r.subject for r in rows]).data.astype(np.int64)
    dates = np.concatenate([r.date.data for r in rows]).astype(np.int64)
    kind = np.concatenate([r.kind for r in rows])
    visit = np.concatenate([r.visit for r in rows])
    number = np.concatenate([r.number for r in rows])
    begun = _begun(subjects, dates, kind, visit)
    _by_date(run, schedule, rows, subjects, dates, kind, visit, begun)
    plan_numbers = np.array([v.number for v in schedule.visits] + [np.nan])
    number = np.where(kind == PLANNED, plan_numbers[visit], number)
    wants = (kind == UNSCHEDULED) & np.isnan(number) & (subjects >= 0) & (dates != MISSING_DATE)
    number[wants] = _unscheduled_numbers(schedule, subjects[wants], dates[wants], begun)
    _say_undated(run, rows, np.flatnonzero((kind == UNSCHEDULED) & np.isnan(number) & (subjects >= 0)))
    names = np.array([v.name for v in schedule.visits] + [""], dtype=object)[visit]
    odd = kind == UNSCHEDULED
    names[odd] = [schedule.name.replace("{number}", f"{x:g}") if x == x else "" for x in number[odd]]
    days = np.array([np.nan if v.day is None else v.day for v in schedule.visits] + [np.nan])[visit]
    days = np.where(kind == PLANNED, days, np.nan)
    return _spread(rows, number, names, days)


def _spread(
    rows: list[Rows], number: NDArray[np.float64], names: NDArray[np.object_], days: NDArray[np.float64]
) -> dict[tuple[str, str], Vector]:
    found: dict[tuple[str, str], Vector] = {}
    start = 0
    for part in rows:
        at = slice(start, start + len(part.kind))
        found[(part.source, "VISITNUM")] = Vector.of_numbers(number[at].copy())
        found[(part.source, "VISIT")] = Vector.of_texts(names[at])
        found[(part.source, "VISITDY")] = Vector.of_numbers(days[at].copy())
        start = at.stop
    return found


def _classify(run: Run, schedule: Schedule, name: str) -> Rows:
    spec, table = run.study.raw[name], run.raw[name]
    assert spec.visit is not None
    text = table.texts[spec.visit.text]
    own = {fold(raw): v.text for raw, v in spec.visits.items()}
    names = {v.name: i for i, v in enumerate(schedule.visits)}
    kinds, which, numbers = [], [], []
    for seen in text.distinct():
        even = fold(seen)
        at = names.get(own[even], -1) if even in own else schedule.by_raw.get(even, -1)
        stated = re.search(r"[0-9]+(?:\.[0-9]+)?", even) if schedule.in_name else None
        odd = even in schedule.unscheduled or (stated is not None and at < 0 and _begins(even, schedule.unscheduled))
        kinds.append(PLANNED if at >= 0 else UNSCHEDULED if odd else UNKNOWN)
        which.append(at)
        numbers.append(float(stated.group()) if odd and stated is not None else np.nan)
    kind = np.array([*kinds, NONE])[text.data]
    visit = np.array([*which, -1])[text.data]
    number = np.array([*numbers, np.nan])[text.data]
    _move_earlier(run, schedule, name, visit)
    unknown = kind == UNKNOWN
    if spec.unknown_visit != "by_date":
        _say_unknown(run, name, np.flatnonzero(unknown))
    return Rows(name, run.subjects[name], run.row_dates(name), kind, visit, number)


def _begins(text: str, starts: frozenset[str]) -> bool:
    return any(text.startswith(s) for s in starts)


def _move_earlier(run: Run, schedule: Schedule, name: str, visit: NDArray[np.int64]) -> None:
    """A visit under an earlier subject number of the person is the entry that says `earlier`."""
    if not schedule.earlier or run.register is None:
        return
    old = run.earlier_rows(name)
    for of, at in schedule.earlier.items():
        visit[old & (visit == of)] = at


def _say_unknown(run: Run, name: str, rows: NDArray[np.int64]) -> None:
    spec, table = run.study.raw[name], run.raw[name]
    assert spec.visit is not None
    for row in rows[:10_000]:
        value = table.texts[spec.visit.text].text_at(int(row))
        where = table.rows.location(int(row), spec.visit.text)
        run.log.add("visit-unknown", f'"{value}" is no visit of the study.', where, value=value)


def _say_undated(run: Run, rows: list[Rows], undated: NDArray[np.int64]) -> None:
    """Unscheduled visits without a full date: nothing numbers them."""
    start = 0
    for part in rows:
        spec, table = run.study.raw[part.source], run.raw[part.source]
        columns = [s.text for s in (spec.visit, spec.date) if s is not None]
        for row in undated[(undated >= start) & (undated < start + len(part.kind))][:10_000] - start:
            value = table.texts[columns[0]].text_at(int(row))
            cells = [table.rows.location(int(row), c) for c in columns]
            run.log.add("visit-undated", f'"{value}" has no full date: the visit has no number.', *cells, value=value)
        start += len(part.kind)


def _begun(
    subjects: NDArray[np.int64], dates: NDArray[np.int64], kind: NDArray[np.int64], visit: NDArray[np.int64]
) -> dict[tuple[int, int], int]:
    """First date of each planned visit of each subject."""
    keep = (kind == PLANNED) & (subjects >= 0) & (dates != MISSING_DATE)
    found: dict[tuple[int, int], int] = {}
    stack = np.column_stack([subjects[keep], visit[keep], dates[keep]])
    for s, v, d in np.unique(stack, axis=0)[::-1]:
        found[(int(s), int(v))] = int(d)
    return found


def _by_date(
    run: Run,
    schedule: Schedule,
    rows: list[Rows],
    subjects: NDArray[np.int64],
    dates: NDArray[np.int64],
    kind: NDArray[np.int64],
    visit: NDArray[np.int64],
    begun: dict[tuple[int, int], int],
) -> None:
    """Unknown visits of sources that say `by_date`: the one visit whose window holds the date."""
    first = next((i for i, v in enumerate(schedule.visits) if v.day == 1), None)
    start = 0
    for part in rows:
        stop = start + len(part.kind)
        if run.study.raw[part.source].unknown_visit == "by_date":
            unknown = np.flatnonzero(kind[start:stop] == UNKNOWN) + start
            for row in unknown:
                origin = begun.get((int(subjects[row]), first)) if first is not None else None
                if origin is None or dates[row] == MISSING_DATE:
                    continue
                elapsed = int(dates[row]) - origin
                day = elapsed + 1 if elapsed >= 0 else elapsed
                fits = [i for i, v in enumerate(schedule.visits) if v.window and v.window[0] <= day <= v.window[1]]
                if len(fits) == 1:
                    kind[row], visit[row] = PLANNED, fits[0]
            _say_unknown(run, part.source, unknown - start)
        start = stop


def _unscheduled_numbers(
    schedule: Schedule, subjects: NDArray[np.int64], dates: NDArray[np.int64], begun: dict[tuple[int, int], int]
) -> NDArray[np.float64]:
    """The last planned visit begun, and steps by date: one date, one visit."""
    planned: dict[int, list[tuple[int, float]]] = {}
    for (subject, visit), date in begun.items():
        planned.setdefault(subject, []).append((date, schedule.visits[visit].number))
    pairs, inverse = np.unique(np.column_stack([subjects, dates]), axis=0, return_inverse=True)
    numbers = np.empty(len(pairs))
    used: dict[tuple[int, float], int] = {}
    for i, (subject, date) in enumerate(pairs):
        before = [n for d, n in planned.get(int(subject), []) if d <= date]
        last = max(before, default=0.0)
        used[(int(subject), last)] = used.get((int(subject), last), 0) + 1
        numbers[i] = round(last + schedule.step * used[(int(subject), last)], 6)
    return numbers[inverse.reshape(-1)]


__all__ = ["Kind", "Schedule", "Visit", "number_visits", "schedule_of"]
