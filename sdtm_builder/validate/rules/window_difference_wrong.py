"""AWTDIFF is not the distance of the analysis day from the target of its window.

ADY - AWTARGET, or its size; where the two lie on either side of the missing day 0, a day less is accepted too. Not
looked at where AWU is not DAYS.
Why: Which of two records is closest to the target is decided by this number.
Remedy: Derive it from ADY and AWTARGET.
Source: ADaMIG 1.3, 3.3.3 (AWTDIFF).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWTARGET AWTDIFF
         S1      HR      V1     70   9   8        2
         S1      HR      V2     70   -1  1        3
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] AWTDIFF ADY AWTARGET
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] AWTDIFF ADY AWTARGET

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWTARGET AWTDIFF AWU
         S1      HR      V1     70   6   8        2       DAYS
         S1      HR      V2     70   -1  1        1       DAYS
         S1      HR      V3     70   15  2        1       WEEKS
         S1      HR      V4     70   .   2        .       DAYS

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWTARGET AWTDIFF
         S1      HR      V1     70   4   8        3
         S1      HR      V2     70   -3  -1       1
         S1      HR      V3     70   1   -2       4
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] AWTDIFF ADY AWTARGET
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] AWTDIFF ADY AWTARGET
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V3] AWTDIFF ADY AWTARGET

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWTARGET AWTDIFF
         S1      HR      V1     70   -1  1        -1
         S1      HR      V2     70   1   -2       2
         S1      HR      V3     70   -3  -1       2
         S1      HR      V4     70   4   8        -4
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS"], needs=["ADY", "AWTARGET", "AWTDIFF"])
def check(study: AdamStudy, table: Table) -> Found:
    day, target, said = table.numbers("ADY"), table.numbers("AWTARGET"), table.numbers("AWTDIFF")
    difference = day - target
    across = (day < 0) != (target < 0)
    without_zero = difference - np.sign(difference) * across
    right = (np.abs(said) == np.abs(difference)) | (np.abs(said) == np.abs(without_zero))
    where = ~np.isnan(said) & ~np.isnan(difference) & ~right
    if table.has("AWU"):
        where &= table.equals("AWU", "DAYS", "DAY", "Days", "days")
    message = "AWTDIFF is {AWTDIFF} for ADY {ADY} and target {AWTARGET}"
    return records(table, where, message, "AWTDIFF", "ADY", "AWTARGET")
