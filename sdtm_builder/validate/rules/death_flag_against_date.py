"""The flag and the date of death contradict each other.

DTHDT is filled and DTHFL is not Y, or DTHFL is Y and DTHDT is empty although DM has a complete date.
Why: The number of deaths depends on the variable that is counted.
Remedy: Derive both from the same records.
Source: ADaMIG 1.3, 3.2.8 (DTHDT); SDTMIG 3.4, 5.2 (DTHFL).

Bad:
    DM USUBJID DTHDTC
       S1      .
       S2      2024-01-01
    ADSL USUBJID DTHFL DTHDT
         S1      .     2024-01-01
         S2      Y     .
    -> ADSL [USUBJID=S1] DTHFL DTHDT
    -> ADSL [USUBJID=S2] DTHDT DTHFL

Good:
    DM USUBJID DTHDTC
       S1      2024-01-01
       S2      2024-01
    ADSL USUBJID DTHFL DTHDT
         S1      Y     2024-01-01
         S2      Y     .
         S3      .     .

Bad:
    ADSL USUBJID DTHFL DTHDT
         S1      N     2024-01-01
         S2      Y     .
    -> ADSL [USUBJID=S1] DTHFL DTHDT
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.families import source_of
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["ADSL"], needs=["DTHFL", "DTHDT"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.filled("DTHDT") & ~table.equals("DTHFL", "Y")
    yield from records(table, where, "DTHDT is {DTHDT}, but DTHFL is '{DTHFL}'", "DTHFL", "DTHDT")
    found = source_of(study, table, "DTHDT")
    if found is not None:
        where = table.equals("DTHFL", "Y") & table.empty("DTHDT") & ~np.isnan(found[1].day)
        yield from records(table, where, f"DTHDT is missing, but {found[0]} is complete", "DTHDT", "DTHFL")
