"""RFENDTC is filled beside ARMNRS.

Why: A subject who was not treated as planned has no reference period, hence no end of one.
Remedy: Empty RFENDTC, or ARMNRS.
Source: IG 5.2 DM.

Bad:
    DM USUBJID RFENDTC    ARMNRS
       S1      2024-03-01 "SCREEN FAILURE"
    -> DM [USUBJID=S1] RFENDTC ARMNRS

Good:
    DM USUBJID RFENDTC    ARMNRS
       S1      2024-03-01 .
       S2      .          "SCREEN FAILURE"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0530"], domains=["DM"], needs=["RFENDTC", "ARMNRS"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("RFENDTC") & table.filled("ARMNRS")
    return records(table, where, "RFENDTC is {RFENDTC} although ARMNRS is {ARMNRS}", "RFENDTC", "ARMNRS")
