"""An analysis day does not follow from its date.

ADY from ADT, ASTDY from ASTDT, AENDY from AENDT: the reference date is day 1, the day before is -1, there is no day
0. The reference is TRTSDT of ADSL, or RANDDT, ENRLDT or the dataset's STARTDT where the days of the dataset fit that
better.
Why: Windows, listings and plots go by the day.
Remedy: Derive the day again; leave it null without a date.
Source: ADaMIG 1.3, 3.3.3 (ADY, ASTDY, AENDY).

Bad:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
    ADVS USUBJID PARAMCD AVISIT ADT        ADY
         S1      HR      V1     2024-01-10 1
         S1      HR      V2     2024-01-09 0
         S1      HR      V3     2024-01-12 2
         S1      HR      V4     .          2
         S1      HR      V5     2024-01-11 2
         S1      HR      V6     2024-01-15 6
         S1      HR      V7     2024-01-01 -9
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2 ADT=2024-01-09] ADY ADT
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V3 ADT=2024-01-12] ADY ADT
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V4] ADY ADT

Good:
    ADSL USUBJID TRTSDT     RANDDT
         S1      2024-01-10 2024-01-08
    ADVS USUBJID PARAMCD ADT        ADY
         S1      HR      2024-01-08 1
         S1      HR      2024-01-07 -1
         S1      HR      .          .

Bad:
    ADSL USUBJID TRTSDT     RANDDT
         S1      2024-01-10 2024-01-01
    ADVS USUBJID PARAMCD AVISIT ADT        ADY
         S1      HR      V1     2024-01-10 1
         S1      HR      V2     2024-01-01 1
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2 ADT=2024-01-01] ADY ADT
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.analysis import shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

DAYS = (("ADY", "ADT"), ("ASTDY", "ASTDT"), ("AENDY", "AENDT"))
REFERENCES = ("TRTSDT", "RANDDT", "ENRLDT", "STARTDT")


@adam_rule("error", classes=["BDS", "TTE", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for day, date in DAYS:
        if not table.has(day, date):
            continue
        said, when = table.numbers(day), table.numbers(date)
        orphan = ~np.isnan(said) & np.isnan(when)
        yield from records(table, orphan, f"{day} is {{{day}}}, but {date} is missing", day, date)
        best, right = None, said
        for name in REFERENCES:
            difference = when - (table.numbers(name) if name == "STARTDT" else study.of_subject(table, name))
            counted = np.where(difference >= 0, difference + 1, difference)
            wrong = ~np.isnan(said) & ~np.isnan(counted) & (said != counted)
            if not np.isnan(counted).all() and (best is None or wrong.sum() < best.sum()):
                best, right, reference = wrong, counted, name
        if best is not None and best.any():
            message = f"{day} is {{{day}}}, but {date} {{{date}}} is day {{right}} from {reference}"
            yield from records(table, best, message, day, date, extra={"right": shown(right)})
