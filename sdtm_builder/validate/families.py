"""Analysis dates by their names: date, time, datetime and imputation flags that belong together, and their source."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.dates import Dates, read_dates
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


def sourced(study: AdamStudy, table: Table) -> Iterator[tuple[Family, str, Dates]]:
    """The moments of a dataset whose --DTC can be told, each with the name of that and its dates."""
    for names in families(table):
        found = source_of(study, table, names.date)
        if found is not None:
            yield names, *found


def source_of(study: AdamStudy, table: Table, date: str) -> tuple[str, Dates] | None:
    """The --DTC that an analysis date stands for, with its name; None where it can't be told.

    ASTDT, AENDT, ADT: --STDTC, --ENDTC, --DTC of the dataset itself, else of the SDTM record of its --SEQ, for ADT
    also of its SRCDOM and SRCSEQ. In ADSL DTHDT, RFICDT, BRTHDT: those of DM.
    """
    found = source_texts(study, table, date)
    if found is None:
        return None
    return found[0], study.once(table, f"{date} {found[0]}", lambda: read_dates(found[1]))


def source_texts(study: AdamStudy, table: Table, date: str) -> tuple[str, Vector] | None:
    """As `source_of`, with the texts of the --DTC; None too where it is numeric."""
    if table.klass == "ADSL":
        name, dm = _SUBJECT_SOURCES.get(date, ""), study.dm
        if name and table.has(name):
            found = name, table.column(name)
        elif name and dm is not None and dm.has(name):
            found = f"DM.{name}", dm.column(name).take(rows_of(table, dm))
        else:
            return None
    else:
        pattern = _RECORD_SOURCES.get(date, "")
        if pattern and table.has(pattern):
            found = table.named(pattern), table.column(pattern)
        else:
            several = _of_records(study, table, pattern)
            if several is None:
                return None
            found = several
    return found if found[1].is_text else None


def _of_records(study: AdamStudy, table: Table, pattern: str) -> tuple[str, Vector] | None:
    """A --DTC of the SDTM records behind a dataset, of all their domains."""
    names, result = [], None
    if pattern == "--DTC":
        sources = study.sources(table)
    else:  # a record that refers to an interval by SRCDOM may be a part of it
        own = study.source(table) if pattern else None
        sources = [own] if own is not None else []
    for source in sources:
        name = pattern.replace("--", source.letters)
        if source.has(name) and source.column(name).is_text:
            names.append(f"{source.letters}.{name}")
            column = source.column(name)
            result = column if result is None else either(result, column)
    return (" or ".join(names), result) if result is not None else None


def either(one: Vector, other: Vector) -> Vector:
    """The texts of one column, where it has none those of another."""
    both = Vector.concat([one, other])
    first, second = both.data[: len(one)], both.data[len(one) :]
    return Vector(both.kind, np.where(first >= 0, first, second), both.texts)


def day_bounds(dates: Dates) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The first and the last SAS date that a --DTC leaves open; NaN where it is not known."""
    low = np.where(dates.known, np.floor(dates.low / DAY) + EPOCH, np.nan)
    high = np.where(dates.known, np.floor(dates.high / DAY) + EPOCH, np.nan)
    return low, high


def imputed(table: Table, names: Family) -> Mask:
    """Where a date imputation flag is filled."""
    return table.filled(names.date_flag)
