"""A first-occurrence flag stands on a record that is not the first.

AOCCFL, AOCCPFL, AOCCSFL: another record of the group, with the same TRTEMFL and ANL01FL, has an earlier ASTDT.
Why: Time to onset is too long.
Remedy: Flag the record with the earliest start.
Source: OCCDS 1.1, 3.2.6 (1st occurrence within subject).

Bad:
    ADAE USUBJID AESEQ AEDECOD ASTDT      TRTEMFL AOCCFL
         S1      1     Nausea  2024-01-02 Y       Y
         S1      2     Nausea  2024-01-01 Y       .
    -> ADAE [USUBJID=S1 AESEQ=1] AOCCFL ASTDT

Good:
    ADAE USUBJID AESEQ AEDECOD ASTDT      TRTEMFL AOCCFL
         S1      1     Nausea  2024-01-02 Y       Y
         S1      2     Nausea  2024-01-01 .       .
         S1      3     Nausea  2024-01-02 Y       .
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import lowest
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.occurrence import POOL, within


@adam_rule("warning", classes=["OCCDS"], needs=["USUBJID", "ASTDT"])
def check(study: AdamStudy, table: Table) -> Found:
    start = table.numbers("ASTDT")
    for flag in ("AOCCFL", "AOCCPFL", "AOCCSFL"):
        names = within(table, flag)
        if table.has(flag) and names:
            earliest = lowest(table.groups([*names, *POOL]), start, table.filled("ASTDT"))
            where = table.equals(flag, "Y") & (start > earliest)
            yield from records(table, where, f"{flag} is Y, but another record began before {{ASTDT}}", flag, "ASTDT")
