"""A lower limit is above its upper limit.

ANRLO and ANRHI, AyLO and AyHI, AWLO and AWHI.
Why: No value lies in such a range.
Remedy: Exchange or correct the limits.
Source: ADaMIG 1.3, 3.3.3 (windows) and 3.3.6 (ranges).

Bad:
    ADLB USUBJID PARAMCD AVAL ANRLO ANRHI AWLO AWHI
         S1      ALT     5    40    10    1    7
         S1      AST     5    10    40    8    7
    -> ADLB [USUBJID=S1 PARAMCD=ALT] ANRLO ANRHI
    -> ADLB [USUBJID=S1 PARAMCD=AST] AWLO AWHI

Good:
    ADLB USUBJID PARAMCD AVAL ANRLO ANRHI
         S1      ALT     5    10    40
         S1      AST     5    10    10
         S1      HGB     5    10    .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_LOW = re.compile(r"A(NR|W|\d{1,2})LO")


@adam_rule("error", classes=["BDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for low in table.variables:
        high = f"{low[:-2]}HI"
        if _LOW.fullmatch(low) and table.has(high):
            where = table.numbers(low) > table.numbers(high)
            yield from records(table, where, f"{low} {{{low}}} is above {high} {{{high}}}", low, high)
