"""--STAT is NOT DONE but --REASND is missing.

Why: A reviewer asks why a planned test is missing.
Remedy: Query the reason.
Source: FDA validator rules.

Bad:
    LB USUBJID LBSEQ LBSTAT     LBREASND
       S1      1     "NOT DONE" .
    -> LB [USUBJID=S1 LBSEQ=1] LBREASND LBSTAT

Good:
    LB USUBJID LBSEQ LBSTAT     LBREASND
       S1      1     "NOT DONE" HEMOLYZED
       S1      2     .          .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB4202"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--STAT"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("--STAT", "NOT DONE") & table.empty("--REASND")
    return records(table, where, "--STAT is NOT DONE but --REASND is missing", "--REASND", "--STAT")
