"""The study's view of codelists: CT terms, the subset used, extensions, declared synonyms."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from ..issues import IssueLog
from ..model import CodelistSpec, ListNode, Mark, Node, Scalar, StudySpec
from ..standards import CtPackage, StandardsError, ct
from ..values.fold import fold


@dataclass(frozen=True, eq=False)
class StudyCodelist:
    """One codelist as the study uses it.

    name : short name of the list, or the sponsor's name; `code` its C-code, "" for a sponsor's list
    terms : term -> C-code ("" for the sponsor's), in order; `decodes` term -> decode where there is one
    added : terms that the study added; `synonyms` folded text -> term
    subset : the study file lists the terms
    known_as : the package's own synonyms, folded -> term; they never map, but a text that is one is no new term
    """

    name: str
    code: str
    label: str
    extensible: bool
    terms: Mapping[str, str]
    decodes: Mapping[str, str] = field(default_factory=dict)
    synonyms: Mapping[str, str] = field(default_factory=dict)
    added: frozenset[str] = frozenset()
    subset: bool = False
    standard: str = ""
    known_as: Mapping[str, str] = field(default_factory=dict)

    def find(self, text: str) -> tuple[str | None, str]:
        """The term of a text and how it was found: `term`, `folded`, `synonym` or `miss`."""
        if text in self.terms:
            return text, "term"
        even = fold(text)
        if even in self.terms:
            return even, "folded"
        if even in self.synonyms:
            return self.synonyms[even] or None, "synonym"
        return None, "miss"


class Codelists:
    """Finds codelists by short name, C-code or sponsor's name, with what the study says of them.

    Parameters
    ----------
    study : the specification
    standard : `sdtm` or `adam`, whose CT package is asked first
    folder : of imported CT packages
    log : takes the fault of a package that is not there
    """

    def __init__(self, study: StudySpec, standard: str, folder: Path | None, log: IssueLog) -> None:
        self.study, self.log = study, log
        self.packages: dict[str, CtPackage] = {}
        for name in (standard, *(n for n in ("sdtm", "adam") if n != standard)):
            version = study.ct.get(name)
            if version:
                try:
                    self.packages[name] = ct(name, version, folder)
                except StandardsError as gone:
                    log.add("unknown-codelist", f"{gone}")
        self._made: dict[str, StudyCodelist | None] = {}

    def find(self, name: str) -> StudyCodelist | None:
        """A codelist by short name, C-code or the study's own name."""
        if name not in self._made:
            self._made[name] = self._make(name)
        return self._made[name]

    def terms_of(self, name: str, texts: Iterable[object]) -> list[str | None]:
        """The term of each text in a codelist, None where it has none; all None where there is no such list."""
        found = self.find(name)
        return [None if found is None else found.find(str(t))[0] for t in texts]

    def of_node(self, node: Node, variable: str) -> StudyCodelist | None:
        """A codelist that stands beside a rule or variable: a name, a C-code, or a list of terms."""
        if isinstance(node, ListNode):
            terms = {t.text: "" for t in node.items if isinstance(t, Scalar)}
            return StudyCodelist(variable, "", variable, False, terms, subset=True)
        if isinstance(node, Scalar):
            found = self.find(node.text)
            if found is None:
                self.log.add("unknown-codelist", f"There is no codelist {node.text}.", node.mark.place)
            return found
        return None

    def of_codes(self, codes: Sequence[str]) -> StudyCodelist | None:
        """The codelist of a variable of the standard; several lists count as one with all their terms."""
        found = [f for f in (self.find(c) for c in codes) if f is not None]
        if len(found) < 2:
            return found[0] if found else None
        key = "+".join(codes)
        if key not in self._made:
            first = found[0]
            self._made[key] = StudyCodelist(
                first.name,
                first.code,
                first.label,
                any(f.extensible for f in found),
                {t: c for f in reversed(found) for t, c in f.terms.items()},
                {t: d for f in reversed(found) for t, d in f.decodes.items()},
                {t: s for f in reversed(found) for t, s in f.synonyms.items()},
                frozenset().union(*(f.added for f in found)),
                any(f.subset for f in found),
                first.standard,
            )
        return self._made[key]

    def _make(self, name: str) -> StudyCodelist | None:
        for key, package in self.packages.items():
            listed = package.codelist(name)
            if listed is None:
                continue
            said = self.study.codelists.get(listed.submission_value) or self.study.codelists.get(listed.code)
            terms = {t: term.code for t, term in listed.terms.items()}
            whole = dict(terms)
            decodes = dict(package.decode(name)) if listed.pair else {}
            synonyms: dict[str, str] = {}
            added: dict[str, str] = {}
            if said is not None:
                if said.synonyms_ct:
                    for term in listed.terms.values():
                        synonyms.update({fold(s): term.submission_value for s in term.synonyms})
                synonyms.update({fold(t): s.text for t, s in said.synonyms.items()})
                added = {t: d.text for t, d in said.add.items()}
                if said.terms:
                    wanted = [t.text for t in said.terms]
                    self._check_terms(said, [t for t in wanted if t not in terms and t not in added])
                    terms = {t: terms.get(t, "") for t in wanted}
                self._check_added(said, listed.extensible, listed.submission_value)
                self._check_synonyms(said, {*whole, *added})
            terms.update(dict.fromkeys(added, ""))
            synonyms = {text: term for text, term in synonyms.items() if not term or term in terms}
            decodes.update({t: d for t, d in added.items() if d})
            return StudyCodelist(
                listed.submission_value, listed.code, listed.name, listed.extensible, terms, decodes, synonyms,
                frozenset(added), bool(said and said.terms), f"{key} {self.study.ct[key]}",
                {fold(s): t.submission_value for t in listed.terms.values() for s in t.synonyms},
            )  # fmt: skip
        own = self.study.codelists.get(name)
        if own is None:
            return None
        terms = {t.text: "" for t in own.terms} | dict.fromkeys(own.add, "")
        decodes = {t: d.text for t, d in own.add.items() if d.text}
        if terms:
            self._check_synonyms(own, terms)
        synonyms = {fold(t): s.text for t, s in own.synonyms.items() if not s.text or s.text in terms}
        return StudyCodelist(name, "", name, False, terms, decodes, synonyms, frozenset(), True)

    def check(self) -> None:
        """Every list that the study names, whether a rule uses it or not."""
        for name, said in self.study.codelists.items():
            found = self.find(name)
            if self.packages and found is not None and not found.standard and not said.terms and not said.add:
                known = [head.submission_value for package in self.packages.values() for head in package.codelists()]
                near = get_close_matches(name, known, 3, 0.75)
                hint = f"Near: {', '.join(near)}." if near else "A list of your own has `terms` or `add`."
                self.log.add("unknown-codelist", f"{name} is in no CT package, and has no terms.", said.mark.place,
                             hint=hint)  # fmt: skip

    def _check_synonyms(self, said: CodelistSpec, terms: Container[str]) -> None:
        for text, term in said.synonyms.items():
            if term.text and term.text not in terms:
                self.log.add("unknown-codelist", f"{term.text}, for {text}, is no term of {said.name}.",
                             term.mark.place, hint="Say it in `add`.")  # fmt: skip

    def _check_terms(self, said: CodelistSpec, gone: list[str]) -> None:
        for term in gone:
            mark: Mark = next(t.mark for t in said.terms if t.text == term)
            self.log.add("unknown-codelist", f"{term} is no term of {said.name}.", mark.place, hint="Say it in `add`.")

    def _check_added(self, said: CodelistSpec, extensible: bool, name: str) -> None:
        if said.add and not extensible:
            self.log.add("unknown-codelist", f"{name} is a closed codelist: nothing can be added.", said.mark.place)
