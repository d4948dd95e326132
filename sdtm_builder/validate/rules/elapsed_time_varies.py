"""A planned time point has several planned elapsed times.

Within one visit and time point reference.
Why: The elapsed time is planned with the time point.
Remedy: Take --ELTM from the list of time points.
Source: IG 4.4.10.

Bad:
    VS USUBJID VSSEQ VISITNUM VSTPT VSTPTNUM VSTPTREF VSELTM
       S1      1     1        1H    1        DOSE     PT1H
       S2      1     1        1H    1        DOSE     PT60M
    -> VS [USUBJID=S2 VSSEQ=1] VSELTM VSTPTNUM

Good:
    VS USUBJID VSSEQ VISITNUM VSTPT VSTPTNUM VSTPTREF VSELTM
       S1      1     1        1H    1        DOSE     PT1H
       S2      1     1        1H    1        DOSE     PT1H
       S2      2     2        2H    1        DOSE     PT2H
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.pairs import differing


@rule("error", cdisc=["CG0241"], needs=["--TPTNUM", "--ELTM"])
def check(study: Study, table: Table) -> Found:
    where = differing(table, "--TPTNUM", "--ELTM", table.filled("--TPT"), ["VISITNUM", "--TPTREF"])
    message = "--ELTM {--ELTM} is not the one that time point {--TPTNUM} has elsewhere"
    return records(table, where, message, "--ELTM", "--TPTNUM")
