"""The end of a fatal adverse event is not the date of death.

Compares the precision that both have: a partial date that can hold the date of death is no finding.
Why: A fatal event ends with the subject's life.
Remedy: Query AEENDTC and the date of death.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AEENDTC    AEOUT
       S1      1     2024-03-01 FATAL
       S1      2     .          FATAL
    DM USUBJID DTHDTC
       S1      2024-03-02
    -> AE [USUBJID=S1 AESEQ=1] AEENDTC
    -> AE [USUBJID=S1 AESEQ=2] AEENDTC

Good:
    AE USUBJID AESEQ AEENDTC          AEOUT
       S1      1     2024-03-02T10:00 FATAL
       S1      2     2024-03          FATAL
       S1      3     2024-01-01       RECOVERED/RESOLVED
    DM USUBJID DTHDTC
       S1      2024-03-02
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB0612"], domains=["AE"], needs=["AEENDTC", "AEOUT"])
def check(study: Study, table: Table) -> Found:
    death = study.dm_dates(table, "DTHDTC")
    differs = study.dates(table, "AEENDTC").surely_differs(death) | (table.empty("AEENDTC") & death.known)
    message = "AEOUT is FATAL and AEENDTC is '{AEENDTC}', but the subject died {death}"
    extra = {"death": study.dm_texts(table, "DTHDTC")}
    return records(table, table.equals("AEOUT", "FATAL") & differs, message, "AEENDTC", extra=extra)
