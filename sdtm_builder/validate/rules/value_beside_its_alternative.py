"""Two values stand side by side of which only one may.

Why: One says that there is a result, a number, a value; the other that there is none, or another kind of it.
Remedy: Keep the one that holds.
Source: IG 4.5.1, 6.1, 7.4.

Bad:
    EX USUBJID EXSEQ EXDOSE EXDOSTXT
       S1      1     5      5-10
    LB USUBJID LBSEQ LBORRES LBSTAT
       S1      1     5       "NOT DONE"
    -> EX [USUBJID=S1 EXSEQ=1] EXDOSE EXDOSTXT
    -> LB [USUBJID=S1 LBSEQ=1] LBORRES LBSTAT

Good:
    EX USUBJID EXSEQ EXDOSE EXDOSTXT
       S1      1     5      .
       S1      2     .      5-10
    LB USUBJID LBSEQ LBORRES LBSTAT
       S1      1     5       .
       S1      2     .       "NOT DONE"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

PAIRS = (
    ("--DOSE", "--DOSTXT", "CG0110"),
    ("--ORRES", "--STAT", "CG0422"),
    ("TSVAL", "TSVALNF", "CG0260"),
    ("USUBJID", "POOLID", "CG0361"),
)


@rule("error", cdisc=["CG0111", "CG0362", "CG0649", *(number for _, _, number in PAIRS)])
def check(study: Study, table: Table) -> Found:
    for one, other, number in PAIRS:
        left, right = table.named(one), table.named(other)
        where = table.filled(one) & table.filled(other)
        text = f"{left} is '{{{left}}}' and {right} is '{{{right}}}': only one may be filled ({number})"
        yield from records(table, where, text, one, other)
