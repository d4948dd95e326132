"""An imputation flag is filled where there is no date or time that was imputed.

*DTF without *DT and *DTM, *TMF without *TM and *DTM.
Why: The flag says that something was made up that is not there.
Remedy: Leave the flag null.
Source: ADaMIG 1.3, 3.1.2 (*DTF, *TMF).

Bad:
    ADAE USUBJID AESEQ ASTDT      ASTDTF ASTDTM ASTTMF
         S1      1     .          D      .      .
         S1      2     2024-01-01 D      .      H
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDTF
    -> ADAE [USUBJID=S1 AESEQ=2] ASTTMF

Good:
    ADAE USUBJID AESEQ ASTDT      ASTDTF ASTDTM           ASTTMF
         S1      1     2024-01-01 D      .                .
         S1      2     2024-01-01 .      2024-01-01T00:00 H
"""

from __future__ import annotations

from sdtm_builder.validate.families import families
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error")
def check(study: AdamStudy, table: Table) -> Found:
    for names in families(table):
        pairs = ((names.date_flag, (names.date, names.datetime)), (names.time_flag, (names.time, names.datetime)))
        for flag, values in pairs:
            if table.has(flag):
                there = table.filled(values[0]) | table.filled(values[1])
                message = f"{flag} is {{{flag}}}, but {' and '.join(values)} are empty"
                yield from records(table, table.filled(flag) & ~there, message, flag)
