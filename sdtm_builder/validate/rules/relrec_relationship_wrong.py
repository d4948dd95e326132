"""A relationship of RELREC is incomplete or of two kinds.

A RELID has at least two records in its subject; a record that names --SEQ relates records: it has USUBJID and IDVARVAL
and no RELTYPE.
Why: A relationship has two ends, and relates either records or datasets.
Remedy: Complete the relationship.
Source: IG 8.2, 8.3.

Bad:
    RELREC RDOMAIN USUBJID IDVAR IDVARVAL RELTYPE RELID
           AE      S1      AESEQ 1        .       R1
           AE      S1      AESEQ 2        ONE     R2
           CM      S1      CMSEQ 2        .       R2
           CM      .       CMSEQ .        .       R3
           AE      .       AESEQ .        .       R3
    -> RELREC [USUBJID=S1] RELID
    -> RELREC [USUBJID=S1] RELTYPE IDVAR
    -> RELREC [record 4] IDVARVAL USUBJID IDVAR
    -> RELREC [record 5] IDVARVAL USUBJID IDVAR

Good:
    RELREC RDOMAIN USUBJID IDVAR   IDVARVAL RELTYPE RELID
           AE      S1      AESEQ   1        .       R1
           CM      S1      CMSEQ   1        .       R1
           TU      .       TULNKID .        ONE     R2
           TR      .       TRLNKID .        MANY    R2
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0200", "CG0201", "CG0419"], domains=["RELREC"], needs=["RELID", "IDVAR"])
def check(study: Study, table: Table) -> Found:
    groups = table.groups(["USUBJID", "RELID"])
    alone = (np.bincount(groups, minlength=1)[groups] < 2) if table.n else np.zeros(0, dtype=bool)
    yield from records(table, alone & table.filled("RELID"), "RELID {RELID} has one record only", "RELID")
    numbered = table.matching("IDVAR", lambda text: text.endswith("SEQ"))
    message = "RELTYPE is {RELTYPE} beside IDVAR {IDVAR}, which relates records"
    yield from records(table, numbered & table.filled("RELTYPE"), message, "RELTYPE", "IDVAR")
    open_end = numbered & table.empty("IDVARVAL") & table.empty("USUBJID")
    message = "IDVAR is {IDVAR} but IDVARVAL and USUBJID are missing"
    yield from records(table, open_end, message, "IDVARVAL", "USUBJID", "IDVAR")
