"""DM speaks of treated subjects but there is no EX dataset.

Why: What was given, when and how much is in EX.
Remedy: Build and submit EX.
Source: IG 6.1.3 EX.

Bad:
    DM USUBJID RFXSTDTC
       S1      2024-01-05
    -> EX

Good:
    DM USUBJID RFXSTDTC
       S1      .

Good:
    DM USUBJID RFXSTDTC
       S1      2024-01-05
    EX USUBJID EXSEQ
       S1      1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", cdisc=["CG0407"])
def check(study: Study) -> Found:
    dm = study.table("DM")
    if dm is not None and dm.filled("RFXSTDTC").any() and not study.of_domain("EX"):
        yield about("EX", "DM.RFXSTDTC is filled but there is no EX dataset")
