"""VISITDY is filled for a visit that TV does not have, or is another day than TV has.

Why: VISITDY is the planned study day of a planned visit.
Remedy: Take VISITDY from TV; leave it missing for unplanned visits.
Source: IG 4.4.5, 7.3 TV.

Bad:
    VS USUBJID VSSEQ VISITNUM VISITDY
       S1      1     1.1      8
       S1      2     1        2
    TV VISITNUM VISITDY
       1        1
    -> VS [USUBJID=S1 VSSEQ=1] VISITDY VISITNUM
    -> VS [USUBJID=S1 VSSEQ=2] VISITDY VISITNUM

Good:
    VS USUBJID VSSEQ VISITNUM VISITDY
       S1      1     1.1      .
       S1      2     1        1
    TV VISITNUM VISITDY
       1        1
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0032", "CG0225"], needs=["VISITNUM", "VISITDY"], but_not=["TV"])
def check(study: Study, table: Table) -> Found:
    planned = study.table("TV")
    if planned is None:
        return
    known = np.isin(table.numbers("VISITNUM"), planned.numbers("VISITNUM"))
    where = table.filled("VISITDY") & ~known
    message = "VISITDY is {VISITDY} but VISITNUM '{VISITNUM}' is not in TV"
    yield from records(table, where, message, "VISITDY", "VISITNUM")
    where = table.filled("VISITDY") & known & ~np.isin(table.numbers("VISITDY"), planned.numbers("VISITDY"))
    yield from records(table, where, "VISITDY {VISITDY} is no planned day of TV", "VISITDY", "VISITNUM")
