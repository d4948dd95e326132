"""The baseline record has no analysis value.

Why: A baseline is the last value before treatment that is not missing; this one gives no BASE.
Remedy: Flag the last record with a value.
Source: ADaMIG 1.3, 3.3.8 (ABLFL).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL
         S1      HR      V1     .    Y
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] ABLFL AVAL

Good:
    ADRS USUBJID PARAMCD AVISIT AVAL AVALC ABLFL
         S1      OVR     V1     .    PD    Y
         S1      SUM     V1     10   .     Y
         S1      SUM     V0     .    .     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE"], needs=["ABLFL"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (table.has("AVAL") or table.has("AVALC")):
        return []
    where = table.equals("ABLFL", "Y") & table.empty("AVAL") & table.empty("AVALC")
    return records(table, where, "ABLFL is Y, but the record has no value", "ABLFL", "AVAL", "AVALC")
