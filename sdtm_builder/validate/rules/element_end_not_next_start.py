"""SEENDTC is not SESTDTC of the subject's next element, or is missing before the last.

Why: Elements follow each other without a gap, so that every moment has its epoch.
Remedy: Set SEENDTC to the start of the next element.
Source: IG 5.3 SE.

Bad:
    SE USUBJID SESEQ SESTDTC    SEENDTC
       S1      1     2024-01-01 2024-01-10
       S1      2     2024-01-11 .
       S1      3     2024-02-01 .
    -> SE [USUBJID=S1 SESEQ=1] SEENDTC
    -> SE [USUBJID=S1 SESEQ=2] SEENDTC

Good:
    SE USUBJID SESEQ SESTDTC    SEENDTC
       S1      1     2024-01-01 2024-01-10
       S1      2     2024-01-10 2024-02-01
       S2      1     2024-01-05 .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0207", "CG0209"], domains=["SE"], needs=["SESTDTC", "SEENDTC", "SESEQ"])
def check(study: Study, table: Table) -> Found:
    subjects = table.groups(["USUBJID"])
    order = np.lexsort((table.numbers("SESEQ"), study.dates(table, "SESTDTC").low, subjects))
    here, following = order[:-1], order[1:]
    same = subjects[here] == subjects[following]
    starts = np.full(table.n, None, dtype=object)
    starts[here[same]] = table.strings("SESTDTC")[following[same]]
    where = np.zeros(table.n, dtype=bool)
    where[here[same]] = True
    where &= (starts != None) & (table.strings("SEENDTC") != starts)  # noqa: E711 (an array)
    message = "SEENDTC is '{SEENDTC}' but the next element starts on {start}"
    return records(table, where, message, "SEENDTC", extra={"start": starts})
