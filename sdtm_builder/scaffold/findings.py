"""Tests of a findings form: a column each (to transpose), or one column that names them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rapidfuzz import fuzz

from ..standards import Codelist, ig
from .columns import ColumnProfile
from .names import stem
from .profile import TableProfile
from .propose import SURE
from .terms import CtIndex, Match, match_in

_BRACKETS = re.compile(r"[(\[（]([^()\[\]（）]*)[)\]）]")
_NEAR = 90
_UNIT_MARKS = ("U", "UNIT", "UNITS", "ORRESU")


@dataclass(frozen=True, slots=True)
class TestColumn:
    """A column that holds the results of one test.

    `unit`: the term of its unit, "" if no head says one; `unit_column`: the column that holds the unit beside it.
    """

    __test__ = False
    testcd: str
    test: str
    column: ColumnProfile
    confidence: float
    evidence: tuple[str, ...]
    unit: str
    unit_column: str = ""

    @property
    def sure(self) -> bool:
        """Whether it stands as a rule."""
        return self.confidence >= SURE


def test_list(domain: str, index: CtIndex) -> Codelist | None:
    """The codelist of a findings domain's test codes, None if there is none."""
    variable = next((v for v in ig().variables(domain) if v.name == f"{domain}TESTCD"), None)
    return index.package.codelist(variable.codelists[0]) if variable is not None and variable.codelists else None


def wide_tests(table: TableProfile, domain: str, index: CtIndex) -> list[TestColumn]:
    """The columns that hold results of a test of the domain, each test once, in the order of the file."""
    codes = test_list(domain, index)
    if codes is None:
        return []
    found: dict[str, TestColumn] = {}
    beside = _unit_columns(table)
    for column in table.columns:
        made = _test(column, domain, codes, index) if column.name not in beside.values() else None
        if made is not None and column.name in beside:
            told = f"{beside[column.name]} is called after it as its unit"
            made = replace(made, unit_column=beside[column.name], evidence=(*made.evidence, told))
        if made is not None and (made.testcd not in found or found[made.testcd].confidence < made.confidence):
            found[made.testcd] = made
    return list(found.values())


def _unit_columns(table: TableProfile) -> dict[str, str]:
    """Column -> the column of texts whose name is its own with a mark of a unit: WEIGHT, WEIGHTU or WEIGHT_UNIT."""
    stems: dict[str, list[str]] = {}
    for column in table.columns:
        if column.type == "text":
            stems.setdefault(stem(column.name), []).append(column.name)
    found = {}
    for column in table.columns:
        own = stem(_BRACKETS.sub("", column.name))
        named = [name for mark in _UNIT_MARKS for name in stems.get(own + mark, []) if own and name != column.name]
        if len(named) == 1:
            found[column.name] = named[0]
    return found


def _test(c: ColumnProfile, domain: str, codes: Codelist, index: CtIndex) -> TestColumn | None:
    if c.type in ("date", "datetime", "time") or c.roles:
        return None
    bare = re.sub(r"^\w{1,8}\.(?=\w)", "", _BRACKETS.sub("", c.name)).strip()
    names = list(dict.fromkeys([bare, stem(bare).removeprefix(domain)]))
    labels = [_BRACKETS.sub("", side).strip() for side in re.split(r"\s/\s", c.label)] if c.label else []
    testcd, score, evidence = "", 0.0, ""
    for text, what, most in [*((n, "name", 1.0) for n in names), *((label, "label", 0.95) for label in labels)]:
        match = match_in(codes, text) if len(text) > 1 else None
        if match is not None and match.term and most > score:
            evidence = f"{what} {text!r} is a {match.evidence} of {codes.submission_value}"
            testcd, score = match.term, most
    if not testcd:
        testcd, score, evidence = _near([*labels, *names], codes)
    if not testcd:
        return None
    told = [evidence]
    if c.type not in ("integer", "number") and c.filled:
        score -= 0.2
        told.append("not all results are numbers")
    unit, why = _unit(c, index)
    told += [why] if why else []
    names_of = index.package.decode(codes.submission_value)
    return TestColumn(testcd, names_of.get(testcd, ""), c, round(score, 2), tuple(told), unit)


def _near(texts: list[str], codes: Codelist) -> tuple[str, float, str]:
    """The term whose name is most like one of the texts, for a person to settle."""
    best = ("", 0.0, "")
    for text in (t for t in texts if t.isascii() and len(t) > 4):
        for code, term in codes.terms.items():
            for way in (*term.synonyms, term.preferred_term):
                ratio = fuzz.token_sort_ratio(text.lower(), way.lower())
                if ratio >= _NEAR and ratio > best[1] * 125:
                    best = (code, round(ratio / 125, 2), f"{text!r} is like {way!r} ({ratio:.0f} of 100)")
    return best


def _unit(c: ColumnProfile, index: CtIndex) -> tuple[str, str]:
    """The unit in the unit row, or in brackets in label or name, if it is a term or synonym of UNIT."""
    units = index.package.codelist("UNIT")
    texts = [c.unit, *_BRACKETS.findall(c.label), *_BRACKETS.findall(c.name)]
    for text in texts:
        match: Match | None = match_in(units, text) if text and units is not None else None
        if match is not None and match.term:
            return match.term, f"unit {text!r} is a {match.evidence} of UNIT"
    said = [t for t in texts if t]
    return "", (f"unit {said[0]!r} is no term of UNIT" if said else "")


def long_column(table: TableProfile, domain: str, index: CtIndex) -> tuple[ColumnProfile, Codelist, float] | None:
    """The column that names tests, the list (codes or names) that has its texts, and the share that it has."""
    codes = test_list(domain, index)
    if codes is None:
        return None
    best: tuple[ColumnProfile, Codelist, float] | None = None
    for c in table.columns:
        named = stem(c.name) in (f"{domain}TESTCD", f"{domain}TEST", "TESTCD", "TEST", "TESTNAME", "PARAM", "PARAMETER",
                                 "ANALYTE", "LBTESTCODE", "TESTCODE")  # fmt: skip
        if c.type != "text" or c.distinct < 1 or c.distinct == table.rows:
            continue
        share = sum(1 for t, _ in c.values if (m := match_in(codes, t)) is not None and m.term) / len(c.values)
        if (named or (share >= 0.6 and c.distinct >= 3)) and (best is None or share > best[2]):
            best = (c, codes, share)
    return best
