"""TS says that the study is interventional but not of what kind.

Where STYPE is INTERVENTIONAL, INTMODEL, INTTYPE and PCLASS have values.
Why: Model, type and class of the intervention are what such studies are searched by.
Remedy: Add the parameter with its value.
Source: FDA validator rules; IG 7.4.2.

Bad:
    TS TSSEQ TSPARMCD TSVAL          TSVALNF
       1     STYPE    INTERVENTIONAL .
       1     INTTYPE  DRUG           .
       1     PCLASS   .              UNK
    -> TS TSPARMCD
    -> TS TSPARMCD

Good:
    TS TSSEQ TSPARMCD TSVAL          TSVALNF
       1     STYPE    INTERVENTIONAL .
       1     INTMODEL PARALLEL       .
       1     INTTYPE  DRUG           .
       1     PCLASS   "mTOR Inhibitor" .

Good:
    TS TSSEQ TSPARMCD TSVAL
       1     STYPE    OBSERVATIONAL
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, about, rule

PARAMETERS = ("INTMODEL", "INTTYPE", "PCLASS")


@rule("warning", fda=["FB1111"], domains=["TS"], needs=["TSPARMCD", "TSVAL"])
def check(study: Study, table: Table) -> Found:
    if not (table.equals("TSPARMCD", "STYPE") & table.equals("TSVAL", "INTERVENTIONAL")).any():
        return
    for name in PARAMETERS:
        if not (table.equals("TSPARMCD", name) & table.filled("TSVAL")).any():
            yield about(table.name, f"STYPE is INTERVENTIONAL but {name} has no value", "TSPARMCD")
