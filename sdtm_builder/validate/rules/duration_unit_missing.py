"""A duration has no unit, or a unit no duration.

ADURN and ADURU.
Why: 5 may be days or hours.
Remedy: Fill both or neither.
Source: OCCDS 1.1, 3.2.4 (ADURU is conditional on ADURN).

Bad:
    ADAE USUBJID AESEQ ADURN ADURU TRTEMFL
         S1      1     2     .     Y
         S1      2     .     DAYS  Y
    -> ADAE [USUBJID=S1 AESEQ=1] ADURU ADURN
    -> ADAE [USUBJID=S1 AESEQ=2] ADURU ADURN

Bad:
    ADAE USUBJID AESEQ ADURN TRTEMFL
         S1      1     2     Y
    -> ADAE ADURU

Good:
    ADAE USUBJID AESEQ ADURN ADURU TRTEMFL
         S1      1     2     DAYS  Y
         S1      2     .     .     Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule, records


@adam_rule("error", needs=["ADURN"])
def check(study: AdamStudy, table: Table) -> Found:
    if not table.has("ADURU"):
        yield about(table.name, "there is ADURN, but no ADURU", "ADURU")
        return
    where = table.filled("ADURN") != table.filled("ADURU")
    yield from records(table, where, "ADURN is '{ADURN}', ADURU is '{ADURU}'", "ADURU", "ADURN")
