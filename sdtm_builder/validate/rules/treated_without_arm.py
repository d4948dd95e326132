"""A subject has exposure but no planned arm.

Why: Whoever was given study treatment was assigned to something.
Remedy: Fill ARM and ARMCD; what was given against the plan is ARMNRS UNPLANNED TREATMENT.
Source: FDA validator rules.

Bad:
    DM USUBJID ARMCD ARMNRS
       S1      .     "NOT ASSIGNED"
    EX USUBJID EXSEQ
       S1      1
    -> DM [USUBJID=S1] ARMCD ARMNRS

Good:
    DM USUBJID ARMCD ARMNRS
       S1      A     .
       S2      .     "SCREEN FAILURE"
       S3      .     "UNPLANNED TREATMENT"
    EX USUBJID EXSEQ
       S1      1
       S3      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB2304"], domains=["DM"], needs=["ARMCD"])
def check(study: Study, table: Table) -> Found:
    where = study.subjects("EX", table) & table.empty("ARMCD") & ~table.equals("ARMNRS", "UNPLANNED TREATMENT")
    return records(table, where, "EX has records but ARMCD is missing (ARMNRS '{ARMNRS}')", "ARMCD", "ARMNRS")
