"""Standard results of Findings: --STRESC, --STRESN, --STRESU, --STNRLO, --STNRHI."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..issues import fault
from ..model import Kind, ListNode, Scalar, TestSpec, Vector
from ..model.distinct import distinct_codes
from ..registry import Column, Context, OneOf, OptionalColumn, Take, derivation
from ..values.fold import fold
from .columns import as_text
from .conversions import SAME, Linear, Units
from .results import Converter, Result, plain, read_results

fault("result-limit", "note", "A result below or above a limit of the assay: no numeric result")
fault("unit-missing", "error", "A result without a unit, of a test that has one: no standard result",
      "Give the unit in the mapping, or ask the laboratory.")  # fmt: skip
fault("unit-implausible", "error", "A result that its unit makes implausible, and that the standard unit would not",
      "Ask the laboratory for the unit of the result.")  # fmt: skip
fault(
    "value-impossible", "error", "A standard result that cannot be: no numeric result", "Correct the data by a query."
)

fault("number-in-text", "warning", "A number within another text beside a unit: no numeric result",
      "If results of the test are numbers, give it a unit or digits in `tests`; if this is a term, a codelist.")
WITH_NUMBER = "number-unreadable with a number"
"""A text whose number is not read; told as `number-unreadable`."""
_DIGIT = re.compile(r"[0-9]")
UNIT_LISTS = ("UNIT", "VSRESU", "PKUNIT")
KINDS = {"text": Kind.TEXT, "number": Kind.NUMBER, "unit": Kind.TEXT, "low": Kind.NUMBER, "high": Kind.NUMBER}


@derivation(
    "standard_result",
    kinds=KINDS,
    method=(
        "Standard {what} of {result} by the test in {test}: the collected value converted from {unit} to the standard "
        "unit of the test, rounded half up to the decimals of the test, without trailing zeros; a result below or "
        "above a limit keeps its sign and has no numeric result; other texts stay, or become terms of the test's "
        "codelist; missing where the unit does not convert, or a number in another text can't be read."
    ),
)
def standard_result(
    ctx: Context,
    what: Annotated[str, Take.TEXT, OneOf(tuple(KINDS))],
    result: Column = "--ORRES",  # type: ignore[assignment]
    test: Column = "--TESTCD",  # type: ignore[assignment]
    unit: OptionalColumn = "--ORRESU",  # type: ignore[assignment]
    low: OptionalColumn = "--ORNRLO",  # type: ignore[assignment]
    high: OptionalColumn = "--ORNRHI",  # type: ignore[assignment]
    status: OptionalColumn = "--STAT",  # type: ignore[assignment]
) -> Vector:
    """Result, unit and limits of the reference range in the standard unit of the test.

    Arguments
    ---------
    what : `text` (--STRESC), `number` (--STRESN), `unit` (--STRESU), `low` (--STNRLO) or `high` (--STNRHI).
    result : the result as collected; default `--ORRES`.
    test : the test code, by which `tests` of the dataset says `unit`, `digits`, `factor`, `limits`, `possible`
        and `codelist`; default `--TESTCD`.
    unit : the unit as collected; default `--ORRESU`.
    low, high : the limits of the reference range as collected; default `--ORNRLO`, `--ORNRHI`.
    status : where it has a value (NOT DONE) there is no standard result; default `--STAT`.

    The conversion; the first that fits:
    1. The test has no `unit`, or it is the collected one: nothing is converted.
    2. A conversion of the study for the two units that names the test.
    3. The test's own `factor`, if the collected unit is a known one; if the study or the packaged table knows the
       two units and differs from it by more than 5 %, none fits.
    4. A conversion of the study for the two units and all tests.
    5. The packaged table: prefixes, pounds, inches, degrees Fahrenheit, mass to amount of substance of an analyte.
    6. Else none fits.

    The result; the first case that fits:
    1. The result is missing, or `status` is there: all missing.
    2. The test has a `codelist` and neither `unit` nor `digits`: the text is the term, the number is that of the
       term if it is one. A text that is no term is missing if the codelist is closed, else it stays.
    3. A number, or a limit such as `<1.5`, of a test with a `unit`, that was collected without a unit or with one
       that no conversion fits: all missing.
    4. A number: number x factor + offset in exact arithmetic, rounded once, half up, to at most `digits` decimals
       (without `digits`: as collected, or 15 significant digits if converted), written without trailing zeros.
       Outside `limits` it stays: if it was converted, and the number as collected lies inside, its unit is in doubt
       (`unit-implausible`); outside `possible` the text stays and the number is missing.
    5. A limit, `<`, `<=`, `>` or `>=` with a number: the sign and the number converted as in case 4; the number is
       missing.
    6. Another text: the text is the term of the test's `codelist`, if it has one; else the term of the codelist of
       --STRESC that it is or is a synonym of.
    7. Another text with a digit in it (`0.9 H`, `12,5`), of a test with a `unit` or `digits`, that no codelist of the
       test has: all missing, since the number in it was not converted. Such a record is no last result before a
       date either. Without `unit` and `digits` the text stays, and is told if it was collected with a unit.
    8. Another text: as collected (`POSITIVE`, `HEMOLYZED`).
    In 6 and 8 the number is missing, and the unit stays if it converts. A text that is a result of a test with numbers
    belongs into the `codelist` of the test; one that says why there is none belongs into --STAT and --REASND.

    The limits of the range are converted and rounded as the number is, whether or not there is a result.

    Issues: `unit-missing`, `unit-unknown` (case 3), `result-limit` (case 5), `number-format` (a number with an
    exponent), `value-implausible`, `unit-implausible`, `value-impossible` (case 4), `number-unreadable` (case 7,
    and case 8 for a test with `unit` or `digits`; a limit of the range that is no number), `number-in-text` (case 7
    without them), `ct-miss`, `ct-extension` (a text that is no term).

    Example: `LBSTRESN: {standard_result: number}`. With `tests: {BILI: {unit: umol/L, digits: 1}}`, 0.6 mg/dL is
    10.3 umol/L, <0.1 mg/dL is <1.7 without a number.

    Source: SDTMIG 3.4 section 4.5.1; CG0397, CG0426, FB3102; conversions with their sources in
    sdtm/data/conversions.csv.
    """
    units = as_text(unit) if unit is not None else None
    tests = ctx.once("tests", (test, unit), lambda: _Tests.of(ctx, as_text(test), units))
    if what in ("low", "high"):
        column = low if what == "low" else high
        return Vector.missing_of(Kind.NUMBER, ctx.n) if column is None else _limit(ctx, what, tests, as_text(column))
    done = as_text(result) if status is None else as_text(result).where(~status.present())
    found = ctx.once("results", (result, test, unit, status), lambda: _Results.of(tests, done))
    return _standard(ctx, what, tests, found, done, units)


Finder = Callable[[str], tuple[str | None, str]]


class Test(NamedTuple):
    """A test with a collected unit: what the study says, the conversion, or the fault that it has none."""

    spec: TestSpec | None
    code: str
    unit: str
    fault: str
    convert: Converter | None
    codelist: Finder | None
    closed: bool
    terms: Finder | None  # of --STRESC, for a test without a codelist of its own

    @property
    def numeric(self) -> bool:
        """Whether the study says that results are numbers."""
        return self.spec is not None and (bool(self.spec.unit) or self.spec.digits is not None)


class _Tests(NamedTuple):
    """The distinct tests with their collected units, and which of them each record has."""

    tests: list[Test]
    of_record: NDArray[np.int64]

    @staticmethod
    def of(ctx: Context, codes: Vector, units: Vector | None) -> _Tests:
        finder = _units(ctx)
        width = (len(units.distinct()) if units is not None else 0) + 1
        unit_codes = units.data if units is not None else np.full(ctx.n, -1, dtype=np.int32)
        pairs, which = distinct_codes((codes.data.astype(np.int64) + 1) * width + unit_codes + 1)
        names = ["", *codes.distinct().tolist()]
        collected = ["", *(units.distinct().tolist() if units is not None else [])]
        made = [_test(ctx, finder, names[p // width], collected[p % width]) for p in pairs.tolist()]
        return _Tests(made, which.astype(np.int64))


def _units(ctx: Context) -> Units:
    lists = [found for found in map(ctx.codelist, UNIT_LISTS) if found is not None]

    def term(unit: str) -> str:
        ways = [found.find(unit) for found in lists]
        if any(how == "term" for _, how in ways):
            return unit
        return next((found for found, how in ways if how != "miss" and found), unit)

    def known(unit: str) -> bool:
        return any(found.find(unit)[1] != "miss" for found in lists)

    return Units(ctx.study.conversions, term, known)


def _test(ctx: Context, finder: Units, code: str, unit: str) -> Test:
    spec = ctx.tests.get(code)
    linear: Linear | None = SAME
    standard, broken = unit, ""
    if spec is not None and spec.unit:
        standard = spec.unit
        linear = finder.find(spec, unit) if unit else None
        broken = "" if linear is not None else "unit-unknown" if unit else "unit-missing"
    convert = None
    if linear is not None:
        convert = Converter(linear.factor, linear.offset, spec.digits if spec is not None else None)
    find, closed = _codelist(ctx, spec)
    own = ctx.codelist_of(f"{ctx.domain}STRESC")
    return Test(spec, code, standard, broken, convert, find, closed, None if own is None else own.find)


def _codelist(ctx: Context, spec: TestSpec | None) -> tuple[Finder | None, bool]:
    node = spec.codelist if spec is not None else None
    if isinstance(node, ListNode):
        terms = {one.text for one in node if isinstance(one, Scalar)}
        return (lambda text: (text, "term") if text in terms else (None, "miss")), True
    found = ctx.codelist(node.text) if isinstance(node, Scalar) else None
    return (None, False) if found is None else (found.find, not found.extensible)


class _Standard(NamedTuple):
    """A standard result; `unit` says whether it has the unit, `rule` what is to be reported."""

    text: str | None = None
    number: float = np.nan
    unit: bool = False
    rule: str = ""


def _result(test: Test, text: str, read: Result) -> _Standard:
    """The standard result of one text of a test."""
    if test.codelist is not None and (not test.numeric or read.number is None):
        return _of_codelist(test, text)
    if read.number is None:
        term, how = test.terms(text) if test.terms is not None else (None, "miss")
        if how != "miss":
            return _Standard(term, unit=not test.fault)
        return _other_text(test, text)
    if test.convert is None:
        return _Standard(rule=test.fault)
    value = test.convert(read.number)
    if read.sign:
        return _Standard(read.sign + plain(value), unit=True, rule="result-limit")
    rule = _bounds_rule(test.spec, value)
    if rule == "value-implausible" and not test.convert.same and not _bounds_rule(test.spec, read.number):
        rule = "unit-implausible"
    if not rule and "E" in fold(text).upper():
        rule = "number-format"
    return _Standard(plain(value), np.nan if rule == "value-impossible" else float(value), True, rule)


def _other_text(test: Test, text: str) -> _Standard:
    """A text that is no number and no term; beside a digit the unit would speak of a number that nobody read."""
    number = _DIGIT.search(fold(text)) is not None
    if test.numeric:
        return _Standard(rule=WITH_NUMBER) if number else _Standard(text, unit=not test.fault, rule="number-unreadable")
    return _Standard(text, unit=not test.fault, rule="number-in-text" if number and test.unit else "")


def _of_codelist(test: Test, text: str) -> _Standard:
    assert test.codelist is not None
    term, how = test.codelist(text)
    if how == "miss" and not test.closed:
        if test.numeric and _DIGIT.search(fold(text)):
            return _Standard(rule=WITH_NUMBER)
        return _Standard(text, unit=not test.fault, rule="ct-extension")
    if term is None:
        return _Standard(rule="ct-miss" if how == "miss" else "")
    read = read_results([term])[0]
    number = float(read.number) if read.number is not None and not read.sign and not test.numeric else np.nan
    return _Standard(term, number, not test.fault)


def _bounds_rule(spec: TestSpec | None, value: Decimal) -> str:
    for rule, bounds in (("value-impossible", spec and spec.possible), ("value-implausible", spec and spec.limits)):
        if bounds:
            low, high = (None if bound is None else Decimal(repr(bound)) for bound in bounds)
            if (low is not None and value < low) or (high is not None and value > high):
                return rule
    return ""


REPORTED = {
    "text": ("unit-missing", "unit-unknown", "ct-miss", "ct-extension"),
    "number": ("unit-missing", "unit-unknown", "result-limit", "number-unreadable", WITH_NUMBER,
               "number-in-text", "number-format", "value-implausible", "unit-implausible", "value-impossible"),
    "unit": (),
}  # fmt: skip
"""What each variable reports. A fault that takes away both text and number is reported with each in the same words."""


class _Results(NamedTuple):
    """The distinct tests with their results: code of each pair, standard result, and which of them each record has."""

    width: int
    pairs: list[int]
    made: list[_Standard]
    of_record: NDArray[np.int64]

    @staticmethod
    def of(tests: _Tests, results: Vector) -> _Results:
        texts = results.distinct()
        read = read_results(texts)
        width = len(read) + 1
        pairs, which = distinct_codes(tests.of_record * width + results.data + 1)
        made = [
            _result(tests.tests[p // width], texts[p % width - 1], read[p % width - 1]) if p % width else _Standard()
            for p in pairs.tolist()
        ]
        return _Results(width, pairs.tolist(), made, which)


def _standard(
    ctx: Context, what: str, tests: _Tests, found: _Results, results: Vector, units: Vector | None
) -> Vector:  # fmt: skip
    made, which = found.made, found.of_record
    rules = np.array([one.rule for one in made], dtype=object)
    for rule in REPORTED[what]:
        if (rules == rule).any():
            rows = np.flatnonzero((rules == rule)[which])
            _report(ctx, rule, rows, tests, units if rule == "unit-unknown" else results)
    which = which.astype(np.int32)
    if what == "number":
        return Vector.of_numbers(np.array([one.number for one in made])[which])
    if what == "text":
        return Vector.of_codes(which, [one.text for one in made])
    of_pair = zip(found.pairs, made, strict=True)
    texts = [tests.tests[p // found.width].unit if one.unit else None for p, one in of_pair]
    return Vector.of_codes(which, texts)


def _report(ctx: Context, rule: str, rows: NDArray[Any], tests: _Tests, values: Vector | None) -> None:
    """One call for each test among the rows, since the message names it."""
    which = tests.of_record[rows]
    for index in np.unique(which).tolist():
        about = ("unit",) if rule in ("unit-missing", "unit-unknown") else ("result",)
        ctx.issue(rule.partition(" ")[0], rows[which == index], _message(rule, tests.tests[index]), values, about)


def _message(rule: str, test: Test) -> str:
    if rule == "unit-missing":
        return f"A result of {test.code} has no unit, and the standard unit is {test.unit}."
    if rule == "unit-unknown":
        return f'The unit "{{value}}" of {test.code} does not convert to {test.unit}.'
    if rule == "result-limit":
        return f'The result "{{value}}" of {test.code} is a limit.'
    if rule == "number-format":
        return f'The result "{{value}}" of {test.code} is read as a number.'
    if rule == "number-unreadable":
        return f'The result "{{value}}" of {test.code} is no number.'
    if rule == WITH_NUMBER:
        return f'The result "{{value}}" of {test.code} is no number: no standard result.'
    if rule == "number-in-text":
        return f'The result "{{value}}" of {test.code} in {test.unit} holds a number that is not read.'
    if rule in ("ct-miss", "ct-extension"):
        return f'The result "{{value}}" is no term of the codelist of {test.code}.'
    assert test.spec is not None
    bounds = test.spec.possible if rule == "value-impossible" else test.spec.limits
    low, high = bounds or (None, None)
    shown = " to ".join("any" if bound is None else f"{bound:g}" for bound in (low, high))
    told = f'The result "{{value}}" of {test.code} is outside {shown} {test.unit}'.rstrip()
    return f"{told}; without its conversion it is not." if rule == "unit-implausible" else f"{told}."


def _limit(ctx: Context, what: str, tests: _Tests, column: Vector) -> Vector:
    """A limit of the range in the standard unit."""
    read = read_results(column.distinct())
    width = len(read) + 1
    pairs, which = distinct_codes(tests.of_record * width + column.data + 1)
    numbers, unread = np.full(len(pairs), np.nan), np.zeros(len(pairs), dtype=bool)
    for i, pair in enumerate(pairs.tolist()):
        test, one = tests.tests[pair // width], read[pair % width - 1] if pair % width else None
        if one is None:
            continue
        if one.number is None or one.sign:
            unread[i] = True
        elif test.convert is not None:
            numbers[i] = float(test.convert(one.number))
    if unread.any():
        message = 'The limit "{value}" of the reference range is no number.'
        ctx.issue("number-unreadable", np.flatnonzero(unread[which]), message, column, (what,))
    return Vector.of_numbers(numbers[which])
