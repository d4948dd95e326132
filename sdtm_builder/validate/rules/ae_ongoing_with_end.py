"""AEENDTC is filled although the outcome says that the event goes on.

Why: An event that is not recovered or not resolved has no end.
Remedy: Query the outcome or the end date.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AEENDTC    AEOUT
       S1      1     2024-02-01 "NOT RECOVERED/NOT RESOLVED"
    -> AE [USUBJID=S1 AESEQ=1] AEENDTC AEOUT

Good:
    AE USUBJID AESEQ AEENDTC    AEOUT
       S1      1     .          "NOT RECOVERED/NOT RESOLVED"
       S1      2     2024-02-01 RECOVERED/RESOLVED
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB3409"], domains=["AE"], needs=["AEENDTC", "AEOUT"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("AEOUT", "NOT RECOVERED/NOT RESOLVED") & table.filled("AEENDTC")
    return records(table, where, "AEENDTC is {AEENDTC} but AEOUT is {AEOUT}", "AEENDTC", "AEOUT")
