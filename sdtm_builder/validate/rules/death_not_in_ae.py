"""DM.DTHFL is Y but AE has no fatal event that results in death.

Why: A death with no event behind it may be one that was not reported; deaths from the disease are often left out of AE.
Remedy: Query the event, or explain in the reviewer's guide which deaths are not adverse events.
Source: FDA validator rules.

Bad:
    DM USUBJID DTHFL
       S1      Y
       S2      Y
    AE USUBJID AESEQ AESDTH AEOUT
       S1      1     N      RECOVERED/RESOLVED
       S2      1     N      FATAL
    -> DM [USUBJID=S2] DTHFL
    -> DM [USUBJID=S1] DTHFL

Good:
    DM USUBJID DTHFL
       S1      Y
       S2      .
    AE USUBJID AESEQ AESDTH AEOUT
       S1      1     Y      FATAL
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB0609"], domains=["DM"], needs=["DTHFL"])
def check(study: Study, table: Table) -> Found:
    if not study.of_domain("AE"):
        return []
    fatal = study.subjects("AE", table, "AEOUT", "FATAL") & study.subjects("AE", table, "AESDTH", "Y")
    where = table.equals("DTHFL", "Y") & ~fatal
    return records(table, where, "DTHFL is Y but AE has no event with AEOUT FATAL and AESDTH Y", "DTHFL")
