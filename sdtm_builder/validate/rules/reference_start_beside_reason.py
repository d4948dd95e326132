"""RFSTDTC is filled although ARMNRS says that the subject was not treated.

Holds where RFSTDTC is the start of treatment; a study with another milestone says so in its severity map.
Why: Study days would be counted from a treatment that never began.
Remedy: Leave RFSTDTC missing unless ARMNRS is UNPLANNED TREATMENT.
Source: IG 5.2 DM.

Bad:
    DM USUBJID RFSTDTC    ARMNRS
       S1      2024-03-01 "SCREEN FAILURE"
    -> DM [USUBJID=S1] RFSTDTC ARMNRS

Good:
    DM USUBJID RFSTDTC    ARMNRS
       S1      .          "SCREEN FAILURE"
       S2      2024-03-01 "UNPLANNED TREATMENT"
       S3      2024-03-01 .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", cdisc=["CG0534"], domains=["DM"], needs=["RFSTDTC", "ARMNRS"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("RFSTDTC") & table.filled("ARMNRS") & ~table.equals("ARMNRS", "UNPLANNED TREATMENT")
    return records(table, where, "RFSTDTC is {RFSTDTC} although ARMNRS is {ARMNRS}", "RFSTDTC", "ARMNRS")
