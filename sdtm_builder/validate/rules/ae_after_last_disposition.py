"""AESTDTC is after the subject's last disposition event.

Why: An event that begins after the subject has left the study was hardly observed in it.
Remedy: Query the start of the event and the date of the disposition event.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-03-02
    DS USUBJID DSSEQ DSSTDTC
       S1      1     2024-01-01
       S1      2     2024-03-01
    -> AE [USUBJID=S1 AESEQ=1] AESTDTC

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-03
       S2      1     2024-04-01
       S1      2     2024-01-15
    DS USUBJID DSSEQ DSSTDTC
       S1      1     2024-03-01
       S2      1     .
"""

from __future__ import annotations

from sdtm_builder.validate.extremes import latest_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB3401"], domains=["AE"], needs=["AESTDTC"])
def check(study: Study, table: Table) -> Found:
    last = latest_of(study, table, "DS", "DSSTDTC")
    where = study.dates(table, "AESTDTC").surely_after(last.dates)
    message = "AESTDTC {AESTDTC} is after the last DSSTDTC, {last}"
    return records(table, where, message, "AESTDTC", extra={"last": last.texts})
