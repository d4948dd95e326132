"""AVAL is not the time from STARTDT to ADT.

In days ADT - STARTDT + 1, or without the day more where all records of the parameter are so. A unit that PARAM or AVALU
names is converted: weeks of 7, months of 30.4375, years of 365.25 days, there within a day and 1 %.
Why: Medians and hazard ratios come from this number.
Remedy: Derive AVAL from the two dates.
Source: ADaM for time-to-event analyses 1.0, 4 (AVAL, STARTDT, ADT).

Bad:
    ADTTE USUBJID PARAMCD STARTDT    ADT        AVAL CNSR
          S1      OS      2024-01-01 2024-01-10 10   0
          S2      OS      2024-01-01 2024-01-10 10   0
          S3      OS      2024-01-01 2024-01-10 9    0
          S1      EFS     2024-01-01 2024-01-10 .    0
    -> ADTTE [USUBJID=S3 PARAMCD=OS ADT=2024-01-10] AVAL STARTDT ADT
    -> ADTTE [USUBJID=S1 PARAMCD=EFS ADT=2024-01-10] AVAL STARTDT ADT

Bad:
    ADTTE USUBJID PARAMCD PARAM                       STARTDT    ADT        AVAL CNSR
          S1      OS      "Overall Survival (Months)" 2024-01-01 2025-01-01 366  0
    -> ADTTE [USUBJID=S1 PARAMCD=OS ADT=2025-01-01] AVAL STARTDT ADT

Good:
    ADTTE USUBJID PARAMCD PARAM                       STARTDT    ADT        AVAL  CNSR
          S1      OS      "Overall Survival (Months)" 2024-01-01 2025-01-01 12.06 0
          S1      PFS     "PFS (Days)"                2024-01-01 2024-01-10 9     0
          S2      PFS     "PFS (Days)"                2024-01-01 2024-01-02 1     0
          S3      PFS     "PFS (Days)"                .          2024-01-02 1     0

Bad:
    ADTTE USUBJID PARAMCD STARTDT    ADT        AVAL CNSR
          S1      OS      2024-01-01 2024-01-10 10   0
          S2      OS      2024-01-01 2024-01-10 9    0
          S1      PFS     2024-01-01 2024-01-10 9    0
          S2      PFS     2024-01-01 2024-01-10 12   0
    -> ADTTE [USUBJID=S2 PARAMCD=OS ADT=2024-01-10] AVAL STARTDT ADT
    -> ADTTE [USUBJID=S2 PARAMCD=PFS ADT=2024-01-10] AVAL STARTDT ADT

Bad:
    ADTTE USUBJID PARAMCD AVALU  STARTDT    ADT        AVAL CNSR
          S1      OS      YEARS  2024-01-01 2025-01-01 1.1  0
          S1      PFS     WEEKS  2024-01-01 2024-01-29 4.5  0
          S1      EFS     DAYS   2024-01-01 2024-01-29 29   0
          S1      DOR     MONTHS 2024-01-01 2024-01-29 0.95 0
    -> ADTTE [USUBJID=S1 PARAMCD=OS ADT=2025-01-01] AVAL STARTDT ADT
    -> ADTTE [USUBJID=S1 PARAMCD=PFS ADT=2024-01-29] AVAL STARTDT ADT
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from sdtm_builder.validate.analysis import shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_UNITS = (("year", 365.25), ("month", 30.4375), ("week", 7.0))


@adam_rule("error", classes=["TTE"], needs=["PARAMCD", "AVAL", "STARTDT", "ADT"])
def check(study: AdamStudy, table: Table) -> Found:
    said = table.numbers("AVAL")
    unit = unit_of(table)
    apart = table.numbers("ADT") - table.numbers("STARTDT")
    slack = np.where(unit == 1, 1e-6, 1 + 0.01 * np.abs(apart))
    wrong = [~(np.abs(said * unit - (apart + more)) <= slack) & ~np.isnan(apart) for more in (1, 0)]
    groups = table.groups(["PARAMCD"])
    count = [np.bincount(groups[mask], minlength=int(groups.max(initial=0)) + 1) for mask in wrong]
    other = (count[1] < count[0])[groups]
    where = np.where(other, wrong[1], wrong[0])
    right = (apart + np.where(other, 0, 1)) / unit
    message = "AVAL is '{AVAL}', from STARTDT {STARTDT} to ADT {ADT} it is {right}"
    return records(table, where, message, "AVAL", "STARTDT", "ADT", extra={"right": shown(np.round(right, 4))})


def unit_of(table: Table) -> NDArray[np.float64]:
    """The days that a unit of AVAL has, by the words of AVALU, else of PARAM; 1 where none is named."""
    days = np.ones(table.n)
    for name in ("PARAM", "AVALU"):
        for word, size in _UNITS:
            days[table.equals(name, *_naming(table, name, word))] = size
        days[table.equals(name, *_naming(table, name, "day"))] = 1
    return days


def _naming(table: Table, name: str, word: str) -> list[str]:
    """The texts of AVALU that are a unit, or of PARAM that name it in brackets."""
    unit = re.compile(rf"{word}s?" if name == "AVALU" else rf".*\({word}s?\).*", re.IGNORECASE)
    return [text for text in table.distinct(name) if unit.fullmatch(text)]
