"""Criteria of toxicity grades as a table: reading its rows, and telling what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ..registry import TableRows

COLUMNS = (
    "PARAMCD", "term", "direction", "unit", "baseline", "grade", "above", "at_least", "below", "at_most",
    "source", "note",
)  # fmt: skip
NEEDED = ("PARAMCD", "direction", "unit", "grade")
SIDES = ("above", "at_least", "below", "at_most")
ANY_UNIT = "*"
_BOUND = re.compile(r"(?:(?P<times>\d+(?:\.\d+)?)\s*\*\s*)?(?P<of>LLN|ULN|BASE)(?:\s*\+\s*(?P<plus>\d+(?:\.\d+)?))?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CODE = re.compile(r"[A-Z_][A-Z0-9_]{0,7}")


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of a grade's range: times x of + plus; `of` is LLN, ULN, BASE, or "" for the number `plus` alone."""

    side: str
    of: str
    times: float
    plus: float


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row: its grade holds where all its bounds do; `baseline` is normal, abnormal, or "" for either."""

    grade: int
    baseline: str
    bounds: tuple[Bound, ...]

    def needs(self, of: str) -> bool:
        """Whether a bound is taken from LLN, ULN or BASE."""
        return any(bound.of == of for bound in self.bounds)


@dataclass(frozen=True)
class Criteria:
    """The rows of one direction, by PARAMCD and by unit (`*`: whatever the unit), and the term of each PARAMCD."""

    rows: Mapping[tuple[str, str], tuple[Criterion, ...]]
    terms: Mapping[str, str]

    @property
    def parameters(self) -> frozenset[str]:
        """Every PARAMCD that has criteria in this direction."""
        return frozenset(code for code, _ in self.rows)

    def find(self, paramcd: str, unit: str) -> tuple[Criterion, ...]:
        """The rows for a PARAMCD and the unit of its values; none where it has no criteria in that unit."""
        return self.rows.get((paramcd, ANY_UNIT)) or self.rows.get((paramcd, unit)) or ()

    @property
    def by_baseline(self) -> bool:
        """Whether any grade depends on whether the baseline is normal."""
        return any(row.baseline for rows in self.rows.values() for row in rows)


def criteria_of(table: TableRows, direction: str) -> Criteria:
    """The criteria of one direction; rows that are not sound are left out (`faults_of` tells them)."""
    found: dict[tuple[str, str], list[Criterion]] = {}
    terms: dict[str, str] = {}
    for row in _rows(table):
        if row.get("direction") == direction and not any(_row_faults(row)):
            terms.setdefault(row["PARAMCD"], row.get("term", ""))
            made = Criterion(int(row["grade"]), row.get("baseline", ""), _bounds(row))
            for unit in units_of(row["unit"]):
                found.setdefault((row["PARAMCD"], unit), []).append(made)
    return Criteria({key: tuple(rows) for key, rows in found.items()}, terms)


def faults_of(table: TableRows) -> list[tuple[int, str]]:
    """What is wrong with criteria: (row of the table, -1 its header; message)."""
    lacking = [c for c in NEEDED if c not in table.columns]
    odd = [c for c in table.columns if c not in COLUMNS]
    if lacking or odd:
        told = f"the criteria lack {', '.join(lacking)}" if lacking else f"{', '.join(odd)} is no column of criteria"
        return [(-1, f"{told}; the columns are {', '.join(COLUMNS)}.")]
    rows = list(_rows(table))
    if not rows:
        return [(-1, "the criteria have no rows.")]
    return [(at, f"{told}.") for at, row in enumerate(rows) for told in _row_faults(row)] + list(_clashes(rows))


def units_of(cell: str) -> tuple[str, ...]:
    """The units of a cell: alternatives between bars, `*` for any; a blank cell is a test without unit."""
    return tuple(part.strip() for part in cell.split("|"))


def _rows(table: TableRows) -> Iterable[dict[str, str]]:
    return (dict(zip(table.columns, values, strict=True)) for values in zip(*table.columns.values(), strict=True))


def _row_faults(row: Mapping[str, str]) -> Iterable[str]:
    if not _CODE.fullmatch(row["PARAMCD"]):
        yield f"`{row['PARAMCD']}` is no PARAMCD"
    if row["direction"] not in ("low", "high"):
        yield f"direction is low or high, not `{row['direction']}`"
    if row.get("baseline", "") not in ("", "normal", "abnormal"):
        yield f"baseline is normal, abnormal or blank, not `{row['baseline']}`"
    if row["grade"] not in ("1", "2", "3", "4", "5"):
        yield f"grade is 1 to 5, not `{row['grade']}`"
    for side in SIDES:
        for text in _parts(row.get(side, "")):
            if not _BOUND.fullmatch(text) and not _NUMBER.fullmatch(text):
                yield f"`{text}` is no bound: a number, LLN, ULN or BASE, perhaps `1.5*` before and `+20` after it"
    if not any(row.get(side) for side in SIDES):
        yield f"grade {row['grade']} has no bound"
    lows = [float(t) for s in SIDES[:2] for t in _parts(row.get(s, "")) if _NUMBER.fullmatch(t)]
    highs = [float(t) for s in SIDES[2:] for t in _parts(row.get(s, "")) if _NUMBER.fullmatch(t)]
    if lows and highs and max(lows) >= min(highs):
        yield f"no value is between {max(lows):g} and {min(highs):g}"


def _clashes(rows: Sequence[Mapping[str, str]]) -> Iterable[tuple[int, str]]:
    """Rows that stand twice, and `*` beside rows of a named unit."""
    seen: set[tuple[str, ...]] = set()
    any_unit = {(r["PARAMCD"], r["direction"]) for r in rows if ANY_UNIT in units_of(r["unit"])}
    for at, row in enumerate(rows):
        units = units_of(row["unit"])
        if (row["PARAMCD"], row["direction"]) in any_unit and units != (ANY_UNIT,):
            yield at, f"{row['PARAMCD']} {row['direction']} has rows for any unit (*) and for `{row['unit']}`."
        same = [(row["PARAMCD"], row["direction"], unit, row.get("baseline", ""), row["grade"],
                 *(row.get(side, "") for side in SIDES)) for unit in units]  # fmt: skip
        if any(key in seen for key in same):
            yield at, f"the row of {row['PARAMCD']} {row['direction']} grade {row['grade']} stands twice."
        seen.update(same)


def _bounds(row: Mapping[str, str]) -> tuple[Bound, ...]:
    return tuple(_bound(side, text) for side in SIDES for text in _parts(row.get(side, "")))


def _bound(side: str, text: str) -> Bound:
    found = _BOUND.fullmatch(text)
    if found is None:
        return Bound(side, "", 0.0, float(text))
    return Bound(side, found["of"], float(found["times"] or 1), float(found["plus"] or 0))


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
