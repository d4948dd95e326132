"""One description stands for an event and for a censoring, within a parameter.

Why: The same outcome counts as an event for one subject and not for another.
Remedy: Correct CNSR, or describe the censoring by its reason.
Source: ADaM for time-to-event analyses 1.0, 4 (CNSR, EVNTDESC).

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR EVNTDESC
          S1      OS      5    0    DEATH
          S2      OS      5    1    DEATH
          S3      OS      5    1    DEATH
    -> ADTTE [USUBJID=S2 PARAMCD=OS] CNSR EVNTDESC
    -> ADTTE [USUBJID=S3 PARAMCD=OS] CNSR EVNTDESC

Good:
    ADTTE USUBJID PARAMCD AVAL CNSR EVNTDESC
          S1      OS      5    0    DEATH
          S2      OS      5    1    ALIVE
          S2      RELAPSE 5    1    DEATH
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import first_in_group
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["TTE"], needs=["PARAMCD", "CNSR", "EVNTDESC"])
def check(study: AdamStudy, table: Table) -> Found:
    value, told = table.numbers("CNSR"), table.filled("EVNTDESC")
    event = first_in_group(table.groups(["PARAMCD", "EVNTDESC"]), told & (value == 0))
    where = told & (value > 0) & (event >= 0)
    message = "'{EVNTDESC}' has CNSR {CNSR} here and 0 on another record of {PARAMCD}"
    return records(table, where, message, "CNSR", "EVNTDESC")
