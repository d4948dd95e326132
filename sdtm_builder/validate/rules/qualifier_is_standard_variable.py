"""QNAM is a variable that the standard has for the parent dataset.

Why: What has a place in the domain belongs there, where tools look for it.
Remedy: Move the values into the parent's variable, or take another QNAM.
Source: IG 8.4.

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM    QVAL
           AE      S1      AESEQ 1        AETOXGR 1
    AE USUBJID AESEQ
       S1      1
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=AETOXGR] QNAM

Good:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM    QVAL
           AE      S1      AESEQ 1        AETRTEM 1
    AE USUBJID AESEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0314"], domains=["SUPP--"])
def check(study: Study, table: Table) -> Found:
    parents = study.of_domain(table.domain)
    known = set(study.permitted(parents[0])) if parents else {v.name for v in study.ig.variables(table.domain)}
    return records(table, table.equals("QNAM", *known), "QNAM {QNAM} is a variable of the standard", "QNAM")
