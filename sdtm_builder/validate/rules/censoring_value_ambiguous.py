"""One value of CNSR stands for two reasons to censor, within a parameter, or one reason has two values.

Why: Each reason has its own number, so that a sensitivity analysis can treat it otherwise.
Remedy: Give each reason a number, and each number one reason.
Source: ADaM for time-to-event analyses 1.0, 4 (CNSR).

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR EVNTDESC
          S1      OS      5    1    ALIVE
          S2      OS      5    1    LOST
          S3      OS      5    2    ALIVE
    -> ADTTE [USUBJID=S2 PARAMCD=OS] CNSR EVNTDESC
    -> ADTTE [USUBJID=S3 PARAMCD=OS] EVNTDESC CNSR

Good:
    ADTTE USUBJID PARAMCD AVAL CNSR EVNTDESC
          S1      OS      5    1    ALIVE
          S2      OS      5    2    LOST
          S3      PFS     5    0    DEATH
          S4      PFS     5    0    RELAPSE
          S4      DLT     5    1    "NO DLT"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing


@adam_rule("warning", classes=["TTE"], needs=["PARAMCD", "CNSR", "EVNTDESC"])
def check(study: AdamStudy, table: Table) -> Found:
    censored = table.numbers("CNSR") > 0
    for one, other in (("CNSR", "EVNTDESC"), ("EVNTDESC", "CNSR")):
        where = differing(table, one, other, censored, ["PARAMCD"])
        message = f"{one} '{{{one}}}' has another {other} than '{{{other}}}' elsewhere in {{PARAMCD}}"
        yield from records(table, where, message, one, other)
