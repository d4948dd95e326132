"""A value is a term of its codelist but for upper and lower case.

Why: Terms are compared exactly; the value counts as another one.
Remedy: Write the term as the codelist has it.
Source: IG 4.3.

Bad:
    DM USUBJID SEX RACE
       S1      m   Asian
    -> DM [USUBJID=S1] SEX
    -> DM [USUBJID=S1] RACE

Good:
    DM USUBJID SEX RACE
       S1      M   ASIAN
    LB USUBJID LBSEQ LBORRESU
       S1      1     mg/dL
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.terms import misses


@rule("error", but_not=["TS"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for miss in misses(study, table):
        message = f"{miss.variable} '{{{miss.variable}}}' is '{{term}}' in {miss.names}"
        yield from records(table, miss.cased, message, miss.variable, extra={"term": miss.meant})
