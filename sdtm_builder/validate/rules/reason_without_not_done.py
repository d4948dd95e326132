"""--REASND is filled but --STAT is not NOT DONE.

Why: A reason why something was not done stands beside something that was.
Remedy: Set --STAT to NOT DONE, or empty --REASND.
Source: IG 4.5.1.

Bad:
    LB USUBJID LBSEQ LBSTAT LBREASND
       S1      1     .      HEMOLYZED
    -> LB [USUBJID=S1 LBSEQ=1] LBSTAT LBREASND

Good:
    LB USUBJID LBSEQ LBSTAT     LBREASND
       S1      1     "NOT DONE" HEMOLYZED
       S1      2     .          .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0094"], needs=["--REASND"], but_not=["EX", "AE", "DS", "DV", "IE"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("--REASND") & ~table.equals("--STAT", "NOT DONE")
    return records(table, where, "--REASND is filled but --STAT is '{--STAT}'", "--STAT", "--REASND")
