"""A period's treatment is there, and that of an earlier period is not.

TRT02P without TRT01P, TRT03A without TRT02A.
Why: Periods are counted from 01 without gaps; standard programs loop over them.
Remedy: Number the periods through.
Source: ADaMIG 1.3, 3.1.1 (xx) and 3.2.5 (TRTxxP, TRTxxA).

Bad:
    ADSL USUBJID TRT01P TRT02P TRT02A
         S1      A      B      B
    -> ADSL TRT02A

Good:
    ADSL USUBJID TRT01P TRT02P TRT01A TRT02A
         S1      A      B      A      B
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule

_PERIOD = re.compile(r"TRT(\d\d)([PA])")


@adam_rule("error", classes=["ADSL"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        match = _PERIOD.fullmatch(name)
        earlier = f"TRT{int(match[1]) - 1:02}{match[2]}" if match else ""
        if match and int(match[1]) > 1 and not table.has(earlier):
            yield about(table.name, f"{name} is there without {earlier}", name)
