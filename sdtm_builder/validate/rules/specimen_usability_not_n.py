"""--SPCUFL has another value than N.

The flag is N for a specimen that could not be used, and missing for every other.
Why: A flag that also says Y is counted as if the specimens without it were in doubt.
Remedy: Leave --SPCUFL missing for usable specimens.
Source: SDTM 2.0 Findings class.

Bad:
    LB USUBJID LBSEQ LBSPCUFL
       S1      1     Y
    -> LB [USUBJID=S1 LBSEQ=1] LBSPCUFL

Good:
    LB USUBJID LBSEQ LBSPCUFL
       S1      1     N
       S1      2     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0619"], classes=["FINDINGS", "FINDINGS ABOUT"], needs=["--SPCUFL"])
def check(study: Study, table: Table) -> Found:
    where = table.filled("--SPCUFL") & ~table.equals("--SPCUFL", "N")
    own = table.named("--SPCUFL")
    return records(table, where, f"{own} is '{{{own}}}', allowed: N", "--SPCUFL")
