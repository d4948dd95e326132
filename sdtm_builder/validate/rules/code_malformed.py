"""QNAM or --TESTCD is not 1 to 8 of A-Z, 0-9 and _ with no digit first.

Why: The value becomes a variable's name when the dataset is transposed.
Remedy: Take another short name.
Source: IG 4.1.5, 8.4.

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM      QVAL
           AE      S1      AESEQ 1        TREATMENT 1
           AE      S1      AESEQ 1        aeTrt     1
           AE      S1      AESEQ 1        1ST       1
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=TREATMENT] QNAM
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=aeTrt] QNAM
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=1ST] QNAM

Bad:
    LB USUBJID LBSEQ LBTESTCD
       S1      1     ALT/AST
    -> LB [USUBJID=S1 LBSEQ=1] LBTESTCD

Good:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM     QVAL
           AE      S1      AESEQ 1        AETRTEM  1
    LB USUBJID LBSEQ LBTESTCD
       S1      1     ALT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import is_name


@rule("error", cdisc=["CG0372", "CG0417"])
def check(study: Study, table: Table) -> Found:
    for name in dict.fromkeys(("QNAM", table.named("--TESTCD"), "IETESTCD")):
        where = table.filled(name) & ~table.matching(name, is_name)
        yield from records(table, where, f"{name} '{{{name}}}' is no short name", name)
