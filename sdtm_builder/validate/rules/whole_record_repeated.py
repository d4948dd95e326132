"""A record says in all variables what another one says.

ASEQ aside.
Why: The value counts twice.
Remedy: Drop the record, or say what tells it from the other.
Source: ADaMIG 1.3, 3.3 (one record for each subject, parameter and analysis time point).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ASEQ
         S1      HR      V1     70   1
         S1      HR      V2     70   2
         S1      HR      V1     70   3
    -> ADVS [USUBJID=S1 PARAMCD=HR ASEQ=3] USUBJID PARAMCD

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL
         S1      HR      V1     70
         S1      HR      V1     71
         S1      HR      V1     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    names = [name for name in table.variables if name != "ASEQ"]
    message = "an earlier record of {USUBJID} has the same value in all variables"
    return records(table, table.alike(names), message, "USUBJID", "PARAMCD")
