"""An end is given but no start.

An end is --ENDTC, --ENRF or --ENRTPT; a start is --STDTC, --STRF or --STRTPT.
Why: A period without a start can't be placed against treatment.
Remedy: Query the start, or say --STRF or --STRTPT.
Source: FDA validator rules.

Bad:
    AE USUBJID AESEQ AESTDTC AEENDTC
       S1      1     .       2024-01-01
    -> AE [USUBJID=S1 AESEQ=1] AESTDTC AEENDTC

Good:
    AE USUBJID AESEQ AESTDTC AEENDTC    AEENRF
       S1      1     2024    2024-01-01 .
       S1      2     .       .          .
    MH USUBJID MHSEQ MHSTRF MHENRF
       S1      1     BEFORE AFTER
"""

from __future__ import annotations

import numpy as np

from sdtm_builder.validate.kit import Found, Study, Table, records, rule

ENDS = ("--ENDTC", "--ENRF", "--ENRTPT")
STARTS = ("--STDTC", "--STRF", "--STRTPT")


@rule("warning", fda=["FB4301"], classes=["EVENTS", "INTERVENTIONS"])
def check(study: Study, table: Table) -> Found:
    ended = np.logical_or.reduce([table.filled(name) for name in ENDS])
    begun = np.logical_or.reduce([table.filled(name) for name in STARTS])
    return records(table, ended & ~begun, "the record has an end but no start", *STARTS, *ENDS)
