"""RFXENDTC is not the latest EXSTDTC or EXENDTC of the subject.

Why: On-treatment periods end with the last exposure, which may be a record without an end.
Remedy: Derive RFXENDTC as the maximum of EXSTDTC and EXENDTC.
Source: IG 5.2 DM.

Bad:
    DM USUBJID RFXENDTC
       S1      2024-01-08
    EX USUBJID EXSEQ EXSTDTC    EXENDTC
       S1      1     2024-01-05 2024-01-08
       S1      2     2024-01-20 .
    -> DM [USUBJID=S1] RFXENDTC

Good:
    DM USUBJID RFXENDTC
       S1      2024-01-20
       S2      .
    EX USUBJID EXSEQ EXSTDTC    EXENDTC
       S1      1     2024-01-05 2024-01-08
       S1      2     2024-01-20 .
"""

from __future__ import annotations

from sdtm_builder.validate.extremes import latest_of
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0147"], domains=["DM"], needs=["RFXENDTC"])
def check(study: Study, table: Table) -> Found:
    last = latest_of(study, table, "EX", "EXSTDTC", "EXENDTC")
    where = last.dates.known & (table.strings("RFXENDTC") != last.texts)
    message = "RFXENDTC is {RFXENDTC} but the latest EXSTDTC or EXENDTC is {last}"
    return records(table, where, message, "RFXENDTC", extra={"last": last.texts})
