"""A duration is not the time from the start to the end.

ADURN in days is AENDT - ASTDT + 1, or without the day more where all records are so; other units of ADURU are passed
over.
Why: Median durations come from this number.
Remedy: Derive it again; leave it null without an end.
Source: OCCDS 1.1, 3.2.4 (ADURN, ADURU).

Bad:
    ADAE USUBJID AESEQ ASTDT      AENDT      ADURN ADURU TRTEMFL
         S1      1     2024-01-01 2024-01-02 2     DAYS  Y
         S1      2     2024-01-01 2024-01-05 4     DAYS  Y
         S1      3     2024-01-01 .          4     DAYS  Y
         S1      4     2024-01-01 2024-01-01 1     DAYS  Y
    -> ADAE [USUBJID=S1 AESEQ=2] ADURN ASTDT AENDT
    -> ADAE [USUBJID=S1 AESEQ=3] ADURN ASTDT AENDT

Good:
    ADAE USUBJID AESEQ ASTDT      AENDT      ADURN ADURU TRTEMFL
         S1      1     2024-01-01 2024-01-02 1     DAYS  Y
         S1      2     2024-01-01 2024-01-01 0     DAYS  Y
         S1      3     2024-01-01 2024-01-02 30    HOURS Y
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", needs=["ASTDT", "AENDT", "ADURN"])
def check(study: AdamStudy, table: Table) -> Found:
    said, apart = table.numbers("ADURN"), table.numbers("AENDT") - table.numbers("ASTDT")
    days = table.equals("ADURU", "DAYS", "DAY", "Days", "days") if table.has("ADURU") else np.ones(table.n, dtype=bool)
    asked = ~np.isnan(said) & days
    wrong = min((asked & ~(said == apart + more) for more in (1, 0)), key=np.count_nonzero)
    message = "ADURN is {ADURN} from ASTDT '{ASTDT}' to AENDT '{AENDT}'"
    return records(table, wrong, message, "ADURN", "ASTDT", "AENDT")
