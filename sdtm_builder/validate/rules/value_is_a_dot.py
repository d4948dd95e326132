"""A text is a single full stop.

Why: A missing number of SAS became a text.
Remedy: Leave the value missing.
Source: FDA validator rules.

Bad:
    LB USUBJID LBSEQ LBORRES
       S1      1     "."
    -> LB [USUBJID=S1 LBSEQ=1] LBORRES

Good:
    LB USUBJID LBSEQ LBORRES
       S1      1     0.1
       S1      2     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB1502"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for name in table.variables:
        yield from records(table, table.equals(name, "."), f"{name} is a single full stop", name)
