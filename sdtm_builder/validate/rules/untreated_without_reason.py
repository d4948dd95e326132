"""A subject has no exposure and ARMNRS does not say why.

Speaks only where the study has EX.
Why: Every subject of DM was treated, or there is a reason why not.
Remedy: Fill ARMNRS (SCREEN FAILURE, NOT ASSIGNED, ASSIGNED, NOT TREATED), or query the exposure.
Source: FDA validator rules.

Bad:
    DM USUBJID ARMCD ARMNRS
       S1      A     .
    EX USUBJID EXSEQ
       S2      1
    -> DM [USUBJID=S1] ARMNRS

Good:
    DM USUBJID ARMCD ARMNRS
       S1      A     "ASSIGNED, NOT TREATED"
       S2      A     .
    EX USUBJID EXSEQ
       S2      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB2302", "FB2306"], domains=["DM"], draft="warning")
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("EX"):
        return []
    where = ~study.subjects("EX", table) & table.empty("ARMNRS") & table.filled("USUBJID")
    return records(table, where, "EX has no record of this subject and ARMNRS is missing", "ARMNRS")
