"""The time part of a datetime is not the time beside it.

ADTM and ATM, ASTDTM and ASTTM, TRTSDTM and TRTSTM ...; where both are filled.
Why: Two times of one moment; one of them is wrong.
Remedy: Derive the time from the datetime.
Source: ADaMIG 1.3, 3.1.2 and 3.3.3.

Bad:
    ADVS USUBJID PARAMCD AVAL ATM   ADTM
         S1      HR      70   08:00 2024-01-02T08:01
    -> ADVS [USUBJID=S1 PARAMCD=HR] ADTM ATM

Good:
    ADVS USUBJID PARAMCD AVAL ATM   ADTM
         S1      HR      70   08:01 2024-01-02T08:01
         S1      HR      70   .     2024-01-02T00:00
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import families
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.sasdates import DAY


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for names in families(table):
        if table.has(names.time, names.datetime):
            both, time = table.numbers(names.datetime), table.numbers(names.time)
            where = ~np.isnan(both) & ~np.isnan(time) & (np.mod(both, DAY) != time)
            message = f"{names.datetime} is {{{names.datetime}}}, {names.time} is {{{names.time}}}"
            yield from records(table, where, message, names.datetime, names.time)
