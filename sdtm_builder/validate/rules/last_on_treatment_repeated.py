"""More than one record is the last under treatment of a subject's parameter.

Two records with LVOTFL Y in one USUBJID, PARAMCD, BASETYPE, APERIOD and DTYPE.
Why: There is one last value; the summary counts the subject twice.
Remedy: Flag one.
Source: ADaMIG 1.3, 3.3.8 (LVOTFL).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL LVOTFL
         S1      HR      V1     70   Y
         S1      HR      V2     71   Y
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] LVOTFL

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL LVOTFL
         S1      HR      V1     70   .
         S1      HR      V2     71   Y
         S1      BMI     V2     20   Y
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import SERIES
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["BDS"], needs=["USUBJID", "PARAMCD", "LVOTFL"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.repeats([*SERIES, "APERIOD", "DTYPE"], table.equals("LVOTFL", "Y"))
    return records(table, where, "an earlier record of {PARAMCD} has LVOTFL Y too", "LVOTFL")
