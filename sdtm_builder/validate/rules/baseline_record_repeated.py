"""More than one record is the baseline of a subject's parameter.

Two records with ABLFL Y in one USUBJID, PARAMCD and BASETYPE.
Why: BASE is one of them, by the order of records.
Remedy: Flag one; several baselines are told apart by BASETYPE.
Source: ADaMIG 1.3, 3.3.8 (ABLFL) and 3.3.4 (BASETYPE).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL
         S1      HR      V1     70   Y
         S1      HR      V2     71   Y
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] ABLFL

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL BASETYPE
         S1      HR      V1     70   Y     LAST
         S1      HR      V2     71   Y     AVERAGE
         S1      BMI     V2     20   Y     LAST
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import SERIES
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE"], needs=["USUBJID", "PARAMCD", "ABLFL"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.repeats(SERIES, table.equals("ABLFL", "Y"))
    return records(table, where, "an earlier record of {PARAMCD} has ABLFL Y too", "ABLFL")
