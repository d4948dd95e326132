"""A SUPP--, RELREC or CO record leads to no record.

IDVARVAL is compared as a number where the related variable is numeric. A SUPP-- record without IDVAR needs its subject
in the parent; relationships of whole datasets in RELREC (IDVARVAL missing) are left out.
Why: The qualifier, relationship or comment belongs to nothing; it is lost when the datasets are joined.
Remedy: Build SUPP-- and RELREC after --SEQ is final, from the same records.
Source: IG 5.1, 8.2, 8.4.

Bad:
    AE USUBJID AESEQ
       S1      1
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 2        X    1
           AE      S2      AESEQ 1        X    1
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=2 QNAM=X] IDVARVAL IDVAR USUBJID
    -> SUPPAE [USUBJID=S2 IDVAR=AESEQ IDVARVAL=1 QNAM=X] IDVARVAL IDVAR USUBJID

Bad:
    AE USUBJID AESEQ
       S1      1
    CM USUBJID CMSEQ
       S1      7
    RELREC RDOMAIN USUBJID IDVAR IDVARVAL RELID
           AE      S1      AESEQ 1        R1
           CM      S1      CMSEQ 1        R1
    -> RELREC [USUBJID=S1] IDVARVAL IDVAR USUBJID

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
    RELREC RDOMAIN USUBJID IDVAR   IDVARVAL RELID
           AE      S1      AESEQ   1        R1
           AE      .       AEGRPID .        R2

Good:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    FAEX DOMAIN USUBJID FASEQ
         FA     S1      2
    SUPPFA RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           FA      S1      FASEQ 1        X    1
           FA      S1      FASEQ 2        X    1
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.supp import parents_of


@rule("error", cdisc=["CG0371"], domains=["SUPP--", "RELREC", "CO"], needs=["RDOMAIN", "IDVAR", "IDVARVAL"])
def check(study: Study, table: Table) -> Found:
    orphan = np.zeros(table.n, dtype=bool)
    for domain in table.distinct("RDOMAIN"):
        asked = np.zeros(table.n, dtype=bool)
        own = table.equals("RDOMAIN", domain)
        for parent in study.of_domain(domain):
            for _, rows, found in parents_of(table, parent, own):
                orphan[rows] = (orphan[rows] | ~asked[rows]) & (found < 0)
                asked[rows] = True
    if not table.is_supp:
        orphan &= table.filled("IDVARVAL")
    message = "no record of {RDOMAIN} has {IDVAR} '{IDVARVAL}' for {USUBJID}"
    return records(table, orphan, message, "IDVARVAL", "IDVAR", "USUBJID")
