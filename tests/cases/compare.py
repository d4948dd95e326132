"""Compares a dataset with a published one: records found by their content, then every cell of every variable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

Key = tuple[Hashable, ...]


@dataclass(frozen=True)
class Difference:
    """One cell that differs: the record's key, our value and the published one (None: missing)."""

    key: Key
    ours: Hashable
    published: Hashable


@dataclass(frozen=True)
class Comparison:
    """What agrees and what does not.

    matched : records on both sides; `extra` keys of records that only we have, `lacking` that only the published have
    ambiguous : matched records whose key others share; they are paired in the order of their other values
    differences : variable -> its cells that differ; variables without any are not listed
    cells : cells compared, matched records times variables
    only_ours, only_published : variables of one side; missing on every record of the other
    """

    name: str
    matched: int
    cells: int
    extra: tuple[Key, ...] = ()
    lacking: tuple[Key, ...] = ()
    ambiguous: int = 0
    differences: Mapping[str, tuple[Difference, ...]] = field(default_factory=dict)
    only_ours: frozenset[str] = frozenset()
    only_published: frozenset[str] = frozenset()

    @property
    def differing(self) -> dict[str, int]:
        """Variable -> how many cells differ."""
        return {name: len(cells) for name, cells in self.differences.items()}

    def __str__(self) -> str:
        wrong = sum(self.differing.values())
        text = f"{self.name}: {self.matched} records matched"
        text += f", {len(self.extra)} only ours, {len(self.lacking)} only published"
        text += f"; {self.cells - wrong} of {self.cells} cells equal"
        return text + "".join(f"\n    {v}: {n}" for v, n in sorted(self.differing.items()))


def compare(
    name: str, ours: pd.DataFrame, published: pd.DataFrame, keys: Sequence[str], last: Sequence[str] = ()
) -> Comparison:
    """Match the records of two datasets on `keys` and compare their cells, those of a variable of one side too.

    Parameters
    ----------
    name : of the dataset, for the report
    keys : variables that identify a record by content; missing agrees with missing
    last : variables that say nothing of content (--SEQ): they pair records of equal keys only when nothing else does
    """
    mine, theirs = normal(ours), normal(published)
    shared = [v for v in mine.columns if v in theirs.columns]
    order = [*keys, *(v for v in shared if v not in {*keys, *last}), *(v for v in last if v in shared)]
    mine_at, theirs_at = _numbered(mine, keys, order), _numbered(theirs, keys, order)
    both = [k for k in mine_at if k in theirs_at]
    variables = [*mine.columns, *(v for v in theirs.columns if v not in shared)]
    left = mine.reindex(columns=variables).loc[[mine_at[k] for k in both]]
    right = theirs.reindex(columns=variables).loc[[theirs_at[k] for k in both]]
    differences = {v: _differences(_values(left[v]), _values(right[v]), both) for v in variables}
    crowd = Counter(k[:-1] for k in both)
    return Comparison(
        name,
        matched=len(both),
        cells=len(both) * len(variables),
        extra=tuple(k[:-1] for k in mine_at if k not in theirs_at),
        lacking=tuple(k[:-1] for k in theirs_at if k not in mine_at),
        ambiguous=sum(n for n in crowd.values() if n > 1),
        differences={v: cells for v, cells in differences.items() if cells},
        only_ours=frozenset(mine.columns) - frozenset(theirs.columns),
        only_published=frozenset(theirs.columns) - frozenset(mine.columns),
    )


def normal(frame: pd.DataFrame) -> pd.DataFrame:
    """Values as a SAS file can tell them apart: texts without blanks at the end, numbers, None for missing."""
    return pd.DataFrame({v: _values(frame[v]) for v in frame.columns}, dtype=object)


def with_parent(supp: pd.DataFrame, parent: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """A SUPP-- with its parents' content (`keys`, as PARENT.VAR) in place of IDVAR and IDVARVAL.

    Raises
    ------
    ValueError : a qualifier whose parent is not there, or is there several times
    """
    rows, parents = normal(supp), normal(parent)
    named = sorted(v for v in rows["IDVAR"].unique() if v is not None)
    if not named:
        return rows.drop(columns=["IDVAR", "IDVARVAL"])
    if len(named) > 1 or rows["IDVAR"].isna().any():
        raise ValueError(f"IDVAR is not one variable but {named}")
    index = [_text(v) for v in parents[named[0]]]
    looked_up = parents[["USUBJID", *keys]].assign(IDVARVAL=pd.Series(index, dtype=object))
    if looked_up.duplicated(["USUBJID", "IDVARVAL"]).any():
        raise ValueError(f"{named[0]} is not unique within subjects")
    found = {(s, i): k for s, i, *k in looked_up[["USUBJID", "IDVARVAL", *keys]].itertuples(index=False)}
    places = list(zip(rows["USUBJID"], rows["IDVARVAL"], strict=True))
    lost = [p for p in places if p not in found]
    if lost:
        raise ValueError(f"no parent for {lost[:3]}")
    made = rows.drop(columns=["IDVAR", "IDVARVAL"])
    for at, key in enumerate(keys):
        made[f"PARENT.{key}"] = pd.Series([found[p][at] for p in places], dtype=object)
    return made


def _numbered(frame: pd.DataFrame, keys: Sequence[str], order: Sequence[str]) -> dict[Key, int]:
    """Key and number within the key -> row; equal keys are numbered in the order of all values."""
    texts = frame[list(order)].map(lambda v: "" if v is None else f"{v:>20}")
    found: dict[Key, int] = {}
    seen: Counter[Key] = Counter()
    for row in texts.sort_values(list(order), kind="stable").index:
        key = tuple(frame.loc[row, list(keys)])
        seen[key] += 1
        found[(*key, seen[key])] = row
    return found


def _differences(ours: list[Hashable], published: list[Hashable], keys: Sequence[Key]) -> tuple[Difference, ...]:
    return tuple(Difference(key[:-1], a, b) for key, a, b in zip(keys, ours, published, strict=True) if a != b)


def _values(column: pd.Series) -> list[Hashable]:
    return [_value(v) for v in column]


def _value(value: object) -> Hashable:
    if value is None or value is pd.NA or value != value:
        return None
    if isinstance(value, str):
        return value.rstrip(" ") or None
    return float(value)  # type: ignore[arg-type]


def _text(value: Hashable) -> str:
    """A value as IDVARVAL has it."""
    return f"{value:g}" if isinstance(value, float) else str(value)
