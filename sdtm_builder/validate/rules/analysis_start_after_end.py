"""An analysis start is after its end.

ASTDT and AENDT, TRTSDT and TRTEDT, TRxxSDT and TRxxEDT, APxxSDT, PHwSDT, APERSDT and all that differ by S and E, with
their datetimes.
Why: Durations come out negative, and the record falls out of every window.
Remedy: Query the two dates; an imputed start does not pass the known end.
Source: ADaMIG 1.3, 3.1.2, 3.2.6 and 3.3.3.

Bad:
    ADAE USUBJID AESEQ ASTDT      AENDT      TRTEMFL
         S1      1     2024-01-02 2024-01-01 Y
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDT AENDT

Bad:
    ADSL USUBJID TRTSDTM          TRTEDTM          PH1SDT     PH1EDT
         S1      2024-01-02T08:00 2024-01-02T07:59 2024-01-02 2024-01-01
    -> ADSL [USUBJID=S1] TRTSDTM TRTEDTM
    -> ADSL [USUBJID=S1] PH1SDT PH1EDT

Good:
    ADAE USUBJID AESEQ ASTDT      AENDT      TRTEMFL
         S1      1     2024-01-02 2024-01-02 Y
         S1      2     2024-01-02 .          Y
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_START = re.compile(r"(\w+)S(DT|DTM|DM)")


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for start in table.variables:
        match = _START.fullmatch(start)
        end = f"{match[1]}E{match[2]}" if match else start.replace("AST", "AEN") if start in ("ASTDT", "ASTDTM") else ""
        if end and table.has(end):
            where = table.numbers(start) > table.numbers(end)
            yield from records(table, where, f"{start} {{{start}}} is after {end} {{{end}}}", start, end)
