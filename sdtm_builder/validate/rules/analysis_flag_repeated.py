"""More than one record of a subject, parameter and analysis visit is chosen for analysis.

Two records with ANL01FL Y that agree in USUBJID, PARAMCD, BASETYPE, AVISIT, ATPT, APERIOD and DTYPE; only where AVISIT
is filled.
Why: By-visit statistics count the subject twice.
Remedy: Choose one record a visit, or flag another analysis by ANL02FL.
Source: ADaMIG 1.3, 3.3.8 (ANLzzFL) and 4.5.

Bad:
    ADVS USUBJID PARAMCD AVISIT AVAL ANL01FL
         S1      HR      V1     70   Y
         S1      HR      V1     71   Y
         S1      HR      V1     72   .
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] ANL01FL AVISIT

Good:
    ADVS USUBJID PARAMCD AVISIT AVAL ANL01FL DTYPE
         S1      HR      V1     70   Y       .
         S1      HR      V1     71   .       .
         S1      HR      V1     71   Y       AVERAGE
         S1      HR      .      71   Y       .
         S1      HR      .      72   Y       .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

SLOT = ("USUBJID", "PARAMCD", "BASETYPE", "AVISIT", "AVISITN", "ATPT", "ATPTN", "APERIOD", "DTYPE")


@adam_rule("warning", classes=["BDS"], needs=["USUBJID", "PARAMCD", "AVISIT", "ANL01FL"])
def check(study: AdamStudy, table: Table) -> Found:
    chosen = table.equals("ANL01FL", "Y") & table.filled("AVISIT")
    message = "an earlier record of {PARAMCD} at {AVISIT} has ANL01FL Y too"
    return records(table, table.repeats(SLOT, chosen), message, "ANL01FL", "AVISIT")
