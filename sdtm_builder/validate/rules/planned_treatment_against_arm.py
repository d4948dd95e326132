"""A planned treatment and the planned arm of DM contradict each other.

TRT01P is filled where DM has neither ARM nor ARMCD, or empty where DM has an arm.
Why: Subjects who were never assigned enter the columns of tables, or assigned ones are lost from them.
Remedy: Derive TRT01P from the arm.
Source: ADaMIG 1.3, 3.2.5 (TRTxxP); SDTMIG 3.4, 5.2 (ARM is null where nothing was assigned).

Bad:
    DM USUBJID ARMCD ARM
       S1      A     "Arm A"
       S2      .     .
    ADSL USUBJID TRT01P
         S1      .
         S2      "Arm A"
    -> ADSL [USUBJID=S1] TRT01P
    -> ADSL [USUBJID=S2] TRT01P

Good:
    DM USUBJID ARMCD ARM
       S1      A     "Arm A"
       S2      .     .
    ADSL USUBJID TRT01P
         S1      "Dose 1"
         S2      .

Good:
    DM USUBJID ARMCD    ARM
       S1      SCRNFAIL "Screen Failure"
       S2      A        .
    ADSL USUBJID TRT01P
         S1      .
         S2      A
         S3      A

Good:
    DM USUBJID ARMCD    ARM
       S1      SCRNFAIL "Screen Failure"
    ADSL USUBJID TRT01P
         S1      "Screen Failure"
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records, rows_of


@adam_rule("warning", classes=["ADSL"], needs=["USUBJID", "TRT01P"])
def check(study: AdamStudy, table: Table) -> Found:
    dm = study.dm
    if dm is None or not (dm.has("ARM") or dm.has("ARMCD")):
        return []
    rows = rows_of(table, dm)
    assigned = np.append(study.assigned(), False)
    reason = np.append(dm.filled("ARM"), False) & ~assigned
    where = (rows >= 0) & (table.filled("TRT01P") != assigned[rows]) & ~reason[rows]
    return records(table, where, "TRT01P is '{TRT01P}', which does not fit the arm in DM", "TRT01P")
