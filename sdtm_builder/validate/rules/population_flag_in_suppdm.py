"""SUPPDM holds a population flag.

Why: Populations are defined for analysis; their place is ADSL.
Remedy: Leave COMPLT, FULLSET, ITT, PPROT and SAFETY to ADaM.
Source: IG 5.2 DM.

Bad:
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM   QVAL
           DM      S1      .     .        SAFETY Y
    -> SUPPDM [USUBJID=S1 QNAM=SAFETY] QNAM

Good:
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           DM      S1      .     .        RACE1 ASIAN
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0528"], domains=["SUPP--"])
def check(study: Study, table: Table) -> Found:
    if table.domain != "DM":
        return []
    where = table.equals("QNAM", "COMPLT", "FULLSET", "ITT", "PPROT", "SAFETY")
    return records(table, where, "QNAM {QNAM} is a population flag", "QNAM")
