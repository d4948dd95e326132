"""DTHFL is Y but DTHDTC is missing.

Why: Survival can't be analysed without the date; a partial one is better than none.
Remedy: Query the date of death and give what is known of it.
Source: FDA validator rules.

Bad:
    DM USUBJID DTHFL DTHDTC
       S1      Y     .
    -> DM [USUBJID=S1] DTHDTC DTHFL

Good:
    DM USUBJID DTHFL DTHDTC
       S1      Y     2024
       S2      .     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("warning", fda=["FB0610"], domains=["DM"], needs=["DTHFL"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("DTHFL", "Y") & table.empty("DTHDTC")
    return records(table, where, "DTHFL is Y but DTHDTC is missing", "DTHDTC", "DTHFL")
