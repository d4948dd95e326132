"""A character variable is longer than 200 bytes.

Why: Agencies take version 5 transport files, which hold 200.
Remedy: Split the text into SUPP-- as the IG has it.
Source: IG 4.5.3.2.

Bad:
    AE USUBJID AESEQ AETERM:250
       S1      1     Pain
    -> AE AETERM

Good:
    AE USUBJID AESEQ AETERM:200
       S1      1     Pain
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for name, variable in table.variables.items():
        if variable.type == "Char" and variable.length > 200:
            yield about(table.name, f"{name} has a length of {variable.length}", name)
