"""A query's variable has two names in it.

Each CQzzNAM and SMQzzNAM holds the name of one query, on the records that are in it.
Why: One column then stands for two groups of events.
Remedy: Give each query a number of its own.
Source: OCCDS 1.1, 3.2.9 (CQzzNAM, SMQzzNAM).

Bad:
    ADAE USUBJID AESEQ TRTEMFL CQ01NAM SMQ01NAM SMQ01SC
         S1      1     Y       CRS     Liver    BROAD
         S1      2     Y       ICANS   Liver    NARROW
         S1      3     Y       CRS     Kidney   BROAD
    -> ADAE CQ01NAM
    -> ADAE SMQ01NAM

Good:
    ADAE USUBJID AESEQ TRTEMFL CQ01NAM CQ02NAM
         S1      1     Y       CRS     .
         S1      2     Y       .       ICANS
         S1      3     Y       CRS     .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule

_NAME = re.compile(r"(C|SM)Q\d\dNAM")


@adam_rule("error", classes=["OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        texts = sorted(table.distinct(name)) if _NAME.fullmatch(name) else []
        if len(texts) > 1:
            yield about(table.name, f"{name} names {len(texts)} queries: {', '.join(texts[:3])}", name)
