"""A subject is in the safety population without a start of treatment.

SAFFL is Y, TRTSDT (and TRTSDTM) is missing.
Why: The safety population is of those who took treatment; no study day can be counted.
Remedy: Correct the flag, or derive the first exposure.
Source: ADaMIG 1.3, 3.2.4 (SAFFL) and 3.2.6 (TRTSDT).

Bad:
    ADSL USUBJID SAFFL TRTSDT
         S1      Y     .
    -> ADSL [USUBJID=S1] SAFFL TRTSDT

Good:
    ADSL USUBJID SAFFL TRTSDT
         S1      Y     2024-01-01
         S2      N     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL"], needs=["SAFFL"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (table.has("TRTSDT") or table.has("TRTSDTM")):
        return []
    where = table.equals("SAFFL", "Y") & table.empty("TRTSDT") & table.empty("TRTSDTM")
    return records(table, where, "SAFFL is Y, but TRTSDT is missing", "SAFFL", "TRTSDT")
