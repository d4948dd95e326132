"""AESER is not Y although a seriousness criterion is Y.

Why: A serious event that is flagged as not serious drops out of every serious adverse event listing.
Remedy: Query which of the two is right; AESER is Y wherever a criterion is.
Source: IG 6.2.1 AE.

Bad:
    AE USUBJID AESEQ AESER AESDTH AESHOSP
       S1      1     N     Y      N
       S1      2     .     N      Y
       S1      3     Y     Y      N
    -> AE [USUBJID=S1 AESEQ=1] AESER AESDTH AESHOSP
    -> AE [USUBJID=S1 AESEQ=2] AESER AESDTH AESHOSP

Good:
    AE USUBJID AESEQ AESER AESDTH AESHOSP
       S1      1     Y     Y      N
       S1      2     N     N      .
"""

from __future__ import annotations

from sdtm_builder.validate.ae import CRITERIA, any_criterion
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0041"], domains=["AE"], needs=["AESER"])
def check(study: Study, table: Table) -> Found:
    where = any_criterion(table) & ~table.equals("AESER", "Y")
    return records(table, where, "AESER is '{AESER}' but a seriousness criterion is Y", "AESER", *CRITERIA)
