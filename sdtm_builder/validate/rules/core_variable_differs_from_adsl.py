"""A variable that ADSL has too has another value than ADSL for the subject.

STUDYID and USUBJID aside, each variable of an analysis dataset that has a name of ADSL.
Why: Populations, treatments and covariates of a table then depend on the dataset that it was made from.
Remedy: Carry ADSL's value; what is meant for the record alone needs a name of its own.
Source: ADaMIG 1.3, 3.1.1 and 3.3 (ADSL variables copied to other datasets).

Bad:
    ADSL USUBJID SAFFL AGE
         S1      Y     30
    ADVS USUBJID PARAMCD AVAL SAFFL AGE
         S1      HR      70   Y     30
         S1      BMI     20   N     31
         S1      WT      70   .     30
    -> ADVS [USUBJID=S1 PARAMCD=BMI] SAFFL
    -> ADVS [USUBJID=S1 PARAMCD=BMI] AGE
    -> ADVS [USUBJID=S1 PARAMCD=WT] SAFFL

Good:
    ADSL USUBJID SAFFL AGE
         S1      Y     30
    ADVS USUBJID PARAMCD AVAL SAFFL AGE
         S1      HR      70   Y     30
         S2      HR      70   N     31
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS", "OTHER"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    adsl = study.adsl
    if adsl is None:
        return
    rows = study.adsl_rows(table)
    for name in table.variables:
        if name != "USUBJID" and adsl.has(name):
            theirs = adsl.columns[name].take(rows)
            differs = (rows >= 0) & ~same(table.columns[name], theirs)
            if differs.any():
                extra = {"theirs": shown(theirs, adsl.variables[name].format)}
                yield from records(table, differs, f"{name} is '{{{name}}}', ADSL has '{{theirs}}'", name, extra=extra)
