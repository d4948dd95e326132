"""A value is no term of an extensible codelist, and define.xml does not declare it as an extension.

Why: An extension must be seen to be one; an undeclared one may be a misspelt term.
Remedy: Map the value to a term, or declare it as an extension (def:ExtendedValue) in define.xml.
Source: IG 4.3; Define-XML 2.1, def:ExtendedValue.

Bad:
    LB USUBJID LBSEQ LBORRESU
       S1      1     mmols
    -> LB [USUBJID=S1 LBSEQ=1] LBORRESU

Bad:
    LB USUBJID LBSEQ LBORRESU
       S1      1     clicks
    codelist UNIT C71620 mg/dL clicks
    define LB.LBORRESU codelist=UNIT
    -> LB [USUBJID=S1 LBSEQ=1] LBORRESU

Good:
    LB USUBJID LBSEQ LBORRESU
       S1      1     mg/dL
       S1      2     clicks
    codelist UNIT C71620 mg/dL clicks+
    define LB.LBORRESU codelist=UNIT

Good:
    LB USUBJID LBSEQ LBORRESU
       S1      1     Mg/dL
    DS USUBJID DSSEQ DSDECOD
       S1      1     "INFORMED CONSENT OBTAINED"
       S1      2     COMPLETED
    codelist NCOMPLT C66727 COMPLETED
    define DS.DSDECOD codelist=NCOMPLT
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.terms import misses


@rule("warning", but_not=["TS"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for miss in misses(study, table):
        if miss.extensible:
            message = f"{miss.variable} '{{{miss.variable}}}' is no term of {miss.names} nor a declared extension"
            yield from records(table, miss.unknown, message, miss.variable)
