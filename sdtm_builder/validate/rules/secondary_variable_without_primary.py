"""A numeric or text companion stands without the variable that it is the companion of.

AVISITN without AVISIT, TRT01PN without TRT01P, SAFFN without SAFFL, CRIT1FL without CRIT1, ANRLOC without ANRLO.
Why: The companion is a code; without its primary variable nobody knows what 3 means.
Remedy: Add the primary variable.
Source: ADaMIG 1.3, 3.1.1 (secondary variables need their primary).

Bad:
    ADVS USUBJID PARAMCD AVAL AVISITN CRIT1FL AVALCA1N
         S1      HR      70   1       Y       1
    -> ADVS AVISITN
    -> ADVS CRIT1FL
    -> ADVS AVALCA1N

Bad:
    ADSL USUBJID SAFFN#
         S1      1
    -> ADSL SAFFN

Good:
    ADVS USUBJID PARAMCD AVAL AVISITN AVISIT CRIT1FL CRIT1  ADURN
         S1      HR      70   1       V1     Y       "> 60" 3

Bad:
    ADVS USUBJID PARAMCD AVAL MCRIT1ML APERIODC ANRLOC SHIFT1N
         S1      HR      70   A        P1       5      1
    -> ADVS MCRIT1ML
    -> ADVS APERIODC
    -> ADVS ANRLOC
    -> ADVS SHIFT1N
"""

from __future__ import annotations

from sdtm_builder.validate.companions import primary_of
from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("error", classes=["ADSL", "BDS", "TTE", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        primary = primary_of(study, table, name)
        if primary and primary not in table.variables:
            yield about(table.name, f"{name} is there without {primary}", name)
