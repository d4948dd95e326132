"""VISITNUM is none of SV.

Why: Every visit that took place is in SV.
Remedy: Add the visit to SV, or correct VISITNUM.
Source: IG 5.5 SV.

Bad:
    VS USUBJID VSSEQ VISITNUM
       S1      1     9
    SV USUBJID VISITNUM
       S1      1
    -> VS [USUBJID=S1 VSSEQ=1] VISITNUM

Good:
    VS USUBJID VSSEQ VISITNUM
       S1      1     1
       S1      2     .
    SV USUBJID VISITNUM
       S1      1
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0034"], needs=["VISITNUM"], but_not=["SV", "TV"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("SV"):
        return []
    known = [float(text) for text in study.values_of("SV", "VISITNUM")]
    where = table.filled("VISITNUM") & ~np.isin(table.numbers("VISITNUM"), known)
    return records(table, where, "VISITNUM {VISITNUM} is not in SV", "VISITNUM")
