"""define.xml has value level metadata of AVAL or AVALC for some parameters, and not for this one.

Told is each parameter with values that no where clause of the value level covers, where the variable itself has no
origin: else its own description holds for what the value level leaves out.
Why: For these values type, origin and method are left open.
Remedy: Add the parameter to the value level metadata.
Source: Define-XML 2.1, 4.2; ADaMIG 1.3, 2.2.

Bad:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
         S1      BMI     20
         S2      BMI     21
    value ADVS.AVAL PARAMCD EQ HR
    -> ADVS [USUBJID=S1 PARAMCD=BMI] AVAL PARAMCD

Good:
    ADVS USUBJID PARAMCD AVAL AVALC
         S1      HR      70   .
         S1      BMI     20   .
         S1      RES     .    Y
    value ADVS.AVAL PARAMCD IN HR,BMI

Good:
    ADVS USUBJID PARAMCD AVAL
         S1      HR      70
         S1      BMI     20
    define ADVS.AVAL origin=Derived
    value ADVS.AVAL PARAMCD EQ HR
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.listed import holds


@adam_rule("warning", classes=["BDS", "TTE"], needs=["PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    defined = study.defined(table)
    if study.define is None or defined is None:
        return
    for name in ("AVAL", "AVALC"):
        item = defined.item(name)
        levels = study.define.value_lists.get(item.values, ()) if item is not None else ()
        if item is not None and levels and not item.origin and table.has(name):
            covered = np.zeros(table.n, dtype=bool)
            for level in levels:
                covered |= holds(study.define, table, level)
            where = table.filled(name) & ~covered
            where &= ~table.repeats(["PARAMCD"], where)
            message = f"no value level metadata of {name} for parameter {{PARAMCD}}"
            yield from records(table, where, message, name, "PARAMCD")
