"""A baseline attribute is not the attribute of the baseline record.

BNRIND is ANRIND of the record with ABLFL Y, BTOXGR its ATOXGR, likewise BTOXGRL, BTOXGRH (and N), ByIND and BASECATy.
Why: Shift tables start from another row than the baseline.
Remedy: Take the attribute from the flagged record.
Source: ADaMIG 1.3, 3.3.4 and 3.3.6 (BNRIND, BTOXGR, BASECATy).

Bad:
    ADLB USUBJID PARAMCD AVISIT AVAL ABLFL ANRIND BNRIND ATOXGRL BTOXGRL
         S1      HGB     V1     70   Y     LOW    LOW    1       1
         S1      HGB     V2     75   .     NORMAL NORMAL 0       .
    -> ADLB [USUBJID=S1 PARAMCD=HGB AVISIT=V2] BNRIND
    -> ADLB [USUBJID=S1 PARAMCD=HGB AVISIT=V2] BTOXGRL

Bad:
    ADLB USUBJID PARAMCD AVISIT AVAL ABLFL AVALCAT1 BASECAT1 A1IND B1IND
         S1      HGB     V1     70   Y     Low      High     LOW   HIGH
    -> ADLB [USUBJID=S1 PARAMCD=HGB AVISIT=V1] BASECAT1
    -> ADLB [USUBJID=S1 PARAMCD=HGB AVISIT=V1] B1IND

Good:
    ADLB USUBJID PARAMCD AVISIT AVAL ABLFL ANRIND BNRIND
         S1      HGB     V1     70   Y     LOW    LOW
         S1      HGB     V2     75   .     NORMAL LOW
         S2      HGB     V2     75   .     NORMAL .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.analysis import baseline_rows, same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_NAMES = (
    (re.compile(r"B(NRIND|TOXGR[LH]?N?|\dIND)"), r"A\1"),
    (re.compile(r"BASECAT(\d{1,2})"), r"AVALCAT\1"),
    (re.compile(r"BASECA(\d{1,2})N"), r"AVALCA\1N"),
)


@adam_rule("error", classes=["BDS"], needs=["USUBJID", "PARAMCD", "ABLFL"])
def check(study: AdamStudy, table: Table) -> Found:
    rows = baseline_rows(table)
    for name in table.variables:
        value = next((pattern.sub(to, name) for pattern, to in _NAMES if pattern.fullmatch(name)), "")
        if value and table.has(value):
            right = table.column(value).take(rows)
            where = (rows >= 0) & ~same(table.column(name), right)
            if where.any():
                message = f"{name} is '{{{name}}}', {value} of the baseline record is '{{right}}'"
                yield from records(table, where, message, name, extra={"right": shown(right)})
