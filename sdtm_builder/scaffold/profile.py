"""Raw tables described: rows, what makes a row unique, and each column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..issues import Issue
from ..model import RawTable
from .columns import ColumnProfile, describe
from .tables import Table
from .terms import CtIndex

PAIRED = 40
"""So many columns, those with the most distinct values, are tried in pairs."""
LONG = 200_000
"""In longer tables a pair must hold one of the columns that look like the subject."""


@dataclass(frozen=True, slots=True)
class TableProfile:
    """A table: rows as read, keys (single columns, pairs) that make each row unique, columns, what was assumed."""

    name: str
    file: str
    sheet: str
    header: tuple[str, ...]
    rows: int
    left_out: int
    keys: tuple[tuple[str, ...], ...]
    repeated_rows: int
    columns: tuple[ColumnProfile, ...]
    notes: tuple[str, ...]

    def role(self, role: str) -> tuple[str, ...]:
        """Columns that may be the subject or the visit."""
        return tuple(c.name for c in self.columns if role in c.roles)


@dataclass(frozen=True, slots=True)
class Profile:
    """All tables, the issues of reading, and the release of terminology asked."""

    tables: tuple[TableProfile, ...]
    issues: tuple[Issue, ...]
    ct: str


def profile_tables(tables: Sequence[Table], issues: Sequence[Issue], index: CtIndex) -> Profile:
    """Describe tables."""
    made = tuple(profile_table(table, index) for table in tables)
    return Profile(made, tuple(issues), index.package.version)


def profile_table(table: Table, index: CtIndex) -> TableProfile:
    """Describe one table."""
    raw = table.raw
    columns = tuple(describe(table, name, index) for name in raw.columns)
    subjects = [c.name for c in columns if "subject" in c.roles]
    whole = _unique_rows(raw, raw.columns)
    return TableProfile(
        table.name, table.file, table.sheet, table.source.header, len(raw), int(raw.facts.get("read", 0)) - len(raw),
        keys_of(raw, subjects), len(raw) - whole, columns, table.notes,
    )  # fmt: skip


def keys_of(raw: RawTable, subjects: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Columns that are filled and unique on every row; else pairs of filled columns that are."""
    n = len(raw)
    if n < 2:
        return ()
    codes = {name: _codes(raw, name) for name in raw.columns if raw.texts[name].present().all()}
    sizes = {name: int(c.max()) + 1 for name, c in codes.items()}
    singles = [(name,) for name in codes if sizes[name] == n]
    rest = sorted((name for name in codes if 1 < sizes[name] < n), key=lambda c: -sizes[c])[:PAIRED]
    pairs = []
    order = list(raw.columns)
    for a, b in combinations(sorted(rest, key=order.index), 2):
        if sizes[a] * sizes[b] < n or (n > LONG and a not in subjects and b not in subjects):
            continue
        if len(np.unique(codes[a] * sizes[b] + codes[b])) == n:
            pairs.append((a, b))
    pairs.sort(key=lambda p: (not any(c in subjects for c in p), order.index(p[0]), order.index(p[1])))
    return (*singles, *pairs)


def _codes(raw: RawTable, name: str) -> NDArray[np.int64]:
    return np.unique(raw.texts[name].data, return_inverse=True)[1].astype(np.int64)


def _unique_rows(raw: RawTable, names: Sequence[str]) -> int:
    """How many different rows there are in some columns."""
    if not len(raw) or not names:
        return 0
    codes = np.zeros(len(raw), dtype=np.int64)
    for name in names:
        own = _codes(raw, name)
        codes = np.unique(codes * (int(own.max()) + 1) + own, return_inverse=True)[1].astype(np.int64)
    return int(codes.max()) + 1


def is_unique(raw: RawTable, names: Sequence[str]) -> bool:
    """Whether these columns together tell every row from every other."""
    return _unique_rows(raw, names) == len(raw)


def as_data(profile: Profile) -> dict[str, Any]:
    """The profile as JSON has it; coverage of codelists included."""
    tables = []
    for table in profile.tables:
        made = asdict(table)
        for column, described in zip(made["columns"], table.columns, strict=True):
            for found, candidate in zip(column["codelists"], described.codelists, strict=True):
                found["coverage"] = round(candidate.coverage, 4)
            column["values"] = [{"value": v, "rows": n} for v, n in described.values]
            column["misfits"] = [{"value": v, "rows": n} for v, n in described.misfits]
        tables.append(made)
    issues = [{"rule": i.rule, "severity": i.severity.value, "message": i.message,
               "places": [str(p) for p in i.locations], "value": i.value} for i in profile.issues]  # fmt: skip
    return {"ct": f"sdtm {profile.ct}", "tables": tables, "issues": issues}
