"""A variable's label is not the IG's.

Why: Labels are what a reviewer reads; another label means another variable.
Remedy: Take the label of the IG exactly.
Source: IG 4.1.4.

Bad:
    AE USUBJID AESEQ=Sequence_number
       S1      1
    -> AE AESEQ

Good:
    AE USUBJID AESEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error")
def check(study: Study, table: Table) -> Found:
    known = study.permitted(table)
    for name, variable in table.variables.items():
        if name in known and variable.label != known[name].label:
            text = f"the label of {name} is '{variable.label}', the standard has '{known[name].label}'"
            yield about(table.name, text, name)
