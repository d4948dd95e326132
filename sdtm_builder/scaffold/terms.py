"""Which codelists the texts of a column could be terms of, and on what evidence each text is one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..standards import Codelist, CtPackage, ct, ct_versions, ig
from ..values.fold import fold

TERM, CASE, SYNONYM, PREFERRED = "term", "term in other case", "synonym of CT", "preferred term of CT"
PUNCTUATION = "term or synonym but for blanks and punctuation"
_WEIGHT = {TERM: 0, SYNONYM: 1, CASE: 2, PREFERRED: 3}
_UNSEEN = re.compile(r"[\s_,.;:'\"()-]+")
"""Signs that a text may have or lack; not those that mean something in a unit or result (`/ ^ * % + < >`)."""


@dataclass(frozen=True, slots=True)
class Match:
    """The term of a text and the evidence; several terms where the evidence fits them alike."""

    terms: tuple[str, ...]
    evidence: str

    @property
    def term(self) -> str:
        """The one term, "" if several fit."""
        return self.terms[0] if len(self.terms) == 1 else ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A codelist for a column: of its distinct texts how many are terms, and how many are synonyms in some way.

    `pairs`: those of the synonyms that mean one term, with it.
    """

    codelist: str
    name: str
    extensible: bool
    distinct: int
    terms: int
    synonyms: int
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def coverage(self) -> float:
        """The share of distinct texts that the list has."""
        return (self.terms + self.synonyms) / self.distinct if self.distinct else 0.0


def newest(folder_version: str = "") -> CtPackage:
    """SDTM terminology of a release, the newest packaged one if none is named."""
    return ct("sdtm", folder_version or ct_versions()["sdtm"][-1])


def match_in(codelist: Codelist, text: str) -> Match | None:
    """The term of a text in a codelist: the term itself, a synonym, the term in other case, or the preferred term.

    Of a text that is none, one of these but for blanks and punctuation (`not recovered / not resolved`).
    """
    if fold(text) in codelist.terms:
        return Match((fold(text),), TERM)
    return _ways(codelist).get(_key(text)) or _bare_ways(codelist.code, len(codelist.terms), _Hashed(codelist)).get(
        _bare(text)
    )


@lru_cache(maxsize=512)
def _ways_of(code: str, size: int, codelist: _Hashed) -> Mapping[str, Match]:
    found: dict[str, tuple[int, str, list[str]]] = {}
    for value, term in codelist.list.terms.items():
        ways = [(value, CASE), *((s, SYNONYM) for s in term.synonyms), (term.preferred_term, PREFERRED)]
        for text, how in ways:
            weight, _, terms = found.get(_key(text), (9, "", []))
            if _WEIGHT[how] < weight:
                found[_key(text)] = (_WEIGHT[how], how, [value])
            elif _WEIGHT[how] == weight and value not in terms:
                terms.append(value)
    return {key: Match(tuple(terms), how) for key, (_, how, terms) in found.items() if key}


@lru_cache(maxsize=512)
def _bare_ways(code: str, size: int, codelist: _Hashed) -> Mapping[str, Match]:
    """The ways to a term without their blanks and punctuation."""
    found: dict[str, list[str]] = {}
    for key, match in _ways_of(code, size, codelist).items():
        terms = found.setdefault(_bare(key), [])
        terms += [term for term in match.terms if term not in terms]
    return {key: Match(tuple(terms), PUNCTUATION) for key, terms in found.items() if key}


@dataclass(frozen=True, slots=True, eq=False)
class _Hashed:
    list: Codelist

    def __hash__(self) -> int:
        return hash(self.list.code)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Hashed) and other.list is self.list


def _ways(codelist: Codelist) -> Mapping[str, Match]:
    return _ways_of(codelist.code, len(codelist.terms), _Hashed(codelist))


def _key(text: str) -> str:
    return fold(text).casefold()


def _bare(text: str) -> str:
    """A text without blanks and punctuation; "" where less than three letters are left to tell it by."""
    bare = _UNSEEN.sub("", _key(text))
    return bare if sum(sign.isalpha() for sign in bare) >= 3 else ""


class CtIndex:
    """All codelists of a release by the texts that mean one of their terms."""

    def __init__(self, package: CtPackage) -> None:
        self.package = package
        self._by_text: dict[str, set[str]] = {}
        for head in package.codelists():
            codelist = package.codelist(head.code)
            for text in _ways(codelist) if codelist is not None else ():
                self._by_text.setdefault(text, set()).add(head.code)
        self._used = _uses()

    def candidates(self, texts: Iterable[str], limit: int = 3, least: float = 0.6) -> list[Candidate]:
        """Codelists with at least `least` of the distinct texts, best first: coverage, use in SDTM, exact terms."""
        distinct = [t for t in texts if t]
        hits: dict[str, int] = {}
        for text in distinct:
            for code in self._by_text.get(_key(text), ()):
                hits[code] = hits.get(code, 0) + 1
        wanted = [code for code, count in hits.items() if count >= least * len(distinct)]
        found = [self._candidate(code, distinct) for code in wanted]
        order = sorted(
            found,
            key=lambda one: (-one[1].coverage, -self._used.get(one[0], 0), -one[1].terms, one[2], one[1].codelist),
        )
        return [candidate for _, candidate, _ in order[:limit]]

    def _candidate(self, code: str, distinct: Sequence[str]) -> tuple[str, Candidate, int]:
        codelist = self.package.codelist(code)
        assert codelist is not None
        matches = [match_in(codelist, text) for text in distinct]
        terms = sum(1 for m in matches if m is not None and m.evidence == TERM)
        others = sum(1 for m in matches if m is not None and m.evidence != TERM)
        pairs = tuple((t, m.term) for t, m in zip(distinct, matches, strict=True)
                      if m is not None and m.evidence != TERM and m.term)  # fmt: skip
        name = codelist.submission_value
        made = Candidate(name, codelist.name, codelist.extensible, len(distinct), terms, others, pairs)
        return code, made, len(codelist.terms)


def _uses() -> Mapping[str, int]:
    """How many variables of the IG have a codelist."""
    counts: dict[str, int] = {}
    for dataset in ig().datasets:
        for variable in ig().variables(dataset):
            for code in variable.codelists:
                counts[code] = counts.get(code, 0) + 1
    return counts
