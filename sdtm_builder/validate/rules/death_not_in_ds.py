"""DM.DTHFL is Y but DS has no record with DSDECOD DEATH.

Why: A death ends participation; the disposition of the subject is incomplete without it.
Remedy: Add the disposition event, or say in the reviewer's guide why deaths after the end of study are in DM alone.
Source: FDA validator rules.

Bad:
    DM USUBJID DTHFL
       S1      Y
    DS USUBJID DSSEQ DSDECOD
       S1      1     COMPLETED
    -> DM [USUBJID=S1] DTHFL

Good:
    DM USUBJID DTHFL
       S1      Y
       S2      .
    DS USUBJID DSSEQ DSDECOD
       S1      1     DEATH
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB0608"], domains=["DM"], needs=["DTHFL"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("DS"):
        return []
    where = table.equals("DTHFL", "Y") & ~study.subjects("DS", table, "DSDECOD", "DEATH")
    return records(table, where, "DTHFL is Y but DS has no DEATH for this subject", "DTHFL")
