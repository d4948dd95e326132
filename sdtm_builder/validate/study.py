"""All that is in a folder of written files, and the views of it that several rules share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sdtm_builder import standards
from sdtm_builder.validate.dates import Dates, read_dates
from sdtm_builder.validate.define import DefineDataset, DefineDoc
from sdtm_builder.validate.table import Table

GENERAL = ("INTERVENTIONS", "EVENTS", "FINDINGS", "FINDINGS ABOUT")
_TOPICS = (("--TESTCD", "FINDINGS"), ("--TRT", "INTERVENTIONS"), ("--TERM", "EVENTS"))


@dataclass(eq=False)
class Study:
    """The datasets, define.xml, names of files, and what couldn't be read: (file, why).

    `ig` and `ct` are the standards that define.xml names; `notes` says where another had to stand in.
    """

    standard: ClassVar[str] = "sdtm"

    tables: Mapping[str, Table]
    define: DefineDoc | None = None
    files: frozenset[str] = frozenset()
    broken: Sequence[tuple[str, str]] = ()
    ct_folder: Path | None = None
    notes: list[str] = field(default_factory=list)
    _dates: dict[tuple[str, str], Dates] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for table in self.tables.values():
            table.klass = table.klass or self._klass(table)

    @cached_property
    def ig(self) -> standards.Ig:
        """SDTMIG of the version that define.xml names, else 3.4."""
        version = self.define.ig if self.define and self.define.ig else "3.4"
        try:
            return standards.ig(version)
        except standards.StandardsError as fault:
            self.notes.append(f"{fault} SDTMIG 3.4 was used instead.")
            return standards.ig("3.4")

    @cached_property
    def ct(self) -> standards.CtPackage:
        """SDTM terminology of the version that define.xml names, else the newest there is."""
        return self.terminology("SDTM")

    def standards_replaced(self) -> list[str]:
        """The notes on standards that define.xml names and that are not at hand; asking for them makes the notes."""
        return self.notes if self.ig and self.ct else []

    def terminology(self, publishing_set: str) -> standards.CtPackage:
        """Terminology of a publishing set (SDTM, ADaM) in the version that define.xml names, else the newest."""
        package = publishing_set.lower()
        newest = standards.ct_versions(self.ct_folder)[package][-1]
        version = (self.define.ct.get(publishing_set) if self.define else None) or newest
        try:
            return standards.ct(package, version, self.ct_folder)
        except standards.StandardsError as fault:
            self.notes.append(f"{fault} {publishing_set} CT {newest} was used instead.")
            return standards.ct(package, newest, self.ct_folder)

    def codelist(self, code: str) -> standards.Codelist | None:
        """A codelist of the terminology in use by its C-code, or None."""
        return self.ct.codelist(code)

    def _klass(self, table: Table) -> str:
        known = self.ig.dataset(self.ig_name(table))
        if known is not None:
            return known.klass.upper().replace("-", " ")
        defined = self.defined(table)
        if defined is not None and defined.klass:
            return defined.klass.replace("-", " ")
        return next((klass for topic, klass in _TOPICS if table.has(topic)), "")

    def ig_name(self, table: Table) -> str:
        """The name of a table's definition in the IG: its domain, with SUPP before it for a SUPP-- dataset."""
        return f"SUPP{table.domain}" if table.is_supp else table.domain

    def is_custom(self, table: Table) -> bool:
        """Whether the IG has no such dataset."""
        return self.ig.dataset(self.ig_name(table)) is None

    def permitted(self, table: Table) -> dict[str, standards.IgVariable]:
        """The variables that the IG or, for a general class, the model has for a dataset; none for an unknown class."""
        if not self.is_custom(table):
            return {v.name: v for v in self.ig.permitted(self.ig_name(table))}
        if table.klass not in GENERAL:
            return {}
        return {v.name: v for v in self.ig.class_variables(table.klass, table.domain)}

    def continues(self, table: Table, name: str) -> bool:
        """Whether a variable goes on with a long text that the IG continues in its dataset: COVAL1, TSVAL1."""
        first = name.rstrip("0123456789")
        return first != name and self.ig.continues(self.ig_name(table), first)

    def table(self, name: str) -> Table | None:
        """The dataset of a name, or None."""
        return self.tables.get(name)

    def of_domain(self, domain: str) -> list[Table]:
        """The dataset of a domain, or its parts where it is split; without SUPP--."""
        return [t for t in self.tables.values() if t.domain == domain and not t.is_supp]

    def domains(self) -> set[str]:
        """The domains that are there, without those of SUPP-- alone."""
        return {t.domain for t in self.tables.values() if not t.is_supp}

    def defined(self, table: Table) -> DefineDataset | None:
        """What define.xml says of a dataset."""
        return self.define.datasets.get(table.name) if self.define else None

    def dates(self, table: Table, pattern: str) -> Dates:
        """A --DTC column as intervals, read once; unknown everywhere if it is absent."""
        key = (table.name, table.named(pattern))
        if key not in self._dates:
            self._dates[key] = read_dates(table.column(pattern)) if table.has(pattern) else Dates.unknown(table.n)
        return self._dates[key]

    def dm_rows(self, table: Table, person: str = "USUBJID") -> NDArray[np.int64]:
        """For each record the row of its subject (the value of `person`) in DM, -1 where there is none."""
        dm = self.table("DM")
        return rows_of(table, dm, person, "USUBJID") if dm is not None else np.full(table.n, -1)

    def day_one(self, table: Table) -> tuple[Dates, NDArray[np.object_]]:
        """RFSTDTC that study days of each record count from, as dates and texts; RSUBJID's for associated persons."""
        if table.domain == "DM":
            return self.dates(table, "RFSTDTC"), table.strings("RFSTDTC")
        person = "USUBJID" if table.has("USUBJID") else "RSUBJID"
        return self.dm_dates(table, "RFSTDTC", person), self.dm_texts(table, "RFSTDTC", person)

    def dm_dates(self, table: Table, variable: str, person: str = "USUBJID") -> Dates:
        """A date of DM beside each record of another dataset."""
        dm = self.table("DM")
        return Dates.unknown(table.n) if dm is None else self.dates(dm, variable).take(self.dm_rows(table, person))

    def dm_texts(self, table: Table, variable: str, person: str = "USUBJID") -> NDArray[np.object_]:
        """A character variable of DM beside each record of another dataset, None where there is no value."""
        dm = self.table("DM")
        if dm is None or not dm.has(variable) or not dm.n:
            return np.full(table.n, None, dtype=object)
        rows = self.dm_rows(table, person)
        found = dm.strings(variable)[rows]
        found[rows < 0] = None
        return found

    def subjects(self, domain: str, table: Table, where: str = "", *values: str) -> NDArray[np.bool_]:
        """True where a record's subject has a record in `domain`, with `where` equal to one of `values` if given."""
        wanted: set[str] = set()
        for other in self.of_domain(domain):
            keep = other.equals(where, *values) if where else np.ones(other.n, dtype=bool)
            ids = other.column("USUBJID")
            if ids.is_text:
                wanted.update(str(ids.distinct()[c]) for c in np.unique(ids.data[keep]) if c >= 0)
        return table.matching("USUBJID", lambda text: text in wanted)

    def values_of(self, domain: str, variable: str) -> set[str]:
        """The distinct values of a variable over the datasets of a domain, numbers as text."""
        found: set[str] = set()
        for table in self.of_domain(domain):
            found.update(str(v) for v in set(table.strings(variable).tolist()) if v is not None)
        return found

    def each(self, *classes: str) -> Iterator[Table]:
        """The datasets of some classes."""
        yield from (t for t in self.tables.values() if t.klass in classes)


def rows_of(table: Table, other: Table, variable: str = "USUBJID", named: str = "") -> NDArray[np.int64]:
    """For each record the first row of another table with the same value of a character variable, -1 for none.

    named: what the variable is called there, where it differs.
    """
    column = table.columns.get(variable)
    if column is None or not column.is_text:
        return np.full(table.n, -1)
    first = other.distinct(named or variable)
    at = np.array([first.get(text, -1) for text in column.distinct()] + [-1], dtype=np.int64)
    return np.asarray(at[column.data])
