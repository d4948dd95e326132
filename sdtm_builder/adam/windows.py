"""Analysis visits by the nearest target day: AVISIT, AVISITN, and the target, difference and range behind them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from ..model import Kind, MapNode, Scalar, StudySpec, Vector
from ..registry import Column, Context, OneOf, TableRows, TableWanted, Take, Texts, derivation

COLUMNS = ("AVISIT", "AVISITN", "day", "low", "high")
TAKEN = ("AVISIT", "AVISITN", "AWTARGET", "AWTDIFF", "AWLO", "AWHI", "AWRANGE")
VISITS = "visits"
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Targets:
    """Targets in the order of their days: names, numbers (as texts), days, and the first and last day of each."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    days: Numbers
    low: Numbers
    high: Numbers


def check_targets(arguments: Mapping[str, Any]) -> Iterable[tuple[str, int, str]]:
    """Faults of the targets before data is read: (argument, row of the table or -1, message)."""
    table = arguments.get("targets")
    if isinstance(table, TableRows) and not table.word:
        yield from (("targets", row, message) for row, message in faults_of(table))
    elif isinstance(table, TableRows) and table.word != VISITS and not table.word.startswith("raw."):
        hint = f"`{VISITS}`, a csv or xlsx beside the specs, `raw.X`, or a table written here"
        yield "targets", -1, f"`{table.word}` is no targets; they are {hint}."


def faults_of(table: TableRows) -> list[tuple[int, str]]:
    """What is wrong with a table of targets: (row, -1 its header; message)."""
    odd = [c for c in table.columns if c not in COLUMNS]
    lacking = [c for c in ("AVISIT", "day") if c not in table.columns]
    if odd or lacking:
        told = f"the targets lack {', '.join(lacking)}" if lacking else f"{', '.join(odd)} is no column of targets"
        return [(-1, f"{told}; the columns are {', '.join(COLUMNS)}.")]
    found: list[tuple[int, str]] = []
    seen: dict[str, set[str]] = {"AVISIT": set(), "AVISITN": set(), "day": set()}
    for at in range(len(table.columns["AVISIT"])):
        row = {name: cells[at] for name, cells in table.columns.items()}
        found += [(at, f"{told}.") for told in _row_faults(row)]
        for name, values in seen.items():
            if row.get(name) and row[name] in values:
                found.append((at, f"{name} {row[name]} stands twice."))
            values.add(row.get(name, ""))
    if not table.columns["AVISIT"]:
        return [(-1, "there are no targets.")]
    return found or list(_crossed(table))


def _crossed(table: TableRows) -> Iterable[tuple[int, str]]:
    """Bounds that do not rise with the target days: then a window would not be one stretch of days."""
    days = [int(day) for day in table.columns["day"]]
    order = sorted(range(len(days)), key=lambda at: days[at])
    for name, open_ in (("low", -np.inf), ("high", np.inf)):
        ends = [float(end) if end else open_ for end in table.columns.get(name, [""] * len(days))]
        for before, at in itertools.pairwise(order):
            if ends[at] < ends[before]:
                yield (
                    at,
                    f"`{name}` of {table.columns['AVISIT'][at]} is before that of {table.columns['AVISIT'][before]}.",
                )


def _row_faults(row: Mapping[str, str]) -> Iterable[str]:
    if not row["AVISIT"]:
        yield "a target needs an AVISIT"
    for name in ("day", "low", "high"):
        if (name == "day" or row.get(name)) and not _is_day(row.get(name, "")):
            yield f"{name} is a study day, a whole number and never 0, not `{row.get(name, '')}`"
    if row.get("AVISITN") and not _is_number(row["AVISITN"]):
        yield f"AVISITN is a number, not `{row['AVISITN']}`"
    ends = [row.get("low", ""), row["day"], row.get("high", "")]
    known = [int(end) for end in ends if _is_day(end)]
    if known != sorted(known):
        yield f"the target day {row['day']} does not lie between its bounds {ends[0]} and {ends[2]}"


