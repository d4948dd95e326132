"""A required variable is not in the dataset.

Why: Without it the record can't be identified or understood.
Remedy: Add the variable; a required variable is never left out.
Source: IG 4.1.5.

Bad:
    AE STUDYID DOMAIN USUBJID AETERM
       X       AE     S1      Pain
    -> AE AESEQ
    -> AE AEDECOD

Good:
    AE STUDYID DOMAIN USUBJID AESEQ AETERM AEDECOD
       X       AE     S1      1     Pain   Pain
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0014"])
def check(study: Study, table: Table) -> Found:
    for variable in study.ig.variables(study.ig_name(table)):
        if variable.core == "Req" and not table.has(variable.name):
            yield about(table.name, f"required variable {variable.name} is not in the dataset", variable.name)
