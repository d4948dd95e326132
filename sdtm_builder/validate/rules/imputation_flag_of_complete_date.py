"""A date imputation flag is filled where the --DTC is complete.

Which --DTC belongs to which date: as in analysis-date-differs-from-source.
Why: The flag says that a collected date was made up.
Remedy: Leave the flag null where nothing was imputed.
Source: ADaMIG 1.3, 3.1.2 (*DTF).

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-02
    ADAE USUBJID AESEQ ASTDT      ASTDTF
         S1      1     2024-01-02 D
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDTF ASTDT

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2024-01-02
       S1      2     2024-01
    ADAE USUBJID AESEQ ASTDT      ASTDTF
         S1      1     2024-01-02 .
         S1      2     2024-01-02 D

Bad:
    DM USUBJID DTHDTC
       S1      2024-05-02
    ADSL USUBJID DTHDT      DTHDTF
         S1      2024-05-02 D
    -> ADSL [USUBJID=S1] DTHDTF DTHDT
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import sourced
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL", "BDS", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for names, source, dates in sourced(study, table):
        if table.has(names.date_flag):
            where = table.filled(names.date_flag) & ~np.isnan(dates.day)
            message = f"{names.date_flag} is {{{names.date_flag}}}, but {source} is complete"
            yield from records(table, where, message, names.date_flag, names.date)
