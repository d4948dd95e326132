"""ARMNRS does not agree with the arm that is filled or missing beside it.

SCREEN FAILURE and NOT ASSIGNED leave both arms missing. ASSIGNED, NOT TREATED keeps the planned arm and has no actual
one. UNPLANNED TREATMENT has no actual arm.
Why: The reason says which of the two arms can be known.
Remedy: Correct ARMNRS or the arm.
Source: IG 5.2 DM assumption 9.

Bad:
    DM USUBJID ARMCD ACTARMCD ARMNRS
       S1      A     .        "SCREEN FAILURE"
       S2      .     .        "ASSIGNED, NOT TREATED"
       S3      .     A        "UNPLANNED TREATMENT"
    -> DM [USUBJID=S1] ARMNRS ARMCD ACTARMCD
    -> DM [USUBJID=S2] ARMNRS ARMCD ACTARMCD
    -> DM [USUBJID=S3] ARMNRS ARMCD ACTARMCD

Good:
    DM USUBJID ARMCD ACTARMCD ARMNRS
       S1      .     .        "SCREEN FAILURE"
       S2      A     .        "ASSIGNED, NOT TREATED"
       S3      A     .        "UNPLANNED TREATMENT"
       S4      .     .        "NOT ASSIGNED"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", domains=["DM"], needs=["ARMNRS", "ARMCD", "ACTARMCD"])
def check(study: Study, table: Table) -> Found:
    planned, actual = table.filled("ARMCD"), table.filled("ACTARMCD")
    where = table.equals("ARMNRS", "SCREEN FAILURE", "NOT ASSIGNED") & (planned != actual)
    where |= table.equals("ARMNRS", "ASSIGNED, NOT TREATED") & ~planned
    where |= table.equals("ARMNRS", "ASSIGNED, NOT TREATED", "UNPLANNED TREATMENT") & actual & ~planned
    message = "ARMNRS is {ARMNRS} beside ARMCD '{ARMCD}' and ACTARMCD '{ACTARMCD}'"
    return records(table, where, message, "ARMNRS", "ARMCD", "ACTARMCD")
