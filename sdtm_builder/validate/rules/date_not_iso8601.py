"""A --DTC value is no ISO 8601 date of SDTM.

Parts may be cut off at the right or stand as one hyphen each; a period is start/end. 31 February is none.
Why: A date that can't be read sorts wrongly and drops out of every derivation.
Remedy: Give what is known in ISO 8601: 2003---15, 2003-12, 2003-12-15T13:14.
Source: IG 4.4.1, 4.4.2.

Bad:
    AE USUBJID AESEQ AESTDTC
       S1      1     15DEC2003
       S1      2     2003-02-31
       S1      3     2003-12-15T
       S1      4     2003-UN-15
       S1      5     2003-12-
    -> AE [USUBJID=S1 AESEQ=1] AESTDTC
    -> AE [USUBJID=S1 AESEQ=2] AESTDTC
    -> AE [USUBJID=S1 AESEQ=3] AESTDTC
    -> AE [USUBJID=S1 AESEQ=4] AESTDTC
    -> AE [USUBJID=S1 AESEQ=5] AESTDTC

Good:
    AE USUBJID AESEQ AESTDTC
       S1      1     2003---15
       S1      2     2003-12
       S1      3     2003-12-15T13:14
       S1      4     --12-15
       S1      5     2003-12-01/2003-12-10
       S1      6     .
       S1      7     2003-12-15T-:15
"""

from __future__ import annotations

from sdtm_builder.validate.dates import read_moment
from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error")
def check(study: Study, table: Table) -> Found:
    for name, variable in table.variables.items():
        if name.endswith("DTC") and variable.type == "Char":
            where = table.matching(name, lambda text: read_moment(text) is None)
            yield from records(table, where, f"{name} '{{{name}}}' is no ISO 8601 date", name)
