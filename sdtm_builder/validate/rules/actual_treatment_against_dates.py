"""An actual treatment and the dates of treatment contradict each other.

TRT01A is filled without TRTSDT, or TRTSDT without TRT01A. In further periods TRxxSDT and TRTxxA.
Why: The subject is treated in one table and not in the other.
Remedy: Derive both from exposure.
Source: ADaMIG 1.3, 3.2.5 (TRTxxA) and 3.2.6 (TRTSDT, TRxxSDT).

Bad:
    ADSL USUBJID TRT01A TRTSDT     TRT02A TR02SDT
         S1      A      .          .      .
         S2      .      2024-01-01 .      .
         S3      A      2024-01-01 B      .
    -> ADSL [USUBJID=S1] TRT01A TRTSDT
    -> ADSL [USUBJID=S2] TRT01A TRTSDT
    -> ADSL [USUBJID=S3] TRT02A TR02SDT

Good:
    ADSL USUBJID TRT01A TRTSDT
         S1      A      2024-01-01
         S2      .      .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_ACTUAL = re.compile(r"TRT(\d\d)A")


@adam_rule("error", classes=["ADSL"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        match = _ACTUAL.fullmatch(name)
        if match is None:
            continue
        dates = [one for one in (f"TR{match[1]}SDT", "TRTSDT" if match[1] == "01" else "") if one and table.has(one)]
        for date in dates[:1]:
            where = table.filled(name) != table.filled(date)
            message = f"{name} is '{{{name}}}', {date} is '{{{date}}}'"
            yield from records(table, where, message, name, date)
