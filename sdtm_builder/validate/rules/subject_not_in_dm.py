"""A record's subject is not in DM.

Why: The record has no demographics, no treatment and no study day; it falls out of every analysis.
Remedy: Add the subject to DM, or correct USUBJID.
Source: IG 4.1.3.

Bad:
    AE USUBJID AESEQ
       S9      1
    DM USUBJID
       S1
    -> AE [USUBJID=S9 AESEQ=1] USUBJID

Good:
    AE USUBJID AESEQ
       S1      1
    DM USUBJID
       S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0029"], needs=["USUBJID"], but_not=["DM"])
def check(study: Study, table: Table) -> Found:
    if study.table("DM") is None or table.domain.startswith("AP"):
        return []
    where = table.filled("USUBJID") & (study.dm_rows(table) < 0)
    return records(table, where, "USUBJID {USUBJID} is not in DM", "USUBJID")
