"""A variable of ADSL that has a name of DM has another value than DM.

AGE, SEX, RACE, ARM, ACTARM, SITEID, COUNTRY and every other variable of that name.
Why: A variable of SDTM's name is a copy of it; the two are compared by every reviewer, and one of them is wrong.
Remedy: Copy DM's value, or give the derived variable another name (AAGE, ARACE).
Source: ADaMIG 1.3, 3.1.1 (general conventions: names of SDTM variables).

Bad:
    DM USUBJID AGE SEX
       S1      30  M
       S2      40  F
    ADSL USUBJID AGE SEX
         S1      31  M
         S2      40  .
    -> ADSL [USUBJID=S1] AGE
    -> ADSL [USUBJID=S2] SEX

Bad:
    DM USUBJID AGE
       S1      30
    ADSL USUBJID AGE$
         S1      30
    -> ADSL [USUBJID=S1] AGE

Good:
    DM USUBJID AGE SEX ARM
       S1      30  M   .
    ADSL USUBJID AGE SEX AAGE ARM
         S1      30  M   31   .

Good:
    DM USUBJID AGE
       S1      .
    ADSL USUBJID AGE$
         S1      .

Bad:
    DM USUBJID AGE
       S1      .
       S2      30
    ADSL USUBJID AGE$
         S1      30
         S2      .
    -> ADSL [USUBJID=S1] AGE
    -> ADSL [USUBJID=S2] AGE
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records, rows_of


@adam_rule("error", classes=["ADSL"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    dm = study.dm
    if dm is None:
        return
    rows = rows_of(table, dm)
    for name in table.variables:
        if name != "USUBJID" and dm.has(name):
            theirs = dm.columns[name].take(rows)
            differs = (rows >= 0) & ~same(table.columns[name], theirs)
            if differs.any():
                extra = {"theirs": shown(theirs)}
                yield from records(table, differs, f"{name} is '{{{name}}}', DM has '{{theirs}}'", name, extra=extra)
