"""IDVAR or IDVARVAL is missing where a SUPP-- record needs it, or filled where it must not be.

A qualifier of DM has neither; every other has both.
Why: The parent record can't be found.
Remedy: Name --SEQ in IDVAR and its value in IDVARVAL; leave both missing for DM.
Source: IG 8.4.1.

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      .     .        X    1
           AE      S1      AESEQ .        Y    1
           AE      S1      .     1        Z    1
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           DM      S1      AESEQ 1        X    1
           DM      S2      .     1        X    1
    -> SUPPDM [USUBJID=S2 IDVARVAL=1 QNAM=X] IDVAR IDVARVAL
    -> SUPPAE [USUBJID=S1 QNAM=X] IDVAR IDVARVAL
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ QNAM=Y] IDVAR IDVARVAL
    -> SUPPAE [USUBJID=S1 IDVARVAL=1 QNAM=Z] IDVAR IDVARVAL
    -> SUPPDM [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=X] IDVAR IDVARVAL

Good:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    1
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           DM      S1      .     .        X    1
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0203", "CG0204", "CG0465"], domains=["SUPP--"])
def check(study: Study, table: Table) -> Found:
    both = table.filled("IDVAR") & table.filled("IDVARVAL")
    neither = table.empty("IDVAR") & table.empty("IDVARVAL")
    where = np.where(table.equals("RDOMAIN", "DM"), ~neither, ~both)
    message = "IDVAR is '{IDVAR}' and IDVARVAL '{IDVARVAL}' for RDOMAIN {RDOMAIN}"
    return records(table, where, message, "IDVAR", "IDVARVAL")
