"""SUPPDM holds several races but RACE is not MULTIPLE.

Why: One of several races was chosen without a rule that can be seen.
Remedy: Set RACE to MULTIPLE.
Source: IG 5.2 DM assumption 5.

Bad:
    DM USUBJID RACE
       S1      ASIAN
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           DM      S1      .     .        RACE1 ASIAN
           DM      S1      .     .        RACE2 WHITE
    -> DM [USUBJID=S1] RACE

Good:
    DM USUBJID RACE
       S1      MULTIPLE
       S2      ASIAN
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           DM      S1      .     .        RACE1 ASIAN
           DM      S1      .     .        RACE2 WHITE
           DM      S2      .     .        RACE1 ASIAN
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.races import races_of


@rule("error", cdisc=["CG0140"], domains=["DM"], needs=["RACE"])
def check(study: Study, table: Table) -> Found:
    where = (races_of(study, table) > 1) & ~table.equals("RACE", "MULTIPLE")
    return records(table, where, "RACE is '{RACE}' but SUPPDM holds several races", "RACE")
