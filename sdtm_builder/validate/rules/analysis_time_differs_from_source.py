"""An analysis time lies outside what its --DTC leaves open.

ASTTM and ASTDTM against --STDTC, AENTM and AENDTM against --ENDTC, ATM and ADTM against --DTC, where the date of the
--DTC is complete: 10:30 leaves open one minute, a date without time its day. Records with DTYPE are left out.
Why: A time that was collected is not changed in ADaM.
Remedy: Derive the time from the --DTC again.
Source: ADaMIG 1.3, 3.1.2 (imputation flags) and 3.3.3.

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-02T10:30
       S1      2     2024-01-02T10:30
    ADAE USUBJID AESEQ ASTDT      ASTTM ASTDTM
         S1      1     2024-01-02 10:31 2024-01-02T10:30
         S1      2     2024-01-02 10:30 2024-01-02T10:29
    -> ADAE [USUBJID=S1 AESEQ=1] ASTTM
    -> ADAE [USUBJID=S1 AESEQ=2] ASTDTM

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-02T10:30
       S1      2     2024-01-02
       S1      3     2024-01
       S1      4     2024-01-02T10:30:59
    ADAE USUBJID AESEQ ASTDT      ASTTM ASTDTM
         S1      1     2024-01-02 10:30 2024-01-02T10:30:59
         S1      2     2024-01-02 12:00 2024-01-02T23:59:59
         S1      3     2024-01-15 12:00 2024-01-15T12:00
         S1      4     .          .     2024-01-02T10:30:59
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import sourced
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.sasdates import DAY, EPOCH


@adam_rule("error", classes=["BDS", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for names, source, dates in sourced(study, table):
        moments = {
            names.time: dates.day * DAY + table.numbers(names.time),
            names.datetime: table.numbers(names.datetime) - EPOCH * DAY,
        }
        asked = dates.known & ~np.isnan(dates.day) & table.empty("DTYPE")
        for name, moment in moments.items():
            where = asked & ((moment < dates.low) | (moment > dates.high))
            yield from records(table, where, f"{name} is {{{name}}}, which is not what {source} says", name)
