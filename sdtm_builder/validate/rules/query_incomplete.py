"""A standardised MedDRA query has a name without a scope, or a code or scope without a name.

SMQzzNAM, SMQzzSC and SMQzzCD.
Why: Broad and narrow searches can't be told apart.
Remedy: Fill name and scope together.
Source: OCCDS 1.1, 3.2.9 (SMQzzNAM, SMQzzSC).

Bad:
    ADAE USUBJID AESEQ TRTEMFL SMQ01NAM SMQ01SC SMQ01CD
         S1      1     Y       Liver    .       1
         S1      2     Y       .        BROAD   .
    -> ADAE [USUBJID=S1 AESEQ=1] SMQ01SC SMQ01NAM
    -> ADAE [USUBJID=S1 AESEQ=2] SMQ01SC SMQ01NAM

Bad:
    ADAE USUBJID AESEQ TRTEMFL SMQ01CD
         S1      1     Y       1
    -> ADAE SMQ01CD

Good:
    ADAE USUBJID AESEQ TRTEMFL SMQ01NAM SMQ01SC SMQ01CD CQ01NAM
         S1      1     Y       Liver    BROAD   1       CRS
         S1      2     Y       .        .       .       .
"""

from __future__ import annotations

import re

from sdtm_builder.validate.kit import AdamStudy, Found, Table, about, adam_rule, records

_PART = re.compile(r"(SMQ\d\d)(SC|CD)")


@adam_rule("error", classes=["OCCDS"])
def check(study: AdamStudy, table: Table) -> Found:
    for name in table.variables:
        match = _PART.fullmatch(name)
        query = f"{match[1]}NAM" if match else ""
        if not match:
            continue
        if not table.has(query):
            yield about(table.name, f"{name} is there without {query}", name)
        elif match[2] == "SC":
            where = table.filled(name) != table.filled(query)
            yield from records(table, where, f"{name} is '{{{name}}}', {query} is '{{{query}}}'", name, query)
        else:
            where = table.filled(name) & table.empty(query)
            yield from records(table, where, f"{name} is {{{name}}}, but {query} is empty", name, query)
