"""The date of an event or censoring is before the origin.

ADT before STARTDT.
Why: The time is negative, and procedures drop the record in silence.
Remedy: Correct the dates; censor at the origin what has no time at risk.
Source: ADaM for time-to-event analyses 1.0, 4 (STARTDT, ADT).

Bad:
    ADTTE USUBJID PARAMCD STARTDT    ADT        CNSR
          S1      OS      2024-01-10 2024-01-09 0
    -> ADTTE [USUBJID=S1 PARAMCD=OS ADT=2024-01-09] ADT STARTDT

Good:
    ADTTE USUBJID PARAMCD STARTDT    ADT        CNSR
          S1      OS      2024-01-10 2024-01-10 0
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["TTE"], needs=["ADT", "STARTDT"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.numbers("ADT") < table.numbers("STARTDT")
    return records(table, where, "ADT {ADT} is before STARTDT {STARTDT}", "ADT", "STARTDT")
