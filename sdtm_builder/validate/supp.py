"""The parents of SUPP-- records: IDVARVAL against the variable that IDVAR names, numbers compared as numbers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.table import Mask, Table, codes_of, combine
from sdtm_builder.validate.texts import numbers_of

Rows = NDArray[np.int64]


def parents_of(supp: Table, parent: Table, among: Mask | None = None) -> Iterator[tuple[str, Rows, Rows]]:
    """For each IDVAR of a SUPP-- dataset that the parent has: its name, the rows, and the parent row of each or -1.

    Records without IDVAR are yielded under "" and matched on USUBJID alone (DM). `among` limits the records.
    """
    idvar = supp.column("IDVAR")
    for name in ["", *supp.distinct("IDVAR")]:
        wanted = supp.equals("IDVAR", name) if name else ~idvar.present()
        if among is not None:
            wanted &= among
        if not wanted.any() or (name and not parent.has(name)):
            continue
        rows = np.flatnonzero(wanted)
        yield name, rows, _match(supp, rows, parent, name)


def _match(supp: Table, rows: Rows, parent: Table, name: str) -> Rows:
    person = "USUBJID" if parent.has("USUBJID") else "APID"
    left, right = [supp.column(person).take(rows)], [parent.column(person)]
    if name:
        value = supp.column("IDVARVAL").take(rows)
        left.append(value if parent.column(name).is_text else Vector.of_numbers(numbers_of(value)))
        right.append(parent.column(name))
    both = [codes_of(Vector.concat(list(pair))) for pair in zip(left, right, strict=True)]
    keys = combine(both, len(rows) + parent.n)
    mine, theirs = keys[: len(rows)], keys[len(rows) :]
    if not parent.n:
        return np.full(len(rows), -1)
    found, first = np.unique(theirs, return_index=True)
    at = np.minimum(np.searchsorted(found, mine), len(found) - 1)
    complete = np.logical_and.reduce([column.present() for column in left])
    return np.where((found[at] == mine) & complete, first[at], -1)
