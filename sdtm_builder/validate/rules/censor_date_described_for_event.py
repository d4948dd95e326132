"""CNSDTDSC is filled on an event.

Why: It describes the date of censoring; an event was not censored.
Remedy: Leave CNSDTDSC null where CNSR is 0.
Source: ADaM for time-to-event analyses 1.0, 4 (CNSDTDSC).

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR CNSDTDSC
          S1      OS      5    0    "LAST KNOWN ALIVE"
    -> ADTTE [USUBJID=S1 PARAMCD=OS] CNSDTDSC CNSR

Good:
    ADTTE USUBJID PARAMCD AVAL CNSR CNSDTDSC
          S1      OS      5    0    .
          S2      OS      5    1    "LAST KNOWN ALIVE"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["TTE"], needs=["CNSR", "CNSDTDSC"])
def check(study: AdamStudy, table: Table) -> Found:
    where = (table.numbers("CNSR") == 0) & table.filled("CNSDTDSC")
    return records(table, where, "CNSDTDSC is '{CNSDTDSC}', but CNSR is 0", "CNSDTDSC", "CNSR")
