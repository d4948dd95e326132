"""A record has an analysis date but no analysis day, though other records have one.

Of a subject with TRTSDT.
Why: The record is lost from windows and plots by day.
Remedy: Derive the day wherever its two dates are known.
Source: ADaMIG 1.3, 3.3.3 (ADY is conditional on ADT).

Bad:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
    ADVS USUBJID PARAMCD AVISIT ADT        ADY
         S1      HR      V1     2024-01-10 1
         S1      HR      V2     2024-01-12 .
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2 ADT=2024-01-12] ADY ADT

Good:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
         S2      .
    ADVS USUBJID PARAMCD ADT        ADY
         S1      HR      2024-01-08 -2
         S1      HR      .          .
         S2      HR      2024-01-08 .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

DAYS = (("ADY", "ADT"), ("ASTDY", "ASTDT"), ("AENDY", "AENDT"))


@adam_rule("warning", classes=["BDS", "TTE", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    treated = ~np.isnan(study.of_subject(table, "TRTSDT"))
    for day, date in DAYS:
        if table.has(day, date) and table.filled(day).any():
            where = table.filled(date) & table.empty(day) & treated
            yield from records(table, where, f"{date} is {{{date}}}, but {day} is missing", day, date)
