"""SUPPDM holds a population flag.

Why: Populations are defined for analysis; their place is ADSL.
Remedy: Leave COMPLT, FULLSET, ITT, PPROT and SAFETY to ADaM.
Source: IG 5.2 DM.

Bad:
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM   QVAL
           DM      S1      .     .        SAFETY Y
           DM      S1      .     .        COMPLT8 Y
    -> SUPPDM [USUBJID=S1 QNAM=SAFETY] QNAM
    -> SUPPDM [USUBJID=S1 QNAM=COMPLT8] QNAM

Good:
    SUPPDM RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           DM      S1      .     .        RACE1 ASIAN
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


def is_completer(name: str) -> bool:
    """COMPLT, or COMPLT with the week that was completed."""
    return name.startswith("COMPLT") and (name[6:].isdigit() or not name[6:])


@rule("error", cdisc=["CG0528"], domains=["SUPP--"])
def check(study: Study, table: Table) -> Found:
    if table.domain != "DM":
        return []
    where = table.equals("QNAM", "FULLSET", "ITT", "PPROT", "SAFETY") | table.matching("QNAM", is_completer)
    return records(table, where, "QNAM {QNAM} is a population flag", "QNAM")
