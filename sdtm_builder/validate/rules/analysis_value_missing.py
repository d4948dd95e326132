"""A record has no analysis value.

AVAL and AVALC are both missing.
Why: The record counts in the number of records and in no statistic; often the source has a value that was not read.
Remedy: Fill AVAL or AVALC, or leave the record out; keep it where it says that a value is missing by design.
Source: ADaMIG 1.3, 3.3.4.

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL AVALC
         S1      HR      V1     .    .
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] AVAL AVALC

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL AVALC
         S1      HR      V1     70   .
         S1      RES     V1     .    CR

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL
         S1      HR      V1     .
         S1      HR      V2     70
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] AVAL
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["BDS", "TTE"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (table.has("AVAL") or table.has("AVALC")):
        return []
    where = table.empty("AVAL") & table.empty("AVALC")
    return records(table, where, "neither AVAL nor AVALC has a value", "AVAL", "AVALC")
