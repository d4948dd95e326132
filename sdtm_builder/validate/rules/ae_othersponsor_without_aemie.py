"""SUPPAE holds AESOSP but AESMIE is not Y.

Why: AESOSP specifies another medically important serious event, which AESMIE says there is.
Remedy: Set AESMIE to Y by query, or take the specification out.
Source: IG 6.2.1 AE.

Bad:
    AE USUBJID AESEQ AESMIE
       S1      1     N
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM   QVAL
           AE      S1      AESEQ 1        AESOSP SEPSIS
    -> AE [USUBJID=S1 AESEQ=1] AESMIE

Good:
    AE USUBJID AESEQ AESMIE
       S1      1     Y
       S1      2     N
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM   QVAL
           AE      S1      AESEQ 1        AESOSP SEPSIS
           AE      S1      AESEQ 2        AETRTEM Y
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.supp import parents_of


@rule("error", cdisc=["CG0043"], domains=["AE"])
def check(study: Study, table: Table) -> Found:
    said = np.zeros(table.n, dtype=bool)
    for supp in study.tables.values():
        if supp.is_supp and supp.domain == "AE":
            for name, rows, parents in parents_of(supp, table):
                if name == "AESEQ":
                    wanted = supp.equals("QNAM", "AESOSP")[rows] & (parents >= 0)
                    said[parents[wanted]] = True
    return records(table, said & ~table.equals("AESMIE", "Y"), "SUPPAE has AESOSP but AESMIE is '{AESMIE}'", "AESMIE")
