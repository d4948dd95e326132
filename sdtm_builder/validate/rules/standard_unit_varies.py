"""A test has several standard units.

Within one test, category, subcategory, specimen and method.
Why: Numbers in two units can't be set side by side.
Remedy: Convert the results to one standard unit.
Source: FDA validator rules.

Bad:
    LB USUBJID LBSEQ LBTESTCD LBSPEC LBSTRESU
       S1      1     GLUC     BLOOD  mmol/L
       S1      2     GLUC     BLOOD  mg/dL
    -> LB [USUBJID=S1 LBSEQ=2] LBSTRESU LBTESTCD

Good:
    LB USUBJID LBSEQ LBTESTCD LBSPEC LBSTRESU
       S1      1     GLUC     BLOOD  mmol/L
       S1      2     GLUC     URINE  mg/dL
       S1      3     GLUC     BLOOD  .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.pairs import differing


@rule("error", fda=["FB3001"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--TESTCD", "--STRESU"])
def check(study: Study, table: Table) -> Found:
    where = differing(table, "--TESTCD", "--STRESU", None, ["--CAT", "--SCAT", "--SPEC", "--METHOD", "--OBJ"])
    message = "--STRESU {--STRESU} is not the unit that {--TESTCD} has elsewhere"
    return records(table, where, message, "--STRESU", "--TESTCD")
