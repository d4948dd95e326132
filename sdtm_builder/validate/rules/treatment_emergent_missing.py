"""An event that began under treatment is not treatment-emergent.

ASTDT is after TRTSDT and not after TRTEDT, and TRTEMFL is empty.
Why: The event is missing from the safety tables.
Remedy: Derive the flag again.
Source: OCCDS 1.1, 3.2.5 (TRTEMFL).

Bad:
    ADSL USUBJID TRTSDT     TRTEDT
         S1      2024-01-10 2024-01-20
    ADAE USUBJID AESEQ ASTDT      TRTEMFL
         S1      1     2024-01-11 .
         S1      2     2024-01-20 .
    -> ADAE [USUBJID=S1 AESEQ=1] TRTEMFL ASTDT
    -> ADAE [USUBJID=S1 AESEQ=2] TRTEMFL ASTDT

Good:
    ADSL USUBJID TRTSDT     TRTEDT
         S1      2024-01-10 2024-01-20
    ADAE USUBJID AESEQ ASTDT      TRTEMFL
         S1      1     2024-01-11 Y
         S1      2     2024-01-10 .
         S1      3     2024-01-21 .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["OCCDS"], needs=["USUBJID", "TRTEMFL", "ASTDT"])
def check(study: AdamStudy, table: Table) -> Found:
    start = table.numbers("ASTDT")
    during = (start > study.of_subject(table, "TRTSDT")) & (start <= study.of_subject(table, "TRTEDT"))
    message = "ASTDT {ASTDT} is under treatment, but TRTEMFL is empty"
    return records(table, during & table.empty("TRTEMFL"), message, "TRTEMFL", "ASTDT")
