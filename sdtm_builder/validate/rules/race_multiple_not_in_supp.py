"""RACE is MULTIPLE but SUPPDM does not hold the races.

Why: The single races are lost otherwise.
Remedy: Put each race into SUPPDM as RACE1, RACE2 and so on.
Source: IG 5.2 DM assumption 5.

Bad:
    DM USUBJID RACE
       S1      MULTIPLE
       S2      MULTIPLE
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           DM      S1      .     .        RACE1 ASIAN
    -> DM [USUBJID=S1] RACE
    -> DM [USUBJID=S2] RACE

Good:
    DM USUBJID RACE
       S1      MULTIPLE
       S2      ASIAN
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           DM      S1      .     .        RACE1 ASIAN
           DM      S1      .     .        RACE2 WHITE
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.races import races_of


@rule("error", cdisc=["CG0531"], domains=["DM"], needs=["RACE"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("RACE", "MULTIPLE") & (races_of(study, table) < 2)
    return records(table, where, "RACE is MULTIPLE but SUPPDM holds fewer than two races", "RACE")
