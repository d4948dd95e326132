"""SRCDOM names no dataset of the study.

Why: The record can't be traced to its source.
Remedy: Name the SDTM domain or the analysis dataset that the record comes from.
Source: ADaMIG 1.3, 3.3.9 (SRCDOM).

Bad:
    AE USUBJID AESEQ
       S1      1
    ADTTE USUBJID PARAMCD AVAL SRCDOM
          S1      OS      5    DTH
    -> ADTTE [USUBJID=S1 PARAMCD=OS] SRCDOM

Good:
    AE USUBJID AESEQ
       S1      1
    ADSL USUBJID
         S1
    ADTTE USUBJID PARAMCD AVAL SRCDOM
          S1      OS      5    ADSL
          S1      PFS     5    AE
          S1      EFS     5    .
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.named import named_parts


@adam_rule("error", needs=["SRCDOM"])
def check(study: AdamStudy, table: Table) -> Found:
    if study.sdtm is None:
        return []
    unknown = [name for name in table.distinct("SRCDOM") if not named_parts(study, name)]
    message = "SRCDOM {SRCDOM} is neither a domain nor an analysis dataset of the study"
    return records(table, table.equals("SRCDOM", *unknown), message, "SRCDOM")
