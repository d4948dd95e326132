"""A change is not the difference of the value and the baseline.

CHG is AVAL - BASE, BCHG is BASE - AVAL; neither is filled where AVAL or BASE is missing.
Why: The main result of many studies is this number.
Remedy: Derive it again; leave it null where a part is missing.
Source: ADaMIG 1.3, 3.3.4 (CHG, BCHG).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE CHG BCHG
         S1      HR      V1     75   70   4   -5
         S1      HR      V2     75   .    5   .
         S1      HR      V3     75   70   5   5
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] CHG AVAL BASE
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] CHG AVAL BASE
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V3] BCHG AVAL BASE

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE CHG
         S1      HR      V1     70   70   .
         S1      HR      V2     0.3  0.1  0.2
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.analysis import agree, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS"], needs=["AVAL", "BASE"])
def check(study: AdamStudy, table: Table) -> Found:
    value, base = table.numbers("AVAL"), table.numbers("BASE")
    for name, right in (("CHG", value - base), ("BCHG", base - value)):
        said = table.numbers(name)
        where = ~np.isnan(said) & ~agree(said, right)
        if where.any():
            message = f"{name} is {{{name}}}, with AVAL '{{AVAL}}' and BASE '{{BASE}}' it is {{right}}"
            yield from records(table, where, message, name, "AVAL", "BASE", extra={"right": shown(right)})
