"""An observation begins after the subject's death.

SS, DD and DS are left out: a status, an autopsy or the closing of a subject can follow death.
Why: One of the two dates is wrong.
Remedy: Query the date and the date of death.
Source: IG 5.2 DM.

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-03-03
    LB USUBJID LBSEQ LBDTC
       S1      1     2024-04
    DM USUBJID DTHDTC
       S1      2024-03-02
    -> AE [USUBJID=S1 AESEQ=1] AESTDTC
    -> LB [USUBJID=S1 LBSEQ=1] LBDTC

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-03-02T10:00
       S1      2     2024-03
       S2      1     2025-01-01
       S1      3     2024-01-01
    DM USUBJID DTHDTC
       S1      2024-03-02
       S2      .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, records, rule


@rule("warning", classes=[*GENERAL, "SPECIAL PURPOSE"], but_not=["DM", "DD", "SS", "DS", "CO"])
def check(study: Study, table: Table) -> Found:
    name = table.named("--DTC" if table.klass.startswith("FINDINGS") else "--STDTC")
    where = study.dates(table, name).surely_after(study.dm_dates(table, "DTHDTC"))
    extra = {"death": study.dm_texts(table, "DTHDTC")}
    yield from records(table, where, f"{name} {{{name}}} is after the death on {{death}}", name, extra=extra)
