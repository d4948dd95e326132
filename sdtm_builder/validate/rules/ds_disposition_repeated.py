"""A subject has several disposition events in one epoch that DSSCAT does not tell apart.

Why: One epoch ends once: for the study, and for each treatment where DSSCAT says so.
Remedy: Fill DSSCAT (STUDY PARTICIPATION, STUDY TREATMENT), or query the surplus record.
Source: IG 6.2.4 DS assumption 2.

Bad:
    DS USUBJID DSSEQ DSCAT               DSSCAT            EPOCH
       S1      1     "DISPOSITION EVENT" "STUDY TREATMENT" TREATMENT
       S1      2     "DISPOSITION EVENT" "STUDY TREATMENT" TREATMENT
    -> DS [USUBJID=S1 DSSEQ=2] DSSCAT EPOCH

Bad:
    DS USUBJID DSSEQ DSCAT               EPOCH
       S1      1     "DISPOSITION EVENT" TREATMENT
       S1      2     "DISPOSITION EVENT" TREATMENT
    -> DS [USUBJID=S1 DSSEQ=2] EPOCH

Good:
    DS USUBJID DSSEQ DSCAT                DSSCAT                EPOCH
       S1      1     "DISPOSITION EVENT"  "STUDY TREATMENT"     TREATMENT
       S1      2     "DISPOSITION EVENT"  "STUDY PARTICIPATION" TREATMENT
       S1      3     "DISPOSITION EVENT"  "STUDY PARTICIPATION" FOLLOW-UP
       S1      4     "PROTOCOL MILESTONE" .                     TREATMENT
       S1      5     "PROTOCOL MILESTONE" .                     TREATMENT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule(
    "warning", cdisc=["CG0535", "CG0536", "CG0537", "CG0538", "CG0539"], domains=["DS"], needs=["DSCAT", "EPOCH"]
)
def check(study: Study, table: Table) -> Found:
    events = table.equals("DSCAT", "DISPOSITION EVENT") & table.filled("EPOCH")
    where = table.repeats(["USUBJID", "EPOCH", "DSSCAT"], events)
    return records(table, where, "another disposition event in EPOCH {EPOCH} with the same DSSCAT", "DSSCAT", "EPOCH")
