"""An observation is after the end of participation.

Why: What happens after RFPENDTC was not observed in the study, or RFPENDTC is too early.
Remedy: Derive RFPENDTC from the latest contact, or query the date.
Source: FDA validator rules.

Bad:
    LB USUBJID LBSEQ LBDTC
       S1      1     2024-03-03
    DM USUBJID RFPENDTC
       S1      2024-03-02
    -> LB [USUBJID=S1 LBSEQ=1] LBDTC

Good:
    LB USUBJID LBSEQ LBDTC
       S1      1     2024-03-02T10:00
       S2      1     2024-03-02
       S1      2     2024-01-02
    DM USUBJID RFPENDTC
       S1      2024-03-02
       S2      .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, records, rule


@rule("warning", fda=["FB3406", "FB3407"], classes=[*GENERAL, "SPECIAL PURPOSE"], but_not=["DM", "DS"])
def check(study: Study, table: Table) -> Found:
    end = study.dm_dates(table, "RFPENDTC")
    extra = {"end": study.dm_texts(table, "RFPENDTC")}
    for name in (table.named("--DTC"), table.named("--ENDTC")):
        where = study.dates(table, name).surely_after(end)
        yield from records(table, where, f"{name} {{{name}}} is after RFPENDTC {{end}}", name, extra=extra)
