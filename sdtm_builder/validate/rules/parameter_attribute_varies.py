"""What describes a parameter differs between its records.

PARCATy, PARCATyN and AVALU of one PARAMCD.
Why: A parameter is one analysis in one category and one unit; sums over its records mix two.
Remedy: Make the attribute depend on PARAMCD alone, or make two parameters.
Source: ADaMIG 1.3, 3.3.4 (PARCATy is a categorisation of PARAM; a unit is part of PARAM).

Bad:
    ADLB USUBJID PARAMCD AVISIT PARCAT1   AVAL AVALU
         S1      ALT     V1     CHEMISTRY 5    U/L
         S1      ALT     V2     LIVER     5    ukat/L
         S1      AST     V2     CHEMISTRY 5    .
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V2] PARCAT1 PARAMCD
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V2] AVALU PARAMCD

Good:
    ADLB USUBJID PARAMCD AVISIT PARCAT1    AVAL AVALU
         S1      ALT     V1     CHEMISTRY  5    U/L
         S1      ALT     V2     CHEMISTRY  5    .
         S1      HGB     V2     HEMATOLOGY 5    g/L
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing

_NAMES = re.compile(r"PARCAT\d{1,2}N?|AVALU")


@adam_rule("error", needs=["PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        if _NAMES.fullmatch(name):
            message = f"{name} '{{{name}}}' is another than that of an earlier record of {{PARAMCD}}"
            yield from records(table, differing(table, "PARAMCD", name), message, name, "PARAMCD")
