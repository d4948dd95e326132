"""A BDS dataset has neither AVAL nor AVALC.

Why: Without an analysis value there is nothing to analyse.
Remedy: Add AVAL, AVALC or both.
Source: ADaMIG 1.3, 3.3.4 (AVAL, AVALC: one of them is required).

Bad:
    ADVS USUBJID PARAMCD VSSTRESN
         S1      HR      70
    -> ADVS AVAL

Good:
    ADRS USUBJID PARAMCD AVALC
         S1      BOR     CR
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule


@adam_rule("error", classes=["BDS", "TTE"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (table.has("AVAL") or table.has("AVALC")):
        yield about(table.name, "there is neither AVAL nor AVALC", "AVAL")
