"""The results of concentration-time profiles: which count, at what time, and what they are as numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, Vector
from ..registry import MakerContext, TableAccess
from ..values.moments import moments
from ..values.numbers import read_number
from .curve import Point

fault("kinetics-result", "error", "A result that is neither a number nor below the limit: kinetics leave it out")
fault("kinetics-time", "error", "A result without actual and nominal time: kinetics leave it out")
fault("kinetics-nominal", "note", "The nominal time of a result stands for its own, which is not known to the minute")
fault("kinetics-before", "warning", "A quantifiable result at the reference time or before: kinetics take it as 0")
fault("kinetics-units", "error", "Results of one profile in several units: no kinetics")
fault("kinetics-open", "error", "Results of one time between which nothing decides: no kinetics")

Ints = NDArray[np.int64]
_DURATION = re.compile(
    r"([+-]?)P(?:([0-9.]+)W|(?:([0-9.]+)D)?(?:T(?=[0-9])(?:([0-9.]+)H)?(?:([0-9.]+)M)?(?:([0-9.]+)S)?)?)"
)
_SECONDS = (604800, 86400, 3600, 60, 1)
MINUTE_KNOWN = 5
SEVERAL_UNITS = "RESULTS IN SEVERAL UNITS"
UNDECIDED = "SEVERAL RESULTS OF ONE TIME"


def duration_seconds(text: str) -> int | None:
    """An ISO 8601 duration of weeks, days, hours, minutes and seconds; None for others, and those of months, years."""
    match = _DURATION.fullmatch(text)
    parts = match.groups()[1:] if match is not None else ()
    if (
        match is None
        or not any(parts)
        or any(p and p.count(".") + p.startswith(".") + p.endswith(".") > 1 for p in parts)
    ):
        return None
    total = sum((Decimal(p) * size for p, size in zip(parts, _SECONDS, strict=True) if p), Decimal(0))
    return int(-total if match[1] == "-" else total) if total == int(total) else None


@dataclass
class Profile:
    """One profile: results after the reference in order of time, the rows of the source behind them."""

    subject: str
    group: str
    reference_table: str
    reference_row: int
    unit: str = ""
    points: list[Point] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    fault: str = ""


class _Sample(NamedTuple):
    row: int
    seconds: int
    value: float
    below: bool
    nominal: int | None
    sample: str
    repeat: float
    unit: str

    @property
    def distance(self) -> int:
        """How many seconds it was taken from its nominal time."""
        return 0 if self.nominal is None else abs(self.seconds - self.nominal)


def read_profiles(ctx: MakerContext, by: Sequence[str], reference: str, blq: Sequence[str]) -> list[Profile]:
    """The profiles that have a reference and a result after it, in order of subject and group."""
    source = ctx.source
    assert source is not None
    table, _, column = reference.partition(".")
    at, seconds = _references(ctx, source, table, column)
    columns = _Columns.read(ctx, source)
    values, below, known = _values(ctx, columns, blq)
    known &= at >= 0
    times, known = _times(ctx, columns, seconds, known)
    group = next(name for name in by if name != "USUBJID")
    names, subjects = source.vector(group).strings(), source.usubjid().strings()
    found: dict[tuple[str, str], list[int]] = {}
    for row in np.flatnonzero(known).tolist():
        found.setdefault((str(subjects[row]), str(names[row] or "")), []).append(row)
    profiles = []
    for (subject, name), rows in sorted(found.items()):
        samples = [columns.sample(r, int(times[r]), float(values[r]), bool(below[r])) for r in rows]
        made = _profile(ctx, Profile(subject, name, table, int(at[rows[0]])), samples)
        if made is not None:
            profiles.append(made)
    return profiles


@dataclass
class _Columns:
    """What is read of the source."""

    text: Vector
    number: NDArray[np.float64]
    unit: Vector
    taken: NDArray[np.bool_]
    date: Vector
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    nominal: Vector
    sample_id: Vector
    repeat: NDArray[np.float64]

    @staticmethod
    def read(ctx: MakerContext, source: TableAccess) -> _Columns:
        letters = ctx.domain_of(ctx.source_key)

        def column(name: str, kind: Kind = Kind.TEXT) -> Vector:
            full = f"{letters}{name}"
            return source.vector(full) if source.has(full) else Vector.missing_of(kind, source.n)

        def number(name: str) -> NDArray[np.float64]:
            return np.asarray(column(name, Kind.NUMBER).data, dtype=np.float64)

        return _Columns(
            column("STRESC"), number("STRESN"), column("STRESU"), ~column("STAT").present(), column("DTC", Kind.DTC),
            number("LLOQ"), number("ULOQ"), column("ELTM"), column("REFID"), number("REPNUM"),
        )  # fmt: skip

    def sample(self, row: int, seconds: int, value: float, below: bool) -> _Sample:
        """A row as a result; without an id, a sample is what was taken at one time."""
        sample = self.sample_id.text_at(row) or self.date.text_at(row) or f"row {row}"
        repeat = self.repeat[row]
        nominal = duration_seconds(self.nominal.text_at(row))
        return _Sample(
            row, seconds, value, below, nominal, sample, -np.inf if np.isnan(repeat) else float(repeat),
            self.unit.text_at(row),
        )  # fmt: skip


def _references(ctx: MakerContext, source: TableAccess, table: str, column: str) -> tuple[Ints, Ints]:
    """For each row the row of its subject's reference (-1: none), and the reference's second."""
    access = ctx.table(table)
    time = moments(access.vector(column))
    subjects = {s: i for i, s in enumerate(access.usubjid().strings().tolist()) if time.given[i]}
    at = np.array([subjects.get(s, -1) for s in source.usubjid().strings().tolist()], dtype=np.int64)
    vague = np.flatnonzero((time.precision < MINUTE_KNOWN) & time.given)
    vague = vague[np.isin(vague, at)]
    if len(vague):
        message = f"{table}.{column} is not known to the minute: kinetics take no time from it."
        ctx.issue("kinetics-reference", table, vague, message, [column])
        at[np.isin(at, vague)] = -1
    return at, np.append(time.earliest, 0)[at]


def _values(
    ctx: MakerContext, columns: _Columns, blq: Sequence[str]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """The number of each result (the upper limit where above it), whether it is below the limit, whether it is one."""
    n = len(columns.text)
    texts = columns.text.strings().tolist()
    sign = np.array([t[:1] if t and t[:1] in "<>" else "" for t in texts], dtype=object)
    number = columns.number.copy()
    with np.errstate(invalid="ignore"):
        below = np.isin(np.array(texts, dtype=object), list(blq)) if n else np.zeros(0, dtype=bool)
        below |= (sign == "<") | (number < columns.low) | (number <= 0)
        above = (number > columns.high) | (sign == ">")
    number[above] = columns.high[above]
    for row in np.flatnonzero(above & np.isnan(number)).tolist():
        found = read_number(texts[row].lstrip("<>= "))
        number[row] = np.nan if found is None else found
    asked = columns.taken & columns.text.present()
    odd = asked & ~below & np.isnan(number)
    if odd.any():
        message = "This result is neither a number nor below the limit: kinetics leave it out."
        ctx.issue("kinetics-result", ctx.source_key, ctx.source_rows[odd], message, _named(ctx, "STRESC"))
    return np.where(below, 0.0, number), below, asked & ~odd


def _named(ctx: MakerContext, *names: str) -> list[str]:
    return [f"{ctx.domain_of(ctx.source_key)}{name}" for name in names]


def _times(
    ctx: MakerContext, columns: _Columns, reference: Ints, known: NDArray[np.bool_]
) -> tuple[Ints, NDArray[np.bool_]]:
    """Seconds after the reference of each result: actual, else nominal; results without either are no longer known."""
    date = moments(columns.date)
    actual = date.precision >= MINUTE_KNOWN
    planned = [duration_seconds(t) for t in columns.nominal.distinct().tolist()]
    seconds = np.array([0 if p is None else p for p in planned] + [0], dtype=np.int64)[columns.nominal.data]
    has = np.array([p is not None for p in planned] + [False])[columns.nominal.data]
    nominal, lost = known & ~actual & has, known & ~actual & ~has
    if nominal.any():
        message = "The time of this result is not known to the minute: kinetics take the nominal one."
        ctx.issue("kinetics-nominal", ctx.source_key, ctx.source_rows[nominal], message, _named(ctx, "DTC"))
    if lost.any():
        message = "This result has neither an actual nor a nominal time: kinetics leave it out."
        ctx.issue("kinetics-time", ctx.source_key, ctx.source_rows[lost], message, _named(ctx, "DTC"))
    return np.where(actual, date.earliest - reference, seconds), known & ~lost


def _profile(ctx: MakerContext, profile: Profile, samples: Sequence[_Sample]) -> Profile | None:
    """The profile with its results after the reference, None if there is none."""
    early = [s.row for s in samples if s.seconds <= 0 and not s.below]
    if early:
        message = "This result is quantifiable at the reference time or before: kinetics take it as 0."
        ctx.issue("kinetics-before", ctx.source_key, ctx.source_rows[early], message, _named(ctx, "STRESC", "DTC"))
    after = [s for s in samples if s.seconds > 0]
    if not after:
        return None
    units = sorted({s.unit for s in after if s.unit})
    profile.unit = units[0] if units else ""
    if len(units) > 1:
        message = f"The results of this profile are in {', '.join(units)}."
        rows = ctx.source_rows[[s.row for s in after]]
        ctx.issue("kinetics-units", ctx.source_key, rows, message, _named(ctx, "STRESU"))
        profile.fault = SEVERAL_UNITS
    chosen, open_ = _chosen(after)
    if open_:
        message = "Several results of this profile and time differ, and nothing decides between them."
        ctx.issue("kinetics-open", ctx.source_key, ctx.source_rows[open_], message, _named(ctx, "STRESC", "DTC"))
        profile.fault = profile.fault or UNDECIDED
    profile.points = [Point(s.seconds, s.value, s.below) for s in chosen]
    profile.rows = [int(ctx.source_rows[s.row]) for s in chosen]
    return profile


def _chosen(samples: Sequence[_Sample]) -> tuple[list[_Sample], list[int]]:
    """One result a nominal time, in order of time; and the rows between which nothing decides."""
    last: dict[str, float] = {}
    for s in samples:
        last[s.sample] = max(last.get(s.sample, -np.inf), s.repeat)
    kept = [s for s in samples if s.repeat == last[s.sample]]
    by_time: dict[tuple[bool, int], list[_Sample]] = {}
    for s in kept:
        by_time.setdefault((s.nominal is None, s.seconds if s.nominal is None else s.nominal), []).append(s)
    chosen: list[_Sample] = []
    open_: list[int] = []
    for same in by_time.values():
        nearest = min(s.distance for s in same)
        best = [s for s in same if s.distance == nearest]
        chosen.append(best[0])
        open_ += [s.row for s in best] if len({(s.seconds, s.value, s.below) for s in best}) > 1 else []
    chosen.sort(key=lambda s: s.seconds)
    for first, second in pairwise(chosen):
        same_time = first.seconds == second.seconds
        open_ += [first.row, second.row] if same_time and first[2:4] != second[2:4] else []
    return chosen, open_
