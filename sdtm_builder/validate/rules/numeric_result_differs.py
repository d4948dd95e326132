"""--STRESN is not the number of --STRESC.

Why: Tables are made of --STRESN, listings of --STRESC.
Remedy: Derive --STRESN from --STRESC; leave it missing where that is no number.
Source: IG 4.5.1.

Bad:
    LB USUBJID LBSEQ LBSTRESC LBSTRESN
       S1      1     5.5      .
       S1      2     5.5      5.6
       S1      3     <5       5
    -> LB [USUBJID=S1 LBSEQ=1] LBSTRESN LBSTRESC
    -> LB [USUBJID=S1 LBSEQ=2] LBSTRESN LBSTRESC
    -> LB [USUBJID=S1 LBSEQ=3] LBSTRESN LBSTRESC

Good:
    LB USUBJID LBSEQ LBSTRESC LBSTRESN
       S1      1     5.50     5.5
       S1      2     <5       .
       S1      3     .        .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import numbers_of


@rule(
    "error",
    fda=["FB3101", "FB3102", "FB3103"],
    classes=["FINDINGS", "FINDINGS ABOUT"],
    needs=["--STRESC", "--STRESN"],
)
def check(study: Study, table: Table) -> Found:
    if table.column("--STRESN").is_text:
        return []
    text, number = numbers_of(table.column("--STRESC")), table.numbers("--STRESN")
    where = ~(np.isnan(text) & np.isnan(number)) & ~np.isclose(text, number, rtol=1e-9, atol=0)
    return records(table, where, "--STRESN is '{--STRESN}' beside --STRESC '{--STRESC}'", "--STRESN", "--STRESC")
