"""A BDS dataset has no treatment variable.

TRTP, TRTA, TRTxxP, TRTxxA, TRTSEQP or TRTSEQA.
Why: Records can't be put into the columns of a table without merging, and by what is left open.
Remedy: Carry the treatment that the analysis goes by.
Source: ADaMIG 1.3, 3.3.2 (at least one treatment variable).

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
    -> ADVS TRTP

Good:
    ADVS USUBJID PARAMCD AVAL TRT01A
         S1      HR      70   A
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule

_TREATMENT = re.compile(r"TRT(\d\d|SEQ)?[PA]")


@adam_rule("error", classes=["BDS", "TTE"])
def check(study: AdamStudy, table: Table) -> Found:
    if not any(_TREATMENT.fullmatch(name) for name in table.variables):
        yield about(table.name, "there is no treatment variable (TRTP, TRTA, TRTxxP, TRTxxA)", "TRTP")
