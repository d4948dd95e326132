"""BASE is filled, but no record is flagged as baseline.

No ABLFL Y in the USUBJID, PARAMCD and BASETYPE of the record.
Why: Nobody can see what the baseline was taken from.
Remedy: Flag the record that BASE comes from; a baseline that is computed is a record of its own, with DTYPE.
Source: ADaMIG 1.3, 3.3.8 (ABLFL is required if BASE is there).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL BASE
         S1      HR      V1     70   .     70
         S1      HR      V2     75   .     70
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] BASE ABLFL

Bad:
    ADVS USUBJID PARAMCD AVAL BASE
         S1      HR      70   70
    -> ADVS [USUBJID=S1 PARAMCD=HR] BASE

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL BASE
         S1      HR      V1     70   Y     70
         S1      HR      V2     75   .     70
         S2      HR      V2     75   .     .
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import SERIES, baseline_rows
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE"], needs=["USUBJID", "PARAMCD", "BASE"])
def check(study: AdamStudy, table: Table) -> Found:
    where = table.filled("BASE") & (baseline_rows(table) < 0)
    where &= ~table.repeats(SERIES, where)
    return records(table, where, "no record of {PARAMCD} of the subject has ABLFL Y", "BASE", "ABLFL")
