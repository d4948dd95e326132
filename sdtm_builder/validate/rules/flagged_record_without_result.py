"""A baseline record has no result.

--LOBXFL or --BLFL is Y but --STRESC is missing; or --LOBXFL is Y on a collected record (--DRVFL not Y) without --ORRES.
Why: Change from baseline can't be counted from nothing.
Remedy: Flag the last record with a result.
Source: IG 4.5.9.

Bad:
    LB USUBJID LBSEQ LBSTRESC LBLOBXFL
       S1      1     .        Y
    -> LB [USUBJID=S1 LBSEQ=1] LBLOBXFL LBSTRESC

Bad:
    VS USUBJID VSSEQ VSORRES VSSTRESC VSLOBXFL
       S1      1     .       5        Y
    -> VS [USUBJID=S1 VSSEQ=1] VSLOBXFL VSORRES

Good:
    LB USUBJID LBSEQ LBSTRESC LBLOBXFL
       S1      1     5        Y
       S1      2     .        .
    VS USUBJID VSSEQ VSORRES VSSTRESC VSLOBXFL VSDRVFL
       S1      1     .       5        Y        Y
       S1      2     5       5        Y        .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule(
    "error",
    cdisc=["CG0553", "CG0569"],
    fda=["FB2601", "FB2602"],
    classes=["FINDINGS", "FINDINGS ABOUT"],
    needs=["--STRESC"],
)
def check(study: Study, table: Table) -> Found:
    for name in ("--LOBXFL", "--BLFL"):
        where = table.equals(name, "Y") & table.empty("--STRESC")
        yield from records(table, where, f"{table.named(name)} is Y but --STRESC is missing", name, "--STRESC")
    if table.has("--ORRES"):
        collected = table.filled("--STRESC") & ~table.equals("--DRVFL", "Y")
        where = table.equals("--LOBXFL", "Y") & collected & table.empty("--ORRES")
        message = "--LOBXFL is Y but --ORRES of a collected record is missing"
        yield from records(table, where, message, "--LOBXFL", "--ORRES")
