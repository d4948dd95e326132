"""DSCAT is missing.

Why: Milestones, disposition events and other events are told apart by DSCAT alone.
Remedy: Say PROTOCOL MILESTONE, DISPOSITION EVENT or OTHER EVENT.
Source: IG 6.2.4 DS.

Bad:
    DS USUBJID DSSEQ DSDECOD   DSCAT
       S1      1     COMPLETED .
    -> DS [USUBJID=S1 DSSEQ=1] DSCAT

Good:
    DS USUBJID DSSEQ DSDECOD   DSCAT
       S1      1     COMPLETED "DISPOSITION EVENT"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB1401"], domains=["DS"], needs=["DSCAT"])
def check(study: Study, table: Table) -> Found:
    return records(table, table.empty("DSCAT"), "DSCAT is missing", "DSCAT")
