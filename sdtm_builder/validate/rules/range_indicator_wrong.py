"""A range indicator does not fit the value and the limits.

ANRIND against AVAL, ANRLO and ANRHI; AyIND against AyLO and AyHI: LOW below the lower limit, HIGH above the upper one,
NORMAL between. LOW LOW and HIGH HIGH count as LOW and HIGH; other words are passed over.
Why: Shift tables count by the indicator.
Remedy: Derive the indicator from AVAL and the limits of the record, in one unit.
Source: ADaMIG 1.3, 3.3.6 (ANRIND, AyIND).

Bad:
    ADLB USUBJID PARAMCD AVISIT AVAL ANRLO ANRHI ANRIND
         S1      ALT     V1     50   10    40    NORMAL
         S1      ALT     V2     10   10    40    LOW
         S1      ALT     V3     5    10    .     HIGH
         S1      ALT     V4     40   .     40    "HIGH HIGH"
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V1] ANRIND AVAL ANRLO ANRHI
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V2] ANRIND AVAL ANRLO ANRHI
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V3] ANRIND AVAL ANRLO ANRHI
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V4] ANRIND AVAL ANRLO ANRHI

Good:
    ADLB USUBJID PARAMCD AVISIT AVAL ANRLO ANRHI ANRIND
         S1      ALT     V1     50   10    40    HIGH
         S1      ALT     V2     40   10    40    NORMAL
         S1      ALT     V3     5    10    .     "LOW LOW"
         S1      ALT     V4     50   .     .     ABNORMAL
         S1      ALT     V5     .    10    40    LOW

Good:
    ADLB USUBJID PARAMCD AVISIT AVAL ANRLO ANRHI ANRIND
         S1      ALT     V1     10   10    40    NORMAL
         S1      ALT     V2     50   10    .     HIGH
         S1      ALT     V3     5    .     40    LOW
         S1      ALT     V4     20   .     40    LOW

Bad:
    ADLB USUBJID PARAMCD AVISIT AVAL ANRHI ANRIND
         S1      ALT     V1     50   40    LOW
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V1] ANRIND AVAL ANRHI
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_NAMES = re.compile(r"(A(?:NR|\d))IND")


@adam_rule("warning", classes=["BDS"], needs=["AVAL"])
def check(study: AdamStudy, table: Table) -> Found:
    value = table.numbers("AVAL")
    for name in table.variables:
        match = _NAMES.fullmatch(name)
        if not match or not (table.has(f"{match[1]}LO") or table.has(f"{match[1]}HI")):
            continue
        low, high = table.numbers(f"{match[1]}LO"), table.numbers(f"{match[1]}HI")
        below, above = value < low, value > high
        where = table.equals(name, "NORMAL") & (below | above)
        where |= table.equals(name, "LOW", "LOW LOW") & ((value >= low) | (np.isnan(low) & above))
        where |= table.equals(name, "HIGH", "HIGH HIGH") & ((value <= high) | (np.isnan(high) & below))
        limits = (f"{match[1]}LO", f"{match[1]}HI")
        message = f"{name} is {{{name}}} for AVAL {{AVAL}} with limits '{{{limits[0]}}}' and '{{{limits[1]}}}'"
        yield from records(table, where & ~np.isnan(value), message, name, "AVAL", *limits)
