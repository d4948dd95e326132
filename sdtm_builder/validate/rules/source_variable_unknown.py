"""SRCVAR is no variable of the dataset that SRCDOM names.

Why: The value can't be traced to its source.
Remedy: Name the variable that the analysis value or date was taken from.
Source: ADaMIG 1.3, 3.3.9 (SRCVAR).

Bad:
    RS USUBJID RSSEQ RSDTC
       S1      1     2024-01-01
    ADTTE USUBJID PARAMCD AVAL SRCDOM SRCVAR
          S1      PFS     5    RS     RSDT
    -> ADTTE [USUBJID=S1 PARAMCD=PFS] SRCVAR SRCDOM

Good:
    RS USUBJID RSSEQ RSDTC
       S1      1     2024-01-01
    SUPPRS RDOMAIN USUBJID IDVAR IDVARVAL QNAM  QVAL
           RS      S1      RSSEQ 1        RSADQ Y
    ADTTE USUBJID PARAMCD AVAL SRCDOM SRCVAR
          S1      PFS     5    RS     RSDTC
          S1      EFS     5    RS     RSADQ
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.named import named_parts, qualifiers_of


@adam_rule("error", needs=["SRCDOM", "SRCVAR"])
def check(study: AdamStudy, table: Table) -> Found:
    unknown = np.zeros(table.n, dtype=bool)
    for name in table.distinct("SRCDOM"):
        parts = named_parts(study, name)
        known = {variable for part in parts for variable in part.variables} | qualifiers_of(study, name)
        if parts:
            unknown |= table.equals("SRCDOM", name) & table.filled("SRCVAR") & ~table.equals("SRCVAR", *known)
    return records(table, unknown, "{SRCDOM} has no variable {SRCVAR}", "SRCVAR", "SRCDOM")
