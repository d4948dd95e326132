"""A first-occurrence flag marks more than one record.

AOCCFL and AOCCIFL once a subject, AOCCPFL and AOCCPIFL once a subject and --DECOD, AOCCSFL and AOCCSIFL once a subject
and --BODSYS; by period where there is APERIOD.
Why: Subjects are counted twice.
Remedy: Flag the first record alone.
Source: OCCDS 1.1, 3.2.6 (occurrence flags).

Bad:
    ADAE USUBJID AESEQ AEDECOD  TRTEMFL AOCCFL AOCCPFL
         S1      1     Nausea   Y       Y      Y
         S1      2     Nausea   Y       .      Y
         S1      3     Headache Y       Y      Y
    -> ADAE [USUBJID=S1 AESEQ=3] AOCCFL
    -> ADAE [USUBJID=S1 AESEQ=2] AOCCPFL AEDECOD

Bad:
    ADAE USUBJID AESEQ AEDECOD  AEBODSYS TRTEMFL AOCCIFL AOCCPIFL AOCCSFL AOCCSIFL
         S1      1     Nausea   GASTRO   Y       Y       Y        Y       Y
         S1      2     Nausea   GASTRO   Y       Y       Y        Y       Y
    -> ADAE [USUBJID=S1 AESEQ=2] AOCCIFL
    -> ADAE [USUBJID=S1 AESEQ=2] AOCCPIFL AEDECOD
    -> ADAE [USUBJID=S1 AESEQ=2] AOCCSFL AEBODSYS
    -> ADAE [USUBJID=S1 AESEQ=2] AOCCSIFL AEBODSYS

Good:
    ADAE USUBJID AESEQ AEDECOD  TRTEMFL AOCCFL AOCCPFL
         S1      1     Nausea   Y       Y      Y
         S1      2     Headache Y       .      Y
         S2      1     Nausea   Y       Y      Y
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.occurrence import FLAGS, within


@adam_rule("error", classes=["OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    for flag in FLAGS:
        names = within(table, flag)
        if table.has(flag) and names:
            where = table.repeats(names, table.equals(flag, "Y"))
            level = [name for name in names if name not in ("USUBJID", "APERIOD")]
            yield from records(table, where, f"{flag} is Y on an earlier record of the group", flag, *level)
