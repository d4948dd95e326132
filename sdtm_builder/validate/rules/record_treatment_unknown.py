"""The treatment of a record is none that ADSL has for the subject.

TRTP must be a TRTxxP, TRTSEQP or pooled planned treatment of the subject, TRTA an actual one; by text. A record without
treatment is passed over.
Why: The record is counted under a treatment that the subject never had.
Remedy: Take the treatment from ADSL, by period.
Source: ADaMIG 1.3, 3.3.2 (TRTP, TRTA).

Bad:
    ADSL USUBJID TRT01P TRT02P TRT01A
         S1      A      B      A
    ADVS USUBJID PARAMCD AVISIT AVAL TRTP TRTA
         S1      HR      V1     70   B    B
         S1      HR      V2     70   C    A
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V1] TRTA
    -> ADVS [USUBJID=S1 PARAMCD=HR AVISIT=V2] TRTP

Good:
    ADSL USUBJID TRT01P TRT02P TRTSEQP
         S1      A      B      A-B
    ADVS USUBJID PARAMCD AVAL TRTP TRTA
         S1      HR      70   B    X
         S1      HR      70   A-B  .
         S1      HR      70   .    .
"""

from __future__ import annotations

import re

import numpy as np

from sdtm_builder.validate.analysis import same
from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records


@adam_rule("error", classes=["BDS", "TTE", "OCCDS"], needs=["USUBJID"])
def check(study: AdamStudy, table: Table) -> Found:
    adsl = study.adsl
    if adsl is None:
        return
    rows = study.adsl_rows(table)
    for name, letter in (("TRTP", "P"), ("TRTA", "A")):
        own = re.compile(rf"TRT(\d\d|SEQ){letter}|TR\d\d{letter}G\d{{1,2}}|TSEQ{letter}G\d{{1,2}}")
        sources = [one for one, info in adsl.variables.items() if own.fullmatch(one) and info.type == "Char"]
        if table.has(name) and sources and table.column(name).is_text:
            known = np.zeros(table.n, dtype=bool)
            for source in sources:
                known |= same(table.column(name), adsl.columns[source].take(rows))
            where = table.filled(name) & (rows >= 0) & ~known
            message = f"{name} is '{{{name}}}', which is no treatment of the subject in ADSL"
            yield from records(table, where, message, name)
