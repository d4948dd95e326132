"""The upper limit of a normal range is not above its lower limit.

Why: Every result would be out of range.
Remedy: Query the range of the laboratory.
Source: FDA validator rules.

Bad:
    LB USUBJID LBSEQ LBORNRLO LBORNRHI LBSTNRLO LBSTNRHI
       S1      1     50       10       50       10
    -> LB [USUBJID=S1 LBSEQ=1] LBORNRHI LBORNRLO
    -> LB [USUBJID=S1 LBSEQ=1] LBSTNRHI LBSTNRLO

Good:
    LB USUBJID LBSEQ LBORNRLO LBORNRHI LBSTNRLO LBSTNRHI
       S1      1     10       50       10       50
       S1      2     .        50       .        50
       S1      3     "<5"     4        .        .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import numbers_of


@rule("error", fda=["FB3901", "FB3902"], classes=["FINDINGS"])
def check(study: Study, table: Table) -> Found:
    for low, high in (("--ORNRLO", "--ORNRHI"), ("--STNRLO", "--STNRHI")):
        where = numbers_of(table.column(high)) <= numbers_of(table.column(low))
        top, bottom = table.named(high), table.named(low)
        yield from records(table, where, f"{top} {{{top}}} is not above {bottom} {{{bottom}}}", high, low)
