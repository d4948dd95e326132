"""BASETYPE is filled on some records of a parameter and missing on others.

Why: Records without a type belong to no baseline; each of the definitions leaves them out.
Remedy: Fill BASETYPE on all records of the parameter.
Source: ADaMIG 1.3, 3.3.4 (BASETYPE).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL BASETYPE
         S1      HR      V1     70   LAST
         S1      HR      V2     70   .
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] BASETYPE

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL BASETYPE
         S1      HR      V1     70   LAST
         S1      BMI     V1     20   .
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import first_in_group
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS"], needs=["PARAMCD", "BASETYPE"])
def check(study: AdamStudy, table: Table) -> Found:
    filled = table.filled("BASETYPE")
    where = ~filled & (first_in_group(table.groups(["PARAMCD"]), filled) >= 0)
    return records(table, where, "BASETYPE is missing, other records of {PARAMCD} have one", "BASETYPE")
