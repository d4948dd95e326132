"""The sequence numbers of a subject's elements or disease milestones do not follow their start.

SESEQ and SMSEQ rise with SESTDTC and SMSTDTC; partial dates that leave the order open are passed over.
Why: Elements are read in the order of their numbers.
Remedy: Number the records of each subject by their start.
Source: IG 5.3 SE, 5.4 SM.

Bad:
    SE USUBJID SESEQ SESTDTC
       S1      1     2024-01-10
       S1      2     2024-01-01
    -> SE [USUBJID=S1 SESEQ=2] SESEQ SESTDTC

Good:
    SE USUBJID SESEQ SESTDTC
       S1      2     2024-01-10
       S1      1     2024-01-01
       S2      1     2023-01-01
       S2      2     2023
       S2      3     .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0620"], domains=["SE", "SM"], needs=["USUBJID", "--SEQ", "--STDTC"])
def check(study: Study, table: Table) -> Found:
    dates, persons = study.dates(table, "--STDTC"), table.groups(["USUBJID"])
    usable = np.flatnonzero(dates.known & table.filled("--SEQ"))
    order = usable[np.lexsort((table.numbers("--SEQ")[usable], persons[usable]))]
    before, after = order[:-1], order[1:]
    wrong = (persons[before] == persons[after]) & dates.take(before).surely_after(dates.take(after))
    where = np.zeros(table.n, dtype=bool)
    where[after[wrong]] = True
    return records(table, where, "--SEQ {--SEQ} starts before the one it follows, on {--STDTC}", "--SEQ", "--STDTC")
