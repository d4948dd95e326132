"""A required variable has no value.

Why: Required values identify the record or say what it is about.
Remedy: Query the value; for QVAL and --TERM leave the record out if there is nothing to say.
Source: IG 4.1.5.

Bad:
    AE USUBJID AESEQ AETERM AEDECOD
       S1      .     Pain   .
    -> AE [USUBJID=S1] AESEQ
    -> AE [USUBJID=S1] AEDECOD

Bad:
    SUPPAE RDOMAIN USUBJID IDVAR IDVARVAL QNAM QVAL
           AE      S1      AESEQ 1        X    .
    -> SUPPAE [USUBJID=S1 IDVAR=AESEQ IDVARVAL=1 QNAM=X] QVAL

Good:
    AE USUBJID AESEQ AETERM AEDECOD
       S1      1     Pain   Pain
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0014", "CG0208"])
def check(study: Study, table: Table) -> Found:
    for variable in study.ig.variables(study.ig_name(table)):
        if variable.core == "Req" and table.has(variable.name):
            name = variable.name
            yield from records(table, table.empty(name), f"required variable {name} has no value", name)
