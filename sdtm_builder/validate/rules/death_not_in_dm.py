"""A death is recorded in another dataset but DM.DTHFL is not Y.

Looks at AEOUT FATAL, AESDTH Y, DSDECOD DEATH, SSSTRESC DEAD, CETERM or CEDECOD DEATH, and any record in DD.
Why: DM says who died; a death that it does not know is missing from the analysis of deaths.
Remedy: Fill DTHFL and DTHDTC in DM, or query the other record.
Source: IG 5.2 DM.

Bad:
    AE USUBJID AESEQ AEOUT
       S1      1     FATAL
    DS USUBJID DSSEQ DSDECOD
       S2      4     DEATH
    DM USUBJID DTHFL
       S1      .
       S2      .
    -> AE [USUBJID=S1 AESEQ=1] AEOUT
    -> DS [USUBJID=S2 DSSEQ=4] DSDECOD

Good:
    AE USUBJID AESEQ AEOUT
       S1      1     FATAL
       S2      1     RECOVERED/RESOLVED
    DD USUBJID DDSEQ DDTESTCD
       S1      1     PRCDTH
    DM USUBJID DTHFL
       S1      Y
       S2      .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, records, study_rule

SIGNS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("AE", "AEOUT", ("FATAL",)),
    ("AE", "AESDTH", ("Y",)),
    ("DS", "DSDECOD", ("DEATH",)),
    ("SS", "SSSTRESC", ("DEAD",)),
    ("CE", "CETERM", ("DEATH",)),
    ("CE", "CEDECOD", ("DEATH",)),
    ("DD", "", ()),
)


@study_rule(
    "error",
    cdisc=["CG0132", "CG0133", "CG0134", "CG0135", "CG0136"],
    fda=["FB0601", "FB0602", "FB0603", "FB0604", "FB0605", "FB0607"],
)
def check(study: Study) -> Found:
    if study.table("DM") is None:
        return
    for domain, variable, values in SIGNS:
        for table in study.of_domain(domain):
            died = table.equals(variable, *values) if variable else np.ones(table.n, dtype=bool)
            alive = (study.dm_rows(table) >= 0) & (study.dm_texts(table, "DTHFL") != "Y")
            what = f"{variable} is {values[0]}" if variable else "there is a record in DD"
            yield from records(table, died & alive, f"{what} but DM.DTHFL is not Y", variable or "USUBJID")
