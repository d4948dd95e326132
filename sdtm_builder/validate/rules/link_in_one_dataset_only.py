"""--LNKID or --LNKGRP is in one dataset alone.

Why: A link has two ends.
Remedy: Add the variable to the dataset that it links to, or take it out.
Source: IG 8.2.

Bad:
    TU USUBJID TUSEQ TULNKID
       S1      1     T1
    -> TU TULNKID

Good:
    TU USUBJID TUSEQ TULNKID
       S1      1     T1
    TR USUBJID TRSEQ TRLNKID
       S1      1     T1
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, about, study_rule


@study_rule("error", cdisc=["CG0022", "CG0024"])
def check(study: Study) -> Found:
    for name in ("--LNKID", "--LNKGRP"):
        found = [table for table in study.tables.values() if table.has(name)]
        if len(found) == 1:
            own = found[0].named(name)
            yield about(found[0].name, f"{own} is in no other dataset", own)
