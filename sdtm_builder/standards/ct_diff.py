"""What differs between two releases of controlled terminology, and what of it touches a study."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from sdtm_builder.standards.ct import Codelist, CtPackage, Term

CodelistChangeKind = Literal["added", "removed", "renamed", "extensible", "name"]
TermChangeKind = Literal["added", "removed", "renamed", "recoded", "synonyms", "preferred term"]


@dataclass(frozen=True, slots=True)
class CodelistChange:
    """A change of a codelist itself; `codelist` is its short name in the release that has it (the old one, if both)."""

    kind: CodelistChangeKind
    code: str
    codelist: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TermChange:
    """A change of a term; `term` is the submission value in the old release, or in the new one of an added term.

    renamed: the same C-code, another submission value; recoded: the same submission value, another C-code. Of
    synonyms `old` are those taken away, `new` those that came, joined by `; `.
    """

    kind: TermChangeKind
    codelist_code: str
    codelist: str
    code: str
    term: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class CtDiff:
    """All changes from one release to another, by codelist and term."""

    package: str
    old_version: str
    new_version: str
    codelists: tuple[CodelistChange, ...]
    terms: tuple[TermChange, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing differs."""
        return not self.codelists and not self.terms

    def restricted(self, used: Mapping[str, Iterable[str] | None]) -> CtDiff:
        """What touches a study.

        Args:
            used: the study's codelists by short name or C-code; of each the submission values used in its specs and
                data, or None for all. Of a codelist with values listed, changes of other terms are left out; added
                terms are kept only where a value used (as a sponsor's extension) is now such a term or its synonym.
        """
        values = {key: None if terms is None else frozenset(terms) for key, terms in used.items()}

        def touched(change: TermChange) -> bool:
            key = change.codelist if change.codelist in values else change.codelist_code
            if key not in values:
                return False
            terms = values[key]
            return terms is None or bool(terms & {change.term, change.new, *change.new.split("; ")})

        return replace(
            self,
            codelists=tuple(each for each in self.codelists if each.codelist in values or each.code in values),
            terms=tuple(each for each in self.terms if touched(each)),
        )


def diff_ct(old: CtPackage, new: CtPackage) -> CtDiff:
    """Compare two releases, codelists by C-code, terms by C-code within their codelist, whatever their order.

    Args:
        old: the release that a study uses.
        new: the release to move to; of the same package, or codelists come out as added and removed.
    """
    before = {head.code: head.submission_value for head in old.codelists()}
    after = {head.code: head.submission_value for head in new.codelists()}
    codelists: list[CodelistChange] = []
    terms: list[TermChange] = []
    for code in sorted({*before, *after}, key=lambda each: before.get(each) or after.get(each) or ""):
        here, there = old.codelist(code), new.codelist(code)
        if here is None and there is not None:
            codelists.append(CodelistChange("added", code, there.submission_value, "", there.submission_value))
        elif there is None and here is not None:
            codelists.append(CodelistChange("removed", code, here.submission_value, here.submission_value, ""))
        elif here is not None and there is not None:
            codelists += _codelist_changes(here, there)
            terms += _term_changes(here, there)
    return CtDiff(new.package, old.version, new.version, tuple(codelists), tuple(terms))


def _codelist_changes(old: Codelist, new: Codelist) -> list[CodelistChange]:
    pairs: tuple[tuple[CodelistChangeKind, str, str], ...] = (
        ("renamed", old.submission_value, new.submission_value),
        ("name", old.name, new.name),
        ("extensible", _yes(old.extensible), _yes(new.extensible)),
    )
    return [CodelistChange(kind, old.code, old.submission_value, was, now) for kind, was, now in pairs if was != now]


def _term_changes(old: Codelist, new: Codelist) -> list[TermChange]:
    changes: list[TermChange] = []

    def note(kind: TermChangeKind, code: str, term: str, was: str, now: str) -> None:
        changes.append(TermChange(kind, old.code, old.submission_value, code, term, was, now))

    pairs, removed, added = _matched(old, new)
    for was, now in pairs:
        value = was.submission_value
        if value != now.submission_value:
            note("renamed", was.code, value, value, now.submission_value)
        if was.code != now.code:
            note("recoded", was.code, value, was.code, now.code)
        gone = [text for text in was.synonyms if text not in now.synonyms]
        come = [text for text in now.synonyms if text not in was.synonyms]
        if gone or come:
            note("synonyms", was.code, value, "; ".join(gone), "; ".join(come))
        if was.preferred_term != now.preferred_term:
            note("preferred term", was.code, value, was.preferred_term, now.preferred_term)
    for term in removed:
        note("removed", term.code, term.submission_value, term.submission_value, "")
    for term in added:
        note("added", term.code, term.submission_value, "", "; ".join((term.submission_value, *term.synonyms)))
    return sorted(changes, key=lambda change: (change.term, change.kind))


def _matched(old: Codelist, new: Codelist) -> tuple[list[tuple[Term, Term]], list[Term], list[Term]]:
    """Terms of both lists: first the same submission value and C-code, then the same C-code, then the same value."""
    removed, added = dict(old.terms), dict(new.terms)
    pairs = [(old.terms[value], new.terms[value]) for value in old.terms if _is_same(old, new, value)]
    for was, _ in pairs:
        del removed[was.submission_value], added[was.submission_value]
    for key in ("code", "submission_value"):
        by_key = {getattr(term, key): term for term in added.values()}
        for was in list(removed.values()):
            now = by_key.pop(getattr(was, key), None)
            if now is not None:
                pairs.append((was, now))
                del removed[was.submission_value], added[now.submission_value]
    return pairs, list(removed.values()), list(added.values())


def _is_same(old: Codelist, new: Codelist, value: str) -> bool:
    return value in new.terms and old.terms[value].code == new.terms[value].code


def _yes(extensible: bool) -> str:
    return "Yes" if extensible else "No"
