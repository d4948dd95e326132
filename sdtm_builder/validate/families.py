"""Analysis dates by their names: date, time, datetime and imputation flags that belong together, and their source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.dates import Dates
from sdtm_builder.validate.sasdates import DAY, EPOCH
from sdtm_builder.validate.study import rows_of
from sdtm_builder.validate.table import Mask, Table

_SHORT = re.compile(r"(P\d\dS\d[SE])(DT|DM)")
_SUBJECT_SOURCES = {"DTHDT": "DTHDTC", "RFICDT": "RFICDTC", "BRTHDT": "BRTHDTC"}
_RECORD_SOURCES = {"ASTDT": "--STDTC", "AENDT": "--ENDTC", "ADT": "--DTC"}


@dataclass(frozen=True, slots=True)
class Family:
    """Names of the date, time and datetime of one moment and of their imputation flags, whether they are there or not.

    ADT, ATM, ADTM, ADTF, ATMF; ASTDT, ASTTM, ASTDTM, ASTDTF, ASTTMF; TRTSDT, TRTSTM... (ADaMIG 3.1.1).
    """

    date: str
    time: str
    datetime: str
    date_flag: str
    time_flag: str


def family(stem: str) -> Family:
    """The names that go with a stem: `A`, `AST`, `TRTS`; subperiods cut them at 8 characters (P01S1SDM, P01S1SDF)."""
    if re.fullmatch(r"P\d\dS\d[SE]", stem):
        return Family(f"{stem}DT", f"{stem}TM", f"{stem}DM", f"{stem}DF", f"{stem}TF")
    return Family(f"{stem}DT", f"{stem}TM", f"{stem}DTM", f"{stem}DTF", f"{stem}TMF")


def families(table: Table) -> Iterator[Family]:
    """The moments of a dataset: each that has a numeric date or datetime."""
    stems: dict[str, None] = {}
    for name, variable in table.variables.items():
        short = _SHORT.fullmatch(name)
        if variable.type != "Num":
            continue
        if short:
            stems.setdefault(short[1])
        elif name.endswith("DTM"):
            stems.setdefault(name[:-3])
        elif name.endswith("DT"):
            stems.setdefault(name[:-2])
    yield from (family(stem) for stem in stems if stem)


def days_of(table: Table, names: Family) -> NDArray[np.float64]:
    """The SAS date of a moment: the date, where that is missing the datetime's date part."""
    own = table.numbers(names.date)
    return np.where(np.isnan(own), np.floor(table.numbers(names.datetime) / DAY), own)


def source_of(study: AdamStudy, table: Table, date: str) -> tuple[str, Dates] | None:
    """The --DTC that an analysis date stands for, with its name; None where it can't be told.

    ASTDT, AENDT, ADT: --STDTC, --ENDTC, --DTC of the dataset itself, else of the SDTM record of its --SEQ. In ADSL
    DTHDT, RFICDT, BRTHDT: those of DM.
    """
    if table.klass == "ADSL":
        name = _SUBJECT_SOURCES.get(date, "")
        if name and table.has(name):
            return name, study.dates(table, name)
        if name and study.sdtm is not None and study.dm is not None and study.dm.has(name):
            return f"DM.{name}", study.sdtm.dm_dates(table, name)
        return None
    name = table.named(_RECORD_SOURCES.get(date, ""))
    if name and table.has(name):
        return name, study.dates(table, name)
    found = study.source(table)
    if name and found is not None and found.has(name):
        return f"{table.letters}.{name}", found.dates(name)
    return None


def source_texts(study: AdamStudy, table: Table, date: str) -> tuple[str, Vector] | None:
    """As `source_of`, with the texts of the --DTC; None too where it is numeric."""
    found = _source_column(study, table, date)
    return found if found is not None and found[1].is_text else None


def _source_column(study: AdamStudy, table: Table, date: str) -> tuple[str, Vector] | None:
    if table.klass == "ADSL":
        name, dm = _SUBJECT_SOURCES.get(date, ""), study.dm
        if name and table.has(name):
            return name, table.column(name)
        return (f"DM.{name}", dm.column(name).take(rows_of(table, dm))) if name and dm and dm.has(name) else None
    name = table.named(_RECORD_SOURCES.get(date, ""))
    if name and table.has(name):
        return name, table.column(name)
    found = study.source(table)
    return (f"{table.letters}.{name}", found.column(name)) if name and found and found.has(name) else None


def day_bounds(dates: Dates) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first and the last SAS date that a --DTC leaves open; NaN where it is not known."""
    low = np.where(dates.known, np.floor(dates.low / DAY) + EPOCH, np.nan)
    high = np.where(dates.known, np.floor(dates.high / DAY) + EPOCH, np.nan)
    return low, high


def imputed(table: Table, names: Family) -> Mask:
    """Where a date imputation flag is filled."""
    return table.filled(names.date_flag)
