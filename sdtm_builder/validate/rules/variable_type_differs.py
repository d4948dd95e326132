"""A variable is character where the standard has it numeric, or the reverse.

Why: Programs that read the standard's type fail or convert in silence.
Remedy: Convert the variable.
Source: IG, the tables of variables.

Bad:
    AE USUBJID AESEQ$
       S1      1
    -> AE AESEQ

Good:
    AE USUBJID AESEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", cdisc=["CG0012"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    known = study.permitted(table)
    for name, variable in table.variables.items():
        if name in known and variable.type != known[name].type:
            yield about(table.name, f"{name} is {variable.type}, the standard has {known[name].type}", name)
