"""SDTMIG: datasets, their variables, and the variables that the model permits in a class."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal

from sdtm_builder.standards.ct import DATA
from sdtm_builder.standards.errors import StandardsError

VariableType = Literal["Char", "Num"]
LABEL = 40
_GENERAL = ("Interventions", "Events", "Findings", "Findings About")
_CONTINUED = (("CO", "COVAL"), ("TS", "TSVAL"))
"""Texts above 200 characters that go on in the dataset itself (COVAL1, COVAL2...), by the assumptions of sections 5.1
and 7.4.2; the tables list the first variable alone."""


_PERSON = {
    "APID": ("Associated Persons Identifier", "Identifier", "Req"),
    "RSUBJID": ("Related Subject or Pool Identifier", "Identifier", "Exp"),
    "RDEVID": ("Related Device Identifier", "Identifier", "Perm"),
    "SREL": ("Subject, Device, or Study Relationship", "Record Qualifier", "Req"),
}
"""What associated persons' data have instead of USUBJID, and after the identifiers (SDTM 2.0, section 4)."""
_DEVICE = ("SPDEVID", "Sponsor Device Identifier", "Identifier", "Exp")
"""The identifier of DI, the other study reference beside OI (SDTM 2.0, section 6)."""


@dataclass(frozen=True, slots=True)
class IgDataset:
    """A dataset of the IG; `klass` as in its table: Interventions, Events, Findings, Findings About, Special-Purpose,
    Trial Design, Study Reference, Relationship."""

    name: str
    label: str
    klass: str
    structure: str
    ordinal: int


@dataclass(frozen=True, slots=True)
class IgVariable:
    """A variable of the IG, or of the model's class.

    `codelists` are C-codes, several where the IG gives a choice; `described` is the described value domain (`ISO 8601
    duration`, `MedDRA`); `value_list` the literal values that the table gives. `core` is Req, Exp or Perm; a variable
    of a class is Req only if every domain of the class requires it. In ADaM `role` is the set of variables and `core`
    also Cond.
    """

    name: str
    ordinal: int
    label: str
    type: VariableType
    role: str
    core: str
    codelists: tuple[str, ...]
    described: str
    value_list: tuple[str, ...]


class Ig:
    """A version of the SDTMIG. `datasets` are in the IG's order of ordinals."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.version: str = content["version"]
        datasets = (IgDataset(*row) for row in content["datasets"])
        self.datasets: Mapping[str, IgDataset] = MappingProxyType({each.name: each for each in datasets})
        self._variables: dict[str, list[list[Any]]] = content["variables"]
        self._model: dict[str, list[list[Any]]] = content["model"]
        self._read: dict[str, tuple[IgVariable, ...]] = {}
        self._permitted: dict[str, dict[str, IgVariable]] = {}

    def dataset(self, name: str) -> IgDataset | None:
        """The dataset of a name; SUPPAE, SUPPFACM, SQLB are read as SUPPQUAL, APMH as MH of associated persons."""
        found = self.datasets.get(_table(name, self.datasets))
        parent = self.datasets.get(domain_letters(name))
        if found is not None or parent is None:
            return found
        label = f"Associated Persons {parent.label}"
        label = label if len(label) <= LABEL else parent.label
        return replace(parent, name=name, label=label, structure=parent.structure.replace("subject", "person"))

    def variables(self, dataset: str) -> tuple[IgVariable, ...]:
        """The variables of the IG's table in its order; empty for a dataset that the IG doesn't have."""
        if dataset not in self._read:
            name = _table(dataset, self.datasets)
            rows = self._variables.get(name) or self._variables.get(domain_letters(name), [])
            domain = dataset.removeprefix("SUPP").removeprefix("SQ")[:4] if name == "SUPPQUAL" else name
            self._read[dataset] = _of_persons(domain, [variable(row) for row in rows])
        return self._read[dataset]

    def class_variables(self, klass: str, domain: str) -> tuple[IgVariable, ...]:
        """What the model permits in a domain of a class, in model order, with -- replaced by the domain's letters.

        Args:
            klass: a class of the IG in any case, with a blank or a hyphen (`FINDINGS`, `Special-Purpose`).
            domain: two letters of a domain, custom or not; AP before them for that of associated persons.

        Raises:
            StandardsError: the class is unknown.
        """
        known = {_plain(name): name for name in self._model} | {"relationship": ""}
        if _plain(klass) not in known:
            names = ", ".join(self._model)
            raise StandardsError(f"Class {klass!r} is none of SDTMIG {self.version}: {names}, Relationship.")
        rows, letters = self._model.get(known[_plain(klass)], []), domain_letters(domain)
        found = [
            variable([row[0].replace("--", letters, 1) if row[0].startswith("--") else row[0], *row[1:]])
            for row in rows
        ]
        if _plain(klass) == "study reference" and all(each.name != _DEVICE[0] for each in found):
            found.insert(2, _identifier(*_DEVICE))
            found = [replace(each, ordinal=at) for at, each in enumerate(found, start=1)]
        return _of_persons(domain, found)

    def is_general(self, klass: str) -> bool:
        """Whether a class, in any case, is a general one: a dataset of it has the model's variables alone (IG 2.6)."""
        return _plain(klass) in {_plain(name) for name in _GENERAL}

    def permitted(self, dataset: str) -> tuple[IgVariable, ...]:
        """The IG's variables and, in a general class, those that only the model has, each at its place in the model.

        Ordinals are counted anew from 1, so that they give the order of a dataset with model variables in it.
        """
        return tuple(self._all(dataset).values())

    def variable(self, dataset: str, name: str) -> IgVariable | None:
        """A variable of the IG's table, else one that the model permits in the dataset's class, else None."""
        found = next((each for each in self.variables(dataset) if each.name == name), None)
        return found or self._all(dataset).get(name)

    def continues(self, dataset: str, name: str) -> bool:
        """Whether a text above 200 characters goes on in numbered variables of the dataset, not in SUPP--."""
        return (dataset, name) in _CONTINUED

    def _all(self, dataset: str) -> dict[str, IgVariable]:
        if dataset not in self._permitted:
            own = list(self.variables(dataset))
            described = self.dataset(dataset)
            if described is not None and described.klass in _GENERAL:
                own = _with_model(own, self.class_variables(described.klass, dataset))
            self._permitted[dataset] = {each.name: replace(each, ordinal=at) for at, each in enumerate(own, start=1)}
        return self._permitted[dataset]


