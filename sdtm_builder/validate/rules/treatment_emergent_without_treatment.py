"""A record is treatment-emergent for a subject who was not treated.

TRTEMFL (TREMxxFL, TRTEMwFL) is Y and TRTSDT of ADSL is missing.
Why: The event enters the incidence of a treatment that was not given.
Remedy: Leave the flag null.
Source: OCCDS 1.1, 3.2.5 (TRTEMFL); ADaMIG 1.3, 3.2.6.

Bad:
    ADSL USUBJID TRTSDT
         S1      .
    ADAE USUBJID AESEQ TRTEMFL
         S1      1     Y
    -> ADAE [USUBJID=S1 AESEQ=1] TRTEMFL

Good:
    ADSL USUBJID TRTSDT
         S1      .
         S2      2024-01-01
    ADAE USUBJID AESEQ TRTEMFL
         S1      1     .
         S2      1     Y
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_FLAG = re.compile(r"TRTEM\d?FL|TREM\d\dFL")


@adam_rule("error", needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (study.adsl if study.adsl is not None else table).has("TRTSDT"):
        return
    untreated = np.isnan(study.of_subject(table, "TRTSDT"))
    for name in table.variables:
        if _FLAG.fullmatch(name):
            where = table.equals(name, "Y") & untreated
            yield from records(table, where, f"{name} is Y, but the subject has no TRTSDT", name)
