"""BASE differs between records of one subject, parameter and baseline type.

A missing BASE differs too.
Why: A subject has one baseline; changes of its records are not comparable.
Remedy: Carry the baseline to all records; several are told apart by BASETYPE.
Source: ADaMIG 1.3, 3.3.4 (BASE, BASETYPE).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE
         S1      HR      V1     70   70
         S1      HR      V2     75   72
         S1      HR      V3     75   .
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] BASE
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V3] BASE

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL BASE BASETYPE
         S1      HR      V1     70   70   A
         S1      HR      V2     75   70   A
         S1      HR      V2     75   71   B
         S2      HR      V2     75   .    A
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import SERIES, first_in_group, same
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE"], needs=["USUBJID", "PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in ("BASE", "BASEC"):
        if table.has(name):
            first = first_in_group(table.groups(SERIES), table.filled(name))
            where = (first >= 0) & ~same(table.column(name), table.column(name).take(first))
            message = f"{name} is '{{{name}}}', another record of the subject and parameter has another"
            yield from records(table, where, message, name)
