"""A flag that marks records is N.

ABLFL, ANLzzFL, ONTRTFL, LVOTFL, the record- and parameter-level population flags, TRTEMFL, TREMxxFL, PREFL, FUPFL,
AOCC*FL.
Why: These flags are Y or null; an N is counted by programs that ask for "not missing".
Remedy: Leave the flag null.
Source: ADaMIG 1.3, 3.3.8 and 3.3.11; OCCDS 1.1, 3.2.5 and 3.2.6.

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL ANL01FL
         S1      HR      V1     70   Y     Y
         S1      HR      V2     71   N     Y
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] ABLFL

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL CRIT1  CRIT1FL
         S1      HR      V1     70   Y     "> 60" Y
         S1      HR      V2     51   .     "> 60" N
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_FLAGS = re.compile(
    r"ABLFL|ANL\d\dFL|ONTR(T|\d\d|T\d)FL|LVOTFL|(ITT|SAF|FAS|PPROT|COMPL)[RP]FL"
    r"|TRTEM\d?FL|TREM\d\dFL|PREFL|FUPFL|AOCC\w{0,2}FL"
)


@adam_rule("error", classes=["BDS", "TTE", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        if _FLAGS.fullmatch(name):
            yield from records(table, table.equals(name, "N"), f"{name} is N; it is Y or null", name)
