"""A variable and its numeric companion do not pair one to one.

Each X with XN (TRT01P, AVISIT, PARAM, AGEGR1, RACE ...) and the cut names of the guide (AVALCAT1 with AVALCA1N). Those
of a parameter (AVISIT, ATPT, AVALCATy, CRITy, SHIFTy ...) are looked at within PARAMCD.
Why: Tables are sorted by the number and labelled by the text; rows come out split or merged.
Remedy: Derive both from one list.
Source: ADaMIG 1.3, 3.1.1 (one-to-one map of secondary and primary variables) and 3.3.

Bad:
    ADVS USUBJID PARAMCD AVAL AVISIT   AVISITN
         S1      HR      70   "Week 1" 1
         S1      HR      70   "Week 2" 1
         S2      HR      70   "Week 1" 2
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=Week 2] AVISITN AVISIT
    -> ADVS [USUBJID=S2 PARAMCD=HR AVISIT=Week 1] AVISIT AVISITN

Bad:
    ADSL USUBJID TRT01P TRT01PN RACE  RACEN#
         S1      A      1       WHITE 1
         S2      A      2       ASIAN 1
    -> ADSL [USUBJID=S2] TRT01P TRT01PN
    -> ADSL [USUBJID=S2] RACEN RACE

Good:
    ADVS USUBJID PARAMCD AVAL AVISIT   AVISITN AVALCAT1 AVALCA1N
         S1      HR      70   "Week 1" 1       High     2
         S1      HR      50   "Week 2" 2       Low      1
         S1      BMI     20   .        .       High     3

Bad:
    ADVS USUBJID PARAMCD AVAL APERIOD APERIODC SHIFT1 SHIFT1N
         S1      HR      70   1       "P 1"    A      1
         S1      HR      71   1       "P 2"    A      2
         S1      BMI     71   2       "P 3"    B      1
    -> ADVS [USUBJID=S1 PARAMCD=HR] APERIOD APERIODC
    -> ADVS [USUBJID=S1 PARAMCD=HR] SHIFT1 SHIFT1N
"""

from __future__ import annotations

from sdtm_builder.validate.companions import numeric_pairs
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing


@adam_rule("error", classes=["ADSL", "BDS", "TTE", "OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for primary, number, within in numeric_pairs(table):
        told = None
        for one, other in ((primary, number), (number, primary)):
            where = differing(table, one, other, None, within)
            fresh = where if told is None else where & ~told
            told = where
            message = f"{one} {{{one}}} has another {other} than '{{{other}}}' elsewhere"
            yield from records(table, fresh, message, one, other)
