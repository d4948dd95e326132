"""The datasets and dates that SRCDOM, SRCVAR and SRCSEQ name."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.adam import AdamStudy
from sdtm_builder.validate.dates import read_dates
from sdtm_builder.validate.sasdates import DAY, EPOCH
from sdtm_builder.validate.sources import SourceRecords, matched
from sdtm_builder.validate.study import rows_of
from sdtm_builder.validate.table import Table

_SEQUENCE = re.compile(r"[A-Z]{2}SEQ")


def named_parts(study: AdamStudy, name: str) -> list[Table]:
    """The analysis dataset of a name, else the SDTM dataset, else all of an SDTM domain; none if there is none."""
    if name in study.tables:
        return [study.tables[name]]
    if study.sdtm is None:
        return []
    own = study.sdtm.table(name)
    return study.sdtm.of_domain(name) or ([own] if own is not None else [])


def numbered_by(part: Table) -> str:
    """The variable that SRCSEQ stands for in a dataset: ASEQ, else --SEQ, "" if it has neither."""
    names = ["ASEQ"] if part.has("ASEQ") else [name for name in part.variables if _SEQUENCE.fullmatch(name)]
    return names[0] if names else ""


def qualifiers_of(study: AdamStudy, domain: str) -> set[str]:
    """The supplemental qualifiers of an SDTM domain."""
    if study.sdtm is None:
        return set()
    tables = [table for table in study.sdtm.tables.values() if table.is_supp and table.domain == domain]
    return {name for table in tables for name in table.distinct("QNAM")}


def dates_referred_to(study: AdamStudy, table: Table) -> NDArray[np.float64]:
    """The SAS date of what SRCDOM, SRCVAR and SRCSEQ name; NaN where that is no complete date, or not one record."""
    result = np.full(table.n, np.nan)
    for domain in table.distinct("SRCDOM"):
        parts = [part for part in named_parts(study, domain) if part.has("USUBJID")]
        if not parts:
            continue
        own = table.equals("SRCDOM", domain)
        source = SourceRecords(parts, _rows(table, parts))
        for variable in {str(v) for v in table.strings("SRCVAR")[own] if v is not None}:
            if source.has(variable):
                where = own & table.equals("SRCVAR", variable)
                result[where] = _days(source, variable)[where]
    return result


def _rows(table: Table, parts: list[Table]) -> NDArray[np.int64]:
    """The record by SRCSEQ; without it the subject's, where a dataset has one record a subject."""
    number = numbered_by(parts[0])
    numbered = ~np.isnan(table.numbers("SRCSEQ"))
    rows = np.full(table.n, -1)
    if number and all(part.has(number) for part in parts):
        rows = matched(table, "SRCSEQ", parts, number)
    if len(parts) == 1 and not parts[0].repeats(["USUBJID"]).any():
        rows = np.where(numbered & bool(number), rows, rows_of(table, parts[0]))
    return rows


def _days(source: SourceRecords, variable: str) -> NDArray[np.float64]:
    column = source.column(variable)
    if column.is_text:
        return read_dates(column).day + EPOCH
    if variable.endswith("DTM"):
        return np.asarray(np.floor(np.asarray(column.data) / DAY))
    return np.asarray(column.data, dtype=np.float64) if variable.endswith("DT") else np.full(len(column), np.nan)
