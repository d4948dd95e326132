"""Sequence numbers: --SEQ."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from ..model import Kind, Vector
from ..registry import Context, OneOf, Take, derivation
from .columns import starts


@derivation(
    "sequence",
    whole=True,
    ordered=True,
    kind=Kind.NUMBER,
    method="1, 2, 3 and so on for the records of a subject, sorted by the keys of the dataset.",
)
def sequence(ctx: Context, by: Annotated[str, Take.TEXT, OneOf(("keys",))]) -> Vector:
    """Number of a record among its owner's records, 1, 2, 3 and so on without gaps.

    The owner is the subject; in a dataset without USUBJID the first that it has of: associated person (APID), pool
    (POOLID), device (SPDEVID), organism (NHOID), parameter (--PARMCD); else the dataset as a whole is numbered.

    Arguments
    ---------
    by : `keys`: the records stand in the order of the dataset's `keys`, then of all other variables as text, and
        only records equal in all of these in the order of file, sheet and row. So neither the order of raw rows
        nor a second run changes a number.

    Derivation, the first case that fits:
    1. The owner is missing: missing.
    2. Else the place of the record in that order among the records of its owner, counted from 1; in a part of a
        split domain counted on from the records of its owner in the parts before, by name (QSA before QSB).

    Issues: none.

    Example: `AESEQ: {sequence: keys}`.

    Source: SDTMIG 3.4, --SEQ of the identifier variables; SDTM 2.0, associated persons and study references;
    CG0028, CG0620.
    """
    owners = ctx.owners()
    place = np.lexsort((ctx.order(), owners))
    numbers = np.empty(ctx.n, dtype=np.float64)
    numbers[place] = np.arange(ctx.n) - starts(owners[place]) + 1
    numbers += ctx.before()
    return Vector.of_numbers(np.where(owners >= 0, numbers, np.nan))
