"""An expected variable is not in the dataset.

Why: Expected variables are there even when nothing was collected.
Remedy: Add it, with missing values where nothing is known, and say so in define.xml.
Source: IG 4.1.5.

Bad:
    EC STUDYID DOMAIN USUBJID ECSEQ ECTRT ECDOSE ECDOSU ECDOSFRM ECSTDTC
       X       EC     S1      1     DRUG  1      mg     TABLET   2024-01-01
    -> EC ECENDTC

Good:
    SUPPAE STUDYID RDOMAIN USUBJID IDVAR IDVARVAL QNAM QLABEL QVAL QORIG QEVAL
           X       AE      S1      AESEQ 1        X    X      1    CRF   .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule


@rule("warning", cdisc=["CG0016"])
def check(study: Study, table: Table) -> Found:
    for variable in study.ig.variables(study.ig_name(table)):
        if variable.core == "Exp" and not table.has(variable.name):
            yield about(table.name, f"expected variable {variable.name} is not in the dataset", variable.name)
