"""--DOSU is missing beside a dose.

Why: A dose without its unit says nothing.
Remedy: Fill --DOSU wherever --DOSE, --DOSTXT or --DOSTOT is.
Source: IG 6.1.

Bad:
    EX USUBJID EXSEQ EXTRT  EXDOSE EXDOSTXT EXDOSU
       S1      1     ACTIVE 54     .        .
       S1      2     ACTIVE .      20-30    .
    -> EX [USUBJID=S1 EXSEQ=1] EXDOSU EXDOSE EXDOSTXT
    -> EX [USUBJID=S1 EXSEQ=2] EXDOSU EXDOSE EXDOSTXT

Good:
    EX USUBJID EXSEQ EXTRT  EXDOSE EXDOSU
       S1      1     ACTIVE 54     mg
       S1      2     ACTIVE .      .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0114"], classes=["INTERVENTIONS"])
def check(study: Study, table: Table) -> Found:
    dose = table.filled("--DOSE") | table.filled("--DOSTXT") | table.filled("--DOSTOT")
    where = dose & table.empty("--DOSU")
    return records(table, where, "--DOSU is missing beside a dose", "--DOSU", "--DOSE", "--DOSTXT", "--DOSTOT")
