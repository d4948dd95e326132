"""Codelists of define.xml: of each list the terms that the study uses or declares, never the whole list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..model import DatasetSpec, MapNode, Node, Scalar
from ..model.metadata import CodelistMeta, StandardMeta, TermMeta
from .codelists import StudyCodelist

if TYPE_CHECKING:
    from .plan import Plan

PUBLISHED = {"sdtm": "SDTM", "adam": "ADaM", "cdash": "CDASH", "define-xml": "DEFINE-XML", "send": "SEND"}


@dataclass
class Use:
    """One list as it is used: its terms so far and what the study says of them."""

    id: str
    name: str
    data_type: str
    list: StudyCodelist | None = None
    standard: str = ""
    code: str = ""
    known: Mapping[str, str] = field(default_factory=dict)  # term -> C-code of a CT package
    declared: tuple[str, ...] = ()
    decodes: dict[str, str] = field(default_factory=dict)
    used: dict[str, None] = field(default_factory=dict)
    dictionary: str = ""
    version: str = ""

    def meta(self) -> CodelistMeta:
        """The list as define.xml has it: terms in the order of the list, those that it lacks at the end."""
        if self.dictionary:
            return CodelistMeta(
                self.id, self.name, self.data_type, dictionary=self.dictionary, version=self.version
            )  # fmt: skip
        wanted = {*self.used, *self.declared}
        order = list(dict.fromkeys([*self.known, *self.declared]))
        rest = wanted - set(order)
        numbers = self.data_type in ("integer", "float")
        terms = [t for t in order if t in wanted] + sorted(rest, key=lambda t: (float(t) if numbers else 0.0, t))
        complete = bool(self.decodes) and all(self.decodes.get(t) for t in terms)
        return CodelistMeta(
            self.id, self.name, self.data_type,
            tuple(TermMeta(t, self.decodes.get(t, "") if complete else "", self.known.get(t, ""),
                           bool(self.standard) and not self.known.get(t)) for t in terms),
            self.code, self.standard,
        )  # fmt: skip


class TermLists:
    """The lists of one define.xml; each is one, whichever variables use it."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._uses: dict[tuple[object, ...], Use] = {}
        self._ids: set[str] = set()

    def of_variable(
        self,
        dataset: DatasetSpec,
        name: str,
        codes: Sequence[str],
        said: Node | None,
        texts: Sequence[str],
        data_type: str,
        decodes: Mapping[str, str],
    ) -> str:
        """The id of a variable's list, "" if it has none.

        codes : C-codes of the standard's lists for the variable; said : what the study has instead
        texts : the values that occur; decodes : code -> name, for a variable of codes
        """
        lists = self.plan.codelists(dataset)
        if said is not None:
            return self.of_list(lists.of_node(said, name), texts, data_type, decodes, dataset.name)
        found = [f for f in (lists.find(c) for c in codes) if f is not None]
        if len(found) > 1:
            return self._of_several(found, texts, data_type, decodes)
        return self.of_list(found[0] if found else None, texts, data_type, decodes, dataset.name)

    def of_list(
        self,
        codelist: StudyCodelist | None,
        texts: Iterable[str],
        data_type: str,
        decodes: Mapping[str, str] | None = None,
        dataset: str = "",
    ) -> str:
        """The id of a list with these terms used of it; "" without list or terms."""
        if codelist is None:
            return ""
        declared = tuple(codelist.terms) if codelist.subset else tuple(sorted(codelist.added))
        used = dict.fromkeys(texts)
        if not used and not declared:
            return ""
        mine = "text" if data_type not in ("integer", "float") else data_type
        key = (codelist.code or (codelist.name, tuple(codelist.terms)), mine)
        if key not in self._uses:
            own = self.plan.study.codelists.get(codelist.name)
            code = codelist.code or (own.code.text if own is not None and own.code is not None else "")
            id = self._id(codelist.name if mine == "text" else f"{codelist.name}.{mine}", dataset)
            known = {t: c for t, c in codelist.terms.items() if c}
            self._uses[key] = Use(id, codelist.label or codelist.name, mine, codelist, standard_key(codelist.standard),
                                  code, known, declared)  # fmt: skip
        use = self._uses[key]
        use.used.update(used)
        use.decodes.update(self._decodes(use, codelist, decodes))
        return use.id

    def _decodes(self, use: Use, codelist: StudyCodelist, decodes: Mapping[str, str] | None) -> dict[str, str]:
        """For a list of codes: the study's own names of them, else the standard's."""
        if not decodes:
            return {}
        listed = {t: codelist.decodes[t] for t in (*use.used, *use.declared) if t in codelist.decodes}
        return {**listed, **use.decodes, **decodes}

    def _of_several(
        self, lists: Sequence[StudyCodelist], texts: Sequence[str], data_type: str, decodes: Mapping[str, str]
    ) -> str:
        """Of a choice of lists the first that has all terms; else one of the study's own, with the C-codes of all."""
        first = _with_all(lists, texts)
        if first is not None:
            return self.of_list(first, texts, data_type, decodes)
        used = [f for f in lists if any(t in f.terms for t in texts)]
        names = [f.name for f in used]
        key = ("several", *names)
        if key not in self._uses:
            codes = {t: c for f in reversed(used) for t, c in f.terms.items() if c}
            self._uses[key] = Use(self._id("-".join(names), ""), " and ".join(f.label for f in used), "text",
                                  known=codes)  # fmt: skip
        use = self._uses[key]
        use.used.update(dict.fromkeys(texts))
        if decodes:
            use.decodes.update({t: d for f in used for t, d in f.decodes.items() if t in use.used} | dict(decodes))
        return use.id

    def one_of(self, dataset: DatasetSpec, codes: Sequence[str], texts: Sequence[str]) -> bool:
        """Whether one list of a choice has all terms that occur."""
        lists = self.plan.codelists(dataset)
        return _with_all([f for f in (lists.find(c) for c in codes) if f is not None], texts) is not None

    def of_codes(self, name: str, label: str, texts: Sequence[str], declared: Mapping[str, str],
                 decodes: Mapping[str, str], dataset: str = "", data_type: str = "text") -> str:  # fmt: skip
        """A sponsor's list of codes with their names: arms, elements, parameters, numbers of a text.

        One list for all datasets, as long as a code has the same name in them; else the later dataset has its own.
        """
        if not texts and not declared:
            return ""
        said = {**declared, **decodes}
        key: tuple[object, ...] = ("codes", name)
        known = self._uses[key].decodes if key in self._uses else {}
        if any(known.get(code, text) != text for code, text in said.items()):
            key, name, label = ("codes", name, dataset), f"{dataset}.{name}", f"{label} ({dataset})"
        if key not in self._uses:
            mine = data_type if data_type in ("integer", "float") else "text"
            self._uses[key] = Use(self._id(name, ""), label, mine, declared=tuple(declared))
        use = self._uses[key]
        use.data_type = "float" if "float" in (use.data_type, data_type) else use.data_type
        use.used.update(dict.fromkeys(texts))
        use.decodes.update(said)
        return use.id

    def of_dictionary(self, name: str, data_type: str) -> str:
        """An external dictionary whose version the study declares, "" if it declares none."""
        version = self.plan.study.dictionaries.get(name, "")
        if not version:
            return ""
        mine = data_type if data_type in ("integer", "float") else "text"
        key = ("dictionary", name, mine)
        if key not in self._uses:
            id = self._id(name if mine == "text" else f"{name}.{mine}", "")
            self._uses[key] = Use(id, f"{name} dictionary", mine, dictionary=name, version=version)
        return self._uses[key].id

    def _id(self, wanted: str, dataset: str) -> str:
        id, number = wanted, 1
        while id in self._ids:
            id = f"{dataset}.{wanted}" if number == 1 and dataset else f"{wanted}.{number}"
            number += 1
        self._ids.add(id)
        return id

    def metas(self) -> tuple[CodelistMeta, ...]:
        """All lists, by name."""
        return tuple(u.meta() for u in sorted(self._uses.values(), key=lambda u: u.id))


