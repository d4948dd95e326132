"""A record stands in an analysis visit whose window its day is not in.

ADY below AWLO or above AWHI where AVISIT is filled and the record is no derived one; not looked at where AWU is not
DAYS.
Why: The visit has a value of another time.
Remedy: Assign the visit by the window again.
Source: ADaMIG 1.3, 3.3.3 (AWLO, AWHI) and 4.4.

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWLO AWHI
         S1      HR      V1     70   15  1    14
         S1      HR      V2     70   14  15   28
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] ADY AWLO AWHI
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] ADY AWLO AWHI

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWLO AWHI DTYPE
         S1      HR      V1     70   14  1    14   .
         S1      HR      V2     70   15  15   .    .
         S1      HR      V3     70   15  29   42   LOCF
         S1      HR      .      70   99  29   42   .

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ADY AWHI AWU
         S1      HR      V1     70   15  14   DAYS
         S1      HR      V2     70   15  2    WEEKS
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] ADY AWHI
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS"], needs=["ADY"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (table.has("AWLO") or table.has("AWHI")):
        return []
    day = table.numbers("ADY")
    outside = (day < table.numbers("AWLO")) | (day > table.numbers("AWHI"))
    where = outside & table.filled("AVISIT") & table.empty("DTYPE")
    if table.has("AWU"):
        where &= table.equals("AWU", "DAYS", "DAY", "Days", "days")
    return records(table, where, "ADY {ADY} is outside of the window of {AVISIT}", "ADY", "AWLO", "AWHI")
