"""The date part of a datetime is not the date beside it.

ADTM and ADT, ASTDTM and ASTDT, TRTSDTM and TRTSDT ...; the date is also there where the datetime is.
Why: Sorting by the one and selecting by the other give different records.
Remedy: Derive the date from the datetime.
Source: ADaMIG 1.3, 3.1.2 and 3.3.3.

Bad:
    ADVS USUBJID PARAMCD AVAL ADT        ADTM
         S1      HR      70   2024-01-01 2024-01-02T00:00
         S1      HR      70   .          2024-01-02T00:00
    -> ADVS [USUBJID=S1 PARAMCD=HR ADT=2024-01-01] ADTM ADT
    -> ADVS [USUBJID=S1 PARAMCD=HR] ADTM ADT

Good:
    ADVS USUBJID PARAMCD AVAL ADT        ADTM
         S1      HR      70   2024-01-01 2024-01-01T23:59
         S1      HR      70   2024-01-01 .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import families
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.sasdates import DAY


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for names in families(table):
        if table.has(names.date, names.datetime):
            both = table.numbers(names.datetime)
            where = ~np.isnan(both) & ~(np.floor(both / DAY) == table.numbers(names.date))
            message = f"{names.datetime} is {{{names.datetime}}}, {names.date} is '{{{names.date}}}'"
            yield from records(table, where, message, names.datetime, names.date)
