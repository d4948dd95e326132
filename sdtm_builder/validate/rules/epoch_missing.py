"""EPOCH is missing although the start of the observation is known.

A record before the subject's first element has no epoch; where SE is there it is left out.
Why: Epoch is how agencies split a study's data.
Remedy: Derive EPOCH from SE; it is never imputed.
Source: FDA validator rules; IG 4.1.3.1.

Bad:
    AE USUBJID AESEQ AESTDTC    EPOCH
       S1      1     2024-01-05 .
    SE USUBJID SESEQ SESTDTC    SEENDTC
       S1      1     2024-01-01 2024-02-01
    -> AE [USUBJID=S1 AESEQ=1] EPOCH

Good:
    AE USUBJID AESEQ AESTDTC    EPOCH
       S1      1     2023-01-05 .
       S1      2     2024-01-05 TREATMENT
       S1      3     2024       .
    SE USUBJID SESEQ SESTDTC    SEENDTC
       S1      1     2024-01-01 2024-02-01
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.extremes import earliest_of
from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, records, rule


@rule("note", fda=["FB2201"], classes=GENERAL, but_not=["DD", "PP", "MH"], needs=["EPOCH"])
def check(study: Study, table: Table) -> Found:
    name = table.named("--DTC" if table.klass.startswith("FINDINGS") else "--STDTC")
    if not study.of_domain("SE") or not table.has("USUBJID"):
        return []
    first = earliest_of(study, table, "SE", "SESTDTC")
    dates = study.dates(table, name)
    where = table.empty("EPOCH") & ~np.isnan(dates.day) & first.dates.known & (dates.low >= first.dates.high - 86399)
    return records(table, where, f"EPOCH is missing, {name} is {{{name}}}", "EPOCH")
