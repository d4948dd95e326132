"""EVNTDESC is empty.

Why: It is not said which event counted, or why the subject was censored.
Remedy: Describe the event or the censoring on each record.
Source: ADaM for time-to-event analyses 1.0, 4 (EVNTDESC).

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR EVNTDESC
          S1      OS      5    0    DEATH
          S2      OS      5    1    .
    -> ADTTE [USUBJID=S2 PARAMCD=OS] EVNTDESC CNSR

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR
          S1      OS      5    0
    -> ADTTE EVNTDESC

Good:
    ADTTE USUBJID PARAMCD AVAL CNSR EVNTDESC
          S1      OS      5    0    DEATH
          S2      OS      5    1    ALIVE
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule, records


@adam_rule("error", classes=["TTE"])
def check(study: AdamStudy, table: Table) -> Found:
    if not table.has("EVNTDESC"):
        yield about(table.name, "there is no EVNTDESC beside CNSR", "EVNTDESC")
        return
    where = table.empty("EVNTDESC") & table.filled("CNSR")
    yield from records(table, where, "CNSR is {CNSR}, but EVNTDESC is empty", "EVNTDESC", "CNSR")
