"""A date, time or datetime of ADaM is not numeric, or has no format that shows it as one.

Variables that end in DT, TM and DTM; ARELTM, a relative time, and --ELTM of SDTM are passed over.
Why: 23011 means nothing to a reader, and a date shown as a datetime is in 1960.
Remedy: Make it numeric, with a format like DATE9., TIME5. or DATETIME20.
Source: ADaMIG 1.3, 3.1.2 (timing variables: numeric, with a date, time or datetime format).

Bad:
    ADSL USUBJID TRTSDT$    DTHDT@BEST8. TRTSDTM@DATE9.
         S1      2024-01-01 2024-01-01   2024-01-01T08:00
    -> ADSL TRTSDT
    -> ADSL DTHDT
    -> ADSL TRTSDTM

Good:
    ADSL USUBJID TRTSDT     TRTSTM TRTSDTM          ARELTM@8.1
         S1      2024-01-01 08:00  2024-01-01T08:00 5

Good:
    ADVS USUBJID PARAMCD AVAL VSELTM$
         S1      HR      70   PT1H

Bad:
    ADVS USUBJID PARAMCD AVAL ATM$
         S1      HR      70   08:00
    -> ADVS ATM
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule
from sdtm_builder.validate.sasdates import date_kind

_KINDS = (
    ("datetime", re.compile(r"\w+DTM|P\d\dS\d[SE]DM")),
    ("date", re.compile(r"\w+DT")),
    ("time", re.compile(r"\w+TM")),
)
_NO_TIME = re.compile(r"ARELTM|[A-Z]{2}ELTM")
"""A relative time, and the planned elapsed time of SDTM."""


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for name, info in table.variables.items():
        kind = next((kind for kind, pattern in _KINDS if pattern.fullmatch(name)), "")
        if not kind or _NO_TIME.fullmatch(name):
            continue
        if info.type != "Num":
            yield about(table.name, f"{name} is {info.type}, a {kind} of ADaM is numeric", name)
        elif date_kind(info.format) != kind:
            yield about(table.name, f"the format of {name} is '{info.format}', which shows no {kind}", name)
