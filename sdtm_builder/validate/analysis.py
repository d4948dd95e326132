"""What several rules on analysis values ask: groups of a parameter, its baseline record, numbers that agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector, as_objects, number_text
from sdtm_builder.validate.sasdates import date_kind, iso_text
from sdtm_builder.validate.table import Mask, Table, codes_of, firsts

SERIES = ("USUBJID", "PARAMCD", "BASETYPE")
"""Variables within which there is one baseline."""
TOLERANCE = 1e-9


def agree(one: NDArray[np.float64], other: NDArray[np.float64], tolerance: float = TOLERANCE) -> Mask:
    """True where two numbers are equal but for the rounding of their arithmetic; both missing agree."""
    near = np.abs(one - other) <= tolerance * np.maximum(1.0, np.maximum(np.abs(one), np.abs(other)))
    return np.asarray(near | (np.isnan(one) & np.isnan(other)))


def first_in_group(groups: NDArray[np.int64], among: Mask) -> NDArray[np.int64]:
    """For each record the first record of `among` in its group, -1 where there is none."""
    return firsts(groups, np.flatnonzero(among))[groups]


def baseline_rows(table: Table) -> NDArray[np.int64]:
    """For each record the record with ABLFL Y of its subject, parameter and baseline type, -1 where there is none."""
    return first_in_group(table.groups(SERIES), table.equals("ABLFL", "Y"))


def same(one: Vector, other: Vector) -> Mask:
    """True where two columns have the same value; both missing is the same, and a text is never a number."""
    if one.is_text != other.is_text:
        return np.asarray(~one.present() & ~other.present())
    if not one.is_text:
        return agree(np.asarray(one.data, dtype=np.float64), np.asarray(other.data, dtype=np.float64))
    both = Vector.concat([one, other])
    return np.asarray(both.data[: len(one)] == both.data[len(one) :])


def shown(values: NDArray[np.float64] | Vector, format: str = "") -> NDArray[np.object_]:
    """Values as texts for a message, "nothing" where they are missing; numbers with a format of dates as ISO 8601."""
    vector = values if isinstance(values, Vector) else Vector.of_numbers(values)
    if vector.is_text:
        return np.append(vector.distinct(), np.array(["nothing"], dtype=object))[vector.data]
    distinct, inverse = np.unique(np.asarray(vector.data, dtype=np.float64), return_inverse=True)
    kind = date_kind(format)
    texts = as_objects(
        "nothing" if np.isnan(v) else iso_text(float(v), kind) if kind else number_text(float(f"{v:.12g}"))
        for v in distinct
    )
    return np.asarray(texts[inverse])


def lowest(groups: NDArray[np.int64], values: NDArray[np.float64], among: Mask) -> NDArray[np.float64]:
    """For each record the least value of `among` in its group, NaN where there is none."""
    size = int(groups.max()) + 1 if len(groups) else 0
    least = np.full(size, np.inf)
    rows = np.flatnonzero(among & ~np.isnan(values))
    np.minimum.at(least, groups[rows], values[rows])
    return np.where(np.isinf(least[groups]), np.nan, least[groups]) if size else values


def varies(table: Table, name: str, within: Sequence[str], missing_counts: bool) -> Mask:
    """Records whose value differs from that of the first record of their group.

    missing_counts: a missing value is one that differs, else records without a value are left out.
    """
    groups = table.groups(within)
    codes = codes_of(table.column(name))
    among = np.ones(table.n, dtype=bool) if missing_counts else codes > 0
    first = first_in_group(groups, among)
    return np.asarray(among & (codes != codes[first]))
