"""A parameter-level population flag differs between records of one subject and parameter.

ITTPFL, SAFPFL, FASPFL, PPROTPFL, COMPLPFL.
Why: The flag speaks of the subject's parameter as a whole; a subject is half in the analysis.
Remedy: Derive it by subject and parameter; a flag of records is *RFL.
Source: ADaMIG 1.3, 3.3.8.

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL SAFPFL
         S1      HR      V1     70   Y
         S1      HR      V2     71   .
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] SAFPFL

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL SAFPFL
         S1      HR      V1     70   Y
         S1      HR      V2     71   Y
         S1      BMI     V2     20   .
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import varies
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

FLAGS = ("ITTPFL", "SAFPFL", "FASPFL", "PPROTPFL", "COMPLPFL")


@adam_rule("error", classes=["BDS", "TTE"], needs=["USUBJID", "PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in FLAGS:
        if table.has(name):
            where = varies(table, name, ["USUBJID", "PARAMCD"], missing_counts=True)
            yield from records(table, where, f"{name} differs within the parameter of the subject", name)