def _with_all(lists: Sequence[StudyCodelist], texts: Sequence[str]) -> StudyCodelist | None:
    """The first list that has every text that any of them has."""
    known = {t for f in lists for t in f.terms}
    return next((f for f in lists if all(t in f.terms for t in texts if t in known)), None)


def standard_key(standard: str) -> str:
    """`sdtm 2025-03-28` as the key of a standard."""
    package, _, version = standard.partition(" ")
    return f"CT-{PUBLISHED.get(package, package)}-{version}" if version else ""


def ct_standards(versions: Mapping[str, str], used: Iterable[str], own: str) -> list[StandardMeta]:
    """The CT packages of a define.xml: the standard's own and those that its lists come from."""
    wanted = set(used)
    found = []
    for package, version in versions.items():
        key = standard_key(f"{package} {version}")
        if package == own or key in wanted:
            found.append(StandardMeta(key, "CDISC/NCI", "CT", version, PUBLISHED.get(package, package)))
    return found


def declared_texts(tree: MapNode | None, key: str) -> dict[str, str]:
    """Code -> text under `key` of a list of codes of the study file."""
    found = {}
    for code, entry in (tree.items if tree is not None else {}).items():
        said = entry.get(key) if isinstance(entry, MapNode) else None
        if isinstance(said, Scalar):
            found[code] = said.text
    return found
