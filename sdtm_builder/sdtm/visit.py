"""Visits: VISITNUM, VISIT, VISITDY as numbered once from all raw rows."""

from __future__ import annotations

from typing import Annotated

from ..model import Kind, Vector
from ..registry import Context, OneOf, Take, derivation

_FACTS = {"number": "VISITNUM", "name": "VISIT", "day": "VISITDY"}


@derivation(
    "visit",
    kinds={"number": Kind.NUMBER, "name": Kind.TEXT, "day": Kind.NUMBER},
    needs=("row.VISITNUM",),
    origin="Assigned",
    method=(
        "Visit {what}: planned visits by the visit collected, unscheduled visits in the order of their dates among "
        "the subject's visits; planned day of planned visits only."
    ),
)
def visit(ctx: Context, what: Annotated[str, Take.TEXT, OneOf(tuple(_FACTS))]) -> Vector:
    """Visit of the raw row that a record was made of.

    Arguments
    ---------
    what : `number` (VISITNUM), `name` (VISIT) or `day` (VISITDY, the planned study day).

    Visits are numbered once, from the rows of every raw source that states its `visit` and `date`; every dataset
    looks its records up there, so one visit has one number throughout the study.

    Derivation, the first case that fits:
    1. The record has no raw row with a visit, or the visit is unknown: missing.
    2. A planned visit: number, name and day that the study file gives it under `visits`.
    3. An unscheduled visit: a number between those of the planned visits around its date, the name that the study
       file gives under `unscheduled`, and no day.

    Issues: none here; `visit-unknown` is raised where the raw rows are numbered.

    Example: `VISITNUM: {visit: number}`.

    Source: SDTMIG 3.4 sections 4.4.5 and 7.3.1; CG0031.
    """
    return ctx.raw_rows(_FACTS[what])
