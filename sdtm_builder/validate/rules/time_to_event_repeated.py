"""A subject has more than one record of a time-to-event parameter.

Within USUBJID, PARAMCD, AVISIT and, where it is there, a flag ANLzzFL Y.
Why: The subject is at risk twice in one curve.
Remedy: Keep one record; several events are parameters or analysis visits of their own.
Source: ADaM for time-to-event analyses 1.0, 3 (one record for each subject and parameter).

Bad:
    ADTTE USUBJID PARAMCD AVAL CNSR
          S1      OS      5    0
          S1      OS      6    1
    -> ADTTE [USUBJID=S1 PARAMCD=OS] PARAMCD USUBJID

Good:
    ADTTE USUBJID PARAMCD AVAL CNSR ANL01FL
          S1      OS      5    0    Y
          S1      OS      6    1    .
          S2      OS      6    1    Y
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

_CHOSEN = re.compile(r"ANL\d\dFL")


@adam_rule("warning", classes=["TTE"], needs=["USUBJID", "PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    flags = [name for name in table.variables if _CHOSEN.fullmatch(name)]
    sets = [table.equals(name, "Y") for name in flags] or [np.ones(table.n, dtype=bool)]
    where = np.zeros(table.n, dtype=bool)
    for chosen in sets:
        where |= table.repeats(["USUBJID", "PARAMCD", "AVISIT"], chosen)
    return records(table, where, "an earlier record of {USUBJID} is of {PARAMCD} too", "PARAMCD", "USUBJID")
