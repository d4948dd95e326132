"""A subject has several records of one planned visit in SV.

Planned is what TV has; without TV, every visit.
Why: One visit is one record, from its first day to its last.
Remedy: Set SVSTDTC and SVENDTC over all the days of the visit.
Source: IG 5.5 SV.

Bad:
    SV USUBJID VISITNUM SVSTDTC
       S1      1        2024-01-01
       S1      1        2024-01-03
    -> SV [USUBJID=S1 VISITNUM=1] VISITNUM

Good:
    SV USUBJID VISITNUM SVSTDTC
       S1      1        2024-01-01
       S2      1        2024-01-03
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0410"], domains=["SV"], needs=["VISITNUM"])
def check(study: Study, table: Table) -> Found:
    planned = [float(text) for text in study.values_of("TV", "VISITNUM")]
    among = table.filled("VISITNUM")
    if study.of_domain("TV"):
        among &= np.isin(table.numbers("VISITNUM"), planned)
    where = table.repeats(["USUBJID", "VISITNUM"], among)
    return records(table, where, "VISITNUM {VISITNUM} has an earlier record of the subject", "VISITNUM")
