"""--OCCUR and --PRESP do not agree.

--OCCUR is filled where --PRESP is Y, unless --STAT is NOT DONE; and nowhere else. --STAT is NOT DONE where a
pre-specified item has no --OCCUR.
Why: Whether something did not happen or was not asked is lost.
Remedy: Set --PRESP to Y for what the form asks for, and --OCCUR to the answer.
Source: IG 4.1.2; 6.1, 6.2.

Bad:
    CM USUBJID CMSEQ CMPRESP CMOCCUR CMSTAT
       S1      1     .       Y       .
       S1      2     Y       .       .
       S1      3     Y       Y       "NOT DONE"
    -> CM [USUBJID=S1 CMSEQ=1] CMOCCUR CMPRESP CMSTAT
    -> CM [USUBJID=S1 CMSEQ=2] CMOCCUR CMPRESP CMSTAT
    -> CM [USUBJID=S1 CMSEQ=3] CMOCCUR CMPRESP CMSTAT

Good:
    CM USUBJID CMSEQ CMPRESP CMOCCUR CMSTAT
       S1      1     .       .       .
       S1      2     Y       N       .
       S1      3     Y       .       "NOT DONE"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule(
    "error",
    cdisc=["CG0081", "CG0086", "CG0087", "CG0089", "CG0404"],
    classes=["EVENTS", "INTERVENTIONS"],
    but_not=["AE", "DS", "DV", "EX"],
    needs=["--OCCUR"],
)
def check(study: Study, table: Table) -> Found:
    asked, said, done = table.equals("--PRESP", "Y"), table.filled("--OCCUR"), ~table.equals("--STAT", "NOT DONE")
    where = (said & (~asked | ~done)) | (asked & ~said & done)
    message = "--OCCUR is '{--OCCUR}' beside --PRESP '{--PRESP}' and --STAT '{--STAT}'"
    return records(table, where, message, "--OCCUR", "--PRESP", "--STAT")
