"""RFENDTC is missing although the subject was assigned to an arm.

A subject who was assigned and not treated breaks either this rule or CG0530: CDISC wants RFENDTC null beside ARMNRS, so
those subjects are left out here.
Why: The reference period of an assigned subject has an end.
Remedy: Fill RFENDTC; in an ongoing study as of the cut-off.
Source: IG 5.2 DM.

Bad:
    DM USUBJID ARM   RFENDTC ARMNRS
       S1      Arm_A .       .
    -> DM [USUBJID=S1] RFENDTC ARM

Good:
    DM USUBJID ARM   RFENDTC    ARMNRS
       S1      Arm_A 2024-03-01 .
       S2      .     .          "SCREEN FAILURE"
       S3      Arm_A .          "ASSIGNED, NOT TREATED"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0529"], domains=["DM"], needs=["ARM", "RFENDTC"], draft="warning")
def check(study: Study, table: Table) -> Found:
    where = table.filled("ARM") & table.empty("RFENDTC") & table.empty("ARMNRS")
    return records(table, where, "RFENDTC is missing although ARM is {ARM}", "RFENDTC", "ARM")
