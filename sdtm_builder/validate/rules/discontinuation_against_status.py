"""A reason to discontinue and the status contradict each other.

DCSREAS is filled exactly where EOSSTT is DISCONTINUED; likewise DCTREAS and EOTSTT, DCTxxRS and EOTxxSTT, DCPxxRS and
EOPxxSTT.
Why: The disposition table does not add up.
Remedy: Derive both from the same disposition record.
Source: ADaMIG 1.3, 3.2.7 (EOSSTT, DCSREAS).

Bad:
    ADSL USUBJID EOSSTT       DCSREAS EOT01STT     DCT01RS
         S1      COMPLETED    DEATH   ONGOING      .
         S2      DISCONTINUED .       DISCONTINUED .
    -> ADSL [USUBJID=S1] DCSREAS EOSSTT
    -> ADSL [USUBJID=S2] DCSREAS EOSSTT
    -> ADSL [USUBJID=S2] DCT01RS EOT01STT

Good:
    ADSL USUBJID EOSSTT       DCSREAS
         S1      COMPLETED    .
         S2      DISCONTINUED DEATH
         S3      .            .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_STATUS = ((re.compile(r"EOSSTT"), "DCSREAS"), (re.compile(r"EOTSTT"), "DCTREAS"),
           (re.compile(r"EO([TP]\d\d)STT"), r"DC\1RS"))  # fmt: skip


@adam_rule("error", classes=["ADSL"])
def check(study: AdamStudy, table: Table) -> Found:
    for status in table.variables:
        reason = next((pattern.sub(to, status) for pattern, to in _STATUS if pattern.fullmatch(status)), "")
        if reason and table.has(reason):
            where = table.filled(reason) != table.equals(status, "DISCONTINUED")
            message = f"{reason} is '{{{reason}}}', {status} is '{{{status}}}'"
            yield from records(table, where, message, reason, status)
