"""A time to event has no origin or no date.

AVAL is filled, STARTDT or ADT is empty.
Why: The time can't be checked or drawn on a calendar.
Remedy: Carry the two dates that AVAL was made of.
Source: ADaM for time-to-event analyses 1.0, 4 (STARTDT, ADT).

Bad:
    ADTTE USUBJID PARAMCD STARTDT    ADT        AVAL CNSR
          S1      OS      .          2024-01-09 5    0
          S2      OS      2024-01-09 .          5    0
    -> ADTTE [USUBJID=S1 PARAMCD=OS ADT=2024-01-09] STARTDT
    -> ADTTE [USUBJID=S2 PARAMCD=OS] ADT

Good:
    ADTTE USUBJID PARAMCD STARTDT    ADT        AVAL CNSR
          S1      OS      2024-01-09 2024-01-09 1    0
          S2      OS      2024-01-09 .          .    .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["TTE"], needs=["AVAL"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in ("STARTDT", "ADT"):
        if table.has(name):
            where = table.filled("AVAL") & table.empty(name)
            yield from records(table, where, f"AVAL is {{AVAL}}, but {name} is missing", name)
