"""A window has other limits or another target on one record than on another of the same analysis visit.

AWLO, AWHI, AWTARGET, AWRANGE and AWU within PARAMCD and AVISIT (by period, time point and reference, where they are
there).
Why: The same day falls into the visit for one subject and not for another.
Remedy: Take the window from one table of visits.
Source: ADaMIG 1.3, 3.3.3 (AWTARGET, AWLO, AWHI, AWRANGE).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL AWLO AWHI AWTARGET AWU
         S1      HR      V1     70   1    14   8        DAYS
         S2      HR      V1     70   2    14   8        DAYS
         S3      HR      V1     70   1    15   9        WEEKS
    -> ADVS [USUBJID=S2 PARAMCD=HR AVISIT=V1] AWLO AVISIT
    -> ADVS [USUBJID=S3 PARAMCD=HR AVISIT=V1] AWHI AVISIT
    -> ADVS [USUBJID=S3 PARAMCD=HR AVISIT=V1] AWTARGET AVISIT
    -> ADVS [USUBJID=S3 PARAMCD=HR AVISIT=V1] AWU AVISIT

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL AWLO AWHI APERIOD
         S1      HR      V1     70   1    14   1
         S2      HR      V1     70   1    .    1
         S2      HR      V1     70   2    15   2
         S2      BMI     V1     20   2    15   1
         S2      BMI     .      20   3    16   1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing

LIMITS = ("AWLO", "AWHI", "AWTARGET", "AWRANGE", "AWU")
WITHIN = ("PARAMCD", "APERIOD", "ATPT", "ATPTREF", "APHASE")


@adam_rule("warning", classes=["BDS"], needs=["PARAMCD", "AVISIT"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in LIMITS:
        if table.has(name):
            where = differing(table, "AVISIT", name, None, WITHIN)
            message = f"{name} is {{{name}}}, an earlier record of {{AVISIT}} has another"
            yield from records(table, where, message, name, "AVISIT")
