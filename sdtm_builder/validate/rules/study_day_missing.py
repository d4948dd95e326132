"""A study day is missing although its date and RFSTDTC are complete.

Why: The record falls out of every window by study day.
Remedy: Derive the day.
Source: IG 4.4.4.

Bad:
    LB USUBJID LBSEQ LBDTC      LBDY
       S1      1     2024-01-05 .
    DM USUBJID RFSTDTC
       S1      2024-01-01
    -> LB [USUBJID=S1 LBSEQ=1] LBDY LBDTC

Good:
    LB USUBJID LBSEQ LBDTC      LBDY
       S1      1     2024-01    .
       S1      2     2024-01-05 5
       S2      1     2024-01-05 .
    DM USUBJID RFSTDTC
       S1      2024-01-01
       S2      .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.days import DAYS, day_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB1602"])
def check(study: Study, table: Table) -> Found:
    for day, date in DAYS:
        if table.has(day, date):
            where = table.empty(day) & ~np.isnan(day_of(study, table, date))
            name, source = table.named(day), table.named(date)
            yield from records(table, where, f"{name} is missing, {source} is {{{source}}}", name, source)
