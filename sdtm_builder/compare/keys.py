"""The keys that records are matched by: declared, those of define.xml or of the file itself, or found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .codes import combine
from .match import common_codes
from .table import Table

Codes = NDArray[np.int64]

SUBJECT = r"(U|SP|POOL|AP)?(SUBJ|DEV)?ID"
"""Names of variables that say whose a record is; the first of them is always a key."""
LIKELY = (
    r"STUDYID", SUBJECT, r"RDOMAIN|IDVAR", r"IDVARVAL", r"QNAM|(..)?PARMCD",
    r"PARAMCD|..TESTCD", r"..(TERM|TRT)|QNAM", r"..DECOD", r"..(CAT|SCAT)|PARCAT\d", r"AVISITN|VISITNUM",
    r"..STDTC|ASTDTM?", r"..DTC|ADTM?", r"..ENDTC|AENDTM?", r"..(TPTNUM|TPTREF)|ATPTN", r"ARMCD|ETCD|TAETORD",
    r"..(SPEC|LOC|LAT|DIR|METHOD|EVAL|EVALID|OBJ)", r"DTYPE|BASETYPE|ABLFL", r"..(SPID|REFID|GRPID|LNKID)",
)  # fmt: skip
"""Names of variables that tell records apart, as patterns, those that a person would take first in front."""
NUMBERED = r"ASEQ|..SEQ"
"""Names of numbers given to records, which are taken where nothing natural will do."""
LONGEST = 12


@dataclass(frozen=True)
class Keys:
    """Variables that records are matched by, where they come from, and remarks."""

    names: tuple[str, ...]
    origin: str
    notes: tuple[str, ...] = ()


def choose_keys(a: Table, b: Table, declared: Sequence[str], defined: Sequence[tuple[str, Sequence[str]]],
                usable: Sequence[str]) -> Keys:  # fmt: skip
    """The keys of a dataset.

    declared : by the user; they were checked to be there
    defined : (where, keys) as each side has them in define.xml or in its file, what weighs most in front
    usable : variables of both sides, without those to be ignored
    """
    if declared:
        return Keys(tuple(declared), "declared")
    notes: list[str] = []
    for where, names in defined:
        if not names:
            continue
        missing = [n for n in names if n not in usable]
        if not missing:
            return Keys(tuple(names), where, tuple(notes))
        notes.append(f"keys of {where} not taken: {', '.join(missing)} not on both sides or ignored")
    found = find_keys(a, b, usable)
    return Keys(found.names, found.origin, (*notes, *found.notes))


def find_keys(a: Table, b: Table, usable: Sequence[str]) -> Keys:
    """The smallest natural key that is found: likely variables are added while they tell more records apart, then
    those that are not needed are dropped.

    A number given to records (--SEQ) is taken only where likely variables don't make records unique, and any other
    variable only where that doesn't either.  Where nothing does, records are matched by what came nearest.
    """
    if not usable:
        return Keys((), "record number", ("no common variable to match by",))
    search = _Search(a, b)
    likely = ranked(usable)
    numbered = [n for n in usable if re.fullmatch(NUMBERED, n)]
    others = [n for n in usable if n not in likely and n not in numbered]
    subject = [n for n in likely if re.fullmatch(SUBJECT, n)][:1]
    found = search.grow(subject, likely)
    if not search.unique(found):
        short = search.grow(subject, [*likely[:2], *numbered])
        found = short if numbered and search.unique(short) else search.grow(subject, [*found, *others], LONGEST)
    if search.unique(found):
        return Keys(tuple(search.shrink(found)), "found")
    if not search.tells(found):
        return Keys((), "record number", ("nothing tells records apart",))
    return Keys(tuple(found), "found", ("nothing makes every record unique; these variables come nearest",))


def ranked(names: Sequence[str]) -> list[str]:
    """Those of some names that are likely keys, likeliest first."""
    ranks: Mapping[str, int] = {
        n: next((i for i, pattern in enumerate(LIKELY) if re.fullmatch(pattern, n)), len(LIKELY)) for n in names
    }
    return [n for n in sorted(names, key=lambda n: ranks[n]) if ranks[n] < len(LIKELY)]


class _Search:
    """Uniqueness of sets of variables on both sides; a record that is unique is not looked at again."""

    def __init__(self, a: Table, b: Table) -> None:
        self.a, self.b = a, b
        self.side = np.repeat(np.array([0, 1]), [a.records, b.records])
        self._codes: dict[str, tuple[Codes, int]] = {}

    def codes(self, name: str) -> tuple[Codes, int]:
        if name not in self._codes:
            self._codes[name] = common_codes(self.a.columns[name], self.b.columns[name])
        return self._codes[name]

    def grow(self, first: Sequence[str], names: Sequence[str], most: int = 99) -> list[str]:
        """The first, and names in order, each that tells further records apart."""
        taken: list[str] = []
        rows = np.arange(len(self.side))
        groups = self.side.astype(np.int64)
        count = len(np.unique(groups))
        for name in names:
            if not len(rows) or len(taken) == most:
                break
            codes, size = self.codes(name)
            split, parts = combine([(groups, int(groups.max()) + 1), (codes[rows], size)])
            if parts == count:
                continue
            taken.append(name)
            many = np.bincount(split, minlength=parts) > 1
            keep = many[split]
            rows, groups = rows[keep], split[keep]
            count = int(many.sum())
        return [*(n for n in first if n not in taken), *taken]

    def unique(self, names: Sequence[str]) -> bool:
        """Whether these variables tell all records of each side apart."""
        parts = [(self.side.astype(np.int64), 2), *(self.codes(n) for n in names)]
        return combine(parts)[1] == len(self.side)

    def tells(self, names: Sequence[str]) -> bool:
        """Whether these variables tell any records of a side apart."""
        parts = [(self.side.astype(np.int64), 2), *(self.codes(n) for n in names)]
        return combine(parts)[1] > len(np.unique(self.side))

    def shrink(self, names: Sequence[str]) -> list[str]:
        """Names without those that are not needed, the last looked at first; the first of all (the subject) stays."""
        kept = list(names)
        for name in reversed(names[1:]):
            rest = [n for n in kept if n != name]
            if self.unique(rest):
                kept = rest
        return kept
