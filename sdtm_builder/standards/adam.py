"""ADaMIG: structures and their variables; names with placeholders (TRTxxP) are matched to real ones (TRT01P)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from sdtm_builder.standards.ig import IgVariable, read_tables, variable

# ADaMIG 1.3, 3.1.1: w is 1 to 9; y is 1 to 99 without leading zero; xx (a period) and zz (a counter) are 01 to 99.
_PLACEHOLDERS = {
    "xx": "(?P<xx>0[1-9]|[1-9][0-9])",
    "zz": "(?P<zz>0[1-9]|[1-9][0-9])",
    "y": "(?P<y>[1-9][0-9]?)",
    "w": "(?P<w>[1-9])",
}
_STRUCTURES = {"BDS for TTE": "TTE", "AE": "ADAE"}
ADAM_CLASSES: Mapping[str, str] = {
    "ADSL": "SUBJECT LEVEL ANALYSIS DATASET",
    "BDS": "BASIC DATA STRUCTURE",
    "TTE": "BASIC DATA STRUCTURE",
    "OCCDS": "OCCURRENCE DATA STRUCTURE",
    "ADAE": "OCCURRENCE DATA STRUCTURE",
}
"""Structure -> class as Define-XML's codelist has it."""
_TOKEN = re.compile(r"xx|zz|y|w|\*|--|[A-Z0-9_]+")
_IN_LABEL = re.compile(r"\b(xx|zz|y|w)\b")


@dataclass(frozen=True, slots=True)
class AdamStructure:
    """A structure: ADSL, BDS, TTE, OCCDS or ADAE, with the standard and the name that its table gives it."""

    name: str
    label: str
    standard: str
    table: str


class AdamIg:
    """A version of the ADaMIG, with ADaM for time-to-event and for occurrence data.

    `structures` maps ADSL, BDS, TTE, OCCDS and ADAE. TTE has the variables of its own table first, then those of BDS.
    """

    def __init__(self, content: Mapping[str, Any]) -> None:
        self.version: str = content["version"]
        self._rows: dict[str, list[IgVariable]] = {}
        structures: dict[str, AdamStructure] = {}
        for standard, table, label, rows in content["structures"]:
            name = _STRUCTURES.get(table, table)
            structures[name] = AdamStructure(name, label, standard, table)
            self._rows[name] = [variable(each) for each in rows]
        self.structures: Mapping[str, AdamStructure] = MappingProxyType(structures)
        held = {each.name for each in self._rows["TTE"]}
        self._rows["TTE"] += [each for each in self._rows["BDS"] if each.name not in held]
        self._patterns: dict[str, list[tuple[re.Pattern[str], IgVariable]]] = {}

    def variables(self, structure: str) -> tuple[IgVariable, ...]:
        """The variables of a structure in the order of the tables, names with their placeholders."""
        rows = self._rows.get(structure, [])
        return tuple(replace(each, ordinal=at) for at, each in enumerate(rows, start=1))

    def variable(self, structure: str, name: str, domain: str = "") -> IgVariable | None:
        """The variable that a real name stands for, with the name and the digits in its label put in; None if none.

        A name without placeholder goes first, then one with digits, then a user-defined prefix (`*DT`), whose label in
        braces is the user's to write.

        Args:
            structure: `ADSL`, `BDS`, `TTE`, `OCCDS` or `ADAE`.
            name: a variable of a dataset: `TRT01P`, `ANL02FL`.
            domain: two letters for -- in OCCDS names (`CM`); ADAE has AE by itself.
        """
        letters = domain or ("AE" if structure == "ADAE" else "")
        for pattern, found in self._compiled(structure):
            if "--" in found.name:
                if letters and name == found.name.replace("--", letters):
                    return replace(found, name=name)
                continue
            match = pattern.fullmatch(name)
            if match:
                return replace(found, name=name, label=_label(found.label, match.groupdict()))
        return None

    def _compiled(self, structure: str) -> list[tuple[re.Pattern[str], IgVariable]]:
        if structure not in self._patterns:
            pairs = [(_pattern(each.name), each) for each in self.variables(structure)]
            pairs.sort(key=lambda pair: _looseness(pair[1].name))
            self._patterns[structure] = pairs
        return self._patterns[structure]


@lru_cache(maxsize=4)
def adam_ig(version: str = "1.3") -> AdamIg:
    """The ADaMIG of a version.

    Raises:
        StandardsError: the version is not packaged.
    """
    return AdamIg(read_tables("adamig", version))


def _pattern(name: str) -> re.Pattern[str]:
    """A name of the tables as a pattern: TRTxxP fits TRT01P; *DT fits any name of 8 characters that ends so."""
    parts = []
    for token in _TOKEN.findall(name):
        parts.append("[A-Z][A-Z0-9_]*" if token == "*" else _PLACEHOLDERS.get(token) or re.escape(token))
    return re.compile(rf"(?=.{{1,8}}$){''.join(parts)}")


def _label(label: str, digits: Mapping[str, str]) -> str:
    return _IN_LABEL.sub(lambda word: digits.get(word[1]) or word[1], label)


def _looseness(name: str) -> tuple[int, int]:
    """Exact names, then digits, then prefixes; of equal ones the longer literal part first."""
    kind = 2 if "*" in name else 1 if re.search("[a-z]", name) else 0
    return kind, -len(re.sub(r"[a-z*]|--", "", name))
