"""An imputed date is after the death of the subject.

*DTF is filled and the date is later than DTHDT of ADSL.
Why: An imputation that makes something happen to a dead subject was given no upper bound.
Remedy: Bound the imputation by the death.
Source: ADaMIG 1.3, 3.1.2 (imputation is the sponsor's, and must be sensible).

Bad:
    ADSL USUBJID DTHDT
         S1      2024-01-15
    ADAE USUBJID AESEQ ASTDT      ASTDTF AENDT      AENDTF
         S1      1     2024-01-16 D      2024-01-31 D
         S1      2     2024-01-16 .      .          .
    -> ADAE [USUBJID=S1 AESEQ=1] ASTDT ASTDTF
    -> ADAE [USUBJID=S1 AESEQ=1] AENDT AENDTF

Good:
    ADSL USUBJID DTHDT
         S1      2024-01-15
         S2      .
    ADAE USUBJID AESEQ ASTDT      ASTDTF
         S1      1     2024-01-15 D
         S2      2     2024-01-16 D
"""

from __future__ import annotations

from sdtm_builder.validate.families import days_of, families, imputed
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    death = study.of_subject(table, "DTHDT")
    for names in families(table):
        if names.date != "DTHDT" and table.has(names.date_flag):
            where = imputed(table, names) & (days_of(table, names) > death)
            shown = names.date if table.has(names.date) else names.datetime
            message = f"{shown} {{{shown}}} was imputed and is after the death of the subject"
            yield from records(table, where, message, shown, names.date_flag)
