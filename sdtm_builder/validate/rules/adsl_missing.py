"""There is no ADSL.

Why: A submission of analysis data has an ADSL; treatments, populations and reference dates of all other datasets rest
on it.
Remedy: Build ADSL, or put it into the folder.
Source: ADaMIG 1.3, 2.3.1; FDA Study Data Technical Conformance Guide 4.1.1.

Bad:
    ADAE USUBJID
         S1
    -> ADSL []

Good:
    ADSL USUBJID
         S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, about, adam_study_rule


@adam_study_rule("error")
def check(study: AdamStudy) -> Found:
    if study.adsl is None and study.tables:
        yield about("ADSL", "there is no ADSL among the analysis datasets")
