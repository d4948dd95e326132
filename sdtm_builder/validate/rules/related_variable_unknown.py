"""IDVAR names a variable that the related dataset does not have.

Why: The relationship can't be followed.
Remedy: Name a variable of the dataset, as --SEQ.
Source: IG 8.2, 8.4.

Bad:
    AE USUBJID AESEQ
       S1      1
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AENO  1        X    1
    -> SUPPAE [USUBJID=S1 IDVAR=AENO IDVARVAL=1 QNAM=X] IDVAR

Bad:
    AE USUBJID AESEQ
       S1      1
    RELREC RDOMAIN USUBJID IDVAR IDVARVAL RELID
           AE      S1      CMSEQ 1        R1
    -> RELREC [USUBJID=S1] IDVAR

Good:
    AE USUBJID AESEQ
       S1      1
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    1
    RELREC RDOMAIN USUBJID IDVAR IDVARVAL RELID
           AE      S1      AESEQ 1        R1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0370"], needs=["RDOMAIN", "IDVAR"])
def check(study: Study, table: Table) -> Found:
    for domain in table.distinct("RDOMAIN"):
        parents = study.of_domain(domain)
        known = {name for parent in parents for name in parent.variables}
        where = table.equals("RDOMAIN", domain) & table.filled("IDVAR") & ~table.equals("IDVAR", *known)
        if parents:
            yield from records(table, where, "dataset {RDOMAIN} has no variable {IDVAR}", "IDVAR")
