"""The records behind analysis records: by USUBJID and a sequence number, in one dataset or the parts of a domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model import domain_letters
from sdtm_builder.model.column import Vector
from sdtm_builder.validate.dates import Dates, read_dates
from sdtm_builder.validate.study import Study
from sdtm_builder.validate.table import Mask, Table


@dataclass(eq=False)
class SourceRecords:
    """For each record of a dataset a row of `parts`, set one under the other; -1 where none has its key.

    `letters` are those of the parts' domain.
    """

    parts: Sequence[Table]
    rows: NDArray[np.int64]
    letters: str = ""
    _dates: dict[str, Dates] = field(default_factory=dict, repr=False)

    @property
    def found(self) -> Mask:
        """True where there is a source record."""
        return np.asarray(self.rows >= 0)

    def has(self, name: str) -> bool:
        """Whether a part has a variable."""
        return any(part.has(name) for part in self.parts)

    def column(self, name: str) -> Vector:
        """A variable of the source records, missing where there is none."""
        return self._whole(name).take(self.rows)

    def dates(self, name: str) -> Dates:
        """A --DTC of the source records as intervals."""
        if name not in self._dates:
            self._dates[name] = read_dates(self._whole(name)).take(self.rows)
        return self._dates[name]

    def _whole(self, name: str) -> Vector:
        kind = next((part.columns[name].kind for part in self.parts if part.has(name)), None)
        columns = [
            part.columns[name] if part.has(name) and part.columns[name].kind is kind
            else Vector.missing_of(kind, part.n) if kind is not None
            else Vector.of_texts([None] * part.n)
            for part in self.parts
        ]  # fmt: skip
        return Vector.concat(columns)


def by_sequence(sdtm: Study, table: Table) -> SourceRecords | None:
    """The SDTM records of a dataset's --SEQ; None where it has none, or the domain is not there."""
    parts = [part for part in sdtm.of_domain(table.letters) if part.has("USUBJID", f"{table.letters}SEQ")]
    if not parts or not table.has("USUBJID", "--SEQ") or table.column("--SEQ").is_text:
        return None
    return SourceRecords(parts, matched(table, "--SEQ", parts, f"{table.letters}SEQ"), table.letters)


def by_reference(sdtm: Study, table: Table) -> list[SourceRecords]:
    """The SDTM records of SRCDOM and SRCSEQ, those of a domain each; none for analysis datasets."""
    result = []
    for domain in table.distinct("SRCDOM") if table.has("USUBJID", "SRCSEQ") else ():
        letters = domain_letters(domain)[:2]
        parts = [part for part in sdtm.of_domain(domain) if part.has("USUBJID", f"{letters}SEQ")]
        if parts:
            rows = matched(table, "SRCSEQ", parts, f"{letters}SEQ")
            result.append(SourceRecords(parts, np.where(table.equals("SRCDOM", domain), rows, -1), letters))
    return result


def matched(table: Table, number: str, parts: Sequence[Table], named: str) -> NDArray[np.int64]:
    """For each record the row, in `parts` one under the other, of the same USUBJID and number; -1 for none.

    number, named: the sequence number here and there; of several that have it, the first.
    """
    texts = [part.column("USUBJID") for part in parts]
    there = Vector.concat([t if t.is_text else Vector.of_texts([None] * len(t)) for t in texts])
    numbers = np.concatenate([part.numbers(named) for part in parts])
    own = table.column("USUBJID")
    if not own.is_text or not len(numbers):
        return np.full(table.n, -1)
    place = {text: at for at, text in enumerate(there.distinct())}
    codes = np.array([place.get(text, -1) for text in own.distinct()] + [-1], dtype=np.int64)[own.data]
    keys, order = _sorted(_keys(there.data.astype(np.int64), numbers))
    wanted = _keys(codes, table.numbers(number))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where((wanted >= 0) & (keys[at] == wanted), order[at], -1)


def _keys(codes: NDArray[np.int64], numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """One number of a subject's code and a sequence number; -1 where either is none."""
    whole = (codes >= 0) & (numbers >= 0) & (numbers < 2**31) & (numbers == np.floor(numbers))
    safe = np.where(whole, numbers, 0).astype(np.int64)
    return np.asarray(np.where(whole, codes * 2**31 + safe, -1))


def _sorted(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = np.argsort(keys, kind="stable")
    return keys[order], order
