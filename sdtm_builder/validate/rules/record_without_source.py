"""A record of a dataset that names its sources has none, and is not marked as derived.

Neither --SEQ nor SRCDOM is filled, and DTYPE is empty; a parameter whose records all have none is derived and left out.
Why: A reviewer can't find what the value was taken from.
Remedy: Carry --SEQ or SRCDOM, SRCVAR, SRCSEQ; a record that was added by a rule has a DTYPE.
Source: ADaMIG 1.3, 2.2 and 3.3.9 (traceability).

Bad:
    ADLB USUBJID PARAMCD AVISIT LBSEQ AVAL DTYPE
         S1      ALT     V1     1     5    .
         S1      ALT     V2     .     6    .
    -> ADLB [USUBJID=S1 PARAMCD=ALT] LBSEQ DTYPE

Good:
    ADLB USUBJID PARAMCD AVISIT LBSEQ AVAL DTYPE
         S1      ALT     V1     1     5    .
         S1      ALT     V2     .     6    AVERAGE
         S1      RATIO   V2     .     6    .
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.analysis import first_in_group
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("warning", classes=["BDS", "TTE"], needs=["PARAMCD"])
def check(study: AdamStudy, table: Table) -> Found:
    if not (table.has("--SEQ") or table.has("SRCDOM")):
        return []
    traced = table.filled("--SEQ") | table.filled("SRCDOM")
    some = first_in_group(table.groups(["PARAMCD"]), traced) >= 0
    where = np.asarray(~traced & table.empty("DTYPE") & some)
    message = "the record has no source (--SEQ or SRCDOM) and no DTYPE"
    return records(table, where, message.replace("--SEQ", "its sequence number"), "--SEQ", "SRCDOM", "DTYPE")
