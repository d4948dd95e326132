"""A value is no term of a closed codelist.

Why: A closed list of CDISC takes no terms of a sponsor.
Remedy: Map the value to a term of the list, in its exact spelling.
Source: IG 4.3; the IG's codelist of the variable in the CT package that define.xml names.

Bad:
    AE USUBJID AESEQ AESER AESEV
       S1      1     YES   GRADE1
    -> AE [USUBJID=S1 AESEQ=1] AESER
    -> AE [USUBJID=S1 AESEQ=1] AESEV

Good:
    AE USUBJID AESEQ AESER AESEV
       S1      1     Y     MILD
       S1      2     .     .
       S1      3     y     MODERATE
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule
from sdtm_builder.validate.terms import misses


@rule("error", but_not=["TS"], standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    for miss in misses(study, table):
        if not miss.extensible:
            message = f"{miss.variable} '{{{miss.variable}}}' is no term of {miss.names}, which is closed"
            yield from records(table, miss.unknown, message, miss.variable)
