"""There is no DM dataset.

Why: Without DM no subject of any other dataset is known.
Remedy: Build and submit DM.
Source: IG 5.2 DM.

Bad:
    AE USUBJID AESEQ
       S1      1
    -> DM

Good:
    DM USUBJID
       S1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", cdisc=["CG0368"], fda=["TRC1736a"])
def check(study: Study) -> Found:
    if study.table("DM") is None:
        yield about("DM", "dataset DM is missing")
