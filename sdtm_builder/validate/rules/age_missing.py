"""AGE is missing for a subject who is no screen failure.

Why: Demographic tables need the age of every enrolled subject.
Remedy: Query the age or the year of birth.
Source: FDA validator rules.

Bad:
    DM USUBJID AGE ARMNRS
       S1      .   .
    -> DM [USUBJID=S1] AGE

Good:
    DM USUBJID AGE ARMNRS
       S1      61  .
       S2      .   "SCREEN FAILURE"
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", fda=["FB0501"], domains=["DM"], needs=["AGE"], draft="warning")
def check(study: Study, table: Table) -> Found:
    where = table.empty("AGE") & table.empty("AGETXT") & ~table.equals("ARMNRS", "SCREEN FAILURE")
    return records(table, where, "AGE is missing (ARMNRS '{ARMNRS}')", "AGE")
