"""A SUPP-- record has no parent record.

IDVARVAL is compared as a number where the parent's variable is numeric. Without IDVAR the subject must be in the
parent.
Why: The qualifier qualifies nothing; it is lost when the datasets are joined.
Remedy: Build SUPP-- after --SEQ is final, from the same records.
Source: IG 8.4.

Bad:
    AE USUBJID AESEQ
       S1      1
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 2        X    1
           AE      S2      AESEQ 1        X    1
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=2 QNAM=X] IDVARVAL IDVAR USUBJID
    -> SUPPAE [USUBJID=S2 IDVAR=AESEQ IDVARVAL=1 QNAM=X] IDVARVAL IDVAR USUBJID

Good:
    AE USUBJID AESEQ AEGRPID
       S1      1     G1
    SUPPAE RDOMAIN USUBJID IDVAR   IDVARVAL QNAM QVAL
           AE      S1      AESEQ   1        X    1
           AE      S1      AESEQ   1.0      Y    1
           AE      S1      AEGRPID G1       X    1
    DM USUBJID
       S1
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           DM      S1      .     .        X    1
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.supp import parents_of


@rule("error", cdisc=["CG0371"], domains=["SUPP--"])
def check(study: Study, table: Table) -> Found:
    parents = study.of_domain(table.domain)
    if not parents:
        return []
    orphan = np.zeros(table.n, dtype=bool)
    asked = np.zeros(table.n, dtype=bool)
    for parent in parents:
        for _, rows, found in parents_of(table, parent):
            orphan[rows] = (orphan[rows] | ~asked[rows]) & (found < 0)
            asked[rows] = True
    message = "no record of the parent has {IDVAR} '{IDVARVAL}' for {USUBJID}"
    return records(table, orphan, message, "IDVARVAL", "IDVAR", "USUBJID")
