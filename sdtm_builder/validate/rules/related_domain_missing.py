"""RDOMAIN names a domain that is not in the study.

Why: The relationship leads nowhere.
Remedy: Submit the parent dataset, or correct RDOMAIN.
Source: IG 8.2, 8.4, 5.1.

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    1
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=X] RDOMAIN

Good:
    AE USUBJID AESEQ
       S1      1
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0369", "CG0373", "CG0374"], needs=["RDOMAIN"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("RDOMAIN") & ~table.equals("RDOMAIN", *study.domains())
    return records(table, where, "there is no dataset of domain {RDOMAIN}", "RDOMAIN")
