"""The records are not sorted by the keys that define.xml names.

Missing values may stand first or last. The first record out of order is told for each dataset.
Why: Reviewers compare and merge datasets in key order.
Remedy: Sort by the keys before writing.
Source: Define-XML 2.1, KeySequence.

Bad:
    AE USUBJID AESEQ
       S2      1
       S1      1
       S1      2
    define AE keys=USUBJID,AESEQ
    -> AE [USUBJID=S1 AESEQ=1] USUBJID AESEQ

Good:
    AE USUBJID AESEQ
       S1      1
       S1      2
       S2      1
    define AE keys=USUBJID,AESEQ
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.order import first_unsorted


@rule("warning", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    keys = defined.keys if defined is not None else ()
    if not keys or not table.has(*keys):
        return []
    where = np.zeros(table.n, dtype=bool)
    at = first_unsorted(table, keys)
    if at is not None:
        where[at] = True
    return records(table, where, f"the record should stand before an earlier one (keys {', '.join(keys)})", *keys)
