"""Toxicity grades of laboratory results by criteria that are a table: ATOXGRL, ATOXGRH and their kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, Mark, Vector
from ..registry import (
    Column,
    Columns,
    Context,
    OneOf,
    OptionalColumn,
    OptionalColumns,
    TableRows,
    TableWanted,
    Take,
    derivation,
)
from ..standards.toxicity import criteria_names, criteria_table
from .criteria import Criterion, criteria_of, faults_of
from .rounding import significant

fault("toxicity-unit", "warning", "A test has toxicity criteria, but none in the unit of its values: no grade",
      "Convert the result, or bring criteria in this unit.")  # fmt: skip
fault("toxicity-ungraded", "warning", "A test without toxicity criteria in this direction",
      "Leave it out of the rule, or bring criteria for it.")  # fmt: skip

GRADES = ("0", "1", "2", "3", "4", "5")
_IN_PARAM = re.compile(r".*\(([^()]*)\)")
_DIGITS = 10
_NEAR = 1e-8  # no two numbers further apart, in relation to their size, are equal in 10 digits
Numbers = NDArray[np.float64]


def packaged(name: str) -> TableRows:
    """Packaged criteria by their name."""
    header, *rows = criteria_table(name)
    columns = {c: tuple(row[i] for row in rows) for i, c in enumerate(header)}
    return TableRows(name, columns, tuple(Mark(f"{name}.csv", at) for at in range(2, len(rows) + 2)))


def check_toxicity(arguments: Mapping[str, Any]) -> Iterable[tuple[str, int, str]]:
    """Faults of the arguments before data is read: (argument, row of a table or -1, message)."""
    table = arguments.get("criteria")
    if not isinstance(table, TableRows):
        return
    if table.word.startswith("raw."):
        return
    if table.word:
        if table.word not in criteria_names():
            hint = f"packaged are {', '.join(criteria_names())}; others are a csv or xlsx beside the specs"
            yield "criteria", -1, f"there are no criteria `{table.word}`: {hint}."
        table = packaged(table.word) if table.word in criteria_names() else TableRows("", {}, ())
    else:
        wrong = faults_of(table)
        yield from (("criteria", row, message) for row, message in wrong)
        if any(row < 0 for row, _ in wrong):
            return
    direction = str(arguments.get("direction"))
    if table.columns and criteria_of(table, direction).by_baseline:
        for one in ("baseline", "baseline_range"):
            if not arguments.get(one):
                yield "criteria", -1, f"grades of these criteria depend on the baseline: `toxicity` needs `{one}`."


@derivation(
    "toxicity",
    kind=Kind.TEXT,
    check=check_toxicity,
    method=(
        "Toxicity {take} of {value} by the numeric criteria of {criteria} in the {direction} direction for the "
        "parameter and unit, with the limits of the range {range}[; where a grade depends on the baseline {baseline}, "
        "abnormal by {baseline_range}]. The highest grade that holds; 0 if none does; missing if a limit that a higher "
        "grade needs is missing. Values and limits are compared after rounding to 10 significant digits."
    ),
)
def toxicity(
    ctx: Context,
    value: Column,
    criteria: TableWanted,
    direction: Annotated[str, Take.TEXT, OneOf(("low", "high"))],
    range_: Columns = ("ANRLO", "ANRHI"),  # type: ignore[assignment]
    baseline: OptionalColumn = None,
    baseline_range: OptionalColumn = None,
    by: Column = "PARAMCD",  # type: ignore[assignment]
    unit: OptionalColumns = ("AVALU", "PARAM"),  # type: ignore[assignment]
    take: Annotated[str, Take.TEXT, OneOf(("grade", "term"))] = "grade",
    unmatched: Annotated[str, Take.TEXT, OneOf(("ok", "issue"))] = "ok",
) -> Vector:
    """Toxicity grade of a laboratory result, as text 0 to 5, in one direction.

    Arguments
    ---------
    value : the result, AVAL.
    criteria : `CTCAE-5.0`, which is packaged; or criteria with the same columns: a csv or xlsx beside the specs,
        `raw.X`, or `{table: [[...], ...]}`, the first row the names.
    direction : `low` or `high`.
    range : low and high limit of the record's own range, LLN and ULN; not said: `[ANRLO, ANRHI]`.
    baseline : the baseline result, BASE, for grades that are multiples of it.
    baseline_range : the baseline's range indicator, BNRIND: a baseline is abnormal in the direction `high` if it is
        HIGH, in the direction `low` if it is LOW; else, and without baseline, it is normal.
    by : the parameter that chooses the criteria; not said: PARAMCD.
    unit : a variable with the unit of the result; not said: AVALU, and in a dataset without it the text in the last
        parentheses of PARAM.
    take : `grade` (not said), or `term`: the term that the criteria grade in this direction, for ATOXDSCL, ATOXDSCH.
    unmatched : `issue` tells parameters that have no criteria in this direction; not said: `ok`.

    Criteria
    --------
    One row for each range of a grade: PARAMCD, term, direction, unit (alternatives between bars, `*` for any), baseline
    (`normal`, `abnormal`, blank for either), grade, the bounds `above`, `at_least`, `below`, `at_most`, source, note.
    A bound is a number, or LLN, ULN or BASE, perhaps multiplied before (`1.5*ULN`) and added to after (`ULN+20`); two
    bounds of one side stand with `;` between them, and both must hold. Several rows of one grade are alternatives.

    Derivation, the first case that fits:
    1. The result is missing, or its parameter has no criteria in this direction: missing.
    2. It has criteria, but none in the unit of the result: missing, and an issue.
    3. The grade is the highest one of which a row holds. A row whose `baseline` is not that of the record does not
       hold; nor does one that takes a bound from a missing baseline. Result and bounds are compared after rounding
       both to 10 significant digits.
    4. A limit (LLN, ULN) is missing that a row of a higher grade needs, unless its other bounds deny it: missing.
    5. No row holds: 0.

    The packaged CTCAE-5.0 has the numeric part alone, in SI and in conventional units. Clinical clauses (symptoms,
    interventions, transfusion, bleeding, anticoagulation, life-threatening consequences) are not used: the column
    `note` of its rows says which. Where one numeric range serves two grades the lower is given (potassium and sodium
    low, urate).

    Issues: `toxicity-unit` (case 2), `toxicity-ungraded` (if asked for).

    Example: `ATOXGRL: {toxicity: AVAL, criteria: CTCAE-5.0, direction: low, baseline: BASE, baseline_range: BNRIND}`.
    Haemoglobin with LLN 115: 114 g/L gives 1, 100 gives 1, 99 gives 2, 79 gives 3, 115 gives 0.

    Source: CTCAE v5.0 (NCI, 27 November 2017); ADaMIG 1.3, BDS: ATOXGRL, ATOXGRH, ATOXDSCL, ATOXDSCH.
    """
    table = packaged(criteria.word) if criteria.word and not criteria.columns else criteria
    if criteria.word.startswith("raw."):
        wrong = faults_of(table)
        for row, message in wrong:
            told = f"{criteria.word}, record {row + 1}: {message}" if row >= 0 else f"{criteria.word}: {message}"
            ctx.issue("bad-argument", np.arange(min(ctx.n, 1)), told)
        if any(row < 0 for row, _ in wrong):
            return Vector.missing_of(Kind.TEXT, ctx.n)
    found = criteria_of(table, direction)
    if take == "term":
        return by.map_texts(found.terms.get)
    grades = np.full(ctx.n, -1, dtype=np.int8)
    ends = [_numbers(column) for column in range_]
    low, high = (*ends, np.full(ctx.n, np.nan), np.full(ctx.n, np.nan))[:2]
    abnormal = _abnormal(baseline_range, "LOW" if direction == "low" else "HIGH", ctx.n)
    columns = {"": value.data, "LLN": low, "ULN": high, "BASE": _numbers(baseline) if baseline else low * np.nan}
    for code, unit_text, rows in _groups(by, _unit(unit, ctx.n), value.present()):
        wanted = found.find(code, unit_text)
        if wanted:
            part = {name: column[rows] for name, column in columns.items()}
            grades[rows] = graded(wanted, part, abnormal[rows])
        elif code in found.parameters:
            told = f"has no criteria in the unit `{unit_text}`" if unit_text else "needs a unit, and has none"
            ctx.issue("toxicity-unit", rows, f"{code} {told}.")
        elif unmatched == "issue":
            ctx.issue("toxicity-ungraded", rows, f"{code} has no criteria in the direction {direction}.")
    return Vector.of_codes(grades, GRADES)


def graded(
    criteria: Iterable[Criterion], columns: Mapping[str, Numbers], abnormal: NDArray[np.bool_]
) -> NDArray[np.int8]:
    """The grade of each record, -1 where it cannot be known; `columns` has the result under "", LLN, ULN and BASE."""
    value = columns[""]
    best = np.zeros(len(value), dtype=np.int8)
    open_ = np.zeros(len(value), dtype=np.int8)
    for one in criteria:
        fits = np.ones(len(value), dtype=bool) if not one.baseline else abnormal == (one.baseline == "abnormal")
        if one.needs("BASE"):
            fits &= ~np.isnan(columns["BASE"])
        sure = fits.copy()
        for bound in one.bounds:
            limit = columns[bound.of] * bound.times + bound.plus if bound.of else np.full(len(value), bound.plus)
            holds = _holds(bound.side, value, limit)
            fits &= holds | np.isnan(limit)
            sure &= holds
        best[sure] = np.maximum(best[sure], one.grade)
        open_[fits & ~sure] = np.maximum(open_[fits & ~sure], one.grade)
    return np.where(open_ > best, -1, best).astype(np.int8)


def _holds(side: str, value: Numbers, limit: Numbers) -> NDArray[np.bool_]:
    """Where a value is on its side of a limit, both rounded to 10 significant digits, which matters for near ones."""
    holds = _compared(side, value, limit)
    near = np.flatnonzero(np.abs(value - limit) <= _NEAR * np.abs(limit))
    if len(near):
        holds[near] = _compared(side, significant(value[near], _DIGITS), significant(limit[near], _DIGITS))
    return holds


def _compared(side: str, value: Numbers, limit: Numbers) -> NDArray[np.bool_]:
    if side == "above":
        return np.asarray(value > limit)
    if side == "at_least":
        return np.asarray(value >= limit)
    return np.asarray(value < limit if side == "below" else value <= limit)


def _numbers(column: Vector) -> Numbers:
    return np.asarray(column.data, dtype=np.float64)


def _abnormal(indicator: Vector | None, word: str, n: int) -> NDArray[np.bool_]:
    """Where the baseline is beyond its range in this direction."""
    if indicator is None:
        return np.zeros(n, dtype=bool)
    return np.array([text == word for text in indicator.distinct()] + [False])[indicator.data]


def _unit(unit: OptionalColumns, n: int) -> Vector:
    """The unit of each record: a variable as it is, of PARAM what stands in its last parentheses."""
    for name, column in unit.items():
        if name == "PARAM":
            return column.map_texts(lambda text: found[1].strip() if (found := _IN_PARAM.fullmatch(text)) else None)
        return column
    return Vector.missing_of(Kind.TEXT, n)


def _groups(by: Vector, unit: Vector, present: NDArray[np.bool_]) -> Iterable[tuple[str, str, NDArray[np.int64]]]:
    """PARAMCD, unit and rows of all records that have both in common."""
    codes, units = by.distinct(), [*unit.distinct(), ""]
    rows = np.flatnonzero(present & by.present())
    both = by.data[rows].astype(np.int64) * len(units) + np.where(unit.data[rows] < 0, len(units) - 1, unit.data[rows])
    order = np.argsort(both, kind="stable")
    distinct, starts = np.unique(both[order], return_index=True)
    if not len(rows):
        return
    for key, part in zip(distinct, np.split(rows[order], starts[1:]), strict=True):
        yield str(codes[key // len(units)]), str(units[key % len(units)]), part
