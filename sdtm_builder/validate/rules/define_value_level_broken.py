"""A value does not keep its value level metadata.

Where the conditions of a where clause hold, the value is in its codelist, no longer than its length, and of its type.
Conditions on another dataset are not looked at.
Why: Value level metadata is what a reviewer trusts for a single test.
Remedy: Correct the value or the metadata.
Source: Define-XML 2.1, ValueListDef, WhereClauseDef.

Bad:
    LB USUBJID LBSEQ LBTESTCD LBORRES
       S1      1     ALT      12.5
       S1      2     HCG      MAYBE
       S1      3     AST      12345
    codelist PN - POSITIVE NEGATIVE
    value LB.LBORRES LBTESTCD EQ ALT data_type=integer
    value LB.LBORRES LBTESTCD EQ HCG codelist=PN
    value LB.LBORRES LBTESTCD IN AST,GGT length=3
    -> LB [USUBJID=S1 LBSEQ=1] LBORRES
    -> LB [USUBJID=S1 LBSEQ=2] LBORRES
    -> LB [USUBJID=S1 LBSEQ=3] LBORRES

Good:
    LB USUBJID LBSEQ LBTESTCD LBORRES
       S1      1     ALT      12
       S1      2     HCG      POSITIVE
       S1      3     AST      123
       S1      4     ALT      .
    codelist PN - POSITIVE NEGATIVE
    value LB.LBORRES LBTESTCD EQ ALT data_type=integer
    value LB.LBORRES LBTESTCD EQ HCG codelist=PN
    value LB.LBORRES LBTESTCD NOTIN ALT,HCG length=3
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.listed import holds, level_breaks


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    if study.define is None or defined is None:
        return
    for item in defined.items:
        if not item.values or not table.has(item.name):
            continue
        for level in study.define.value_lists.get(item.values, ()):
            where = holds(study.define, table, level)
            for broken, why in level_breaks(study.define, table, item.name, level):
                yield from records(table, where & broken, f"{item.name} '{{{item.name}}}' {why}", item.name)
