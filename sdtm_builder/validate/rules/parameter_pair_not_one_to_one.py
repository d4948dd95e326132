"""PARAMCD and PARAM do not pair one to one.

Why: One analysis has two names, or two analyses share one.
Remedy: Give each PARAMCD one PARAM, and each PARAM one PARAMCD.
Source: ADaMIG 1.3, 3.3.4 (PARAM, PARAMCD).

Bad:
    ADVS USUBJID PARAMCD PARAM        AVAL
         S1      HR      "Heart Rate" 70
         S1      HR      Pulse        70
         S1      PULSE   Pulse        70
    -> ADVS [USUBJID=S1 PARAMCD=HR] PARAMCD PARAM
    -> ADVS [USUBJID=S1 PARAMCD=PULSE] PARAM PARAMCD

Good:
    ADVS USUBJID PARAMCD PARAM        AVAL
         S1      HR      "Heart Rate" 70
         S2      HR      "Heart Rate" 70
         S1      PULSE   Pulse        70
"""

from __future__ import annotations

from sdtm_builder.validate.kit import AdamStudy, Found, Table, adam_rule, records
from sdtm_builder.validate.pairs import differing


@adam_rule("error", needs=["PARAMCD", "PARAM"])
def check(study: AdamStudy, table: Table) -> Found:
    for one, other in (("PARAMCD", "PARAM"), ("PARAM", "PARAMCD")):
        message = f"{one} '{{{one}}}' has another {other} than '{{{other}}}' elsewhere"
        yield from records(table, differing(table, one, other), message, one, other)
