"""Records of one side alone that are like one of the other side alone but for one key variable."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .match import key_codes, table_rows
from .table import Table

Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Alike:
    """Record numbers (from 0) of A and B whose keys differ in one variable alone, and in no other record so."""

    row_a: int
    row_b: int
    variable: str


def find_alike(a: Table, b: Table, keys: Sequence[str], only_a: Codes, only_b: Codes) -> list[Alike]:
    """Pairs that share all keys but one, where just one record of each side does; each record once, in the order of A.

    The last key is tried first: what tells least of the record is the likeliest to have changed.
    """
    found: list[Alike] = []
    if len(keys) < 2 or not len(only_a) or not len(only_b):
        return found
    for dropped in reversed(keys):
        rest = [k for k in keys if k != dropped]
        left, right, count = key_codes(table_rows(a, only_a, rest), table_rows(b, only_b, rest), rest)
        single = (np.bincount(left, minlength=count) == 1) & (np.bincount(right, minlength=count) == 1)
        place = np.full(count, -1, np.int64)
        place[right] = np.arange(len(only_b))
        hit = np.flatnonzero(single[left])
        partner = place[left[hit]]
        found += [
            Alike(int(one), int(two), dropped) for one, two in zip(only_a[hit], only_b[partner], strict=True)
        ]
        only_a, only_b = np.delete(only_a, hit), np.delete(only_b, partner)
    return sorted(found, key=lambda one: one.row_a)
