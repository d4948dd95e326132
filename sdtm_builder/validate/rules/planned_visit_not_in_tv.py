"""A record gives a planned visit another name or number than TV.

Planned are the visits that SV says so of (SVPRESP is Y); SV itself is looked at by visit-not-planned.
Why: Records of one visit are counted under two names.
Remedy: Take VISITNUM and VISIT from TV.
Source: IG 4.4.5, 7.3.1 TV.

Bad:
    VS USUBJID VSSEQ VISITNUM VISIT
       S1      1     1        "Visit One"
       S1      2     2        "Visit 2"
    SV USUBJID VISITNUM SVPRESP
       S1      1        Y
       S1      2        Y
    TV VISITNUM VISIT
       1        "Visit 1"
    -> VS [USUBJID=S1 VSSEQ=2] VISITNUM
    -> VS [USUBJID=S1 VSSEQ=1] VISIT VISITNUM
    -> VS [USUBJID=S1 VSSEQ=2] VISIT VISITNUM

Good:
    VS USUBJID VSSEQ VISITNUM VISIT
       S1      1     1        "Visit 1"
       S1      2     1.1      Unplanned
       S1      3     .        .
    SV USUBJID VISITNUM SVPRESP
       S1      1        Y
       S1      1.1      .
    TV VISITNUM VISIT
       1        "Visit 1"
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0031", "CG0033"], needs=["VISITNUM"], but_not=["SV", "TV"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("TV"):
        return
    planned = [sv.numbers("VISITNUM")[sv.equals("SVPRESP", "Y")] for sv in study.of_domain("SV")]
    where = np.isin(table.numbers("VISITNUM"), np.concatenate([*planned, np.empty(0)])) & table.filled("VISITNUM")
    known = [float(number) for number in study.values_of("TV", "VISITNUM")]
    numbered = np.isin(table.numbers("VISITNUM"), known)
    yield from records(table, where & ~numbered, "VISITNUM {VISITNUM} is planned but not in TV", "VISITNUM")
    named = table.equals("VISIT", *study.values_of("TV", "VISIT"))
    message = "VISIT '{VISIT}' of the planned visit {VISITNUM} is not in TV"
    yield from records(table, where & table.filled("VISIT") & ~named, message, "VISIT", "VISITNUM")
