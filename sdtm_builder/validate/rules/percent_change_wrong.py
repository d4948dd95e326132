"""A percent change does not follow from the value and the baseline.

PCHG is 100 x (AVAL - BASE) / BASE, PBCHG is 100 x (BASE - AVAL) / AVAL; a value that is rounded to one decimal or more
is accepted, one where the divisor is 0 or a part is missing is not.
Why: The number enters responder definitions (a fall by 50 %).
Remedy: Derive it again; leave it null where it can't be computed.
Source: ADaMIG 1.3, 3.3.4 (PCHG, PBCHG).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE PCHG PBCHG
         S1      HR      V1     75   50   25   .
         S1      HR      V2     75   0    50   .
         S1      HR      V3     75   50   50   33.3
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] PCHG AVAL BASE
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] PCHG AVAL BASE
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V3] PBCHG AVAL BASE

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE PCHG
         S1      HR      V1     75   50   50
         S1      HR      V2     75   0    .
         S1      HR      V3     40   30   33.3
         S1      HR      V4     40   -20  -300

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE PBCHG PCHG
         S1      HR      V1     40   50   25    -20
         S1      HR      V2     30   20   -33.3 50.05
         S1      HR      V3     0    20   .     .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.analysis import agree, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

ROUNDED = 0.05 + 1e-9


@adam_rule("error", classes=["BDS"], needs=["AVAL", "BASE"])
def check(study: AdamStudy, table: Table) -> Found:
    value, base = table.numbers("AVAL"), table.numbers("BASE")
    with np.errstate(divide="ignore", invalid="ignore"):
        rights = {"PCHG": 100 * (value - base) / base, "PBCHG": 100 * (base - value) / value}
    for name, ratio in rights.items():
        right = np.where(np.isfinite(ratio), ratio, np.nan)
        said = table.numbers(name)
        where = ~np.isnan(said) & ~agree(said, right) & ~(np.abs(said - right) <= ROUNDED)
        if where.any():
            message = f"{name} is {{{name}}}, with AVAL '{{AVAL}}' and BASE '{{BASE}}' it is {{right}}"
            yield from records(table, where, message, name, "AVAL", "BASE", extra={"right": shown(right)})
