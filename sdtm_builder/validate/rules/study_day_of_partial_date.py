"""A study day is filled although its date or RFSTDTC is not complete.

Why: The day was guessed from an imputed date, which SDTM does not hold.
Remedy: Leave --DY missing where either date part is incomplete.
Source: IG 4.4.4.

Bad:
    AE USUBJID AESEQ AESTDTC    AESTDY
       S1      1     2024-01    5
       S2      1     2024-01-05 5
       S1      2     .          3
    DM USUBJID RFSTDTC
       S1      2024-01-01
       S2      .
    -> AE [USUBJID=S1 AESEQ=1] AESTDY AESTDTC
    -> AE [USUBJID=S2 AESEQ=1] AESTDY AESTDTC
    -> AE [USUBJID=S1 AESEQ=2] AESTDY AESTDTC

Good:
    AE USUBJID AESEQ AESTDTC    AESTDY
       S1      1     2024-01    .
       S1      2     2024-01-05 5
    DM USUBJID RFSTDTC
       S1      2024-01-01
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.days import DAYS, day_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0007", "CG0221", "CG0223"])
def check(study: Study, table: Table) -> Found:
    if study.table("DM") is None:
        return
    for day, date in DAYS:
        if table.has(day, date):
            where = table.filled(day) & np.isnan(day_of(study, table, date))
            name, source = table.named(day), table.named(date)
            message = f"{name} is {{{name}}}, but {source} '{{{source}}}' or RFSTDTC '{{start}}' has no complete date"
            _, start = study.day_one(table)
            yield from records(table, where, message, name, source, extra={"start": np.where(start == None, "", start)})  # noqa: E711 (an array)
