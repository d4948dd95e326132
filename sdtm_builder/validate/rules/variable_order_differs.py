"""The variables are not in the order of the IG.

Each variable that stands before one which it should follow is told.
Why: Reviewers read datasets in the standard's order.
Remedy: Write identifiers, topic, qualifiers and timing as the IG orders them.
Source: IG 4.1.4.

Bad:
    AE STUDYID USUBJID DOMAIN AESEQ AETERM
       X       S1      AE     1     Pain
    -> AE DOMAIN

Good:
    AE STUDYID DOMAIN USUBJID AESEQ AETERM AESTDTC AESTDY
       X       AE     S1      1     Pain   .       .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0664"])
def check(study: Study, table: Table) -> Found:
    known = study.permitted(table)
    highest, before = -1, ""
    for name in table.variables:
        if name not in known:
            continue
        if known[name].ordinal < highest:
            yield about(table.name, f"{name} stands after {before}; the IG has it before", name)
        else:
            highest, before = known[name].ordinal, name
