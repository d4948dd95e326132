"""A criterion is worded in two ways within a parameter.

CRITy and MCRITy within PARAMCD.
Why: CRIT1FL of one parameter then answers two questions.
Remedy: One wording a parameter; another criterion is CRIT2.
Source: ADaMIG 1.3, 3.3.7 (CRITy).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL CRIT1  CRIT1FL
         S1      HR      V1     70   "> 60" Y
         S1      HR      V2     70   "> 65" Y
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] CRIT1

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL CRIT1  CRIT1FL
         S1      HR      V1     70   "> 60" Y
         S1      HR      V2     .    .      .
         S1      BMI     V2     20   "> 25" N
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing

_NAMES = re.compile(r"M?CRIT\d{1,2}")


@adam_rule("error", classes=["BDS"], needs=["PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        if _NAMES.fullmatch(name):
            where = differing(table, "PARAMCD", name)
            yield from records(table, where, f"{name} '{{{name}}}' is another than before in {{PARAMCD}}", name)
