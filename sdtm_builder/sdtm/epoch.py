"""EPOCH of a record, from the subject's elements in SE."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..model import MISSING_TIME, Kind, Vector
from ..registry import Column, Context, OptionalColumns, Related, derivation
from ..values.moments import DAY, Moments, compare_known, moments


@derivation(
    "epoch",
    kind=Kind.TEXT,
    method=(
        "EPOCH of the subject's element in SE with the latest SESTDTC on or before {dates}; where an element begins "
        "on that date, by time if both have one, else the later element; missing where the date is missing or partial "
        "or before the first element."
    ),
)
def epoch(
    ctx: Context,
    dates: OptionalColumns,
    elements: Related = ("SE.SESTDTC", "SE.EPOCH"),  # type: ignore[assignment]
    usubjid: Column = "USUBJID",  # type: ignore[assignment]
) -> Vector:
    """Epoch in which a record's date falls.

    Arguments
    ---------
    dates : `--DTC` variables in the order preferred; the first one that the dataset has is the date, as
        `[--STDTC, --DTC]`: events and interventions by their start, findings by their date. A record whose date is
        missing is not placed by another of them.
    elements : start date and epoch of the subjects' elements; default `[SE.SESTDTC, SE.EPOCH]`.
    usubjid : the subject; default `USUBJID`.

    Derivation, the first case that fits:
    1. The date, or its year, month or day, is missing: missing. Nothing is imputed.
    2. No element of the subject begins on or before the date: missing.
    3. Several elements begin before the date, or on an earlier day: the one with the latest start.
    4. An element begins on the very day, and the times of both are known: it counts if it begins at or before the
       time, compared as precisely as both were collected.
    5. An element begins on the very day, and a time is missing: it counts, so the later element is taken.
    6. An element whose start is partial or missing could be the one: missing.

    Issues: none.

    Example: `EPOCH: {epoch: [--STDTC, --DTC]}`. With elements from 2021-03-01 (SCREENING) and 2021-03-10T09:00
    (TREATMENT), 2021-03-10T08:00 gives SCREENING, and 2021-03-10 gives TREATMENT.

    Source: SDTMIG 3.4 section 4.1.3.1 (an epoch is never imputed); CG0009.
    """
    owners, begins, epochs = elements.values()
    if not dates or not len(owners) or not ctx.n:
        return Vector.missing_of(Kind.TEXT, ctx.n)
    when, start = moments(next(iter(dates.values()))), moments(begins)
    codes = Vector.concat([usubjid, owners]).data.astype(np.int64)
    subject, owner = codes[: ctx.n], codes[ctx.n :]
    chosen = _last_begun(when, subject, start, owner)
    chosen[_undecided(when, subject, start, owner, chosen)] = -1
    return epochs.take(chosen)


def _last_begun(
    when: Moments, subject: NDArray[np.int64], start: Moments, owner: NDArray[np.int64]
) -> NDArray[np.int64]:
    """For each record the row of the subject's last element begun by then, -1 if none; of full dates only.

    Elements stand sorted by subject and start. A look-up by day finds the last one; where it begins on that very day
    but later than the record's time, the element before it is tried, and so on.
    """
    usable = np.flatnonzero(start.full & (owner >= 0))
    rows = usable[np.lexsort((usable, start.earliest[usable], owner[usable]))]
    chosen = np.full(len(subject), -1, dtype=np.int64)
    if not len(rows):
        return chosen
    first = min(int(start.days[rows].min()), int(when.days[when.full].min(initial=0)))
    width = max(int(start.days[rows].max()), int(when.days[when.full].max(initial=0))) - first + 2
    asked = np.flatnonzero(when.full & (subject >= 0))
    keys = owner[rows] * width + start.days[rows] - first
    at = np.searchsorted(keys, subject[asked] * width + when.days[asked] - first, side="right") - 1
    while len(asked):
        good = (at >= 0) & (owner[rows[at]] == subject[asked])
        asked, at = asked[good], at[good]
        row = rows[at]
        order = compare_known(start.earliest[row], start.precision[row], when.earliest[asked], when.precision[asked])
        later = start.timed[row] & when.timed[asked] & (order > 0) & (start.days[row] == when.days[asked])
        chosen[asked[~later]] = row[~later]
        asked, at = asked[later], at[later] - 1
    return chosen


def _undecided(
    when: Moments, subject: NDArray[np.int64], start: Moments, owner: NDArray[np.int64], chosen: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Records for which an element whose start is partial or missing could have begun last."""
    undecided = np.zeros(len(subject), dtype=bool)
    open_elements = np.flatnonzero(~start.full & (owner >= 0))
    if not len(open_elements):
        return undecided
    by_subject = np.argsort(subject, kind="stable")
    sorted_subjects = subject[by_subject]
    for row in open_elements:
        low, high = np.searchsorted(sorted_subjects, [owner[row], owner[row] + 1])
        rows = by_subject[low:high]
        begun = np.where(chosen[rows] >= 0, start.days[chosen[rows]], np.iinfo(np.int64).min)
        known = start.earliest[row] != MISSING_TIME
        possible = start.earliest[row] // DAY <= when.days[rows] if known else np.ones(len(rows), dtype=bool)
        reaches = start.latest[row] // DAY >= begun if known else np.ones(len(rows), dtype=bool)
        undecided[rows] |= possible & reaches
    return undecided
