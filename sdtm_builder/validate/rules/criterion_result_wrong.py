"""A record of IE does not say that its criterion was violated.

IEORRES is N for an inclusion criterion and Y for an exclusion criterion, and IESTRESC is the same.
Why: IE holds only the criteria that a subject did not meet.
Remedy: Correct IEORRES and IESTRESC, or leave the record out.
Source: IG 6.3.4 IE.

Bad:
    IE USUBJID IESEQ IECAT     IEORRES IESTRESC
       S1      1     INCLUSION Y       Y
       S1      2     EXCLUSION N       N
       S1      3     EXCLUSION Y       N
    -> IE [USUBJID=S1 IESEQ=1] IEORRES IECAT
    -> IE [USUBJID=S1 IESEQ=2] IEORRES IECAT
    -> IE [USUBJID=S1 IESEQ=3] IESTRESC IEORRES

Good:
    IE USUBJID IESEQ IECAT     IEORRES IESTRESC
       S1      1     INCLUSION N       N
       S1      2     EXCLUSION Y       Y
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0175", "CG0176", "CG0177"], domains=["IE"], needs=["IEORRES"])
def check(study: Study, table: Table) -> Found:
    for category, result in (("INCLUSION", "N"), ("EXCLUSION", "Y")):
        where = table.equals("IECAT", category) & ~table.equals("IEORRES", result)
        yield from records(table, where, f"IEORRES is '{{IEORRES}}' for an {category} criterion", "IEORRES", "IECAT")
    if table.has("IESTRESC"):
        where = np.not_equal(table.strings("IESTRESC"), table.strings("IEORRES"))
        message = "IESTRESC is '{IESTRESC}' but IEORRES is '{IEORRES}'"
        yield from records(table, where, message, "IESTRESC", "IEORRES")
