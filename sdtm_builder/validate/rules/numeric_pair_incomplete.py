"""One of a variable and its numeric companion is filled, the other is not.

Why: The record is labelled and not sorted, or sorted and not labelled.
Remedy: Fill both or neither.
Source: ADaMIG 1.3, 3.1.1.

Bad:
    ADVS USUBJID PARAMCD AVAL AVISIT   AVISITN
         S1      HR      70   "Week 1" .
         S2      HR      70   .        1
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=Week 1] AVISIT AVISITN
    -> ADVS [USUBJID=S2 PARAMCD=HR] AVISIT AVISITN

Good:
    ADVS USUBJID PARAMCD AVAL AVISIT   AVISITN
         S1      HR      70   "Week 1" 1
         S2      HR      70   .        .
"""

from __future__ import annotations

from sdtm_builder.validate.companions import numeric_pairs
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL", "BDS", "TTE", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for primary, number, _ in numeric_pairs(table):
        where = table.filled(primary) != table.filled(number)
        message = f"{primary} is '{{{primary}}}', {number} is '{{{number}}}'"
        yield from records(table, where, message, primary, number)
