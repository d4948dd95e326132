"""AESER is Y but no seriousness criterion is Y.

Speaks only where the dataset holds at least one criterion; AESINTV counts as one.
Why: The reason why an event is serious is what a safety reviewer reads first.
Remedy: Query the criterion, or the seriousness.
Source: IG 6.2.1 AE.

Bad:
    AE USUBJID AESEQ AESER AESDTH AESHOSP
       S1      1     Y     N      .
    -> AE [USUBJID=S1 AESEQ=1] AESER AESDTH AESHOSP

Good:
    AE USUBJID AESEQ AESER AESDTH AESHOSP
       S1      1     Y     N      Y
       S1      2     N     N      N

Good:
    AE USUBJID AESEQ AESER
       S1      1     Y
"""

from __future__ import annotations

from sdtm_builder.validate.ae import CRITERIA, any_criterion
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0042"], domains=["AE"], needs=["AESER"])
def check(study: Study, table: Table) -> Found:
    if not any(table.has(name) for name in CRITERIA):
        return []
    where = table.equals("AESER", "Y") & ~any_criterion(table)
    return records(table, where, "AESER is Y but none of the seriousness criteria is", "AESER", *CRITERIA)
