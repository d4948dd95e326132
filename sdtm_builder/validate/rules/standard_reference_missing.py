"""A reference result has none in standard units.

--STREFC is filled where --ORREF is; in a dataset that has --STREFC also on derived records (--DRVFL is Y).
Why: Results are pooled in standard units, and so is what they are compared with.
Remedy: Convert --ORREF as --ORRES is converted, into --STREFC.
Source: IG 6.3.5.

Bad:
    LB USUBJID LBSEQ LBORREF LBSTREFC LBDRVFL
       S1      1     5       .        .
       S1      2     .       .        Y
    -> LB [USUBJID=S1 LBSEQ=1] LBSTREFC LBORREF
    -> LB [USUBJID=S1 LBSEQ=2] LBSTREFC LBDRVFL

Good:
    LB USUBJID LBSEQ LBORREF LBSTREFC LBDRVFL
       S1      1     5       0.05     .
       S1      2     .       0.05     Y
       S1      3     .       .        .
    VS USUBJID VSSEQ VSDRVFL
       S1      1     Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0549"], classes=["FINDINGS", "FINDINGS ABOUT"])
def check(study: Study, table: Table) -> Found:
    missing, collected = table.empty("--STREFC"), table.filled("--ORREF")
    message = "--STREFC is missing beside --ORREF '{--ORREF}'"
    yield from records(table, missing & collected, message, "--STREFC", "--ORREF")
    if table.has("--STREFC"):
        where = missing & ~collected & table.equals("--DRVFL", "Y")
        yield from records(table, where, "--STREFC is missing but --DRVFL is Y", "--STREFC", "--DRVFL")
