"""A variable's label has more than 40 characters.

Why: A transport file of version 5 keeps 40; the rest is cut off.
Remedy: Shorten the label.
Source: IG 4.1.4; SAS Transport version 5.

Bad:
    SUPPX USUBJID XXSEQ XXLONG=A_label_with_rather_more_than_forty_characters
          S1      1     a
    -> SUPPX XXLONG

Good:
    AE USUBJID AESEQ AETERM
       S1      1     a
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

LIMIT = 40


@rule("error", cdisc=["CG0311"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for name, variable in table.variables.items():
        if len(variable.label) > LIMIT:
            yield about(table.name, f"the label of {name} has {len(variable.label)} characters: {variable.label}", name)
