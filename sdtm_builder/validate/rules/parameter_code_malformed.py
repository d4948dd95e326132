"""PARAMCD is no short name.

1 to 8 of A-Z, 0-9, _, and no digit first.
Why: PARAMCD becomes a variable's name when the dataset is transposed.
Remedy: Shorten or rename the code.
Source: ADaMIG 1.3, 3.3.4 (PARAMCD).

Bad:
    ADVS USUBJID PARAMCD   AVAL
         S1      HEARTRATE 70
         S1      2HR       70
         S1      hr        70
    -> ADVS [USUBJID=S1 PARAMCD=HEARTRATE] PARAMCD
    -> ADVS [USUBJID=S1 PARAMCD=2HR] PARAMCD
    -> ADVS [USUBJID=S1 PARAMCD=hr] PARAMCD

Good:
    ADVS USUBJID PARAMCD  AVAL
         S1      HR_SUP12 70
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.texts import is_name


@adam_rule("error", needs=["PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.matching("PARAMCD", lambda text: not is_name(text)) & ~table.repeats(["PARAMCD"])
    return records(table, where, "PARAMCD {PARAMCD} is not 1 to 8 of A-Z, 0-9, _", "PARAMCD")
