"""EXTRT is PLACEBO but EXDOSE is not 0.

Why: A placebo with a dose inflates every summary of exposure.
Remedy: Set EXDOSE to 0 for placebo.
Source: IG 6.1.3 EX.

Bad:
    EX USUBJID EXSEQ EXTRT   EXDOSE
       S1      1     PLACEBO 54
       S1      2     PLACEBO .
    -> EX [USUBJID=S1 EXSEQ=1] EXDOSE EXTRT
    -> EX [USUBJID=S1 EXSEQ=2] EXDOSE EXTRT

Good:
    EX USUBJID EXSEQ EXTRT   EXDOSE
       S1      1     PLACEBO 0
       S2      1     ACTIVE  54
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0102"], domains=["EX"], needs=["EXTRT", "EXDOSE"])
def check(study: Study, table: Table) -> Found:
    where = table.equals("EXTRT", "PLACEBO") & (table.numbers("EXDOSE") != 0)
    return records(table, where, "EXTRT is PLACEBO but EXDOSE is '{EXDOSE}'", "EXDOSE", "EXTRT")
