"""DM.RFICDTC is not the earliest informed consent in DS.

Why: Everything before consent is outside the study; two dates of consent leave open what is.
Remedy: Derive RFICDTC from the consent record.
Source: IG 5.2 DM.

Bad:
    DM USUBJID RFICDTC
       S1      2024-01-03
    DS USUBJID DSSEQ DSDECOD                     DSSTDTC
       S1      1     "INFORMED CONSENT OBTAINED" 2024-01-05
       S1      2     "INFORMED CONSENT OBTAINED" 2024-01-02
    -> DM [USUBJID=S1] RFICDTC

Good:
    DM USUBJID RFICDTC
       S1      2024-01-02
       S2      .
    DS USUBJID DSSEQ DSDECOD                     DSSTDTC
       S1      1     "INFORMED CONSENT OBTAINED" 2024-01-05
       S1      2     "INFORMED CONSENT OBTAINED" 2024-01-02
"""

from __future__ import annotations

from sdtm_builder.validate.extremes import earliest_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0068", "CG0143"], domains=["DM"], needs=["RFICDTC"])
def check(study: Study, table: Table) -> Found:
    consent = earliest_of(study, table, "DS", "DSSTDTC", where=("DSDECOD", "INFORMED CONSENT OBTAINED"))
    where = consent.dates.known & (table.strings("RFICDTC") != consent.texts)
    message = "RFICDTC is '{RFICDTC}' but the earliest informed consent in DS is {consent}"
    return records(table, where, message, "RFICDTC", extra={"consent": consent.texts})
