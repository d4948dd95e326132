"""A subject of ADSL is not in DM.

Why: A subject without demographics was never in the study's tabulated data; nothing of ADSL can be traced.
Remedy: Correct USUBJID, or add the subject to DM.
Source: ADaMIG 1.3, 3.2.1 (USUBJID is that of DM).

Bad:
    DM USUBJID
       S1
    ADSL USUBJID
         S1
         S-1
    -> ADSL [USUBJID=S-1] USUBJID

Good:
    DM USUBJID
       S1
    ADSL USUBJID
         S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records, rows_of


@adam_rule("error", classes=["ADSL"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    if study.dm is None:
        return []
    where = table.filled("USUBJID") & (rows_of(table, study.dm) < 0)
    return records(table, where, "subject {USUBJID} is not in DM", "USUBJID")
