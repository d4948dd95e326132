"""ARMNRS is filled although the planned and the actual arm are known.

Why: ARMNRS says why an arm is missing; beside two arms it contradicts them.
Remedy: Empty ARMNRS, or the arm that does not hold.
Source: IG 5.2 DM assumption 9.

Bad:
    DM USUBJID ARMCD ACTARMCD ARMNRS
       S1      A     A        "NOT ASSIGNED"
    -> DM [USUBJID=S1] ARMNRS ARMCD ACTARMCD

Good:
    DM USUBJID ARMCD ACTARMCD ARMNRS
       S1      A     A        .
       S2      A     .        "ASSIGNED, NOT TREATED"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0520"], domains=["DM"], needs=["ARMNRS"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("ARMNRS") & table.filled("ARMCD") & table.filled("ACTARMCD")
    message = "ARMNRS is {ARMNRS} beside ARMCD {ARMCD} and ACTARMCD {ACTARMCD}"
    return records(table, where, message, "ARMNRS", "ARMCD", "ACTARMCD")
