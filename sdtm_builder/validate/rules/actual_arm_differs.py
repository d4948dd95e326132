"""The actual arm is not the planned one.

Why: It may be right, but each such subject must be known and explained.
Remedy: Confirm it, and list the subjects in the reviewer's guide.
Source: FDA validator rules.

Bad:
    DM USUBJID ARMCD ACTARMCD ARM   ACTARM
       S1      A     B        Arm_A Arm_B
       S2      A     A        Arm_A Arm_B
    -> DM [USUBJID=S2] ACTARMCD ARMCD
    -> DM [USUBJID=S1] ACTARMCD ARMCD

Good:
    DM USUBJID ARMCD ACTARMCD ARM   ACTARM
       S1      A     A        Arm_A Arm_A
       S2      A     .        Arm_A .
       S3      .     B        .     Arm_B
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("note", fda=["FB2501", "FB2502"], domains=["DM"], needs=["ARMCD", "ACTARMCD"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("ARMCD") & table.filled("ACTARMCD") & (table.strings("ARMCD") != table.strings("ACTARMCD"))
    if table.has("ARM", "ACTARM"):
        named = table.filled("ARM") & table.filled("ACTARM")
        where |= named & (table.strings("ARM") != table.strings("ACTARM"))
    return records(table, where, "ACTARMCD is {ACTARMCD} but ARMCD is {ARMCD}", "ACTARMCD", "ARMCD")
