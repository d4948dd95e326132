"""A numeric flag does not say what its character flag says.

Y is 1, N is 0, missing is missing.
Why: Two populations come out of one definition.
Remedy: Derive *FN from *FL.
Source: ADaMIG 1.3, 3.1.1 (flags; *FN).

Bad:
    ADSL USUBJID SAFFL SAFFN# ITTFL ITTFN#
         S1      Y     0     N     0
         S2      N     .     .     1
    -> ADSL [USUBJID=S1] SAFFN SAFFL
    -> ADSL [USUBJID=S2] SAFFN SAFFL
    -> ADSL [USUBJID=S2] ITTFN ITTFL

Good:
    ADVS USUBJID PARAMCD AVAL ABLFL ABLFN
         S1      HR      70   Y     1
         S1      HR      71   .     .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for number in table.variables:
        flag = f"{number[:-1]}L"
        if number.endswith("FN") and table.has(flag) and not table.column(number).is_text:
            said = table.numbers(number)
            where = (table.equals(flag, "Y") & (said != 1)) | (table.equals(flag, "N") & (said != 0))
            where |= table.empty(flag) & ~np.isnan(said)
            yield from records(table, where, f"{flag} is '{{{flag}}}', {number} is '{{{number}}}'", number, flag)
