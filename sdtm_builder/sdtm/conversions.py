"""Conversions between units: the study's, a test's own factor, and the packaged table, composed exactly."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from ..model import Conversion, TestSpec

APART = Fraction(1, 20)
"""A test's own factor that is further than this share from the known conversion was meant for another unit."""

_NUMBER = re.compile(r"-?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,2})?|-?[0-9]{1,40}/0*[1-9][0-9]{0,39}")


@dataclass(frozen=True, slots=True)
class Linear:
    """standard = collected x factor + offset."""

    factor: Fraction = Fraction(1)
    offset: Fraction = Fraction(0)

    def then(self, other: Linear) -> Linear:
        """This, and the other of its result."""
        return Linear(self.factor * other.factor, self.offset * other.factor + other.offset)

    def back(self) -> Linear:
        """The way back."""
        return Linear(1 / self.factor, -self.offset / self.factor)


SAME = Linear()


@dataclass(frozen=True)
class Table:
    """The packaged conversions.

    families : unit -> (base unit of its family, conversion into it); holds for every test
    tests : test code -> (from, to, conversion) that hold for that test, as mass to amount of substance
    """

    families: dict[str, tuple[str, Linear]]
    tests: dict[str, list[tuple[str, str, Linear]]]

    def general(self, source: str, target: str) -> Linear | None:
        """The conversion within one family of units."""
        if source == target:
            return SAME
        base, into = self.families.get(source, (source, SAME))
        other, out = self.families.get(target, (target, SAME))
        return into.then(out.back()) if base == other else None

    def find(self, testcd: str, source: str, target: str) -> Linear | None:
        """The conversion for a test: within a family, or over one conversion of the test, either way."""
        plain = self.general(source, target)
        if plain is not None:
            return plain
        for left, right, linear in self.tests.get(testcd, ()):
            for start, middle, end in ((left, linear, right), (right, linear.back(), left)):
                first, last = self.general(source, start), self.general(end, target)
                if first is not None and last is not None:
                    return first.then(middle).then(last)
        return None


@cache
def packaged() -> Table:
    """The packaged table, read once."""
    table = Table({}, {})
    text = files(__package__).joinpath("data/conversions.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        linear = Linear(Fraction(row["factor"]), Fraction(row["offset"] or 0))
        for test in row["tests"].split():
            table.tests.setdefault(test, []).append((row["from"], row["to"], linear))
        if not row["tests"]:
            table.families[row["from"]] = (row["to"], linear)
    return table


@dataclass(frozen=True)
class Units:
    """Finds the conversion of a collected unit into the standard unit of a test.

    study : the study's conversions; term : a unit's text -> its term, or the text itself; known : whether a text is
    a unit of controlled terminology or declared by the study
    """

    study: Iterable[Conversion]
    term: Callable[[str], str]
    known: Callable[[str], bool]

    def find(self, test: TestSpec, unit: str) -> Linear | None:
        """The conversion, None if there is none; the first of these that fits:

        1. Collected and standard unit are the same: factor 1.
        2. A conversion of the study for these two units that names the test.
        3. The test's own factor, for a unit that is known; None if the study or the table knows these two units
           and differs by more than 5 %: then the factor was meant for another unit.
        4. A conversion of the study for these two units and all tests.
        5. The packaged table.
        """
        source, target = self.term(unit), self.term(test.unit)
        if source == target:
            return SAME
        named = self._of_study(test.testcd, source, target)
        if named is not None:
            return named
        general = self._of_study("", source, target) or packaged().find(test.testcd, source, target)
        own = _fraction(test.factor)
        if own is None or own <= 0:
            return general
        if general is not None and (general.offset or abs(own / general.factor - 1) > APART):
            return None
        return Linear(own) if self.known(unit) else None

    def _of_study(self, testcd: str, source: str, target: str) -> Linear | None:
        for one in self.study:
            fits = testcd in {t.text for t in one.tests} if testcd else not one.tests
            if fits and self.term(one.source.text) == source and self.term(one.target.text) == target:
                factor = _fraction(one.factor.text)
                offset = _fraction(one.offset.text) if one.offset is not None else Fraction(0)
                if factor is not None and factor > 0 and offset is not None:
                    return Linear(factor, offset)
        return None


def _fraction(text: str) -> Fraction | None:
    """A number as written, `17.104` or `5/9`; None if it is blank or no number."""
    return Fraction(text) if _NUMBER.fullmatch(text) else None
