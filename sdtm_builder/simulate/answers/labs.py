"""Baseline and worst CTCAE grades of the local laboratories' tests, and of calcium corrected for albumin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from ..labtests import LAB_TESTS, LabTest
from ..rng import half_up
from ..tables import Row
from .cells import Tables, day_of, moment_of, text_of
from .course import LAB_DATES, Person
from .ctcae import Base, Limits, grade_high, grade_low

RANGES = "参考范围"
LAB_ANSWERS_NEED = frozenset({*LAB_DATES, RANGES, "DM"})
FOLLOWED = timedelta(days=365)
UREA_NITROGEN = "UREAN"
CALCIUM, ALBUMIN, CORRECTED = "CA", "ALB", "CACORR"
HEADERS = {(lab, test.header_b if lab else test.header_a): test for lab in (False, True) for test in LAB_TESTS}


@dataclass(frozen=True)
class Result:
    """One result in the standard unit, with its limits and LOW, NORMAL or HIGH as collected."""

    test: str
    at: datetime
    value: Decimal
    limits: Limits
    indicator: str | None


def lab_answers(tables: Tables, person: Person, infusion: datetime) -> dict[str, dict[str, Any]]:
    """By test: last result before the infusion, worst grades after it to 365 days, in both directions."""
    found: dict[str, list[Result]] = {}
    for one in _results(tables, person):
        found.setdefault(one.test, []).append(one)
    return {test: _answer(sorted(results, key=lambda one: one.at), infusion) for test, results in found.items()}


def _answer(results: Sequence[Result], infusion: datetime) -> dict[str, Any]:
    before = [one for one in results if one.at < infusion]
    base = Base(before[-1].value, before[-1].indicator) if before else None
    last = infusion.date() + FOLLOWED
    after = [one for one in results if one.at > infusion and one.at.date() <= last]
    grades = [(grade_low(one.test, one.value, one.limits, base), grade_high(one.test, one.value, one.limits, base))
              for one in after]
    return {
        "BASE": base.value if base else None,
        "worst_grade_low": max((low for low, _ in grades if low is not None), default=None),
        "worst_grade_high": max((high for _, high in grades if high is not None), default=None),
    }


def _results(tables: Tables, person: Person) -> Iterator[Result]:
    demography = tables.rows("DM", person.numbers[-1:])[0]
    sex, age = text_of(demography, "SEX"), int(text_of(demography, "AGE"))
    ranges = _Ranges(tables, sex, age)
    for sheet in LAB_DATES:
        lab_b = sheet.endswith("B")
        for row in tables.rows(sheet, person.numbers):
            at = moment_of(day_of(row.cells["采样日期"]), text_of(row, "采样时间"))
            if at is not None:
                yield from _sample(row, at, lab_b, ranges)


def _sample(row: Row, at: datetime, lab_b: bool, ranges: _Ranges) -> Iterator[Result]:
    found: dict[str, Result] = {}
    for column in row.cells:
        test = HEADERS.get((lab_b, column))
        text = text_of(row, column)
        if test is None or not text:
            continue
        value = Decimal(text)
        low, high = ranges.of(lab_b, column, at.date())
        code = UREA_NITROGEN if lab_b and test.code == "UREA" else test.code
        limits = Limits(_standard(test, low, lab_b), _standard(test, high, lab_b))
        standard = _standard(test, value, lab_b)
        assert standard is not None
        found[code] = Result(code, at, standard, limits, _indicator(value, low, high))
    yield from found.values()
    if CALCIUM in found and ALBUMIN in found:
        calcium = found[CALCIUM]
        corrected = calcium.value + Decimal("0.02") * (40 - found[ALBUMIN].value)
        yield Result(CORRECTED, at, half_up(corrected, 2), calcium.limits, None)


def _standard(test: LabTest, number: Decimal | None, lab_b: bool) -> Decimal | None:
    """In the standard unit, rounded as standard results are."""
    if number is None:
        return None
    return half_up(number * test.factor if lab_b else number, test.decimals[2])


def _indicator(value: Decimal, low: Decimal | None, high: Decimal | None) -> str | None:
    if low is not None and value < low:
        return "LOW"
    if high is not None and value > high:
        return "HIGH"
    return "NORMAL" if low is not None and high is not None else None


class _Ranges:
    """Ranges that fit a person's sex and age, by laboratory, header and day."""

    def __init__(self, tables: Tables, sex: str, age: int) -> None:
        self._found: dict[tuple[str, str], list[tuple[date, Decimal, Decimal]]] = {}
        for row in tables.book[RANGES].rows:
            young, old = text_of(row, "AGELO"), text_of(row, "AGEHI")
            if text_of(row, "SEX") not in (sex, "通用") or (young and age < int(young)) or (old and age > int(old)):
                continue
            begins = day_of(row.cells["EFFDAT"])
            assert begins is not None
            limits = (begins, Decimal(text_of(row, "LOW")), Decimal(text_of(row, "HIGH")))
            self._found.setdefault((text_of(row, "LAB"), text_of(row, "TEST")), []).append(limits)

    def of(self, lab_b: bool, header: str, day: date) -> tuple[Decimal | None, Decimal | None]:
        """The limits in force on a day, in the laboratory's own unit."""
        fits = [one for one in self._found.get(("LABB" if lab_b else "LABA", header), ()) if one[0] <= day]
        if not fits:
            return None, None
        _, low, high = max(fits)
        return low, high
