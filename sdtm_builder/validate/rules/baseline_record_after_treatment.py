"""The baseline record is later than the start of treatment.

By ADTM and TRTSDTM where both are known, else by ADT and TRTSDT; not looked at where BASETYPE or APERIOD says that the
baseline is another one.
Why: A value under treatment is taken for one before it, and the change is too small.
Remedy: Take the last value at or before the first dose.
Source: ADaMIG 1.3, 3.3.8 (ABLFL); ICH E9, baseline.

Bad:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
         S2      2024-01-10
    ADVS USUBJID PARAMCD ADT        AVISIT AVAL ABLFL
         S1      HR      2024-01-11 V1     70   Y
         S2      HR      2024-01-10 V1     70   Y
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1 ADT=2024-01-11] ABLFL ADT

Bad:
    ADSL USUBJID TRTSDTM
         S1      2024-01-10T09:00
    ADVS USUBJID PARAMCD ADTM             AVAL ABLFL
         S1      HR      2024-01-10T09:30 70   Y
    -> ADVS [USUBJID=S1 PARAMCD=HR] ABLFL ADTM

Good:
    ADSL USUBJID TRTSDT     TRTSDTM
         S1      2024-01-10 2024-01-10T09:00
    ADVS USUBJID PARAMCD ADT        ADTM             AVAL ABLFL
         S1      HR      2024-01-10 2024-01-10T09:00 70   Y
         S1      BMI     2024-01-10 .                70   Y

Bad:
    ADSL USUBJID TRTSDT     TRTSDTM
         S1      2024-01-10 2024-01-10T09:00
    ADVS USUBJID PARAMCD ADT        ADTM             AVAL ABLFL
         S1      HR      2024-01-11 2024-01-11T09:30 70   Y
         S1      BMI     2024-01-11 2024-01-11T09:30 70   .
    -> ADVS [USUBJID=S1 PARAMCD=HR ADT=2024-01-11] ABLFL ADT

Good:
    ADSL USUBJID TRTSDT
         S1      2024-01-10
    ADVS USUBJID PARAMCD ADT        AVAL ABLFL BASETYPE  APERIOD
         S1      HR      2024-01-11 70   Y     "Period 2" .
         S1      BMI     2024-01-11 70   Y     .         2
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["BDS"], needs=["USUBJID", "ABLFL"])
def check(study: AdamStudy, table: Table) -> Found:
    flagged = table.equals("ABLFL", "Y") & table.empty("BASETYPE") & table.empty("APERIOD")
    for own, start in (("ADT", "TRTSDT"), ("ADTM", "TRTSDTM")):
        if table.has(own):
            later = flagged & (table.numbers(own) > study.of_subject(table, start))
            yield from records(table, later, f"{own} {{{own}}} is after {start} of the subject", "ABLFL", own)
            flagged &= ~later
