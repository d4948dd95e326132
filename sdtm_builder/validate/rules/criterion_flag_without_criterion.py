"""A criterion was evaluated, but the record does not say which.

CRITyFL is filled where CRITy is empty, MCRITyML where MCRITy is.
Why: A Y without its criterion can't be reviewed.
Remedy: Fill CRITy wherever its flag is filled.
Source: ADaMIG 1.3, 3.3.7 (CRITy, CRITyFL, MCRITy, MCRITyML).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL CRIT1  CRIT1FL MCRIT1 MCRIT1ML
         S1      HR      V1     70   "> 60" Y       .      .
         S1      HR      V2     50   .      N       .      High
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] CRIT1FL CRIT1
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] MCRIT1ML MCRIT1

Good:
    ADVS USUBJID PARAMCD AVAL CRIT1  CRIT1FL
         S1      HR      70   "> 60" Y
         S1      BMI     20   .      .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_RESULT = re.compile(r"(CRIT\d{1,2})FL|(MCRIT\d)ML")


@adam_rule("error", classes=["BDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        match = _RESULT.fullmatch(name)
        criterion = (match[1] or match[2]) if match else ""
        if criterion and table.has(criterion):
            where = table.filled(name) & table.empty(criterion)
            yield from records(table, where, f"{name} is '{{{name}}}', but {criterion} is empty", name, criterion)
