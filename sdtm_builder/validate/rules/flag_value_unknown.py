"""A flag has a value other than Y, N and missing, or is not of one character.

Each character variable whose name ends in FL; each numeric one in FN is 1, 0 or missing.
Why: A filter for Y leaves out what says YES or y.
Remedy: Use Y and N, or Y and null.
Source: ADaMIG 1.3, 3.1.1 (flags).

Bad:
    ADAE USUBJID AESEQ TRTEMFL ANL01FL
         S1      1     YES     Y
         S1      2     Y       y
    -> ADAE [USUBJID=S1 AESEQ=1] TRTEMFL
    -> ADAE [USUBJID=S1 AESEQ=2] ANL01FL

Bad:
    ADSL USUBJID SAFFL SAFFN# DLTFL
         S1      Y     2     1
    -> ADSL [USUBJID=S1] SAFFN
    -> ADSL [USUBJID=S1] DLTFL

Good:
    ADSL USUBJID SAFFL SAFFN# DLTFL
         S1      Y     1     .
         S2      N     0     N
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for name, info in table.variables.items():
        if name.endswith("FL") and info.type == "Char":
            where = table.filled(name) & ~table.equals(name, "Y", "N")
            yield from records(table, where, f"{name} is '{{{name}}}', not Y, N or missing", name)
        elif name.endswith("FN") and info.type == "Num":
            where = table.filled(name) & ~np.isin(table.numbers(name), [0, 1])
            yield from records(table, where, f"{name} is {{{name}}}, not 1, 0 or missing", name)
