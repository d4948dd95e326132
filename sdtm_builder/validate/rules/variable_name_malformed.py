"""A variable's name is not 1 to 8 of A-Z, 0-9 and _ with no digit first.

Why: Version 5 transport files and SAS take no other name.
Remedy: Rename the variable.
Source: IG 4.1.

Bad:
    XX USUBJID XXseq#
       S1      1
    -> XX XXseq

Good:
    XX USUBJID XXSEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule
from sdtm_builder.validate.texts import is_name


@rule("error", cdisc=["CG0310"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for name in table.variables:
        if not is_name(name):
            yield about(table.name, f"{name} is no name of a variable", name)