@lru_cache(maxsize=4)
def ig(version: str = "3.4") -> Ig:
    """The SDTMIG of a version.

    Raises:
        StandardsError: the version is not packaged.
    """
    return Ig(read_tables("sdtmig", version))


def read_tables(standard: str, version: str) -> dict[str, Any]:
    """The packaged tables of an implementation guide (`sdtmig`, `adamig`)."""
    path = DATA / f"{standard}-{version.replace('.', '-')}.json.z"
    if not path.is_file():
        there = sorted(file.name.split(".")[0] for file in DATA.glob(f"{standard}-*.json.z"))
        versions = ", ".join(name.removeprefix(f"{standard}-").replace("-", ".") for name in there)
        raise StandardsError(f"{standard.upper()} {version} is not packaged. Versions available: {versions}.")
    content: dict[str, Any] = json.loads(zlib.decompress(path.read_bytes()))
    return content


def variable(row: Iterable[Any]) -> IgVariable:
    """A stored row as a variable."""
    name, ordinal, label, kind, role, core, codelists, described, values = row
    return IgVariable(
        name, ordinal, label, kind, role, core, tuple(codelists.split(";")) if codelists else (), described,
        tuple(values.split(";")) if values else (),
    )  # fmt: skip


def domain_letters(domain: str) -> str:
    """The letters of a domain without the AP of associated persons' data."""
    return domain[2:] if len(domain) == 4 and domain.startswith("AP") else domain


def _identifier(name: str, label: str, role: str, core: str) -> IgVariable:
    return IgVariable(name, 0, label, "Char", role, core, (), "", ())


def _of_persons(domain: str, listed: list[IgVariable]) -> tuple[IgVariable, ...]:
    """The variables of a domain of associated persons: APID for USUBJID; the relation (not in SUPP--)."""
    if domain_letters(domain) == domain or not listed:
        return tuple(listed)
    person, *related = (_identifier(name, *said) for name, said in _PERSON.items())
    kept = [each for each in listed if each.name not in _PERSON]
    found = [person if each.name == "USUBJID" else each for each in kept]
    found = [replace(each, value_list=(domain,)) if each.name == "DOMAIN" else each for each in found]
    if any(each.name == "DOMAIN" for each in found):
        after = max(at for at, each in enumerate(found) if each.role == "Identifier") + 1
        found[after:after] = related
    return tuple(replace(each, ordinal=at) for at, each in enumerate(found, start=1))


def _with_model(own: list[IgVariable], model: Iterable[IgVariable]) -> list[IgVariable]:
    """The IG's order kept; each variable of the model alone goes after the nearest one before it in the model."""
    result = list(own)
    names = [each.name for each in result]
    at = 0
    for each in model:
        if each.name in names:
            at = names.index(each.name) + 1
        else:
            result.insert(at, each)
            names.insert(at, each.name)
            at += 1
    return result


def _table(dataset: str, datasets: Mapping[str, IgDataset]) -> str:
    if dataset not in datasets and len(dataset) > 2 and dataset.startswith(("SUPP", "SQ")):
        return "SUPPQUAL"
    return dataset


def _plain(klass: str) -> str:
    return klass.replace("-", " ").strip().lower()
