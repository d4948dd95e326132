"""Subject elements: the end of each element, its place and epoch on the path of the subject's arm."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import MISSING_TIME, Kind, StudySpec, Vector
from ..registry import Column, Context, OneOf, OptionalColumn, Take, derivation
from ..values.moments import DAY, moments
from .columns import combined
from .trial_design import maps, path_of

fault("element-order", "error", "An element that began before one that stands earlier on the arm's path")
fault("element-off-path", "error", "An element that is not on the path of the subject's arm")

_WORDS = ("order", "epoch")


@derivation(
    "planned_element",
    kinds={"order": Kind.NUMBER, "epoch": Kind.TEXT},
    origin="Assigned",
    method="{what} of the element {element} on the path of the subject's arm in the study design (TA).",
)
def planned_element(
    ctx: Context,
    what: Annotated[str, Take.TEXT, OneOf(_WORDS)],
    element: Column = "ETCD",  # type: ignore[assignment]
    arm: Column = "DM.ARMCD",  # type: ignore[assignment]
    actual: OptionalColumn = "DM.ACTARMCD",  # type: ignore[assignment]
) -> Vector:
    """Place (TAETORD) or epoch of an element that a subject was in.

    Arguments
    ---------
    what : `order` (TAETORD) or `epoch` (EPOCH).
    element : ETCD; default that variable.
    arm, actual : the planned arm and the arm followed, default `DM.ARMCD` and, if there is one, `DM.ACTARMCD`.

    Derivation, the first case that fits:
    1. The subject followed an arm, or else was assigned to one, and the element is on its path: place or epoch there.
    2. The subject has no arm (a screen failure): the place or epoch that the element has in every arm that it belongs
       to, if all agree.
    3. Missing.

    Issues: `element-off-path`, told once, with `order`: an element that the path of the subject's arm does not have.

    Example: `TAETORD: {planned_element: order}`.

    Source: SDTMIG 3.4 sections 5.3 and 7.2.1; CG0211.
    """
    places = paths(ctx.study)
    codes = combined([element, arm, *([actual] if actual is not None else [])], ctx.n)
    _, heads, each = np.unique(codes, return_index=True, return_inverse=True)
    found: list[tuple[int, str] | None] = []
    strange = np.zeros(len(heads), dtype=bool)
    for at, row in enumerate(heads.tolist()):
        etcd = element.text_at(row)
        code = (actual.text_at(row) if actual is not None else "") or arm.text_at(row)
        found.append(places[code].get(etcd) if code in places else _agreed(places, etcd))
        strange[at] = code in places and found[-1] is None
    if what == "epoch":
        return Vector.of_codes(each.astype(np.int64), [None if f is None else f[1] for f in found])
    off = np.flatnonzero(strange[each])
    ctx.issue("element-off-path", off, "{value} is not on the path of the subject's arm.", element)
    return Vector.of_numbers(np.array([np.nan if f is None else f[0] for f in found])[each])


def paths(study: StudySpec) -> dict[str, dict[str, tuple[int, str]]]:
    """Arm -> element -> its place on the path, and its epoch."""
    return {
        code: {etcd: (at, epoch) for at, (epoch, etcd) in enumerate(path_of(arm), 1)}
        for code, arm in maps(study.arms)
        if path_of(arm)
    }


def _agreed(places: dict[str, dict[str, tuple[int, str]]], etcd: str) -> tuple[int, str] | None:
    seen = {path[etcd] for path in places.values() if etcd in path}
    return next(iter(seen)) if len(seen) == 1 else None


@derivation(
    "element_end",
    kind=Kind.DTC,
    whole=True,
    method=(
        "{start} of the subject's next element; of the last element the end of participation ({last}), or the death "
        "({death}) if that is earlier."
    ),
)
def element_end(
    ctx: Context,
    start: Column,
    order: OptionalColumn = "TAETORD",  # type: ignore[assignment]
    last: OptionalColumn = "DM.RFPENDTC",  # type: ignore[assignment]
    death: OptionalColumn = "DM.DTHDTC",  # type: ignore[assignment]
) -> Vector:
    """End of each element: the start of the next one.

    Arguments
    ---------
    start : SESTDTC.
    order : the element's place on the path, for elements that begin at the same time; default `TAETORD`.
    last, death : end of participation and date of death, default `DM.RFPENDTC` and `DM.DTHDTC`, each if there is one.

    Derivation: the elements of a subject in the order of their starts, of equal ones in that of the path.
    1. The subject has a later element: the start of the next one.
    2. The last element: the end of participation; but the death, where that is earlier and its day is known.
    3. Neither is known: missing; the element goes on.

    Issues: `element-order`, at an element that began before one that stands earlier on the path.

    Example: `SEENDTC: {element_end: SESTDTC}`.

    Source: SDTMIG 3.4 section 5.3 (an element ends when the next one begins).
    """
    if not ctx.n:
        return Vector.missing_of(Kind.DTC, 0)
    subject, begun = ctx.subjects(), moments(start)
    place = order.data if order is not None else np.zeros(ctx.n)
    by_time = np.lexsort((place, begun.earliest, begun.earliest == MISSING_TIME, subject))
    follows = np.zeros(ctx.n, dtype=bool)
    follows[:-1] = subject[by_time][1:] == subject[by_time][:-1]
    following = np.full(ctx.n, -1, dtype=np.int64)
    following[by_time[:-1]] = np.where(follows[:-1], by_time[1:], -1)
    _check_order(ctx, place, by_time, follows)
    ends = _ends(ctx.n, last, death)
    pool = Vector.concat([start.as_kind(Kind.DTC), ends])
    return pool.take(np.where(following >= 0, following, ctx.n + np.arange(ctx.n)))


def _check_order(
    ctx: Context, place: NDArray[np.float64], by_time: NDArray[np.int64], follows: NDArray[np.bool_]
) -> None:
    ordered = place[by_time]
    early = np.zeros(ctx.n, dtype=bool)
    early[by_time[:-1]] = follows[:-1] & (ordered[:-1] > ordered[1:])
    ctx.issue("element-order", np.flatnonzero(early), "The element began before one that stands earlier on the path.")


def _ends(n: int, last: Vector | None, death: Vector | None) -> Vector:
    """The end of participation, not after a death whose day is known."""
    ends = last.as_kind(Kind.DTC) if last is not None else Vector.missing_of(Kind.DTC, n)
    if death is None:
        return ends
    end, dead = moments(ends), moments(death)
    before = dead.full & (~end.given | (end.full & (dead.earliest // DAY < end.earliest // DAY)))
    return Vector.concat([ends, death.as_kind(Kind.DTC)]).take(np.where(before, n, 0) + np.arange(n))
