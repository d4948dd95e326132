"""Records are not unique by the keys that define.xml names.

Why: The keys don't say what makes a record of this dataset; merges by them multiply.
Remedy: Complete the keys in define.xml, or resolve the repeated records.
Source: Define-XML 2.1, KeySequence.

Bad:
    AE USUBJID AESEQ AETERM
       S1      1     Pain
       S1      2     Pain
    define AE keys=USUBJID,AETERM
    -> AE [USUBJID=S1 AESEQ=2] USUBJID AETERM

Good:
    AE USUBJID AESEQ AETERM
       S1      1     Pain
       S1      2     Pain
    define AE keys=USUBJID,AETERM,AESEQ
"""

from __future__ import annotations

from sdtm_builder.validate.kit import Found, Study, Table, records, rule


@rule("error", standards=("sdtm", "adam"))
def check(study: Study, table: Table) -> Found:
    defined = study.defined(table)
    keys = defined.keys if defined is not None else ()
    if not keys or not table.has(*keys):
        return []
    message = f"an earlier record has the same keys ({', '.join(keys)})"
    return records(table, table.repeats(keys), message, *keys)
