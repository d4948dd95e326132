"""A treated subject is not in the safety population.

TRTSDT is filled, SAFFL is not Y.
Why: Leaving out who was treated hides harm; it must be a definition, not an accident.
Remedy: Correct the flag, or describe the definition in the reviewer's guide.
Source: ADaMIG 1.3, 3.2.4 (SAFFL); ICH E9, 5.3.

Bad:
    ADSL USUBJID SAFFL TRTSDT
         S1      N     2024-01-01
    -> ADSL [USUBJID=S1] SAFFL TRTSDT

Good:
    ADSL USUBJID SAFFL TRTSDT
         S1      Y     2024-01-01
         S2      N     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["ADSL"], needs=["SAFFL", "TRTSDT"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.filled("TRTSDT") & ~table.equals("SAFFL", "Y")
    return records(table, where, "TRTSDT is {TRTSDT}, but SAFFL is '{SAFFL}'", "SAFFL", "TRTSDT")
