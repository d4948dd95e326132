"""A subject of DM who was assigned or treated is not in ADSL.

Who has neither an arm (ARM, ARMCD; older: other than SCRNFAIL, NOTASSGN) nor RFXSTDTC may be left out.
Why: The subject is missing from every denominator.
Remedy: Give ADSL a record for the subject.
Source: ADaMIG 1.3, 2.3.1; FDA Study Data Technical Conformance Guide 4.1.4.

Bad:
    DM USUBJID ARMCD RFXSTDTC
       S1      A     .
       S2      .     2024-01-01
       S3      .     .
    ADSL USUBJID
         S1
    -> ADSL []

Good:
    DM USUBJID ARMCD
       S1      A
       S2      .
       S3      SCRNFAIL
    ADSL USUBJID
         S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, about, adam_study_rule, rows_of


@adam_study_rule("error")
def check(study: AdamStudy) -> Found:
    dm, adsl = study.dm, study.adsl
    if dm is None or adsl is None or not dm.has("USUBJID"):
        return
    taken = study.assigned() | dm.filled("RFXSTDTC")
    lost = taken & (rows_of(dm, adsl) < 0)
    for subject in dm.strings("USUBJID")[lost]:
        yield about(adsl.name, f"subject {subject} is in DM, assigned or treated, but not in ADSL")
