"""A qualifier occurs twice for one parent record.

Why: Joined to its parent, one of the two values is lost or the record is doubled.
Remedy: Number the qualifiers (QNAM1, QNAM2), or drop the repeated one.
Source: IG 8.4.

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    1
           AE      S1      AESEQ 1        X    2
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=X] QNAM

Good:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    1
           AE      S1      AESEQ 2        X    1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0411"], domains=["SUPP--"])
def check(study: Study, table: Table) -> Found:
    where = table.repeats(["RDOMAIN", "USUBJID", "APID", "IDVAR", "IDVARVAL", "QNAM"])
    return records(table, where, "QNAM {QNAM} occurs before for the same parent record", "QNAM")
