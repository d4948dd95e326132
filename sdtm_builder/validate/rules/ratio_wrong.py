"""A ratio is not the quotient that its name says.

R2BASE is AVAL / BASE, R2ANRLO AVAL / ANRLO, R2ANRHI AVAL / ANRHI, R2AyLO AVAL / AyLO, R2AyHI AVAL / AyHI.
Why: Multiples of the upper limit decide about hepatic safety.
Remedy: Derive it again; leave it null where the divisor is missing or 0.
Source: ADaMIG 1.3, 3.3.4 (R2BASE, R2AyLO, R2AyHI).

Bad:
    ADLB USUBJID PARAMCD AVISIT AVAL BASE R2BASE ANRHI R2ANRHI#
         S1      ALT     V1     80   40   3      40    2
         S1      ALT     V2     80   0    2      .     2
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V1] R2BASE AVAL BASE
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V2] R2BASE AVAL BASE
    -> ADLB [USUBJID=S1 PARAMCD=ALT AVISIT=V2] R2ANRHI AVAL ANRHI

Good:
    ADLB USUBJID PARAMCD AVISIT AVAL BASE R2BASE A1LO R2A1LO
         S1      ALT     V1     80   40   2      160  0.5
         S1      ALT     V2     80   30   2.667  .    .

Good:
    ADLB USUBJID PARAMCD AVISIT AVAL BASE R2BASE
         S1      ALT     V1     10   30   0.333
         S1      ALT     V2     .    30   .
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.analysis import agree, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_RATIO = re.compile(r"R2(BASE|A(?:NR|\d)(?:LO|HI))")
ROUNDED = 0.0005 + 1e-9


@adam_rule("error", classes=["BDS"], needs=["AVAL"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        match = _RATIO.fullmatch(name)
        if match is None or not table.has(match[1]):
            continue
        divisor = match[1]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = table.numbers("AVAL") / table.numbers(divisor)
        right, said = np.where(np.isfinite(ratio), ratio, np.nan), table.numbers(name)
        where = ~np.isnan(said) & ~agree(said, right) & ~(np.abs(said - right) <= ROUNDED)
        if where.any():
            message = f"{name} is {{{name}}}, with AVAL '{{AVAL}}' and {divisor} '{{{divisor}}}' it is {{right}}"
            yield from records(table, where, message, name, "AVAL", divisor, extra={"right": shown(right)})
