"""A subject of an analysis dataset is not in ADSL.

Why: The subject's treatment and populations are unknown, and the subject falls out of each merge with ADSL.
Remedy: Add the subject to ADSL, or correct USUBJID.
Source: ADaMIG 1.3, 2.3.1.

Bad:
    ADSL USUBJID
         S1
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
         S2      HR      71
    -> ADVS [USUBJID=S2 PARAMCD=HR] USUBJID

Good:
    ADSL USUBJID
         S1
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS", "OTHER"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    if study.adsl is None:
        return []
    where = table.filled("USUBJID") & (study.adsl_rows(table) < 0)
    return records(table, where & ~table.repeats(["USUBJID"]), "subject {USUBJID} is not in ADSL", "USUBJID")
