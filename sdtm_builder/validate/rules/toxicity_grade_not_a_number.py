"""A toxicity grade of LB is no number.

Scales of grades count from 0 or 1 to 5; the grade stands as the bare number.
Why: GRADE 3 and 3 are counted apart, and a text can't be compared with a limit.
Remedy: Write 3 for GRADE 3; where the scale has no numbers, leave it and say so in the reviewer's guide.
Source: IG 6.3.5.6 LB.

Bad:
    LB USUBJID LBSEQ LBTOX     LBTOXGR
       S1      1     "ALT up"  "GRADE 3"
    -> LB [USUBJID=S1 LBSEQ=1] LBTOXGR LBTOX

Good:
    LB USUBJID LBSEQ LBTOX     LBTOXGR
       S1      1     "ALT up"  3
       S1      2     .         .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import is_number


@rule("warning", cdisc=["CG0185"], domains=["LB"], needs=["LBTOXGR"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("LBTOXGR") & ~table.matching("LBTOXGR", is_number)
    if not table.column("LBTOXGR").is_text:
        return []
    return records(table, where, "LBTOXGR '{LBTOXGR}' is no number", "LBTOXGR", "LBTOX")
