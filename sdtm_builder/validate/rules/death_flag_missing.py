"""DTHDTC is filled but DTHFL is not Y.

Why: Deaths are selected by the flag.
Remedy: Set DTHFL to Y wherever a date of death is known.
Source: IG 5.2 DM.

Bad:
    DM USUBJID DTHFL DTHDTC
       S1      .     2024-03
    -> DM [USUBJID=S1] DTHFL DTHDTC

Good:
    DM USUBJID DTHFL DTHDTC
       S1      Y     2024-03
       S2      .     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0435"], fda=["FB0606"], domains=["DM"], needs=["DTHDTC"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("DTHDTC") & ~table.equals("DTHFL", "Y")
    return records(table, where, "DTHDTC is {DTHDTC} but DTHFL is '{DTHFL}'", "DTHFL", "DTHDTC")
