"""A study day of start is above the study day of end.

Why: One of the two days, or of their dates, is wrong.
Remedy: Query the dates and derive the days again.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AESTDY AEENDY
       S1      1     5      -1
    -> AE [USUBJID=S1 AESEQ=1] AESTDY AEENDY

Good:
    AE USUBJID AESEQ AESTDY AEENDY
       S1      1     5      5
       S1      2     5      .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB3207", "FB3208"])
def check(study: Study, table: Table) -> Found:
    start = table.named("--DY" if table.klass.startswith("FINDINGS") else "--STDY")
    where = table.numbers(start) > table.numbers("--ENDY")
    yield from records(table, where, f"{start} {{{start}}} is above --ENDY {{--ENDY}}", start, "--ENDY")
