"""A record is in a population that its subject is not in.

*RFL and *PFL are Y where the flag of the subject (SAFFL for SAFRFL and SAFPFL) is not.
Why: A record-level population is a part of the subject-level one; numerator and denominator do not fit.
Remedy: Derive the flag from the subject's too.
Source: ADaMIG 1.3, 3.3.8.

Bad:
    ADSL USUBJID SAFFL
         S1      N
    ADVS USUBJID PARAMCD AVAL SAFRFL SAFPFL
         S1      HR      70   Y      .
         S1      BMI     20   .      Y
    -> ADVS [USUBJID=S1 PARAMCD=HR] SAFRFL
    -> ADVS [USUBJID=S1 PARAMCD=BMI] SAFPFL

Good:
    ADSL USUBJID SAFFL
         S1      Y
    ADVS USUBJID PARAMCD AVAL SAFRFL
         S1      HR      70   Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records

POPULATIONS = ("ITT", "SAF", "FAS", "PPROT", "COMPL")


@adam_rule("error", classes=["BDS", "TTE"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for population in POPULATIONS:
        subject = f"{population}FL"
        if not (study.adsl if study.adsl is not None else table).has(subject):
            continue
        for name in (f"{population}RFL", f"{population}PFL"):
            if table.has(name):
                where = table.equals(name, "Y") & (study.texts_of_subject(table, subject) != "Y")
                yield from records(table, where, f"{name} is Y, but {subject} of the subject is not", name)
