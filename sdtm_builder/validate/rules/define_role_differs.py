"""The role of a variable in define.xml is not the IG's.

Why: The role tells what kind of variable it is.
Remedy: Take the role of the IG, or leave it out.
Source: IG, the tables of variables.

Bad:
    AE USUBJID AESEQ
       S1      1
    define AE.AESEQ role=Topic
    -> AE AESEQ

Good:
    AE USUBJID AESEQ
       S1      1
    define AE.AESEQ role=Identifier
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0010"])
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    known = study.permitted(table)
    for item in defined.items if defined is not None else ():
        if item.role and item.name in known and item.role != known[item.name].role:
            text = f"the role of {item.name} is {item.role} in define.xml, {known[item.name].role} in the standard"
            yield about(table.name, text, item.name)
