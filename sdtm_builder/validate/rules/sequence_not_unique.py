"""--SEQ is not unique within a subject and domain.

Parts of a split dataset are looked at together.
Why: SUPP-- and RELREC point at the wrong record, or at two.
Remedy: Number the records of a subject through, over all parts.
Source: IG 4.1.5.

Bad:
    AE USUBJID AESEQ
       S1      1
       S1      1
       S2      1
    -> AE [USUBJID=S1 AESEQ=1] AESEQ

Bad:
    FACM DOMAIN USUBJID FASEQ
         FA     S1      1
    FAEX DOMAIN USUBJID FASEQ
         FA     S1      1
    -> FAEX [USUBJID=S1 FASEQ=1] FASEQ

Good:
    AE USUBJID AESEQ
       S1      1
       S1      2
       S2      1
       S3      .
       S3      .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.model.column import Vector
from sdtm_builder.validate.kit import Found, Study, records, study_rule
from sdtm_builder.validate.table import codes_of, combine

OWNERS = ("USUBJID", "POOLID", "APID", "SPDEVID")


@study_rule("error", cdisc=["CG0028"])
def check(study: Study) -> Found:
    for domain in sorted(study.domains() - {"TS"}):
        parts = [t for t in study.of_domain(domain) if t.has("--SEQ") and not t.column("--SEQ").is_text]
        if not parts:
            continue
        total = sum(t.n for t in parts)
        names = OWNERS if any(t.has("USUBJID") for t in parts) else (*OWNERS, "NHOID")
        owners = [codes_of(Vector.concat([t.column(name) for t in parts])) for name in names]
        numbers = codes_of(Vector.concat([t.column("--SEQ") for t in parts]))
        groups = combine([*owners, numbers], total)
        _, first = np.unique(groups, return_index=True)
        later = numbers > 0
        later[first] = False
        start = 0
        for table in parts:
            where = later[start : start + table.n]
            start += table.n
            yield from records(table, where, "--SEQ {--SEQ} occurs in an earlier record of the subject", "--SEQ")
