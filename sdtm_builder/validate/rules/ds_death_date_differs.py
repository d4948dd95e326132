"""The date of the disposition event DEATH is not DM.DTHDTC.

Why: A subject dies once.
Remedy: Query which date is right; both come from one source.
Source: IG 6.2.4 DS.

Bad:
    DS USUBJID DSSEQ DSDECOD DSSTDTC
       S1      1     DEATH   2024-03-01
    DM USUBJID DTHDTC
       S1      2024-03-02
    -> DS [USUBJID=S1 DSSEQ=1] DSSTDTC

Bad:
    DS USUBJID DSSEQ DSDECOD DSSTDTC
       S1      1     DEATH   .
    DM USUBJID DTHDTC
       S1      2024-03-02
    -> DS [USUBJID=S1 DSSEQ=1] DSSTDTC

Good:
    DS USUBJID DSSEQ DSDECOD   DSSTDTC
       S1      1     DEATH     2024-03-02
       S2      1     COMPLETED 2024-03-01
    DM USUBJID DTHDTC
       S1      2024-03-02
       S2      .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0069"], fda=["FB0611"], domains=["DS"], needs=["DSDECOD", "DSSTDTC"])
def check(study: Study, table: Table) -> Found:
    death = study.dm_texts(table, "DTHDTC")
    where = table.equals("DSDECOD", "DEATH") & (table.strings("DSSTDTC") != death) & (study.dm_rows(table) >= 0)
    message = "DSDECOD is DEATH on '{DSSTDTC}' but DM.DTHDTC is '{death}'"
    shown = np.where(death == None, "", death)  # noqa: E711 (an array)
    return records(table, where, message, "DSSTDTC", extra={"death": shown})
