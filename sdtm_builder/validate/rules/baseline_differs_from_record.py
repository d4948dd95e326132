"""BASE is not AVAL of the record with ABLFL Y.

Within USUBJID, PARAMCD and BASETYPE; BASEC is compared with AVALC likewise.
Why: Every change from baseline of the subject is wrong.
Remedy: Take BASE from the flagged record, or flag the record that it was taken from.
Source: ADaMIG 1.3, 3.3.4 (BASE, BASEC) and 3.3.8 (ABLFL).

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL BASE
         S1      HR      V1     70   Y     70
         S1      HR      V2     75   .     71
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] BASE

Bad:
    ADRS USUBJID PARAMCD AVISIT AVALC ABLFL BASEC
         S1      OVR     V1     PD    Y     CR
    -> ADRS [USUBJID=S1 PARAMCD=OVR AVISIT=V1] BASEC

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL BASE BASETYPE
         S1      HR      V1     70   Y     70   A
         S1      HR      V2     75   .     70   A
         S1      HR      V2     75   Y     75   B
         S2      HR      V2     75   .     .    A

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ABLFL BASE
         S2      HR      V1     71   .     71
         S1      HR      V1     .    Y     5
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] BASE
"""

from __future__ import annotations

from sdtm_builder.validate.analysis import baseline_rows, same, shown
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE"], needs=["USUBJID", "PARAMCD", "ABLFL"])
def check(study: AdamStudy, table: Table) -> Found:
    rows = baseline_rows(table)
    for base, value in (("BASE", "AVAL"), ("BASEC", "AVALC")):
        if table.has(base, value):
            right = table.column(value).take(rows)
            where = (rows >= 0) & table.filled(base) & ~same(table.column(base), right)
            if where.any():
                message = f"{base} is {{{base}}}, {value} of the baseline record is {{right}}"
                yield from records(table, where, message, base, extra={"right": shown(right)})
