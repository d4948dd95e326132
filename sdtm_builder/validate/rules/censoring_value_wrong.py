"""CNSR is missing, negative or not whole.

Why: 0 is an event, each positive whole number a reason to censor; anything else is neither, and procedures drop it.
Remedy: Fill CNSR with 0 or a positive integer.
Source: ADaM for time-to-event analyses 1.0, 4 (CNSR); ADaMIG 1.3, 3.3.5.

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR
          S1      OS      5    .
          S2      OS      5    -1
          S3      OS      5    0.5
    -> ADTTE [USUBJID=S1 PARAMCD=OS] CNSR
    -> ADTTE [USUBJID=S2 PARAMCD=OS] CNSR
    -> ADTTE [USUBJID=S3 PARAMCD=OS] CNSR

Good:
    ADTTE USUBJID PARAMCD AVAL CNSR
          S1      OS      5    0
          S2      OS      5    1
          S3      OS      .    .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["TTE"])
def check(study: AdamStudy, table: Table) -> Found:
    value = table.numbers("CNSR")
    where = (np.isnan(value) & table.filled("AVAL")) | (value < 0) | (value != np.floor(value)) & ~np.isnan(value)
    return records(table, where, "CNSR is '{CNSR}', not 0 or a positive integer", "CNSR")
