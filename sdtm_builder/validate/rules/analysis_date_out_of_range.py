"""A numeric date has a fraction, or a date or time lies outside of what it can be.

A date is whole and in the years 1900 to 2099; a time is from 0 to below 24 hours.
Why: A datetime in a date's place, or days from another epoch, look like numbers and are shown as nonsense.
Remedy: Derive the date as days since 1960-01-01, the datetime as seconds.
Source: ADaMIG 1.3, 3.1.2.

Bad:
    ADSL USUBJID TRTSDT@DATE9. TRTSTM@TIME5. TRTSDTM@DATETIME20.
         S1      23011.4       86400         23011
         S2      2000000000    -1            .
    -> ADSL [USUBJID=S1] TRTSDT
    -> ADSL [USUBJID=S2] TRTSDT
    -> ADSL [USUBJID=S1] TRTSTM
    -> ADSL [USUBJID=S2] TRTSTM

Good:
    ADSL USUBJID TRTSDT     TRTSTM TRTSDTM
         S1      2024-01-01 23:59  2024-01-01T23:59

Bad:
    ADSL USUBJID TRTSDT@DATE9. TRTSTM@TIME5. TRTSDTM@DATETIME20.
         S1      -21915        86399         -1893369601
         S2      51135         0             4418064000
         S3      .             .             .
    -> ADSL [USUBJID=S1] TRTSDT
    -> ADSL [USUBJID=S2] TRTSDT
    -> ADSL [USUBJID=S1] TRTSDTM
    -> ADSL [USUBJID=S2] TRTSDTM

Good:
    ADSL USUBJID TRTSDT@DATE9. TRTSTM@TIME5. TRTSDTM@DATETIME20.
         S1      -21914        0             -1893369600
         S2      51134         86399         4418063999
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.sasdates import DAY, date_kind

FIRST, LAST = -21914, 51134
"""SAS dates of 1900-01-01 and 2099-12-31."""


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for name, info in table.variables.items():
        kind = date_kind(info.format) if info.type == "Num" else ""
        values = table.numbers(name) if kind else np.zeros(0)
        if kind == "date":
            wrong = (values != np.floor(values)) | (values < FIRST) | (values > LAST)
        elif kind == "datetime":
            wrong = (values < FIRST * DAY) | (values >= (LAST + 1) * DAY)
        elif kind == "time":
            wrong = (values < 0) | (values >= DAY)
        else:
            continue
        found = wrong & ~np.isnan(values)
        raw = table.column(name).as_kind(table.column(name).kind)
        if found.any():
            texts = np.array([raw.text_at(r) if f else "" for r, f in enumerate(found)], dtype=object)
            yield from records(table, found, f"{name} is {{raw}} as a {kind}", name, extra={"raw": texts})