@derivation(
    "analysis_visit",
    kind=Kind.TEXT,
    kinds={take: Kind.NUMBER for take in TAKEN if take not in ("AVISIT", "AWRANGE")},
    check=check_targets,
    method=(
        "{take} of the target in {targets} that is nearest to {day}, among those whose bounds hold it; differences are "
        "without a day 0, of two targets equally near the {ties} one[; not {without}]."
    ),
)
def analysis_visit(
    ctx: Context,
    day: Column,
    targets: TableWanted,
    ties: Annotated[str, Take.TEXT, OneOf(("earlier", "later"))],
    take: Annotated[str, Take.TEXT, OneOf(TAKEN)] = "AVISIT",
    without: Texts = (),
) -> Vector:
    """Analysis visit of a study day: the nearest target day.

    Arguments
    ---------
    day : a study day, ADY, a number without a day 0.
    targets : `visits`, the planned visits of the study file that have a day (its name, number and day); or a table
        with the columns AVISIT, day and, where wanted, AVISITN, low, high (first and last day that may belong to it,
        a blank one is open): a csv or xlsx beside the specs, `raw.X`, or `{table: [[...], ...]}`, the first row the
        names.
    ties : `earlier` or `later`: which of two targets counts that are equally near. It must be said.
    take : what is wanted: AVISIT (not said), AVISITN, AWTARGET (target day), AWTDIFF (distance to it in days, never
        negative), AWLO and AWHI (first and last day of the window, missing where it is open), AWRANGE (those two as
        a text). One rule makes one variable, so each is a rule of its own with the same targets.
    without : names of AVISIT that are left out, of `visits` for instance.

    Derivation:
    1. The day is missing, or is 0, which no study day is: missing.
    2. Days are counted without a day 0: from -1 to 1 is one day.
    3. Of the targets whose bounds hold the day the nearest one; of two equally near ones that of `ties`. No bounds
       hold it: missing.
    4. The window of a target, AWLO to AWHI, goes as far as the target is the nearest, and no further than its bounds.

    Issues: none.

    Example: `AVISIT: {analysis_visit: ADY, targets: {table: [[AVISIT, AVISITN, day], [BASELINE, 0, -1], [WEEK 1, 1,
    8], [WEEK 2, 2, 15]]}, ties: later}`: day 12 gives WEEK 2, day 11 WEEK 1, day 4 BASELINE or WEEK 1 by `ties`.

    Source: ADaMIG 1.3, BDS: AVISIT, AVISITN, AWTARGET, AWTDIFF, AWLO, AWHI, AWRANGE.
    """
    table = targets
    if targets.word == VISITS:
        table = planned(ctx.study)
    wrong = faults_of(table)
    if wrong:
        ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), f"{targets.word}: {wrong[0][1]}")
        return Vector.missing_of(Kind.TEXT, ctx.n)
    made = targets_of(table, ties == "later", tuple(without))
    return taken(made, day.data, take)


def planned(study: StudySpec) -> TableRows:
    """The planned visits of the study file that have a day, as a table of targets."""
    rows = []
    for name, entry in (study.visits.items if study.visits is not None else {}).items():
        day = entry.get("day") if isinstance(entry, MapNode) else None
        number = entry.get("number") if isinstance(entry, MapNode) else None
        if isinstance(day, Scalar) and day.text:
            rows.append((name, number.text if isinstance(number, Scalar) else "", day.text))
    columns = {c: [row[at] for row in rows] for at, c in enumerate(COLUMNS[:3])}
    return TableRows("", columns)


