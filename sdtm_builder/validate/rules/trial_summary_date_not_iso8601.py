"""A date or age of TS is not in ISO 8601.

SSTDTC, SENDTC, DCUTDTC hold dates; AGEMIN and AGEMAX durations.
Why: The start of the study decides which standards an agency wants.
Remedy: Write 2024-01-15, P18Y.
Source: IG 7.4 TS; FDA Technical Rejection Criteria.

Bad:
    TS TSSEQ TSPARMCD TSVAL
       1     SSTDTC   15JAN2024
       1     AGEMIN   18
    -> TS [TSPARMCD=SSTDTC TSSEQ=1] TSVAL
    -> TS [TSPARMCD=AGEMIN TSSEQ=1] TSVAL

Good:
    TS TSSEQ TSPARMCD TSVAL
       1     SSTDTC   2024-01-15
       1     AGEMIN   P18Y
       1     TITLE    18
"""

from __future__ import annotations

from sdtm_builder.validate.dates import is_duration, read_moment
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", cdisc=["CG0270"], fda=["TRC1734c"], domains=["TS"], needs=["TSPARMCD", "TSVAL"])
def check(study: Study, table: Table) -> Found:
    dated = table.matching("TSPARMCD", lambda text: text.endswith("DTC"))
    where = dated & table.matching("TSVAL", lambda text: read_moment(text) is None)
    aged = table.equals("TSPARMCD", "AGEMIN", "AGEMAX") & table.filled("TSVAL")
    where |= aged & ~table.matching("TSVAL", is_duration)
    return records(table, where, "TSVAL '{TSVAL}' of {TSPARMCD} is not in ISO 8601", "TSVAL")
