"""A date was imputed, and no flag says so.

The date is filled, its --DTC is partial, and *DTF is empty or not there.
Why: A date that was made up is taken for one that was collected.
Remedy: Fill the flag: D, M or Y.
Source: ADaMIG 1.3, 3.1.2 (*DTF is required where a date is imputed).

Bad:
    AE USUBJID AESEQ AESTDTC AEENDTC
       S1      1     2024-01 2024-02
    ADAE USUBJID AESEQ ASTDT      ASTDTF AENDT
         S1      1     2024-01-02 .      2024-02-29
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDTF ASTDT
    -> ADAE [USUBJID=S1 AESEQ=1] AENDT

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01
       S1      2     2024-01
    ADAE USUBJID AESEQ ASTDT      ASTDTF
         S1      1     2024-01-02 D
         S1      2     .          .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import days_of, sourced
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL", "BDS", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for names, source, dates in sourced(study, table):
        known = ~np.isnan(days_of(table, names)) & dates.known & np.isnan(dates.day)
        where = known & table.empty(names.date_flag) & table.empty("DTYPE")
        message = f"{source} is partial and {names.date} is filled, but {names.date_flag} is not"
        yield from records(table, where, message, names.date_flag, names.date)
