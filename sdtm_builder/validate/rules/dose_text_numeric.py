"""--DOSTXT holds a number.

Why: A number belongs in --DOSE, where it can be summed.
Remedy: Move it to --DOSE; --DOSTXT is for doses that aren't numbers, as 200-400.
Source: IG 6.1.

Bad:
    EX USUBJID EXSEQ EXDOSTXT
       S1      1     54
    -> EX [USUBJID=S1 EXSEQ=1] EXDOSTXT

Good:
    EX USUBJID EXSEQ EXDOSTXT
       S1      1     20-30
       S1      2     .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.texts import is_number


@rule("error", cdisc=["CG0112"], classes=["INTERVENTIONS"], needs=["--DOSTXT"])
def check(study: Study, table: Table) -> Found:
    return records(table, table.matching("--DOSTXT", is_number), "--DOSTXT {--DOSTXT} is a number", "--DOSTXT")
