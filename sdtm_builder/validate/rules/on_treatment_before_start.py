"""A record is on treatment, but lies before the start of treatment.

ONTRTFL is Y, and ADT (in occurrence data the end AENDT) is before TRTSDT of ADSL, or the subject has no TRTSDT.
Why: Values before the first dose are summarised as values under treatment.
Remedy: Derive the flag from the dates again.
Source: ADaMIG 1.3, 3.3.8 (ONTRTFL); OCCDS 1.1, 3.2.5.

Bad:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
         S2      .
    ADVS USUBJID PARAMCD ADT        AVAL ONTRTFL
         S1      HR      2024-01-09 70   Y
         S2      HR      2024-01-19 70   Y
    -> ADVS [USUBJID=S1 PARAMCD=HR ADT=2024-01-09] ONTRTFL ADT
    -> ADVS [USUBJID=S2 PARAMCD=HR ADT=2024-01-19] ONTRTFL ADT

Good:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
    ADVS USUBJID PARAMCD ADT        AVAL ONTRTFL
         S1      HR      2024-01-10 70   Y
         S1      HR      2024-01-09 70   .
    ADCM USUBJID CMSEQ CMTRT ASTDT      AENDT      ONTRTFL
         S1      1     X     2024-01-01 2024-01-10 Y

Good:
    ADSL USUBJID SAFFL
         S1      Y
    ADVS USUBJID PARAMCD ADT        AVAL ONTRTFL
         S1      HR      2024-01-10 70   Y
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "OCCDS"], needs=["USUBJID", "ONTRTFL"])
def check(study: AdamStudy, table: Table) -> Found:
    start = study.of_subject(table, "TRTSDT")
    date = "AENDT" if table.klass == "OCCDS" else "ADT"
    where = table.equals("ONTRTFL", "Y") & ((table.numbers(date) < start) | np.isnan(start))
    if np.isnan(start).all() and study.adsl is not None and not study.adsl.has("TRTSDT"):
        return []
    return records(table, where, f"ONTRTFL is Y, but {date} is before TRTSDT, or there is none", "ONTRTFL", date)
