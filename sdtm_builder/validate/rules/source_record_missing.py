"""SRCDOM and SRCSEQ lead to no record of the subject.

SRCSEQ is --SEQ in an SDTM dataset, ASEQ (else --SEQ) in an analysis dataset. Without SRCSEQ the subject must have a
record there at all.
Why: The record can't be traced to its source.
Remedy: Build from the data that are submitted; correct SRCSEQ.
Source: ADaMIG 1.3, 3.3.9 (SRCDOM, SRCSEQ).

Bad:
    RS USUBJID RSSEQ
       S1      1
    ADTTE USUBJID PARAMCD AVAL SRCDOM SRCSEQ
          S1      PFS     5    RS     1
          S1      OS      5    RS     2
          S2      OS      5    RS     .
    -> ADTTE [USUBJID=S1 PARAMCD=OS] SRCSEQ SRCDOM
    -> ADTTE [USUBJID=S2 PARAMCD=OS] SRCSEQ SRCDOM

Good:
    ADRS USUBJID ASEQ PARAMCD
         S1      3    OVR
    ADSL USUBJID
         S1
    ADTTE USUBJID PARAMCD AVAL SRCDOM SRCSEQ
          S1      PFS     5    ADRS   3
          S1      OS      5    ADSL   .
          S1      EFS     5    .      .

Good:
    RS USUBJID RSSEQ
       S1      1
    LB USUBJID LBSEQ
       S1      2
    ADXX USUBJID PARAMCD AVAL SRCDOM SRCSEQ
         S1      A       5    RS     1
         S1      B       5    LB     2
         S1      C       5    LB     .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records, rows_of
from sdtm_builder.validate.named import named_parts, numbered_by
from sdtm_builder.validate.sources import matched


@adam_rule("error", needs=["USUBJID", "SRCDOM"])
def check(study: AdamStudy, table: Table) -> Found:
    lost = np.zeros(table.n, dtype=bool)
    numbered = ~np.isnan(table.numbers("SRCSEQ"))
    for name in table.distinct("SRCDOM"):
        parts = [part for part in named_parts(study, name) if part.has("USUBJID")]
        own = table.equals("SRCDOM", name)
        if not parts:
            continue
        someone = np.zeros(table.n, dtype=bool)
        for part in parts:
            someone |= rows_of(table, part) >= 0
        lost |= own & ~numbered & ~someone
        number = numbered_by(parts[0])
        if number and all(part.has(number) for part in parts):
            lost |= own & numbered & (matched(table, "SRCSEQ", parts, number) < 0)
    return records(table, lost, "{SRCDOM} has no record {SRCSEQ} of {USUBJID}", "SRCSEQ", "SRCDOM")
