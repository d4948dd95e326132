"""A study day does not follow from its date and RFSTDTC.

The date parts alone count; the day of RFSTDTC is 1, the day before it -1, there is no day 0.
Why: Windows, baselines and listings go by study day.
Remedy: Derive --DY, --STDY, --ENDY again.
Source: IG 4.4.4.

Bad:
    AE USUBJID AESEQ AESTDTC          AESTDY AEENDTC    AEENDY
       S1      1     2024-01-09       0      2024-01-10 2
       S1      2     2024-01-11T08:00 1      .          .
    DM USUBJID RFSTDTC
       S1      2024-01-10T09:30
    -> AE [USUBJID=S1 AESEQ=1] AESTDY AESTDTC
    -> AE [USUBJID=S1 AESEQ=2] AESTDY AESTDTC
    -> AE [USUBJID=S1 AESEQ=1] AEENDY AEENDTC

Good:
    AE USUBJID AESEQ AESTDTC          AESTDY AEENDTC    AEENDY
       S1      1     2024-01-09       -1     2024-01-10 1
       S1      2     2024-01-11T08:00 2      .          .
       S1      3     2024-01          .      .          .
    DM USUBJID RFSTDTC
       S1      2024-01-10T09:30
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.days import DAYS, day_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0006", "CG0220", "CG0222"], fda=["FB1603"])
def check(study: Study, table: Table) -> Found:
    for day, date in DAYS:
        if table.has(day, date):
            right = day_of(study, table, date)
            said = table.numbers(day)
            where = ~np.isnan(said) & ~np.isnan(right) & (said != right)
            name, source = table.named(day), table.named(date)
            message = f"{name} is {{{name}}}, but {source} {{{source}}} is day {{right}}"
            shown = np.array([f"{value:.0f}" for value in right], dtype=object) if where.any() else right.astype(object)
            yield from records(table, where, message, name, source, extra={"right": shown})
