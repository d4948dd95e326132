"""A dataset of a general class has no timing variable.

Why: An observation without any time can't be placed in the study.
Remedy: Add --DTC, --STDTC, VISITNUM or another timing variable.
Source: IG 2.3; SDTM 2.0 timing variables.

Bad:
    LB USUBJID LBSEQ LBTESTCD
       S1      1     ALT
    -> LB

Good:
    LB USUBJID LBSEQ LBTESTCD LBDTC
       S1      1     ALT      2024-01-01
"""

from __future__ import annotations

from sdtm_builder.validate.kit import GENERAL, Found, Study, Table, about, rule


@rule("error", cdisc=["CG0219"], classes=GENERAL, but_not=["IE", "SC"])
def check(study: Study, table: Table) -> Found:
    known = study.permitted(table)
    if not any(name in known and known[name].role == "Timing" for name in table.variables):
        yield about(table.name, "the dataset has no timing variable")
