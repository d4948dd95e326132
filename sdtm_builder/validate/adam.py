"""The ADaM datasets of a folder, their structures by ADaMIG, and the SDTM datasets that they were made from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from sdtm_builder import standards
from sdtm_builder.validate.dates import Dates
from sdtm_builder.validate.sources import SourceRecords, by_reference, by_sequence
from sdtm_builder.validate.study import Study, rows_of
from sdtm_builder.validate.table import Table

CLASSES: Mapping[str, str] = {
    "ADSL": "SUBJECT LEVEL ANALYSIS DATASET",
    "BDS": "BASIC DATA STRUCTURE",
    "TTE": "BASIC DATA STRUCTURE",
    "OCCDS": "OCCURRENCE DATA STRUCTURE",
    "OTHER": "ADAM OTHER",
}
"""Structure -> class of define.xml."""
_BY_CLASS = {"SUBJECT LEVEL ANALYSIS DATASET": "ADSL", "BASIC DATA STRUCTURE": "BDS",
             "OCCURRENCE DATA STRUCTURE": "OCCDS", "ADAM OTHER": "OTHER"}  # fmt: skip
_SEQUENCE = re.compile(r"([A-Z]{2})SEQ")
_ELAPSED = re.compile(r"[A-Z]{2}ELTM")
_NOT_ASSIGNED = ("SCRNFAIL", "NOTASSGN")
_TOPIC = re.compile(r"([A-Z]{2})(TERM|TRT|DECOD)")


@dataclass(eq=False)
class AdamStudy(Study):
    """ADaM datasets as `Study` has datasets; `sdtm` holds those of SDTM, None where they are not at hand."""

    standard: ClassVar[str] = "adam"

    sdtm: Study | None = None
    _sources: dict[str, SourceRecords | None] = field(default_factory=dict, repr=False)
    _all_sources: dict[str, list[SourceRecords]] = field(default_factory=dict, repr=False)
    _permitted: dict[str, dict[str, standards.IgVariable]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for table in self.tables.values():
            table.letters = letters_of(table)
            table.klass = structure_of(table, self._defined_class(table))

    @cached_property
    def adamig(self) -> standards.AdamIg:
        """ADaMIG of the version that define.xml names, else 1.3."""
        version = self.define.adamig if self.define and self.define.adamig else "1.3"
        try:
            return standards.adam_ig(version)
        except standards.StandardsError as fault:
            self.notes.append(f"{fault} ADaMIG 1.3 was used instead.")
            return standards.adam_ig("1.3")

    @cached_property
    def analysis_ct(self) -> standards.CtPackage:
        """ADaM terminology of the version that define.xml names, else the newest there is."""
        return self.terminology("ADaM")

    def standards_replaced(self) -> list[str]:
        """The notes on standards that define.xml names and that are not at hand."""
        return self.notes if self.adamig and self.analysis_ct and self.ct else []

    def codelist(self, code: str) -> standards.Codelist | None:
        """A codelist of ADaM terminology, else of SDTM's."""
        return self.analysis_ct.codelist(code) or self.ct.codelist(code)

    def _defined_class(self, table: Table) -> str:
        defined = self.defined(table)
        return defined.klass if defined is not None else ""

    def structure(self, table: Table) -> str:
        """The structure whose tables of the ADaMIG hold for a dataset: ADSL, BDS, TTE, OCCDS, ADAE, or ""."""
        if table.klass == "OCCDS" and table.letters == "AE":
            return "ADAE"
        return "" if table.klass == "OTHER" else table.klass

    def ig_name(self, table: Table) -> str:
        """The name of the structure that a dataset follows."""
        return self.structure(table)

    def is_custom(self, table: Table) -> bool:
        """ADaM datasets have no domain of the SDTMIG."""
        return True

    def continues(self, table: Table, name: str) -> bool:
        """No text goes on in a numbered variable in ADaM."""
        return False

    def variable(self, table: Table, name: str) -> standards.IgVariable | None:
        """What the ADaMIG says of a variable of a dataset: in its own structure, else as one that came from ADSL."""
        own = self.structure(table)
        found = self.adamig.variable(own, name, table.letters) if own else None
        if found is not None and "{" in found.label and _ELAPSED.fullmatch(name):
            return None  # *TM fits the elapsed time of SDTM, a text
        return found if found is not None else self.adamig.variable("ADSL", name)

    def permitted(self, table: Table) -> dict[str, standards.IgVariable]:
        """The variables of a dataset that the ADaMIG has."""
        if table.name not in self._permitted:
            found = {name: self.variable(table, name) for name in table.variables}
            self._permitted[table.name] = {name: one for name, one in found.items() if one is not None}
        return self._permitted[table.name]

    @property
    def adsl(self) -> Table | None:
        """ADSL, or None."""
        return self.table("ADSL")

    @property
    def dm(self) -> Table | None:
        """DM of the SDTM datasets, or None."""
        return self.sdtm.table("DM") if self.sdtm is not None else None

    def assigned(self) -> NDArray[np.bool_]:
        """For each record of DM whether the subject was assigned to an arm; older IGs write a reason into ARMCD."""
        assert self.dm is not None
        reason = self.dm.matching("ARMCD", lambda text: text.upper() in _NOT_ASSIGNED)
        return np.asarray((self.dm.filled("ARM") | self.dm.filled("ARMCD")) & ~reason)

    def once(self, table: Table, name: str, make: Callable[[], Dates]) -> Dates:
        """Dates made for a dataset under a name, kept for other rules."""
        if (table.name, name) not in self._dates:
            self._dates[table.name, name] = make()
        return self._dates[table.name, name]

    def adsl_rows(self, table: Table) -> NDArray[np.int64]:
        """For each record the row of its subject in ADSL, -1 where there is none."""
        return rows_of(table, self.adsl) if self.adsl is not None else np.full(table.n, -1)

    def of_subject(self, table: Table, name: str) -> NDArray[np.float64]:
        """A number of ADSL beside each record of a dataset; without ADSL, or that variable in it, the dataset's own."""
        adsl = self.adsl
        if adsl is None or not adsl.has(name):
            return table.numbers(name)
        if table is adsl:
            return adsl.numbers(name)
        rows = self.adsl_rows(table)
        return np.append(adsl.numbers(name), np.nan)[rows]

    def texts_of_subject(self, table: Table, name: str) -> NDArray[np.object_]:
        """A character variable of ADSL beside each record, likewise; None where there is no value."""
        adsl = self.adsl
        if adsl is None or not adsl.has(name) or table is adsl:
            return table.strings(name)
        return np.append(adsl.strings(name), np.array([None], dtype=object))[self.adsl_rows(table)]

    def source(self, table: Table) -> SourceRecords | None:
        """The SDTM record of each record by USUBJID and --SEQ; None without --SEQ or that domain."""
        if table.name not in self._sources:
            self._sources[table.name] = by_sequence(self.sdtm, table) if self.sdtm is not None else None
        return self._sources[table.name]

    def sources(self, table: Table) -> list[SourceRecords]:
        """The SDTM records behind a dataset, a domain each: by --SEQ, without that by SRCDOM and SRCSEQ."""
        if table.name not in self._all_sources:
            own = self.source(table)
            found = [own] if own is not None else []
            if not table.has("--SEQ") and self.sdtm is not None:
                found = by_reference(self.sdtm, table)
            self._all_sources[table.name] = found
        return self._all_sources[table.name]

    def others(self) -> list[Table]:
        """The datasets beside ADSL."""
        return [table for table in self.tables.values() if table.klass != "ADSL"]


def letters_of(table: Table) -> str:
    """The letters of the SDTM domain behind a dataset: of its --SEQ, else of its --TERM or --TRT, else of ADxx.

    None for ADSL, that has no domain of its own.
    """
    if table.name == "ADSL":
        return ""
    for pattern in (_SEQUENCE, _TOPIC):
        for name in table.variables:
            match = pattern.fullmatch(name)
            if match:
                return match[1]
    return table.name[2:4]


def structure_of(table: Table, defined: str) -> str:
    """ADSL, BDS, TTE, OCCDS or OTHER, by what a dataset holds; else by its class in define.xml."""
    if table.name == "ADSL":
        return "ADSL"
    if table.has("PARAMCD") or (table.has("PARAM") and (table.has("AVAL") or table.has("AVALC"))):
        return "TTE" if table.has("CNSR") else "BDS"
    if defined in _BY_CLASS:
        return _BY_CLASS[defined]
    named = any(table.has(name) for name in ("--TERM", "--TRT", "--DECOD"))
    dated = any(table.has(name) for name in ("TRTEMFL", "ASTDT", "ASTDTM"))
    if named or (table.has("--SEQ") and dated):
        return "OCCDS"
    return "OTHER"
