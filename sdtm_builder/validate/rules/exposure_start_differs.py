"""RFXSTDTC is not the earliest EXSTDTC of the subject.

Why: Baseline, --LOBXFL and treatment-emergence all hang on the first exposure.
Remedy: Derive RFXSTDTC as the minimum of EXSTDTC; query a partial date that leaves it open.
Source: IG 5.2 DM.

Bad:
    DM USUBJID RFXSTDTC
       S1      2024-01-08
       S2      .
    EX USUBJID EXSEQ EXSTDTC
       S1      1     2024-01-08
       S1      2     2024-01-05
       S2      1     2024-02-01
    -> DM [USUBJID=S1] RFXSTDTC
    -> DM [USUBJID=S2] RFXSTDTC

Good:
    DM USUBJID RFXSTDTC
       S1      2024-01-05
       S3      .
    EX USUBJID EXSEQ EXSTDTC
       S1      1     2024-01-08
       S1      2     2024-01-05
"""

from __future__ import annotations

from sdtm_builder.validate.extremes import earliest_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0148"], domains=["DM"], needs=["RFXSTDTC"])
def check(study: Study, table: Table) -> Found:
    first = earliest_of(study, table, "EX", "EXSTDTC")
    where = first.dates.known & (table.strings("RFXSTDTC") != first.texts)
    message = "RFXSTDTC is '{RFXSTDTC}' but the earliest EXSTDTC is {first}"
    return records(table, where, message, "RFXSTDTC", extra={"first": first.texts})
