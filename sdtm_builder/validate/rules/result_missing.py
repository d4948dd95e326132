"""A result is missing where the record says that there is one.

--ORRES is filled unless --STAT is NOT DONE or --DRVFL is Y; --STRESC is filled where --ORRES is, or --DRVFL is Y.
Why: An empty result beside a test that was done is a lost value.
Remedy: Fill the result, or say NOT DONE.
Source: IG 4.5.1.

Bad:
    LB USUBJID LBSEQ LBORRES LBSTRESC LBSTAT LBDRVFL
       S1      1     .       .        .      .
       S1      2     5       .        .      .
       S1      3     .       .        .      Y
    -> LB [USUBJID=S1 LBSEQ=1] LBORRES LBSTAT
    -> LB [USUBJID=S1 LBSEQ=2] LBSTRESC LBORRES
    -> LB [USUBJID=S1 LBSEQ=3] LBSTRESC LBORRES

Good:
    LB USUBJID LBSEQ LBORRES LBSTRESC LBSTAT LBDRVFL
       S1      1     .       .        "NOT DONE" .
       S1      2     5       5        .      .
       S1      3     .       5        .      Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0348", "CG0397"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--ORRES"])
def check(study: Study, table: Table) -> Found:
    derived = table.equals("--DRVFL", "Y")
    where = table.empty("--ORRES") & ~table.equals("--STAT", "NOT DONE") & ~derived
    yield from records(table, where, "--ORRES is missing but --STAT is not NOT DONE", "--ORRES", "--STAT")
    where = (table.filled("--ORRES") | derived) & table.empty("--STRESC")
    yield from records(table, where, "--STRESC is missing beside --ORRES '{--ORRES}'", "--STRESC", "--ORRES")