def targets_of(table: TableRows, later: bool, without: tuple[str, ...] = ()) -> Targets:
    """Targets with their windows: each goes as far as it is the nearest, and no further than its bounds."""
    rows = [dict(zip(table.columns, cells, strict=True)) for cells in zip(*table.columns.values(), strict=True)]
    rows = sorted((r for r in rows if r["AVISIT"] not in without), key=lambda r: int(r["day"]))
    days = np.array([int(r["day"]) for r in rows], dtype=np.float64)
    low, high = (np.array([float(r.get(end) or np.nan) for r in rows]) for end in ("low", "high"))
    starts, ends = _windows(days, low, high, later)
    return Targets(tuple(r["AVISIT"] for r in rows), tuple(r.get("AVISITN", "") for r in rows), days, starts, ends)


def taken(targets: Targets, days: Numbers, take: str) -> Vector:
    """What `take` names of the target of each study day."""
    at = assigned(targets, days)
    if take == "AVISIT":
        return Vector.of_codes(at, targets.names)
    if take == "AWRANGE":
        return Vector.of_codes(at, [_range(low, high) for low, high in zip(targets.low, targets.high, strict=True)])
    numbers = np.array([float(number) if number else np.nan for number in targets.numbers])
    of = {"AVISITN": numbers, "AWTARGET": targets.days, "AWLO": targets.low, "AWHI": targets.high}
    if take == "AWTDIFF":
        return Vector(Kind.NUMBER, np.abs(_elapsed(np.append(targets.days, np.nan))[at] - _elapsed(days)))
    return Vector(Kind.NUMBER, np.append(of[take], np.nan)[at])


def assigned(targets: Targets, days: Numbers) -> NDArray[np.int64]:
    """The target of each study day by its place in `targets`, -1 without any."""
    if not len(targets.days):
        return np.full(len(days), -1, dtype=np.int64)
    elapsed = _elapsed(days)
    known = ~np.isnan(elapsed)
    low = np.where(np.isnan(targets.low), -np.inf, _elapsed(targets.low))
    high = np.where(np.isnan(targets.high), np.inf, _elapsed(targets.high))
    at = np.searchsorted(low, np.where(known, elapsed, 0.0), side="right") - 1
    inside = known & (at >= 0) & (elapsed <= high[np.maximum(at, 0)])
    return np.where(inside, at, -1).astype(np.int64)


def _windows(days: Numbers, low: Numbers, high: Numbers, later: bool) -> tuple[Numbers, Numbers]:
    """First and last study day of each window: bounds, where two overlap parted between their targets.

    Bounds rise with the targets, so that only neighbours can overlap.
    """
    at = _elapsed(days)
    first = np.where(np.isnan(low), -np.inf, _elapsed(low))
    last = np.where(np.isnan(high), np.inf, _elapsed(high))
    middle = (at[:-1] + at[1:]) / 2
    cut = np.ceil(middle) - 1 if later else np.floor(middle)
    starts, ends = first.copy(), last.copy()
    starts[1:] = np.maximum(first[1:], np.minimum(cut, last[:-1]) + 1)
    ends[:-1] = np.minimum(last[:-1], np.maximum(cut + 1, first[1:]) - 1)
    return _study_days(starts), _study_days(ends)


def _elapsed(days: Numbers) -> Numbers:
    """Study days counted from day 1 as 0, so that -1 and 1 are neighbours; there is no day 0."""
    return np.where(days > 0, days - 1, np.where(days < 0, days, np.nan))


def _study_days(elapsed: Numbers) -> Numbers:
    """The way back; without end is missing."""
    return np.where(np.isfinite(elapsed), elapsed + (elapsed >= 0), np.nan)


def _range(low: float, high: float) -> str:
    if np.isnan(low):
        return "ALL DAYS" if np.isnan(high) else f"UP TO {high:.0f} DAYS"
    return f"FROM {low:.0f} DAYS" if np.isnan(high) else f"{low:.0f} TO {high:.0f} DAYS"


def _is_day(text: str) -> bool:
    return text.lstrip("-").isdecimal() and text.isascii() and text.count("-") < 2 and int(text) != 0


def _is_number(text: str) -> bool:
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False
