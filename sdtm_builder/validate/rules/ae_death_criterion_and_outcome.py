"""AESDTH and AEOUT disagree on death.

An event with AESDTH Y ends FATAL; an event whose outcome is FATAL results in death.
Why: Deaths are counted from either variable; two counts can't both be right.
Remedy: Query the outcome, or the criterion, of the event.
Source: IG 6.2.1 AE; 21 CFR 312.32 for the criterion.

Bad:
    AE USUBJID AESEQ AESDTH AEOUT
       S1      1     Y      RECOVERED/RESOLVED
       S1      2     N      FATAL
       S1      3     .      FATAL
    -> AE [USUBJID=S1 AESEQ=1] AESDTH AEOUT
    -> AE [USUBJID=S1 AESEQ=2] AESDTH AEOUT
    -> AE [USUBJID=S1 AESEQ=3] AESDTH AEOUT

Good:
    AE USUBJID AESEQ AESDTH AEOUT
       S1      1     Y      FATAL
       S1      2     N      RECOVERED/RESOLVED
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", domains=["AE"], needs=["AESDTH", "AEOUT"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("AESDTH", "Y") != table.equals("AEOUT", "FATAL")
    return records(table, where, "AESDTH is '{AESDTH}' but AEOUT is '{AEOUT}'", "AESDTH", "AEOUT")
