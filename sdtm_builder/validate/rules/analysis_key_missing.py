"""STUDYID, USUBJID, SUBJID, SITEID, PARAM or PARAMCD is empty.

Why: The record belongs to nobody or to no analysis.
Remedy: Fill the variable.
Source: ADaMIG 1.3, 3.2.1 and 3.3.4 (core Req).

Bad:
    ADVS STUDYID USUBJID PARAMCD PARAM AVAL
         X       S1      HR      .     70
         .       S1      HR      HR    70
    -> ADVS [USUBJID=S1 PARAMCD=HR] PARAM
    -> ADVS [USUBJID=S1 PARAMCD=HR] STUDYID

Good:
    ADVS STUDYID USUBJID PARAMCD PARAM AVAL
         X       S1      HR      HR    70
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

KEYS = ("STUDYID", "USUBJID", "SUBJID", "SITEID", "PARAM", "PARAMCD")


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for name in KEYS:
        if table.has(name):
            yield from records(table, table.empty(name), f"{name} is missing", name)
